"""API keys in DynamoDB, by their hash, remembered for a minute by each warm Lambda."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from darkroom.aws import records
from darkroom.aws.values import from_item, to_item
from darkroom.domain.api_key import KeyRecord
from darkroom.domain.ports import Clock

# A revoked key is refused everywhere within this time.
_REMEMBERED = timedelta(seconds=60)
_MOST = 1000


class DynamoKeys:
    def __init__(self, client: Any, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._known: dict[str, tuple[datetime, KeyRecord]] = {}

    def add(self, record: KeyRecord, now: datetime) -> None:
        values = {
            "hash": record.hash,
            "workspace": record.workspace,
            "scopes": sorted(record.scopes),
            "created_at": records.stamp(now),
        }
        item = records.api_key_key(record.hash) | to_item(values)
        self._client.put_item(
            TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)"
        )

    def find(self, key_hash: str) -> KeyRecord | None:
        now = self._clock.now()
        until, record = self._known.get(key_hash, (now, None))
        if record is not None and now < until:
            return record
        answer = self._client.get_item(
            TableName=self._table, Key=records.api_key_key(key_hash), ConsistentRead=True
        )
        if "Item" not in answer:
            return None
        values = from_item(answer["Item"])
        record = KeyRecord(
            hash=key_hash, workspace=values["workspace"], scopes=frozenset(values["scopes"])
        )
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key_hash] = (now + _REMEMBERED, record)
        return record
