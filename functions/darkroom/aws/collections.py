"""Collections and their members in DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence

from darkroom.aws import library_records as records
from darkroom.aws.queries import items_under, page_of
from darkroom.aws.records import partition
from darkroom.aws.table import Table, delete, put
from darkroom.aws.values import to_item
from darkroom.domain.collection import Collection, Member
from darkroom.domain.library_operations import ListCollections


class DynamoCollections:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, collection: Collection) -> None:
        self._table.write(put(records.collection_item(collection)))

    def change(self, before: Collection, after: Collection) -> bool:
        as_it_was = "version = :version"
        if not before.version:
            as_it_was = f"({as_it_was} OR attribute_not_exists(version))"
        return self._table.put_if(
            records.collection_item(after),
            f"attribute_exists(pk) AND {as_it_was}",
            {":version": before.version},
        )

    def get(self, workspace: str, collection: str) -> Collection | None:
        key = records.collection_key(workspace, collection)
        return self._table.get(key, records.read_collection)

    def page(self, workspace: str, which: ListCollections) -> tuple[Sequence[Collection], bool]:
        items, last = page_of(
            self._table,
            workspace,
            records.COLLECTION,
            limit=which.limit,
            after=which.after,
            before=which.before,
        )
        return [records.read_collection(item) for item in items], last is not None

    def members(self, workspace: str, collection: str, limit: int) -> Sequence[Member]:
        answer = self._table.query(
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
        items = items_under(self._table, partition(workspace), prefix)
        return [item["sk"]["S"].removeprefix(prefix) for item in items]

    def fill(
        self, collection: Collection, members: Sequence[Member], instead_of: Sequence[str]
    ) -> None:
        workspace, name = collection.workspace, collection.id
        new = [put(records.member_item(workspace, name, member)) for member in members]
        # The new ones first: a process that dies in the middle leaves too many, and not none.
        old = [delete(records.member_key(workspace, name, place)) for place in instead_of]
        for writes in (new, old):
            self._table.write_many(writes)

    def remove(self, collection: Collection) -> None:
        # The collection last: after a crash in the middle the client can delete it again.
        self.fill(collection, (), self.places(collection.workspace, collection.id))
        key = records.collection_key(collection.workspace, collection.id)
        self._table.write(delete(key))
        # What a change of the same moment has put there: one that comes later finds no collection.
        self.fill(collection, (), self.places(collection.workspace, collection.id))
