"""What is sent and answered in Supapost's API."""

from __future__ import annotations

from darkroom.dialects import supapost
from docs.openapi.bodies import documented
from docs.openapi.shapes import (
    ANYTHING,
    COUNT,
    FALSE,
    FILE,
    FLAG,
    IMAGE_TYPES,
    MOMENT,
    NOTHING,
    SIDE,
    TEXT,
    UUID,
    Schema,
    many,
    maybe,
    named_variants,
    only,
    record,
    ref,
    words,
)

_DATA = supapost.DATA
MODEL = words(*_DATA["models"])
GENERATE = documented(
    supapost.Generate,
    {
        "prompt": {"minLength": 1},
        "model": MODEL,
        "aspectRatio": words(*_DATA["sizes"]),
        "influencerId": {"format": "uuid"},
        "referenceImageUrl": {"format": "uri"},
    },
    required=("prompt",),
)


def _job(status: str, result: Schema, error: Schema) -> Schema:
    return record(
        {
            "id": UUID,
            "type": only("image_gen"),
            "status": words(*status.split()),
            "result": result,
            "error": error,
            "created_at": MOMENT,
            "updated_at": MOMENT,
        }
    )


def listed(name: str, path: str) -> Schema:
    return record(
        {"object": only("list"), "data": many(ref(name)), "has_more": FLAG, "url": only(path)}
    )


_RESULT = record({"url": FILE, "width": SIDE, "height": SIDE, "contentType": words(*IMAGE_TYPES)})
SCHEMAS = {
    "Error": record({"success": FALSE, "message": TEXT}),
    **named_variants(
        "Job",
        {
            "JobGoingOn": _job("pending processing", NOTHING, NOTHING),
            "JobCompleted": _job("completed", _RESULT, NOTHING),
            # Its image was deleted since.
            "JobDeleted": _job("completed", NOTHING, TEXT),
            "JobFailed": _job("failed", NOTHING, TEXT),
        },
    ),
    "Asset": record(
        {
            "id": UUID,
            "name": TEXT,
            "url": FILE,
            "content_type": words(*IMAGE_TYPES),
            "size_bytes": COUNT,
            "width": SIDE,
            "height": SIDE,
            "source": words("generated", "uploaded"),
            "metadata": record({}, {"prompt": TEXT, "model": TEXT, "jobId": UUID}),
            "created_at": MOMENT,
        }
    ),
    "Influencer": record(
        {
            "id": UUID,
            "team_id": TEXT,
            "name": TEXT,
            "description": TEXT,
            "style": TEXT,
            "model": TEXT,
            "avatar_url": maybe(TEXT),
            "images": many(TEXT),
            "metadata": record({"traits": ANYTHING}),
            "created_at": MOMENT,
            "updated_at": maybe(MOMENT),
        }
    ),
    "Model": record({"id": TEXT, "name": TEXT, "credits": COUNT, "available": FLAG}),
}
