"""PostEverywhere's API."""

from __future__ import annotations

from dataclasses import replace

from darkroom.dialects import posteverywhere
from darkroom.domain.job import JobStatus
from darkroom.domain.operations import MediaPage
from docs.openapi.bodies import documented
from docs.openapi.described import Answer, Described, Description, Parameter, Sent
from docs.openapi.headers import IDEMPOTENCY_KEY
from docs.openapi.posteverywhere_shapes import GENERATE, INVITATION, MADE, SCHEMAS, in_envelope
from docs.openapi.refusals import (
    FULL,
    MALFORMED,
    NOT_UPLOADED,
    OF_A_SUBMIT,
    OF_AN_UPLOAD,
    OUT_OF_RANGE,
    TOO_LARGE,
    UNFETCHED,
    UNREADABLE,
    missing,
)
from docs.openapi.samples import PICTURE_URL, every_job, made_as, submitted
from docs.openapi.shapes import (
    FLAG,
    TRUE,
    UUID,
    many,
    maybe,
    only,
    record,
    ref,
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

_TERMS = {"aspect_ratio": "1:1", "model": "flux-schnell"}
_JOBS = tuple(map(submitted, made_as("jpeg", 1080, 1080, *every_job(1, terms=_TERMS))))
_FAILED = tuple(one for one in _JOBS if one.job.status in {JobStatus.FAILED, JobStatus.CANCELED})

_OPERATIONS = {
    "POST /ai/generate-image": Described(
        name="generateImage",
        summary="Make an image",
        tag="images",
        takes=(IDEMPOTENCY_KEY,),
        sends=(
            Sent(schema=GENERATE, example={"prompt": "a pier at dawn", "model": "flux-schnell"}),
        ),
        answers={
            201: Answer(
                text="The image, in the library.",
                schema=in_envelope(record(MADE)),
                outcomes=tuple(
                    one for one in _JOBS if one.job.status.is_terminal and one not in _FAILED
                ),
            ),
            202: Answer(
                text="It takes longer than a gateway waits: look for the media.",
                schema=in_envelope(record({**MADE, "status": only("processing")})),
                outcomes=tuple(one for one in _JOBS if not one.job.status.is_terminal),
            ),
        },
        raises=(*OF_A_SUBMIT, FULL),
        fails=_FAILED,
    ),
    "POST /media/upload": Described(
        name="beginUpload",
        summary="An address to upload to",
        text="Send a form: first all of the fields, then the file.",
        tag="media",
        sends=(
            Sent(
                schema=documented(posteverywhere.Upload),
                example={"filename": "pier.png", "content_type": "image/png", "size": 90112},
            ),
        ),
        answers={
            201: Answer(
                text="Where to, for 15 minutes.",
                schema=in_envelope(INVITATION),
                outcomes=(INVITED,),
            )
        },
        raises=(MALFORMED, TOO_LARGE, *OF_AN_UPLOAD),
    ),
    "POST /media/upload-from-url": Described(
        name="uploadFromUrl",
        summary="Fetch an image and take it in",
        tag="media",
        sends=(
            Sent(
                schema=documented(posteverywhere.FromUrl, {"url": {"format": "uri"}}),
                example={"url": PICTURE_URL},
            ),
        ),
        answers={
            201: Answer(
                text="In the library, or on the way there.",
                schema=in_envelope(ref("Media")),
                outcomes=(FETCHED, PROCESSING),
            )
        },
        raises=(MALFORMED, TOO_LARGE, UNFETCHED, UNREADABLE, *OF_AN_UPLOAD),
    ),
    "POST /media/{id}/complete": Described(
        name="completeUpload",
        summary="Take in what was uploaded",
        tag="media",
        answers={
            200: Answer(
                text="In the library, or on the way there.",
                schema=in_envelope(ref("Media")),
                outcomes=(UPLOADED, PROCESSING, GENERATED),
            )
        },
        raises=(NOT_UPLOADED, UNREADABLE, missing("media")),
    ),
    "GET /media": Described(
        name="listMedia",
        summary="The library, newest first",
        tag="media",
        takes=(
            Parameter(
                name="limit",
                where="query",
                schema={"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
            ),
            Parameter(name="cursor", where="query", schema=UUID, text="From the page before."),
        ),
        answers={
            200: Answer(
                text="A page of it.",
                schema=in_envelope(
                    record(
                        {"media": many(ref("Media")), "has_more": FLAG, "next_cursor": maybe(UUID)}
                    )
                ),
                outcomes=(
                    MediaPage(media=(GENERATED,), has_more=True),
                    MediaPage(media=EVERY_MEDIA, has_more=False),
                ),
            )
        },
        raises=(OUT_OF_RANGE,),
    ),
    "GET /media/{id}": Described(
        name="readMedia",
        summary="One of the library",
        tag="media",
        answers={
            200: Answer(
                text="It.", schema=in_envelope(ref("Media")), outcomes=(GENERATED, *EVERY_MEDIA)
            )
        },
        raises=(missing("media"),),
    ),
    "GET /media/{id}/content": Described(
        name="openMedia",
        summary="The bytes of one",
        tag="media",
        answers={302: Answer(text="To the bytes, for five minutes.", outcomes=(MOVED,))},
        raises=(missing("media"),),
    ),
    "DELETE /media/{id}": Described(
        name="deleteMedia",
        summary="Delete one, with every address of it",
        tag="media",
        answers={
            200: Answer(
                text="It is gone.",
                schema=in_envelope(record({"media_id": UUID, "deleted": TRUE})),
                outcomes=(DELETED,),
            )
        },
        raises=(missing("media"),),
    ),
}
# The vendor's reference and its guides name the paths differently: each stands thrice.
_PREFIXES = {"": "", "/v1": "V1", "/api/v1": "ApiV1"}


def _under(prefix: str, name: str) -> str:
    method, path = name.split(" ")
    return f"{method} {prefix}{path}"


DESCRIPTION = Description(
    title="Darkroom, as PostEverywhere",
    text="PostEverywhere's API, answered by Darkroom: AI images and the media library. Each path "
    "is answered at the root, under `/v1` and under `/api/v1`.",
    operations={
        _under(prefix, name): replace(one, name=one.name + suffix)
        for prefix, suffix in _PREFIXES.items()
        for name, one in _OPERATIONS.items()
    },
    error="Error",
    schemas=SCHEMAS,
)
