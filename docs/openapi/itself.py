"""The two routes that every dialect has beside its own."""

from __future__ import annotations

from darkroom.domain.operations import Description
from docs.openapi.described import Answer, Described

TAG = "description"

OF_ITSELF = {
    "GET /openapi.json": Described(
        name="openapi",
        summary="This document",
        tag=TAG,
        answers={
            200: Answer(
                text="OpenAPI 3.1, with the address that it was asked for at.",
                outcomes=(Description(text='{"openapi":"3.1.0"}'),),
                schema={
                    "type": "object",
                    "properties": {"openapi": {"type": "string"}},
                    "required": ["openapi"],
                },
            )
        },
        asks_nobody=True,
    ),
    "GET /docs": Described(
        name="docs",
        summary="The same as a page",
        tag=TAG,
        answers={
            200: Answer(
                text="One page of HTML, without scripts.",
                outcomes=(Description(text="<!doctype html><title>Darkroom</title>"),),
                schema={"type": "string"},
                kind="text/html",
            )
        },
        asks_nobody=True,
    ),
}
