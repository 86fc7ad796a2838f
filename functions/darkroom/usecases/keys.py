"""Cut keys, replace them with some overlap, revoke them. A key itself is shown once."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta

from darkroom.domain.api_key import KeyRecord, hash_key, new_key
from darkroom.domain.errors import NotFound
from darkroom.domain.ports import Accounts, Clock, Ids, Keys
from darkroom.domain.secrets import Secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyService:
    environment: str
    keys: Keys
    accounts: Accounts
    secrets: Secrets
    clock: Clock
    ids: Ids

    def create(
        self,
        workspace: str,
        *,
        scopes: AbstractSet[str],
        label: str = "",
        requests_per_minute: int | None = None,
    ) -> tuple[str, KeyRecord]:
        if self.accounts.get(workspace) is None:
            raise NotFound("workspace")
        key = new_key(self.environment, self.ids.below)
        signing = self.secrets.generations()[0]
        record = KeyRecord(
            id=self.ids.new_id(),
            hash=hash_key(key, self.secrets, signing),
            secret=signing,
            workspace=workspace,
            scopes=frozenset(scopes),
            label=label,
            created_at=self.clock.now(),
            requests_per_minute=requests_per_minute,
        )
        self.keys.add(record)
        return key, record

    def rotate(self, workspace: str, key_id: str, overlap: timedelta) -> tuple[str, KeyRecord]:
        """A new key of the same kind; the old one opens until the overlap is over."""
        old = self._find(workspace, key_id)
        new = self.create(
            workspace,
            scopes=old.scopes,
            label=old.label,
            requests_per_minute=old.requests_per_minute,
        )
        # One that was revoked stays so: a leak is what many a key is replaced for.
        self.keys.expire(old, self.clock.now() + overlap)
        return new

    def revoke(self, workspace: str, key_id: str) -> None:
        self.keys.expire(self._find(workspace, key_id), self.clock.now())

    def _find(self, workspace: str, key_id: str) -> KeyRecord:
        for record in self.keys.of_workspace(workspace):
            if record.id == key_id:
                return record
        raise NotFound("key")
