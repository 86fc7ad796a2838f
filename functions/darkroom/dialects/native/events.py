"""The JSON Schemas of events."""

from __future__ import annotations

from typing import Any

from darkroom.dialects.context import RequestContext
from darkroom.dialects.routes import Routes
from darkroom.dialects.wire import Response, json_response
from darkroom.domain.errors import NotFound
from darkroom.domain.operations import ShowEventSchemas
from darkroom.domain.outcomes import Schemas

ROUTES = Routes("events")


def schemas(outcome: Schemas) -> Response:
    return json_response(200, outcome.schemas, content_type="application/schema+json")


@ROUTES.get("/v1/events/schemas", None, answer=schemas, answer_type=dict[str, Any])
def list_event_schemas() -> ShowEventSchemas:
    """List event schemas

    By the name of the event.
    """
    return ShowEventSchemas()


@ROUTES.get(
    "/v1/events/schemas/{name}/{version}",
    None,
    answer=schemas,
    answer_type=dict[str, Any],
    path_examples={"name": "job.completed", "version": "1"},
)
def retrieve_event_schema(context: RequestContext) -> ShowEventSchemas:
    """Retrieve an event schema"""
    if context.path["version"] != "1":
        raise NotFound("schema")
    return ShowEventSchemas(context.path["name"])
