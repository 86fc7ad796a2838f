"""Credits: whole numbers, held when a job is accepted and settled exactly once at its end.

For every workspace balance + held + spent = granted, always.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum

from darkroom.domain.errors import StorageFull, WorkspaceSuspended
from darkroom.domain.quotas import Quotas, day_of, quotas_of_tier


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
    low_credits: int = 0  # below this there is an event
    in_flight: int = 0
    requests_this_minute: int = 0
    requests_of_key: int = 0
    stored_bytes: int = 0  # bytes of the images in its library
    day: int = 0  # of which the next two are
    uploads_of_day: int = 0
    redeliveries_of_day: int = 0
    # The job that held credits last, and the request that it came with.
    last_job: str = ""
    last_request: str = ""
    suspended_at: str = ""  # since when nothing new is accepted; empty: it is
    # What the operator has set; None: as its tier has it.
    storage_bytes: int | None = None
    uploads_a_day: int | None = None
    redeliveries_a_day: int | None = None
    # Public names of models → the ones that stand in for them, where no provider makes them.
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def quotas(self) -> Quotas:
        usual = quotas_of_tier(self.tier)
        given = {one.name: getattr(self, one.name) for one in fields(Quotas)}
        return replace(usual, **{name: most for name, most in given.items() if most is not None})

    def used_today(self, what: str, now: datetime) -> int:
        return getattr(self, f"{what}_of_day") if self.day == day_of(now) else 0

    def check_open(self) -> None:
        """Raises WorkspaceSuspended."""
        if self.suspended_at:
            raise WorkspaceSuspended

    def check_storage(self, more: int = 0) -> None:
        """Raises StorageFull where there is no room for so many bytes more, or for any at all."""
        limit = self.quotas.storage_bytes
        if self.stored_bytes + max(more, 1) > limit:
            raise StorageFull(limit, self.stored_bytes)

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
    storage_bytes: int | None = None
    uploads_a_day: int | None = None
    redeliveries_a_day: int | None = None
    suspended_at: str | None = None

    def given(self) -> dict[str, int | str]:
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """How a job's hold was resolved: all of it is either captured or released."""

    captured: int
    released: int
