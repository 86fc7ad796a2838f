"""JSON schemas of request bodies: those of the classes that read them, as they are documented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from docs.openapi.shapes import Schema

# What pydantic says besides, and nobody needs.
_NOISE = ("title",)


def documented(
    model: type[BaseModel],
    fields: Mapping[str, Schema] | None = None,
    required: tuple[str, ...] = (),
) -> Schema:
    """The class's own schema; `fields` adds what is only checked after the class has read it.

    A null is forgiven and means "not given", so that it is no documented value.
    """
    raw = model.model_json_schema()
    known = raw.pop("$defs", {})
    schema: Schema = _plain(raw, known)
    for name, more in (fields or {}).items():
        schema["properties"][name] |= more
    also = [name for name in required if name not in schema.get("required", ())]
    if also:
        schema["required"] = [*schema.get("required", ()), *also]
    return schema


def _plain(value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_plain(one, known) for one in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _plain(known[value["$ref"].rpartition("/")[2]], known)
    if "properties" in value:
        fields = {name: _plain(field, known) for name, field in value["properties"].items()}
        rest = {name: one for name, one in value.items() if name != "properties"}
        return _plain(rest, known) | {"properties": fields}
    plain = {name: _plain(one, known) for name, one in value.items() if name not in _NOISE}
    return _without_null(plain)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(choices) == 1:
        rest = {name: one for name, one in schema.items() if name != "anyOf"}
        schema = {**choices[0], **rest}
    if "default" in schema and schema["default"] is None:
        del schema["default"]
    return schema
