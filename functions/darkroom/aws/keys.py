"""API keys in DynamoDB, by their hash, remembered for a minute by each warm Lambda."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from darkroom.aws import records
from darkroom.aws.queries import items_under
from darkroom.aws.transactions import Canceled, put_new, transact
from darkroom.aws.values import to_item
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
        entry = records.key_entry(record)
        places = (records.api_key_key(record.hash), {name: entry[name] for name in ("pk", "sk")})
        try:
            transact(self._client, [self._ending(key, at) for key in places])
        except Canceled as canceled:
            # Refused by its condition it ends sooner, and stays so.
            if not canceled.failed(0):
                raise

    def _ending(self, key: dict[str, Any], at: datetime) -> dict[str, Any]:
        update = {
            "TableName": self._table,
            "Key": key,
            "UpdateExpression": "SET ends_at = :at",
            "ConditionExpression": "attribute_exists(pk)"
            " AND (attribute_not_exists(ends_at) OR ends_at >= :at)",
            "ExpressionAttributeValues": to_item({":at": records.stamp(at)}),
        }
        return {"Update": update}
