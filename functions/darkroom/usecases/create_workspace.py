"""Open a workspace, with its limits and its first credits."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.errors import InvalidRequest
from darkroom.domain.ids import is_workspace
from darkroom.domain.money import Account, Entry, LedgerEntry
from darkroom.domain.ports import Accounts, Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    requests_per_minute: int = 600
    max_in_flight: int = 200
    low_credits: int | None = None  # None: a tenth of the first credits
    # None: as its tier has it.
    storage_bytes: int | None = None
    uploads_a_day: int | None = None
    redeliveries_a_day: int | None = None


def create_workspace(
    workspace: str, grant: int, limits: Limits, tier: str, *, accounts: Accounts, clock: Clock
) -> Account:
    if not is_workspace(workspace):
        raise InvalidRequest(
            "workspace",
            "malformed",
            "A workspace's id is 1 to 40 small letters, digits and dashes, not a dash first.",
        )
    account = Account(
        workspace=workspace,
        tier=tier,
        balance=grant,
        held=0,
        spent=0,
        granted=grant,
        requests_per_minute=limits.requests_per_minute,
        max_in_flight=limits.max_in_flight,
        low_credits=grant // 10 if limits.low_credits is None else limits.low_credits,
        storage_bytes=limits.storage_bytes,
        uploads_a_day=limits.uploads_a_day,
        redeliveries_a_day=limits.redeliveries_a_day,
    )
    entry = LedgerEntry(
        workspace=workspace,
        kind=Entry.GRANT,
        amount=grant,
        at=clock.now(),
        reference="opening",
    )
    accounts.open(account, entry)
    return account
