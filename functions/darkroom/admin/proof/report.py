"""The signed report: which checks were run with which code, and what they showed."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

from darkroom.admin.proof.facts import Facts, check_account_free
from darkroom.domain.secrets import Secrets

PURPOSE = "proof-report"


class Result(StrEnum):
    SHOWN = "shown"
    WRONG = "wrong"
    OPEN = "open"  # it could not be shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    name: str
    result: Result
    seconds: float
    reason: str = ""  # of what is open or wrong
    facts: Facts = field(default_factory=dict)


def signed_report(
    outcomes: Sequence[Outcome], *, version: str, region: str, day: str, secrets: Secrets
) -> Mapping[str, Any]:
    """Raises ValueError rather than name an account."""
    report = {
        "version": version,
        "region": region,
        "day": day,
        "checks": [asdict(outcome) for outcome in outcomes],
    }
    check_account_free(report["checks"])
    generation = secrets.generations()[0]
    signature = _signature(report, secrets.derive(PURPOSE, generation))
    return {"report": report, "generation": generation, "signature": signature}


def is_genuine(signed: Mapping[str, Any], secrets: Secrets) -> bool:
    """Whether this deployment has signed it, and nothing in it was changed."""
    try:
        generation, signature = int(signed["generation"]), str(signed["signature"])
        expected = _signature(signed["report"], secrets.derive(PURPOSE, generation))
    except (KeyError, TypeError, ValueError):
        return False
    return signature.isascii() and hmac.compare_digest(signature, expected)


def _signature(report: Mapping[str, Any], key: bytes) -> str:
    text = json.dumps(report, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), sha256).hexdigest()
