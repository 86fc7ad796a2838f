"""A workspace's media in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from darkroom.aws import library_records as records
from darkroom.aws.job_writes import JobWrites
from darkroom.aws.queries import page_of
from darkroom.aws.records import job_key
from darkroom.aws.transactions import Canceled, transact
from darkroom.aws.values import to_item
from darkroom.domain.collection import place_of
from darkroom.domain.errors import Unavailable
from darkroom.domain.media import Media, MediaStatus
from darkroom.domain.outcomes import MediaPage

_TRIES = 5
# What one batch of reads takes.
_BATCH = 100


class DynamoLibrary:
    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table
        self._writes = JobWrites(table)

    def add(self, media: Media) -> None:
        self._client.put_item(TableName=self._table, Item=records.media_item(media))

    def get(self, workspace: str, media: str) -> Media | None:
        answer = self._client.get_item(
            TableName=self._table, Key=records.media_key(workspace, media), ConsistentRead=True
        )
        return records.read_media(answer["Item"]) if "Item" in answer else None

    def get_many(self, workspace: str, media: Sequence[str]) -> Mapping[str, Media]:
        found: dict[str, Media] = {}
        # Asked for twice, DynamoDB refuses the whole batch.
        keys = [records.media_key(workspace, name) for name in dict.fromkeys(media)]
        for start in range(0, len(keys), _BATCH):
            for item in self._batch(keys[start : start + _BATCH]):
                kept = records.read_media(item)
                found[kept.id] = kept
        return found

    def _batch(self, wanted: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for _ in range(_TRIES):
            answer = self._client.batch_get_item(
                RequestItems={self._table: {"Keys": wanted, "ConsistentRead": True}}
            )
            yield from answer["Responses"].get(self._table, ())
            wanted = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
            if not wanted:
                return
        raise Unavailable

    def page(
        self,
        workspace: str,
        *,
        limit: int,
        after: str | None,
        before: str | None,
        only_ready: bool = False,
    ) -> MediaPage:
        items, last = page_of(
            self._client,
            self._table,
            workspace,
            records.MEDIA,
            limit=limit,
            after=after,
            before=before,
            equal={"status": MediaStatus.READY if only_ready else None},
        )
        return MediaPage(media=tuple(map(records.read_media, items)), has_more=last is not None)

    def advance(self, before: Media, after: Media) -> bool:
        writes = [
            {
                "Put": {
                    "TableName": self._table,
                    "Item": records.media_item(after),
                    **_in_state(before),
                }
            },
            *self._bytes(after, 1),
        ]
        if self._are_done(writes):
            return True
        # It may be our own first try whose answer was lost.
        return self.get(after.workspace, after.id) == after

    def remove(self, media: Media) -> bool:
        gone = {
            "TableName": self._table,
            "Key": records.media_key(media.workspace, media.id),
            **_in_state(media),
        }
        writes = [{"Delete": gone}, *self._bytes(media, -1), *self._membership(media)]
        if media.job is None:
            return self._are_done(writes)
        mark = {
            "TableName": self._table,
            "Key": job_key(media.workspace, media.job),
            "UpdateExpression": "SET slots.#slot.image.is_deleted = :yes, version = version + :one",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeNames": {"#slot": str(media.slot)},
            "ExpressionAttributeValues": to_item({":yes": True, ":one": 1}),
        }
        try:
            return self._are_done([*writes, {"Update": mark}])
        except Canceled:
            # Jobs are kept for a while only; their images until they are deleted.
            return self._are_done(writes)

    def _are_done(self, writes: Sequence[dict[str, Any]]) -> bool:
        """Whether the condition of the first one holds."""
        try:
            transact(self._client, writes)
        except Canceled as canceled:
            if canceled.failed(0):
                return False
            raise
        return True

    def _bytes(self, media: Media, sign: int) -> Sequence[dict[str, Any]]:
        """Those of its image, on the account. In one transaction with it, so that each is counted
        once, and taken off once.
        """
        if media.status is not MediaStatus.READY or not media.size:
            return ()
        return (self._writes.stored(media.workspace, sign * media.size),)

    def _membership(self, media: Media) -> Sequence[dict[str, Any]]:
        """Its place in the collection that it was made for."""
        if media.collection is None or media.job is None:
            return ()
        key = records.member_key(
            media.workspace, media.collection, place_of(media.job, media.slot or 0)
        )
        return ({"Delete": {"TableName": self._table, "Key": key}},)


def _in_state(media: Media) -> dict[str, Any]:
    """A condition: it is there, and as far as it was."""
    return {
        "ConditionExpression": "#status = :status",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": to_item({":status": media.status}),
    }
