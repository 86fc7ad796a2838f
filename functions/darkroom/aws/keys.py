"""API keys in DynamoDB, by their hash, remembered for a minute by each warm Lambda."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from darkroom.aws.queries import items_under
from darkroom.aws.records import partition, present, read_stamp, stamp
from darkroom.aws.table import Canceled, Item, Table, Write, put_new, update
from darkroom.aws.values import from_item, to_item
from darkroom.domain.api_key import KeyRecord
from darkroom.domain.ports import Clock

# A revoked key is refused everywhere within this time.
_REMEMBERED = timedelta(seconds=60)
_MOST = 1000
_KEYS = "APIKEY#"


class DynamoKeys:
    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock
        self._known: dict[str, tuple[datetime, KeyRecord]] = {}

    def add(self, record: KeyRecord) -> None:
        items = (key_item(record), key_entry(record))
        self._table.transact([put_new(item) for item in items])

    def find(self, hashes: Sequence[str]) -> KeyRecord | None:
        now = self._clock.now()
        remembered = (self._known[one] for one in hashes if one in self._known)
        for until, known in remembered:
            if now < until:
                return known
        # One, but for the time in which the deployment's secret has two generations.
        found = (record for one in hashes if (record := self._read(one, now)) is not None)
        return next(found, None)

    def _read(self, key_hash: str, now: datetime) -> KeyRecord | None:
        record = self._table.get(key_of_hash(key_hash), read_key)
        if record is None:
            return None
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key_hash] = (now + _REMEMBERED, record)
        return record

    def of_workspace(self, workspace: str) -> Sequence[KeyRecord]:
        found = items_under(self._table, partition(workspace), _KEYS)
        return [read_key(item) for item in found]

    def expire(self, record: KeyRecord, at: datetime) -> None:
        entry = key_entry(record)
        places = (key_of_hash(record.hash), {name: entry[name] for name in ("pk", "sk")})
        try:
            self._table.transact([_ending(key, at) for key in places])
        except Canceled as canceled:
            # Refused by its condition it ends sooner, and stays so.
            if not canceled.failed(0):
                raise


def _ending(key: Item, at: datetime) -> Write:
    condition = "attribute_exists(pk) AND (attribute_not_exists(ends_at) OR ends_at >= :at)"
    return update(key, "SET ends_at = :at", condition, {":at": stamp(at)})


def key_of_hash(key_hash: str) -> Item:
    return to_item({"pk": f"KEY#{key_hash}", "sk": "KEY"})


def key_item(record: KeyRecord) -> Item:
    """A key by its hash, to be found with a credential."""
    return key_of_hash(record.hash) | to_item(_key_values(record))


def key_entry(record: KeyRecord) -> Item:
    """The same key among its workspace's, to be listed."""
    place = {"pk": partition(record.workspace), "sk": f"{_KEYS}{record.id}"}
    return to_item(place | _key_values(record))


def _key_values(record: KeyRecord) -> dict[str, Any]:
    return present(
        {
            "id": record.id,
            "hash": record.hash,
            "workspace": record.workspace,
            "scopes": sorted(record.scopes),
            "label": record.label,
            "created_at": stamp(record.created_at),
            "ends_at": stamp(record.expires_at),
            "requests_per_minute": record.requests_per_minute,
            "secret": record.secret,
        }
    )


def read_key(item: Item) -> KeyRecord:
    values = from_item(item)
    created_at = datetime.fromisoformat(values["created_at"])
    return KeyRecord(
        id=values["id"],
        hash=values["hash"],
        workspace=values["workspace"],
        scopes=frozenset(values["scopes"]),
        label=values["label"],
        created_at=created_at,
        expires_at=read_stamp(values.get("ends_at")),
        requests_per_minute=values.get("requests_per_minute"),
        secret=values.get("secret", 1),
    )
