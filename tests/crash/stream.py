"""The table's stream: every change of an item that its filter lets through, with the item as it was
and as it is, in batches.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.stream_filter import wakes_the_relay

Record = dict[str, Any]
Key = tuple[str, str]
Items = dict[Key, dict[str, Any]]

_BATCH = 100  # as in the template


class Stream:
    """Fed with what the table holds after each write, which is one record for each item that is
    another one now: a transaction writes no item twice.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._items: Items = {}
        self._number = 0
        self._records: list[Record] = []
        self._waiting: list[Record] = []
        self._size = _BATCH

    @property
    def is_read(self) -> bool:
        return not self._waiting

    def follow(self, items: Items, at: datetime) -> list[Key]:
        """Which items have changed."""
        before, self._items = self._items, items
        changed = [key for key in before | items if before.get(key) != items.get(key)]
        for key in changed:
            self._add(key, before.get(key), items.get(key), at)
        return changed

    def batch(self) -> list[Record]:
        return self._waiting[: self._size]

    def done(self, batch: list[Record]) -> None:
        over = {record["eventID"] for record in batch}
        self._waiting = [record for record in self._waiting if record["eventID"] not in over]
        self._size = _BATCH

    def failed(self, batch: list[Record]) -> None:
        """It comes again, cut in two, as the mapping does with a batch that its function failed."""
        self._size = max(1, len(batch) // 2)

    def repeat(self, *, backwards: bool = False) -> None:
        """All of it from the beginning. `backwards`: each item's changes stay in their order, and
        what changed first comes last: items lie in different shards.
        """
        records = list(self._records)
        if backwards:
            places = list(dict.fromkeys(map(_item, records)))
            records.sort(key=lambda record: -places.index(_item(record)))
        self._waiting = records

    def _add(
        self, key: Key, before: dict[str, Any] | None, after: dict[str, Any] | None, at: datetime
    ) -> None:
        self._number += 1
        number = f"{self._number:021}"
        images = {"OldImage": before, "NewImage": after}
        record = {
            "eventID": number,
            "eventName": "MODIFY" if before and after else "INSERT" if after else "REMOVE",
            "dynamodb": {
                "Keys": {"pk": {"S": key[0]}, "sk": {"S": key[1]}},
                "SequenceNumber": number,
                "ApproximateCreationDateTime": int(at.timestamp()),
                **{name: item for name, item in images.items() if item is not None},
            },
        }
        if wakes_the_relay(record):
            self._records.append(record)
            self._waiting.append(record)


def _item(record: Record) -> str:
    return str(record["dynamodb"]["Keys"])
