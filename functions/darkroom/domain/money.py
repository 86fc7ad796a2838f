"""Credits: whole numbers, held when a job is accepted and settled exactly once at its end.

For every workspace balance + held + spent = granted, always.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum


class Entry(StrEnum):
    """The kinds of ledger entry."""

    GRANT = "grant"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    workspace: str
    kind: Entry
    amount: int
    at: datetime
    job: str | None = None
    reference: str | None = None  # of a grant: the same one is made once


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    workspace: str
    tier: str
    balance: int
    held: int
    spent: int
    granted: int
    requests_per_minute: int
    max_in_flight: int
    low_credits: int = 0  # below this the rest of the world is told
    in_flight: int = 0
    requests_this_minute: int = 0
    requests_of_key: int = 0

    def is_balanced(self) -> bool:
        parts = (self.balance, self.held, self.spent)
        return sum(parts) == self.granted and min(parts) >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the operator may change of an account; None: it stays."""

    tier: str | None = None
    requests_per_minute: int | None = None
    max_in_flight: int | None = None
    low_credits: int | None = None

    def given(self) -> dict[str, int | str]:
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """How a job's hold was resolved: all of it is either captured or released."""

    captured: int
    released: int
