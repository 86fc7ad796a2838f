"""A workspace's media in DynamoDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from darkroom.aws import library_records as records
from darkroom.aws.job_writes import stored
from darkroom.aws.queries import due_items, page_of
from darkroom.aws.records import job_key
from darkroom.aws.table import Canceled, ConditionFailed, Table, Write, delete, put, update
from darkroom.aws.values import from_item
from darkroom.domain.collection import place_of
from darkroom.domain.library_operations import ListMedia
from darkroom.domain.media import Media, MediaStatus
from darkroom.domain.outcomes import MediaPage

_IN_STATE = "#status = :status"


class DynamoLibrary:
    def __init__(self, table: Table, life: timedelta | None = None) -> None:
        self._table = table
        self._life = life

    def add(self, media: Media) -> None:
        self._table.write(put(records.media_item(media, self._life)))

    def get(self, workspace: str, media: str) -> Media | None:
        return self._table.get(records.media_key(workspace, media), records.read_media)

    def get_many(self, workspace: str, media: Sequence[str]) -> Mapping[str, Media]:
        # Asked for twice, DynamoDB refuses the whole batch.
        keys = [records.media_key(workspace, name) for name in dict.fromkeys(media)]
        found = map(records.read_media, self._table.get_many(keys))
        return {one.id: one for one in found}

    def page(self, workspace: str, which: ListMedia) -> MediaPage:
        items, last = page_of(
            self._table,
            workspace,
            records.MEDIA,
            limit=which.limit,
            after=which.after,
            before=which.before,
            filters={"status": (MediaStatus.READY,) if which.only_ready else ()},
        )
        return MediaPage(media=tuple(map(records.read_media, items)), has_more=last is not None)

    def advance(self, before: Media, after: Media) -> bool:
        item = records.media_item(after, self._life)
        writes = [put(item, _IN_STATE, {":status": before.status}), *_bytes(after, 1)]
        try:
            self._table.transact(writes)
        except Canceled as canceled:
            if canceled.failed(0):
                # It may be our own first try whose answer was lost.
                return canceled.item(0) == from_item(item)
            raise
        return True

    def remove(self, media: Media) -> bool:
        key = records.media_key(media.workspace, media.id)
        writes = [
            delete(key, _IN_STATE, {":status": media.status}),
            *_bytes(media, -1),
            *_membership(media),
        ]
        if media.job is None:
            return self._are_done(writes)
        mark = update(
            job_key(media.workspace, media.job),
            "SET slots.#slot.image.is_deleted = :yes, version = version + :one",
            "attribute_exists(pk)",
            {":yes": True, ":one": 1},
            {"slot": str(media.slot)},
        )
        try:
            return self._are_done([*writes, mark])
        except Canceled:
            # Jobs are kept for a while only; their images until they are deleted.
            return self._are_done(writes)

    def due(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        items = due_items(self._table, records.all_due_shards(), now=now, limit=limit)
        return [records.read_media_key(item) for item in items]

    def postpone(self, media: Media, until: datetime) -> bool:
        not_marked = f"{_IN_STATE} AND attribute_not_exists({records.EXPIRED})"
        values = {":until": until.timestamp()}
        return self._change(media, "SET due_at = :until", not_marked, values)

    def mark_expired(self, media: Media) -> bool:
        return self._change(media, f"SET {records.EXPIRED} = :yes", _IN_STATE, {":yes": True})

    def _change(self, media: Media, change: str, condition: str, values: dict[str, Any]) -> bool:
        key = records.media_key(media.workspace, media.id)
        try:
            self._table.write(update(key, change, condition, values | {":status": media.status}))
        except ConditionFailed:
            return False
        return True

    def _are_done(self, writes: Sequence[Write]) -> bool:
        """Whether the condition of the first one holds."""
        try:
            self._table.transact(writes)
        except Canceled as canceled:
            if canceled.failed(0):
                return False
            raise
        return True


def _bytes(media: Media, sign: int) -> Sequence[Write]:
    """Those of its image, on the account. In one transaction with it, so that each is counted
    once, and taken off once.
    """
    if media.status is not MediaStatus.READY or not media.size:
        return ()
    return (stored(media.workspace, sign * media.size),)


def _membership(media: Media) -> Sequence[Write]:
    """Its place in the collection that it was made for."""
    if media.collection is None or media.job is None:
        return ()
    place = place_of(media.job, media.slot or 0)
    return (delete(records.member_key(media.workspace, media.collection, place)),)
