"""JSON Schemas of the events: each stands for itself, with the shapes that the API answers with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from darkroom.domain.event_names import ENDS_OF_A_JOB, OF_A_JOB, EventName
from darkroom.domain.job import JobStatus
from darkroom.domain.media import Source
from darkroom.domain.telling import VERSION
from docs.openapi.shapes import (
    COUNT,
    MOMENT,
    TEXT,
    TRUE,
    UUID,
    Schema,
    either,
    many,
    mapping,
    only,
    record,
    ref,
    told,
    words,
)

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_IN_OPENAPI, _HERE = "#/components/schemas/", "#/$defs/"
_IMAGES = (EventName.IMAGE_STORED, EventName.IMAGE_FAILED)
# A job of captions has no images, and is told of as their own list shows them.
_JOBS = either(
    *map(ref, ("JobGoingOn", "JobEnded", "CaptionsGoingOnAsJob", "CaptionsEndedAsJob")),
    ref("JobInShort"),
)
_IN_SHORT = {
    "JobInShort": told(
        record(
            {
                "id": UUID,
                "type": words("images", "captions"),
                "status": words(*map(str, JobStatus)),
                "credits": {"type": "object"},
                "in_short": TRUE,
            },
            {
                "model": TEXT,
                "images": many({"type": "object"}),
                "created_at": MOMENT,
                "finished_at": either(MOMENT, {"type": "null"}),
                "metadata": mapping(TEXT),
            },
        ),
        "Of a job that would be longer than 20 kB: the rest is at GET /v1/jobs/{id}.",
    )
}
_SAYS = {
    EventName.JOB_REJECTED: record(
        {
            "client_token": TEXT,
            "error": {
                "type": "object",
                "properties": {"code": TEXT, "detail": TEXT, "field": TEXT},
                "required": ["code", "detail"],
            },
        },
        {
            "metadata": {
                "type": "object",
                "additionalProperties": TEXT,
                "description": "The request's own, where it can be read.",
            }
        },
    ),
    EventName.MEDIA_DELETED: record(
        {
            "media": record(
                {"id": UUID, "source": words(*map(str, Source))}, {"name": TEXT, "job": UUID}
            )
        }
    ),
    EventName.CREDITS_LOW: record(
        {"credits": record({"balance": COUNT, "held": COUNT, "granted": COUNT, "low": COUNT})}
    ),
    EventName.WEBHOOK_DISABLED: record(
        {"webhook": record({"id": UUID, "url": TEXT, "reason": words("gone", "failing")})}
    ),
    EventName.WEBHOOK_TEST: record({"webhook": record({"id": UUID})}),
}
TEXTS = {
    EventName.JOB_ACCEPTED: "A request was accepted, and its credits are held.",
    EventName.JOB_STARTED: "The first of its images is being made.",
    EventName.IMAGE_STORED: "An image is there.",
    EventName.IMAGE_FAILED: "An image will not come; its credits go back with the job's end.",
    EventName.JOB_COMPLETED: "All of its images are there.",
    EventName.JOB_PARTIAL: "Some of its images are there; the others are refunded.",
    EventName.JOB_FAILED: "None of its images is there; all are refunded.",
    EventName.JOB_CANCELED: "Canceled: what was made stays, the rest is refunded.",
    EventName.JOB_REJECTED: "A request that came by the queue or by the bus was refused.",
    EventName.MEDIA_DELETED: "An image was deleted by its owner.",
    EventName.CREDITS_LOW: "The balance has fallen below the workspace's mark.",
    EventName.WEBHOOK_DISABLED: "A webhook was switched off, because its receiver does not work.",
    EventName.WEBHOOK_TEST: "Sent because somebody asked for it.",
}


def shape_name(name: EventName) -> str:
    """What its schema is called in the native description: `JobCompletedEvent`."""
    return "".join(word.capitalize() for word in (*name.split("."), "event"))


def event_schemas(api: Mapping[str, Any]) -> dict[str, Schema]:
    """By the name of the event. `api` is the native description, which has them, too."""
    shapes = {name: _without_hook(shape) for name, shape in api["components"]["schemas"].items()}
    return {name.value: _standing_alone(name, shapes) for name in EventName}


def open_to_more(schema: Any) -> Any:
    """As it is handed out: a later field is no new version, and breaks nobody who checks."""
    if isinstance(schema, list):
        return [open_to_more(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    # What is open may fit more than one of several shapes.
    renamed = {{"oneOf": "anyOf"}.get(name, name): part for name, part in schema.items()}
    return {
        name: open_to_more(part)
        for name, part in renamed.items()
        if not (name == "additionalProperties" and part is False)
    }


def _without_hook(shape: Schema) -> Schema:
    """Only whoever asks for a job is shown it."""
    if shape.get("properties", {}).get("webhook") != ref("OwnWebhook"):
        return shape
    properties = {name: part for name, part in shape["properties"].items() if name != "webhook"}
    return {**shape, "properties": properties}


def _shape(name: EventName) -> Schema:
    envelope = {
        "specversion": only("1.0"),
        "id": told(UUID, "The same however often it is told."),
        "source": told(TEXT, "The address of this deployment."),
        "type": only(f"darkroom.{name}"),
        "subject": told(TEXT, "What it is about: jobs/<id>, for instance."),
        "time": MOMENT,
        "datacontenttype": only("application/json"),
        "dataschema": told(TEXT, "Where this schema is."),
        "workspace": TEXT,
        "data": _data(name),
    }
    begun_with = told(TEXT, "Of the request that it all began with: to be found in every log.")
    return {"description": TEXTS[name], **record(envelope, {"requestid": begun_with})}


def _data(name: EventName) -> Schema:
    if name not in OF_A_JOB:
        return _SAYS[name]
    if name in _IMAGES:
        status = {EventName.IMAGE_STORED: "stored", EventName.IMAGE_FAILED: "failed"}[name]
        image = {"type": "object", "properties": {"status": only(status)}, "required": ["status"]}
        return record({"job": _JOBS, "image": image})
    if name in ENDS_OF_A_JOB:
        status = name.removeprefix("job.")
        ended = {"type": "object", "properties": {"status": only(status)}}
        return record({"job": {"allOf": [ended, _JOBS]}})
    return record({"job": _JOBS})


def _standing_alone(name: EventName, shapes: Mapping[str, Schema]) -> Schema:
    """With all that it refers to, and what that refers to."""
    schema = {
        "$schema": _DRAFT,
        "title": f"{name}, version {VERSION}",
        **shapes[shape_name(name)],
    }
    text, found = json.dumps(schema), dict[str, Schema]()
    wanted = [text]
    while wanted:
        looked_at = wanted.pop()
        for shape in shapes:
            if f'"{_IN_OPENAPI}{shape}"' in looked_at and shape not in found:
                found[shape] = shapes[shape]
                wanted.append(json.dumps(shapes[shape]))
    whole = {**schema, **({"$defs": found} if found else {})}
    alone: Schema = json.loads(json.dumps(whole).replace(_IN_OPENAPI, _HERE))
    return alone


SCHEMAS = {**_IN_SHORT, **{shape_name(name): _shape(name) for name in EventName}}
