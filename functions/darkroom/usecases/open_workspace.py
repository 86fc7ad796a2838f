"""Open a workspace with its first credits, and cut keys for it."""

from __future__ import annotations

from darkroom.domain.api_key import SCOPES, KeyRecord, hash_key, new_key
from darkroom.domain.money import Account, Entry, LedgerEntry
from darkroom.domain.ports import Accounts, Clock, Ids, Keys, Secrets


def open_workspace(
    workspace: str, grant: int, requests_per_minute: int, *, accounts: Accounts, clock: Clock
) -> Account:
    account = Account(
        workspace=workspace,
        balance=grant,
        held=0,
        spent=0,
        granted=grant,
        requests_per_minute=requests_per_minute,
    )
    entry = LedgerEntry(workspace=workspace, kind=Entry.GRANT, amount=grant, at=clock.now())
    accounts.open(account, entry)
    return account


def cut_key(
    workspace: str, environment: str, *, keys: Keys, secrets: Secrets, clock: Clock, ids: Ids
) -> str:
    """The key itself, which is shown this once: only its hash is kept."""
    key = new_key(environment, ids.below)
    record = KeyRecord(
        hash=hash_key(key, secrets.derive("api-keys")),
        workspace=workspace,
        scopes=frozenset(SCOPES),
    )
    keys.add(record, clock.now())
    return key
