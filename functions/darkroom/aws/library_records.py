"""How media and collections are stored in the table: keys and shapes (docs/data-model.md)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from darkroom.aws.records import partition, stamp
from darkroom.aws.values import from_item, to_item
from darkroom.domain.collection import Collection, Member, place_of
from darkroom.domain.job import Job
from darkroom.domain.media import Media, MediaStatus, Source, media_of

MEDIA, COLLECTION = "MEDIA#", "COLLECTION#"
# What the sweeper marks an image with before it removes it.
EXPIRED = "expired"
# Beside the jobs and the deliveries in the index of what is due.
_SHARDS = 16
# An upload that never became an image expires after this.
_UNFINISHED = timedelta(days=1)


def media_key(workspace: str, media: str) -> dict[str, Any]:
    return to_item({"pk": partition(workspace), "sk": f"{MEDIA}{media}"})


def media_item(media: Media, life: timedelta | None = None) -> dict[str, Any]:
    """`life`: for how long an image is kept; None for ever, and then it is in no index."""
    values = {name: value for name, value in asdict(media).items() if value is not None}
    values["created_at"] = stamp(media.created_at)
    if media.status is not MediaStatus.READY:
        values["expires_at"] = int((media.created_at + _UNFINISHED).timestamp())
    elif life is not None:
        values |= {
            "due_at": (media.created_at + life).timestamp(),
            "due_shard": f"media#{zlib.crc32(media.id.encode()) % _SHARDS}",
        }
    return media_key(media.workspace, media.id) | to_item(values)


def read_media(item: dict[str, Any]) -> Media:
    values = from_item(item)
    kept = {field.name: values[field.name] for field in fields(Media) if field.name in values}
    kept |= {
        "source": Source(values["source"]),
        "status": MediaStatus(values["status"]),
        "created_at": datetime.fromisoformat(values["created_at"]),
    }
    return Media(**kept)


def all_due_shards() -> Iterable[str]:
    return (f"media#{number}" for number in range(_SHARDS))


def read_media_key(item: dict[str, Any]) -> tuple[str, str]:
    key = from_item(item)
    return key["pk"].removeprefix(partition("")), key["sk"].removeprefix(MEDIA)


def collection_key(workspace: str, collection: str) -> dict[str, Any]:
    return to_item({"pk": partition(workspace), "sk": f"{COLLECTION}{collection}"})


def collection_item(collection: Collection) -> dict[str, Any]:
    values = asdict(collection) | {
        "created_at": stamp(collection.created_at),
        "updated_at": stamp(collection.updated_at),
        # As one text: the owner's JSON may hold what DynamoDB has no type for.
        "attributes": json.dumps(collection.attributes),
    }
    return collection_key(collection.workspace, collection.id) | to_item(values)


def read_collection(item: dict[str, Any]) -> Collection:
    values = from_item(item)
    return Collection(
        id=values["id"],
        workspace=values["workspace"],
        name=values["name"],
        description=values["description"],
        created_at=datetime.fromisoformat(values["created_at"]),
        updated_at=datetime.fromisoformat(values["updated_at"]),
        attributes=json.loads(values["attributes"]),
        filled_by=values.get("filled_by", ""),
        version=values.get("version", 0),
    )


def members_under(collection: str) -> str:
    return f"MEMBER#{collection}#"


def member_key(workspace: str, collection: str, place: str) -> dict[str, Any]:
    return to_item({"pk": partition(workspace), "sk": members_under(collection) + place})


def member_item(workspace: str, collection: str, member: Member) -> dict[str, Any]:
    values = {name: value for name, value in asdict(member).items() if value is not None}
    return member_key(workspace, collection, member.place) | to_item(values)


def read_member(item: dict[str, Any]) -> Member:
    values = from_item(item)
    return Member(
        place=values["place"],
        media=values.get("media"),
        file=values.get("file"),
        url=values.get("url"),
    )


def library_items_of(job: Job, life: timedelta | None) -> Sequence[dict[str, Any]]:
    """What a job that has ended puts into its workspace's library and its collection."""
    items = []
    for media in media_of(job):
        items.append(media_item(media, life))
        if job.collection is not None:
            place = place_of(job.id, media.slot or 0)
            member = Member(place=place, media=media.id, file=media.file)
            items.append(member_item(job.workspace, job.collection, member))
    return items
