"""What a workspace has beside its jobs: media, collections, an account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from darkroom.domain import outcomes
from darkroom.domain.collection import Collection, Member
from darkroom.domain.media import Media, MediaStatus, Source
from darkroom.domain.money import Account
from docs.openapi.samples import (
    COLLECTION_ID,
    JOB_ID,
    LATER,
    MEDIA_ID,
    NOW,
    OTHER_MEDIA_ID,
    PICTURE_URL,
    WORKSPACE,
)

GENERATED = Media(
    id=MEDIA_ID,
    workspace=WORKSPACE,
    source=Source.GENERATED,
    status=MediaStatus.READY,
    created_at=LATER,
    format="webp",
    width=1024,
    height=576,
    size=48_210,
    job=JOB_ID,
    slot=0,
    model="painter",
    prompt="a pier at dawn",
    collection=COLLECTION_ID,
)
UPLOADED = Media(
    id=OTHER_MEDIA_ID,
    workspace=WORKSPACE,
    source=Source.UPLOADED,
    status=MediaStatus.READY,
    created_at=NOW,
    name="pier.png",
    format="png",
    width=640,
    height=480,
    size=90_112,
)
_EMPTY: dict[str, Any] = {"format": None, "width": None, "height": None, "size": None}
FETCHED = replace(UPLOADED, url=PICTURE_URL)
PENDING = replace(UPLOADED, status=MediaStatus.PROCESSING, **_EMPTY)
AWAITED = replace(PENDING, status=MediaStatus.AWAITED)
FAILED = replace(PENDING, status=MediaStatus.FAILED, url=PICTURE_URL, failure="status_404")
EVERY_MEDIA = (UPLOADED, GENERATED, FETCHED, PENDING, AWAITED, FAILED)
UPLOAD_TARGET = outcomes.UploadTarget(
    media=AWAITED,
    url="https://bucket.s3.eu-central-1.amazonaws.com/",
    fields={"key": f"uploads/{OTHER_MEDIA_ID}", "Content-Type": "image/png", "policy": "eyJleHA"},
    seconds=900,
)
DELETED = outcomes.Deleted(id=MEDIA_ID)
SMALL_FILE = outcomes.FileContent(
    name=f"{MEDIA_ID}.webp",
    content_type="image/webp",
    tag='"9b2cf535f27731c974343645a3985328"',
    size=5,
    seconds=604_800,
    body=b"bytes",
)
FILES = (
    SMALL_FILE,
    replace(SMALL_FILE, body=None, is_not_modified=True),
    outcomes.FileLocation(
        url=f"https://bucket.s3.eu-central-1.amazonaws.com/media/{MEDIA_ID}.webp", seconds=300
    ),
)
GALLERY = outcomes.CollectionContents(
    collection=Collection(
        id=COLLECTION_ID,
        workspace=WORKSPACE,
        name="Piers",
        description="Of the whole coast",
        created_at=NOW,
        updated_at=LATER,
        attributes={"season": "autumn"},
    ),
    images=(
        Member(place="1", media=MEDIA_ID, file=f"{MEDIA_ID}.webp"),
        Member(place="2", url=PICTURE_URL),
    ),
)
EMPTY_GALLERY = replace(GALLERY, collection=replace(GALLERY.collection, updated_at=NOW), images=())
ACCOUNT = Account(
    workspace=WORKSPACE,
    tier="free",
    balance=98,
    held=2,
    spent=0,
    granted=100,
    requests_per_minute=600,
    max_in_flight=200,
)
