"""API keys in DynamoDB, by their hash, remembered for a minute by each warm Lambda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from darkroom.aws import records
from darkroom.aws.queries import items_under
from darkroom.aws.transactions import put_new, transact
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

    def add(self, record: KeyRecord) -> None:
        transact(
            self._client,
            [
                put_new(self._table, records.key_item(record)),
                put_new(self._table, records.key_entry(record)),
            ],
        )

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
        answer = self._client.get_item(
            TableName=self._table, Key=records.api_key_key(key_hash), ConsistentRead=True
        )
        if "Item" not in answer:
            return None
        record = records.read_key(answer["Item"])
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key_hash] = (now + _REMEMBERED, record)
        return record

    def of_workspace(self, workspace: str) -> Sequence[KeyRecord]:
        found = items_under(self._client, self._table, records.partition(workspace), records.KEYS)
        return [records.read_key(item) for item in found]

    def expire(self, record: KeyRecord, at: datetime) -> None:
        ended = replace(record, expires_at=at)
        puts = (records.key_item(ended), records.key_entry(ended))
        transact(self._client, [{"Put": {"TableName": self._table, "Item": item}} for item in puts])
