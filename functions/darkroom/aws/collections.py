"""Collections and their members in DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from darkroom.aws import library_records as records
from darkroom.aws.queries import items_under, page_of
from darkroom.aws.records import partition
from darkroom.aws.transactions import is_condition_failure
from darkroom.aws.values import to_item
from darkroom.domain.collection import Collection, Member
from darkroom.domain.errors import Unavailable

# What one batch of writes takes.
_BATCH, _TRIES = 25, 8


class DynamoCollections:
    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, collection: Collection) -> None:
        self._client.put_item(TableName=self._table, Item=records.collection_item(collection))

    def change(self, before: Collection, after: Collection) -> bool:
        as_it_was = "version = :version"
        if not before.version:
            as_it_was = f"({as_it_was} OR attribute_not_exists(version))"
        try:
            self._client.put_item(
                TableName=self._table,
                Item=records.collection_item(after),
                ConditionExpression=f"attribute_exists(pk) AND {as_it_was}",
                ExpressionAttributeValues=to_item({":version": before.version}),
            )
        except ClientError as error:
            if not is_condition_failure(error):
                raise
            # It may be our own first try whose answer was lost.
            return self.get(after.workspace, after.id) == after
        return True

    def get(self, workspace: str, collection: str) -> Collection | None:
        answer = self._client.get_item(
            TableName=self._table,
            Key=records.collection_key(workspace, collection),
            ConsistentRead=True,
        )
        return records.read_collection(answer["Item"]) if "Item" in answer else None

    def page(
        self, workspace: str, *, limit: int, after: str | None, before: str | None
    ) -> tuple[Sequence[Collection], bool]:
        items, last = page_of(
            self._client,
            self._table,
            workspace,
            records.COLLECTION,
            limit=limit,
            after=after,
            before=before,
        )
        return [records.read_collection(item) for item in items], last is not None

    def members(self, workspace: str, collection: str, limit: int) -> Sequence[Member]:
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :members)",
            ExpressionAttributeValues=to_item(
                {":pk": partition(workspace), ":members": records.members_under(collection)}
            ),
            Limit=limit,
            ConsistentRead=True,
        )
        return [records.read_member(item) for item in answer["Items"]]

    def places(self, workspace: str, collection: str) -> Sequence[str]:
        prefix = records.members_under(collection)
        items = items_under(self._client, self._table, partition(workspace), prefix)
        return [item["sk"]["S"].removeprefix(prefix) for item in items]

    def fill(
        self, collection: Collection, members: Sequence[Member], instead_of: Sequence[str]
    ) -> None:
        workspace, name = collection.workspace, collection.id
        new = [records.member_item(workspace, name, member) for member in members]
        # The new ones first: a process that dies in the middle leaves too many, and not none.
        self._write([{"PutRequest": {"Item": item}} for item in new])
        old = [records.member_key(workspace, name, place) for place in instead_of]
        self._write([{"DeleteRequest": {"Key": key}} for key in old])

    def remove(self, collection: Collection) -> None:
        # The collection last: after a crash in the middle the client can delete it again.
        self.fill(collection, (), self.places(collection.workspace, collection.id))
        key = records.collection_key(collection.workspace, collection.id)
        self._client.delete_item(TableName=self._table, Key=key)
        # What a change of the same moment has put there: one that comes later finds no collection.
        self.fill(collection, (), self.places(collection.workspace, collection.id))

    def _write(self, requests: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(requests), _BATCH):
            left = list(requests[start : start + _BATCH])
            for _ in range(_TRIES):
                answer = self._client.batch_write_item(RequestItems={self._table: left})
                left = answer.get("UnprocessedItems", {}).get(self._table, [])
                if not left:
                    break
            else:
                raise Unavailable
