"""The audit log in DynamoDB, apart from the workspaces: it outlives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import islice

from darkroom.aws.queries import answers
from darkroom.aws.records import DEPLOYMENT, known, stamp
from darkroom.aws.table import Item, Table, put
from darkroom.aws.values import from_item, to_item
from darkroom.domain.audit_log import AuditRecord, AuditState

_PREFIX = "AUDIT#"


class DynamoAuditLog:
    def __init__(self, table: Table) -> None:
        self._table = table

    def keep(self, record: AuditRecord) -> None:
        self._table.write(put(audit_item(record)))

    def newest(self, limit: int, workspace: str | None) -> Iterator[AuditRecord]:
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


def audit_item(record: AuditRecord) -> Item:
    key = {"pk": DEPLOYMENT, "sk": f"{_PREFIX}{record.id}"}
    return to_item(key | asdict(record) | {"at": stamp(record.at)})


def _read(item: Item) -> AuditRecord:
    values = from_item(item)
    read = {
        "at": datetime.fromisoformat(values["at"]),
        "state": AuditState(values["state"]),
    }
    return known(AuditRecord, values | read)
