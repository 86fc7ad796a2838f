"""Collections of images."""

from __future__ import annotations

from darkroom.dialects.native.library_bodies import CollectionBody, CollectionChangeBody
from darkroom.domain.operations import GalleryPage
from docs.openapi.bodies import documented
from docs.openapi.described import Answer, Described, Sent
from docs.openapi.native.pages import CURSOR, NEXT, limit
from docs.openapi.refusals import (
    MALFORMED,
    OUT_OF_RANGE,
    TOO_LARGE,
    UNKNOWN_PARAMETER,
    missing,
    unknown,
)
from docs.openapi.samples import MEDIA_ID, PICTURE_URL
from docs.openapi.shapes import (
    ANYTHING,
    FILE,
    MOMENT,
    TEXT,
    UUID,
    many,
    named_variants,
    record,
    ref,
)
from docs.openapi.shelf import DELETED, EMPTY_GALLERY, GALLERY

_TAG = "collections"
SCHEMAS = {
    **named_variants(
        "Member",
        {
            "MemberMedia": record({"media": UUID, "url": FILE}),
            "MemberAddress": record({"url": TEXT}),
        },
    ),
    "Collection": record(
        {
            "id": UUID,
            "name": TEXT,
            "description": TEXT,
            "attributes": ANYTHING,
            "images": many(ref("Member")),
            "created_at": MOMENT,
            "updated_at": MOMENT,
        }
    ),
}
_IMAGES = {
    "images": {"description": "Ids of media, or https addresses of images on the public web."}
}

OPERATIONS = {
    "POST /v1/collections": Described(
        name="createCollection",
        summary="A new collection",
        tag=_TAG,
        sends=(
            Sent(
                schema=documented(CollectionBody, _IMAGES),
                example={"name": "Piers", "images": [MEDIA_ID, PICTURE_URL]},
            ),
        ),
        answers={
            201: Answer(
                text="The collection.", schema=ref("Collection"), outcomes=(GALLERY, EMPTY_GALLERY)
            )
        },
        raises=(MALFORMED, UNKNOWN_PARAMETER, TOO_LARGE, unknown("images.0")),
    ),
    "GET /v1/collections": Described(
        name="listCollections",
        summary="Collections, newest first",
        text="With the first ten images of each.",
        tag=_TAG,
        takes=(limit(20, 50), CURSOR),
        answers={
            200: Answer(
                text="A page of them.",
                schema=record({"collections": many(ref("Collection")), "cursor": NEXT}),
                outcomes=(
                    GalleryPage(galleries=(GALLERY,), has_more=True),
                    GalleryPage(galleries=(), has_more=False),
                ),
            )
        },
        raises=(OUT_OF_RANGE, UNKNOWN_PARAMETER),
    ),
    "GET /v1/collections/{id}": Described(
        name="readCollection",
        summary="One collection",
        text="With its first 500 images.",
        tag=_TAG,
        answers={
            200: Answer(text="The collection.", schema=ref("Collection"), outcomes=(GALLERY,))
        },
        raises=(UNKNOWN_PARAMETER, missing("collection")),
    ),
    "PATCH /v1/collections/{id}": Described(
        name="changeCollection",
        summary="Change one",
        text="Only what is given changes; `attributes` one by one, `images` all at once.",
        tag=_TAG,
        sends=(
            Sent(
                schema=documented(CollectionChangeBody, _IMAGES),
                example={"name": "Piers and bridges", "attributes": {"season": "winter"}},
            ),
        ),
        answers={
            200: Answer(
                text="The collection as it is now.", schema=ref("Collection"), outcomes=(GALLERY,)
            )
        },
        raises=(
            MALFORMED,
            UNKNOWN_PARAMETER,
            TOO_LARGE,
            unknown("images.0"),
            missing("collection"),
        ),
    ),
    "DELETE /v1/collections/{id}": Described(
        name="deleteCollection",
        summary="Take one apart",
        text="Its images stay in the library.",
        tag=_TAG,
        answers={204: Answer(text="It is gone.", outcomes=(DELETED,))},
        raises=(UNKNOWN_PARAMETER, missing("collection")),
    ),
}
