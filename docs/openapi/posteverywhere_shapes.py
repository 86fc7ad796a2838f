"""What is sent and answered in PostEverywhere's API."""

from __future__ import annotations

from darkroom.dialects import posteverywhere
from docs.openapi.bodies import documented
from docs.openapi.shapes import (
    ADDRESS,
    COUNT,
    IMAGE_TYPES,
    MOMENT,
    NOTHING,
    SIDE,
    TEXT,
    UUID,
    WHOLE,
    Schema,
    many,
    mapping,
    maybe,
    only,
    record,
    told,
    words,
)

_DATA = posteverywhere.DATA
_META = record({"request_id": TEXT, "timestamp": MOMENT})
GENERATE = documented(
    posteverywhere.Generate,
    {
        "prompt": {"minLength": 1},
        "aspect_ratio": words(*_DATA["sizes"]),
        "model": words(*_DATA["models"]),
    },
    required=("prompt",),
)


def in_envelope(schema: Schema) -> Schema:
    return record({"data": schema, "error": NOTHING, "meta": _META})


_IDS = {"media_id": UUID, "media_ids": many(UUID, minItems=1, maxItems=1)}
MADE = {
    **_IDS,
    "type": only("image"),
    "width": SIDE,
    "height": SIDE,
    "aspect_ratio": words(*_DATA["sizes"]),
    "ai": record({"model": words(*_DATA["models"]), "prompt": TEXT}),
    "credits_used": COUNT,
    "credits_remaining": WHOLE,
    "created_at": MOMENT,
    "next_step": TEXT,
}
_POOR = record({"credits_required": COUNT, "credits_available": COUNT, "model": TEXT})
SCHEMAS = {
    "Error": record(
        {
            "data": NOTHING,
            "error": record({"message": TEXT, "code": TEXT}, {"details": told(_POOR, "With 402.")}),
            "meta": _META,
        }
    ),
    "Media": record(
        {
            **_IDS,
            "status": words("processing", "ready", "failed"),
            "type": only("image"),
            "filename": maybe(TEXT),
            "content_type": maybe(words(*IMAGE_TYPES)),
            "size": maybe(COUNT),
            "width": maybe(SIDE),
            "height": maybe(SIDE),
            "duration": NOTHING,
            "created_at": MOMENT,
        }
    ),
}
_FORM = record(
    {
        "method": only("POST"),
        "content_type": only("multipart/form-data"),
        "field_name": only("file"),
        "fields": mapping(TEXT),
    }
)
INVITATION = record(
    {
        **_IDS,
        "upload_url": ADDRESS,
        "upload_method": _FORM,
        "expires_in": COUNT,
        "max_size": COUNT,
        "next_step": TEXT,
    }
)
