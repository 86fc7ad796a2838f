"""What is sent and answered in PowerPost's API."""

from __future__ import annotations

from darkroom.dialects import powerpost
from darkroom.domain.captions import POST_TYPES
from docs.openapi.bodies import documented
from docs.openapi.shapes import (
    COUNT,
    FILE,
    MOMENT,
    SIDE,
    TEXT,
    UUID,
    Schema,
    many,
    mapping,
    named_variants,
    only,
    record,
    ref,
    told,
    words,
)

_DATA = powerpost.DATA
_SIZES = dict.fromkeys(size for model in _DATA["models"].values() for size in model["sizes"])
_PROMPT = {"description": "Needed unless captions or pictures say what it is about."}
GENERATE = documented(
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
CONTENT = documented(
    powerpost.Content,
    {"prompt": _PROMPT, "media_ids": {"items": UUID}, "post_types": {"items": words(*POST_TYPES)}},
)
FORM = record({"file": {"type": "string", "format": "binary"}, "type": only("image")})
ASKED_FOR = {
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


_MADE = {"images": many(_IMAGE)}
_WRITTEN = {"outputs": mapping(TEXT), "post_types": mapping(TEXT), "writer": TEXT}
SCHEMAS = {
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
