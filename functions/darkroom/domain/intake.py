"""Requests that come without HTTP: how they are carried."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

# How an event of the bus is called that is one.
SUBMIT_EVENT = "SubmitImageJob"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as it was sent first: put off, it stays what it was, and `tries` counts."""

    body: str
    id: str
    sent_at: datetime
    tries: int = 0


class IntakeQueue(Protocol):
    def send_later(self, letter: Letter, workspace: str, seconds: int) -> None: ...

    def keep_rejected(self, body: str, reason: Mapping[str, Any]) -> None:
        """Where the operator finds it, as it was sent."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLetter:
    """`code` and `detail` are empty where nobody refused it: it was tried as often as may be."""

    id: str
    body: str
    at: datetime
    code: str = ""
    detail: str = ""


class RefusedLetters(Protocol):
    def look(self, limit: int) -> Sequence[RefusedLetter]:
        """At so many of them, each of which stays where it is."""
        ...


def workspace_in(body: str) -> str:
    """As far as it can be read: nobody has checked that there is such a one."""
    try:
        values = json.loads(body)
        asked = values["detail"] if values.get("detail-type") == SUBMIT_EVENT else values
        workspace = asked["workspace"]
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return ""
    return workspace if isinstance(workspace, str) else ""
