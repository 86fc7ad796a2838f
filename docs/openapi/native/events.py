"""The shapes of events."""

from __future__ import annotations

from darkroom.domain.event_names import EventName
from darkroom.domain.operations import Schemas
from docs.openapi import events
from docs.openapi.described import Answer, Described, Parameter
from docs.openapi.refusals import UNKNOWN_PARAMETER, missing
from docs.openapi.shapes import only, words

_EVENTS = tuple(map(str, EventName))
SCHEMAS = events.SCHEMAS
_SHAPES = {
    "job.completed": {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}
}

OPERATIONS = {
    "GET /v1/events/schemas": Described(
        name="listEventSchemas",
        summary="The shapes of all events",
        text="JSON schemas by the name of the event.",
        tag="events",
        answers={
            200: Answer(
                text="The schemas.",
                schema={"type": "object", "additionalProperties": {"type": "object"}},
                outcomes=(Schemas(_SHAPES),),
                kind="application/schema+json",
            )
        },
        raises=(UNKNOWN_PARAMETER,),
        asks_nobody=True,
    ),
    "GET /v1/events/schemas/{name}/{version}": Described(
        name="readEventSchema",
        summary="The shape of one event",
        tag="events",
        takes=(
            Parameter(name="name", where="path", schema=words(*_EVENTS), example="job.completed"),
            Parameter(name="version", where="path", schema=only("1"), example="1"),
        ),
        answers={
            200: Answer(
                text="Its JSON schema.",
                schema={"type": "object"},
                outcomes=(Schemas(_SHAPES["job.completed"]),),
                kind="application/schema+json",
            )
        },
        raises=(UNKNOWN_PARAMETER, missing("schema")),
        asks_nobody=True,
    ),
}
