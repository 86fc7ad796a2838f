"""PowerPost's API."""

from __future__ import annotations

from dataclasses import replace

from darkroom.dialects import powerpost
from darkroom.domain import errors
from darkroom.domain.captions import POST_TYPES
from darkroom.domain.operations import JobPage
from docs.openapi.bodies import documented
from docs.openapi.described import Answer, Described, Description, Parameter, Sent
from docs.openapi.headers import IDEMPOTENCY_KEY, PREFER
from docs.openapi.refusals import (
    FILE_TOO_LARGE,
    OF_A_SUBMIT,
    OUT_OF_RANGE,
    UNREADABLE,
    UNREADY,
    missing,
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
    FILE,
    FLAG,
    MOMENT,
    SIDE,
    TEXT,
    UUID,
    Schema,
    many,
    mapping,
    maybe,
    named_variants,
    only,
    record,
    ref,
    told,
    words,
)
from docs.openapi.shelf import ACCOUNT, PROCESSING, UPLOADED

_DATA = powerpost.DATA
_SIZES = dict.fromkeys(size for model in _DATA["models"].values() for size in model["sizes"])
_PROMPT = {"description": "Needed unless captions or pictures say what it is about."}
_GENERATE = documented(
    powerpost.Generate,
    {
        "prompt": _PROMPT,
        "model": words(*_DATA["models"]),
        "size": words(*_SIZES),
        "style_images": {"items": UUID},
        "generation_id": UUID,
        "source_post_type": words(*POST_TYPES),
    },
)
_CONTENT = documented(
    powerpost.Content,
    {"prompt": _PROMPT, "media_ids": {"items": UUID}, "post_types": {"items": words(*POST_TYPES)}},
)
_FORM = record({"file": {"type": "string", "format": "binary"}, "type": only("image")})
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
_ASKED_FOR = {
    "image_generation_id": UUID,
    "status": only("processing"),
    "credits_used": COUNT,
    "remaining_credits": {"type": "integer"},
    "status_url": TEXT,
}
_IMAGE = record(
    {"media_id": UUID, "url": FILE, "thumbnail_url": FILE, "width": SIDE, "height": SIDE}
)


def _images(status: str, more: dict[str, Schema]) -> Schema:
    return record(
        {
            "image_generation_id": UUID,
            "status": only(status),
            "prompt": TEXT,
            "size": TEXT,
            "quantity": COUNT,
            "created_at": MOMENT,
            **more,
        }
    )


def _captions(status: Schema, more: dict[str, Schema]) -> Schema:
    return record(
        {
            "generation_id": UUID,
            "status": status,
            "prompt": TEXT,
            "platforms": many(TEXT),
            "research_mode": words("regular", "deep"),
            "credits_used": COUNT,
            "created_at": MOMENT,
            **more,
        }
    )


_TERMS = {"size": "landscape", "prompt": "a pier at dawn"}
_JOBS = made_as("webp", 1536, 864, *every_job(terms=_TERMS))
_MADE = {"images": many(_IMAGE)}
_WRITTEN = {"outputs": mapping(TEXT), "post_types": mapping(TEXT), "writer": TEXT}
_SCHEMAS = {
    "Error": record(
        {
            "error": record(
                {"message": TEXT, "code": TEXT}, {"retryAfter": told(COUNT, "Seconds, with 429.")}
            )
        }
    ),
    "Failure": record({"code": TEXT, "message": TEXT}),
    **named_variants(
        "Images",
        {
            "ImagesGoingOn": _images("processing", {}),
            "ImagesCompleted": _images("completed", _MADE),
            "ImagesPartlyFailed": _images("failed", {**_MADE, "error": ref("Failure")}),
            "ImagesFailed": _images("failed", {"error": ref("Failure")}),
        },
    ),
    **named_variants(
        "Captions",
        {
            "CaptionsGoingOn": _captions(only("processing"), {}),
            "CaptionsCompleted": _captions(only("completed"), _WRITTEN),
            "CaptionsFailed": _captions(only("failed"), {"error": ref("Failure")}),
        },
    ),
    "CaptionsListed": _captions(words("processing", "completed", "failed"), {}),
}


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
                schema=_GENERATE,
                example={"prompt": "a pier at dawn", "size": "landscape", "quantity": 2},
            ),
        ),
        answers={
            200: Answer(
                text="Poll `status_url`.",
                schema=record(_ASKED_FOR),
                outcomes=tuple(map(submitted, _JOBS)),
            )
        },
        raises=(*OF_A_SUBMIT, missing("media"), UNREADY),
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
                schema=_CONTENT,
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
                        **{k: v for k, v in _ASKED_FOR.items() if k != "image_generation_id"},
                    }
                ),
                outcomes=tuple(map(submitted, every_caption())),
            )
        },
        raises=(*OF_A_SUBMIT, missing("media"), UNREADY),
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
                schema=_FORM,
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
        raises=(UNREADABLE, FILE_TOO_LARGE),
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
    schemas=_SCHEMAS,
)
