"""The library: images that were made, and images that were brought in."""

from __future__ import annotations

from darkroom.dialects.native.library_bodies import ImportBody, UploadBody
from darkroom.domain.operations import MediaPage
from docs.openapi.bodies import documented
from docs.openapi.described import Answer, Described, Sent
from docs.openapi.native.pages import CURSOR, NEXT, limit
from docs.openapi.refusals import (
    FILE_TOO_LARGE,
    MALFORMED,
    NOT_UPLOADED,
    OF_AN_UPLOAD,
    OUT_OF_RANGE,
    TOO_LARGE,
    UNFETCHED,
    UNKNOWN_PARAMETER,
    UNREADABLE,
    missing,
)
from docs.openapi.samples import PICTURE_URL
from docs.openapi.shapes import (
    ADDRESS,
    COUNT,
    FILE,
    IMAGE_TYPES,
    MOMENT,
    SIDE,
    TEXT,
    UUID,
    Schema,
    either,
    many,
    mapping,
    maybe,
    only,
    record,
    ref,
    words,
)
from docs.openapi.shelf import (
    DELETED,
    EVERY_MEDIA,
    FETCHED,
    GENERATED,
    INVITED,
    MOVED,
    PROCESSING,
    UPLOADED,
)

_TAG = "media"
_READY = {
    "url": FILE,
    "thumbnail_url": FILE,
    "content_type": words(*IMAGE_TYPES),
    "width": SIDE,
    "height": SIDE,
    "bytes": COUNT,
}


def _media(
    source: str, status: Schema, more: dict[str, Schema], optional: dict[str, Schema]
) -> Schema:
    head = {"id": UUID, "status": status, "source": only(source), "name": maybe(TEXT)}
    return record({**head, "created_at": MOMENT, **more}, optional)


_FROM = {"from": TEXT}
SCHEMAS = {
    "GeneratedMedia": _media(
        "generated",
        only("ready"),
        {**_READY, "job": UUID, "model": TEXT, "prompt": TEXT},
        {"collection": UUID},
    ),
    "UploadedMedia": _media("uploaded", only("ready"), _READY, _FROM),
    "AwaitedMedia": _media("uploaded", words("awaited", "processing"), {}, _FROM),
    "FailedMedia": _media("uploaded", only("failed"), {"failure": TEXT}, _FROM),
    "Media": either(
        ref("GeneratedMedia"), ref("UploadedMedia"), ref("AwaitedMedia"), ref("FailedMedia")
    ),
}
_INVITATION = record(
    {
        "id": UUID,
        "status": only("awaited"),
        "upload": record(
            {
                "method": only("POST"),
                "url": ADDRESS,
                "fields": mapping(TEXT),
                "file_field": only("file"),
                "most_bytes": COUNT,
                "expires_in": COUNT,
            }
        ),
        "complete": TEXT,
    }
)
_FILE_FORM = record({"file": {"type": "string", "format": "binary"}})

OPERATIONS = {
    "POST /v1/media": Described(
        name="bringInMedia",
        summary="Bring an image in",
        text="A file of up to 4.5 MB as a form, or the address of one as JSON. PNG, JPEG or WebP; "
        "it is encoded anew, with nothing left but its pixels.",
        tag=_TAG,
        sends=(
            Sent(schema=_FILE_FORM, example={"file": "picture.png"}, kind="multipart/form-data"),
            Sent(
                schema=documented(ImportBody, {"url": {"format": "uri"}}),
                example={"url": PICTURE_URL, "name": "pier.png"},
            ),
        ),
        answers={
            201: Answer(
                text="It is in the library.",
                schema=ref("UploadedMedia"),
                outcomes=(UPLOADED, FETCHED),
            ),
            202: Answer(
                text="It takes longer than anybody waits; look again.",
                schema=ref("AwaitedMedia"),
                outcomes=(PROCESSING,),
            ),
        },
        raises=(
            MALFORMED,
            UNREADABLE,
            UNFETCHED,
            UNKNOWN_PARAMETER,
            TOO_LARGE,
            FILE_TOO_LARGE,
            *OF_AN_UPLOAD,
        ),
    ),
    "POST /v1/media/uploads": Described(
        name="beginUpload",
        summary="An address to upload to",
        text="For files of up to 25 MB. Send a form to `upload.url`: first all of `upload.fields`, "
        "then the file; then call `complete`.",
        tag=_TAG,
        sends=(
            Sent(
                schema=documented(UploadBody),
                example={"name": "pier.png", "content_type": "image/png", "size": 90112},
            ),
        ),
        answers={
            201: Answer(text="Where to, for 15 minutes.", schema=_INVITATION, outcomes=(INVITED,))
        },
        raises=(MALFORMED, UNKNOWN_PARAMETER, TOO_LARGE, *OF_AN_UPLOAD),
    ),
    "POST /v1/media/{id}/complete": Described(
        name="completeUpload",
        summary="Take in what was uploaded",
        tag=_TAG,
        answers={
            201: Answer(
                text="It is in the library.",
                schema=either(ref("UploadedMedia"), ref("GeneratedMedia")),
                outcomes=(UPLOADED, GENERATED),
            ),
            202: Answer(
                text="It takes longer than anybody waits; look again.",
                schema=ref("AwaitedMedia"),
                outcomes=(PROCESSING,),
            ),
        },
        raises=(NOT_UPLOADED, UNREADABLE, UNKNOWN_PARAMETER, missing("media")),
    ),
    "GET /v1/media": Described(
        name="listMedia",
        summary="The library, newest first",
        tag=_TAG,
        takes=(limit(20, 100), CURSOR),
        answers={
            200: Answer(
                text="A page of it.",
                schema=record({"media": many(ref("Media")), "cursor": NEXT}),
                outcomes=(
                    MediaPage(media=(GENERATED, UPLOADED), has_more=True),
                    MediaPage(media=EVERY_MEDIA, has_more=False),
                ),
            )
        },
        raises=(OUT_OF_RANGE, UNKNOWN_PARAMETER),
    ),
    "GET /v1/media/{id}": Described(
        name="readMedia",
        summary="One of the library",
        tag=_TAG,
        answers={
            200: Answer(
                text="It, with addresses of the image and its thumbnail.",
                schema=ref("Media"),
                outcomes=(GENERATED, *EVERY_MEDIA),
            )
        },
        raises=(UNKNOWN_PARAMETER, missing("media")),
    ),
    "GET /v1/media/{id}/content": Described(
        name="openMedia",
        summary="The bytes of one",
        tag=_TAG,
        answers={302: Answer(text="To the bytes, for five minutes.", outcomes=(MOVED,))},
        raises=(UNKNOWN_PARAMETER, missing("media")),
    ),
    "DELETE /v1/media/{id}": Described(
        name="deleteMedia",
        summary="Delete one",
        text="Image, thumbnail, entry and every address of it are gone.",
        tag=_TAG,
        answers={204: Answer(text="It is gone.", outcomes=(DELETED,))},
        raises=(UNKNOWN_PARAMETER, missing("media")),
    ),
}
