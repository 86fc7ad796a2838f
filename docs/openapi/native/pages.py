"""How lists are read, page by page."""

from __future__ import annotations

from docs.openapi.described import Parameter
from docs.openapi.shapes import UUID, Schema, maybe, told

CURSOR = Parameter(
    name="cursor", where="query", schema=UUID, text="From the page before: what follows it."
)
NEXT: Schema = told(maybe(UUID), "For the next page; null on the last one.")


def limit(default: int, most: int) -> Parameter:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return Parameter(name="limit", where="query", schema=schema, example=5)
