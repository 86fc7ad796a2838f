"""JSON schemas of answers, put together from small words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
SIDE: Schema = {"type": "integer", "minimum": 1, "description": "Pixels."}
FLAG: Schema = {"type": "boolean"}
# Not as a const: client generators stumble over one that is no text.
TRUE: Schema = {"type": "boolean", "description": "Always true."}
FALSE: Schema = {"type": "boolean", "description": "Always false."}
UUID: Schema = {"type": "string", "format": "uuid"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
NOTHING: Schema = {"type": "null"}
ANYTHING: Schema = {"type": "object", "description": "Yours: kept, and given back as it was."}
FILE: Schema = {
    "type": "string",
    "format": "uri",
    "description": "Works for 7 days without a key, and leads to the bytes by a redirect.",
}
IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp")


def record(fields: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object with these fields, and no other."""
    schema: Schema = {"type": "object", "properties": {**fields, **(optional or {})}}
    if fields:
        schema["required"] = list(fields)
    return schema | {"additionalProperties": False}


def many(schema: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": schema, **limits}


def words(*known: str) -> Schema:
    return {"type": "string", "enum": list(known)}


def only(word: Any) -> Schema:
    return {"const": word}


def mapping(schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": schema}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, NOTHING]}


def either(*schemas: Schema) -> Schema:
    return {"oneOf": list(schemas)}


def named_variants(whole: str, branches: Mapping[str, Schema]) -> dict[str, Schema]:
    """One of several, each under a name of its own: generated clients call them so."""
    return {**branches, whole: either(*map(ref, branches))}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def told(schema: Schema, text: str) -> Schema:
    return {**schema, "description": text}


def one_of(names: Iterable[str], text: str = "") -> Schema:
    return words(*names) | ({"description": text} if text else {})
