"""PowerPost's API."""

from __future__ import annotations

from dataclasses import replace

from darkroom.domain import errors
from darkroom.domain.operations import JobPage
from docs.openapi.described import Answer, Described, Description, Parameter, Sent
from docs.openapi.headers import IDEMPOTENCY_KEY, PREFER
from docs.openapi.powerpost_shapes import ASKED_FOR, CONTENT, FORM, GENERATE, SCHEMAS
from docs.openapi.refusals import (
    FILE_TOO_LARGE,
    FULL,
    OF_A_SUBMIT,
    OF_AN_UPLOAD,
    OUT_OF_RANGE,
    UNREADABLE,
    UNREADY,
    missing,
    unknown,
)
from docs.openapi.samples import (
    CAPTION_ID,
    MEDIA_ID,
    WORKSPACE,
    captions,
    every_caption,
    every_job,
    made_as,
    submitted,
)
from docs.openapi.shapes import (
    COUNT,
    FLAG,
    MOMENT,
    TEXT,
    UUID,
    many,
    maybe,
    only,
    record,
    ref,
    words,
)
from docs.openapi.shelf import ACCOUNT, PROCESSING, UPLOADED

_WORKSPACE = Parameter(
    name="X-Workspace-Id",
    where="header",
    schema=TEXT,
    text="The key's own workspace.",
    example=WORKSPACE,
    is_required=True,
)
_OF_THE_HEADER = (
    errors.InvalidRequest("X-Workspace-Id", "required", "The header X-Workspace-Id is required."),
    errors.WrongWorkspace(),
)
_TERMS = {"size": "landscape", "prompt": "a pier at dawn"}
_JOBS = made_as("webp", 1536, 864, *every_job(terms=_TERMS))


def _described(described: Described) -> Described:
    return replace(
        described,
        takes=(_WORKSPACE, *described.takes),
        raises=(*_OF_THE_HEADER, *described.raises),
    )


_OPERATIONS = {
    "POST /api/v1/images/generate": Described(
        name="generateImages",
        summary="Ask for images",
        tag="images",
        takes=(IDEMPOTENCY_KEY, PREFER),
        sends=(
            Sent(
                schema=GENERATE,
                example={"prompt": "a pier at dawn", "size": "landscape", "quantity": 2},
            ),
        ),
        answers={
            200: Answer(
                text="Poll `status_url`.",
                schema=record(ASKED_FOR),
                outcomes=tuple(map(submitted, _JOBS)),
            )
        },
        raises=(*OF_A_SUBMIT, FULL, unknown("style_images.0"), UNREADY),
    ),
    "GET /api/v1/images/generations/{id}": Described(
        name="readImages",
        summary="The state and the images of one",
        tag="images",
        answers={
            200: Answer(text="The generation as it is now.", schema=ref("Images"), outcomes=_JOBS)
        },
        raises=(missing("job"),),
    ),
    "POST /api/v1/content/generate": Described(
        name="generateContent",
        summary="Ask for captions",
        tag="captions",
        takes=(IDEMPOTENCY_KEY, PREFER),
        sends=(
            Sent(
                schema=CONTENT,
                example={
                    "prompt": "a pier at dawn",
                    "media_ids": [MEDIA_ID],
                    "post_types": ["instagram-feed"],
                },
            ),
        ),
        answers={
            200: Answer(
                text="Poll `status_url`.",
                schema=record(
                    {
                        "generation_id": UUID,
                        **{k: v for k, v in ASKED_FOR.items() if k != "image_generation_id"},
                    }
                ),
                outcomes=tuple(map(submitted, every_caption())),
            )
        },
        raises=(*OF_A_SUBMIT, unknown("media_ids.0"), UNREADY),
    ),
    "GET /api/v1/content/generations": Described(
        name="listContent",
        summary="Captions, newest first",
        tag="captions",
        takes=(
            Parameter(
                name="limit",
                where="query",
                schema={"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
            ),
            Parameter(name="cursor", where="query", schema=UUID, text="From the page before."),
            Parameter(
                name="status",
                where="query",
                schema=words("pending", "processing", "completed", "failed"),
            ),
        ),
        answers={
            200: Answer(
                text="A page of them.",
                schema=record(
                    {
                        "data": many(ref("CaptionsListed")),
                        "next_cursor": maybe(UUID),
                        "has_more": FLAG,
                    }
                ),
                outcomes=(
                    JobPage(jobs=(captions(),), cursor=CAPTION_ID),
                    JobPage(jobs=every_caption(), cursor=None),
                ),
            )
        },
        raises=(OUT_OF_RANGE,),
    ),
    "GET /api/v1/content/generations/{id}": Described(
        name="readContent",
        summary="Captions of one request",
        tag="captions",
        answers={
            200: Answer(
                text="The captions as they are now.",
                schema=ref("Captions"),
                outcomes=every_caption(),
            )
        },
        raises=(missing("caption"),),
    ),
    "POST /api/v1/media/upload": Described(
        name="uploadMedia",
        summary="Bring a picture in",
        tag="media",
        sends=(
            Sent(
                schema=FORM,
                example={"file": "picture.png", "type": "image"},
                kind="multipart/form-data",
            ),
        ),
        answers={
            200: Answer(
                text="It is in the library.",
                schema=record(
                    {
                        "media_id": UUID,
                        "type": only("image"),
                        "file_name": TEXT,
                        "file_size": maybe(COUNT),
                        "mime_type": TEXT,
                        "created_at": MOMENT,
                    }
                ),
                outcomes=(UPLOADED, PROCESSING),
            )
        },
        raises=(UNREADABLE, FILE_TOO_LARGE, *OF_AN_UPLOAD),
    ),
    "GET /api/v1/account/credits": Described(
        name="readCredits",
        summary="What is left to spend",
        tag="account",
        answers={
            200: Answer(
                text="The balance.",
                schema=record({"balance": COUNT}),
                outcomes=(ACCOUNT,),
            )
        },
    ),
}

DESCRIPTION = Description(
    title="Darkroom, as PowerPost",
    text="PowerPost's API, answered by Darkroom: images, captions, uploads and credits. Every "
    "request names the key's workspace in `X-Workspace-Id`.",
    operations={name: _described(one) for name, one in _OPERATIONS.items()},
    error="Error",
    schemas=SCHEMAS,
)
