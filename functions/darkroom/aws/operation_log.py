"""The ledger of operations in DynamoDB, apart from the workspaces: it outlives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import islice

from darkroom.aws.queries import answers
from darkroom.aws.records import DEPLOYMENT, known, stamp
from darkroom.aws.table import Item, Table, put
from darkroom.aws.values import from_item, to_item
from darkroom.domain.operation_log import OperationRecord, OperationState

_PREFIX = "OPERATION#"


class DynamoOperationLog:
    def __init__(self, table: Table) -> None:
        self._table = table

    def keep(self, record: OperationRecord) -> None:
        self._table.write(put(operation_item(record)))

    def newest(self, limit: int, workspace: str | None) -> Iterator[OperationRecord]:
        query = {
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
            "ExpressionAttributeValues": to_item({":pk": DEPLOYMENT, ":prefix": _PREFIX}),
            "ScanIndexForward": False,
            "ConsistentRead": True,
        }
        records = (
            _read(item) for answer in answers(self._table.query, query) for item in answer["Items"]
        )
        wanted = (one for one in records if workspace in {None, one.workspace})
        yield from islice(wanted, limit)


def operation_item(record: OperationRecord) -> Item:
    key = {"pk": DEPLOYMENT, "sk": f"{_PREFIX}{record.id}"}
    return to_item(key | asdict(record) | {"at": stamp(record.at)})


def _read(item: Item) -> OperationRecord:
    values = from_item(item)
    read = {
        "at": datetime.fromisoformat(values["at"]),
        "state": OperationState(values["state"]),
    }
    return known(OperationRecord, values | read)
