"""JSON schemas as tables for people: a row a field, those within another after it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from darkroom.dialects.fields import UUID_PATTERN
from docs.openapi.schemas import Schema

_LIMITS = (
    ("minimum", "at least {}"),
    ("maximum", "at most {}"),
    ("minLength", "not empty"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {}"),
    ("maxItems", "at most {}"),
    ("maxProperties", "at most {}"),
    ("format", "{}"),
)
# What is said of it already, by what it is.
_PLAIN = {"binary"}


def table(schema: Schema) -> str:
    """Nothing where there are no fields to tell of."""
    rows = "".join(_row(*row) for row in _rows(schema, ""))
    return f'<div class="wide"><table>{rows}</table></div>' if rows else ""


def parameters_of(parameters: Iterable[Mapping[str, Any]]) -> str:
    """Nothing where there are none."""
    rows = "".join(
        f"<tr><th><code>{escape(one['name'])}</code> <span class=may>{one['in']}"
        f"{'' if one.get('required') else ', optional'}</span></th>"
        f"<td>{named(one['schema'])} <span class=text>{marked(one.get('description', ''))}</span>"
        "</td></tr>"
        for one in parameters
    )
    return f"<div class=wide><table>{rows}</table></div>" if rows else ""


def example_of(value: Any) -> str:
    return f"<pre>{escape(json.dumps(value, ensure_ascii=False, indent=2))}</pre>"


def fields_of(schema: Schema) -> str:
    """A schema whole: of one that is either of several, each."""
    choices = schema.get("oneOf")
    if not choices:
        return table(schema) or f"<p>{named(schema)}</p>"
    links = [named(choice) for choice in choices if "$ref" in choice]
    told = f"<p>One of {', '.join(links)}</p>" if links else ""
    tables = [table(choice) for choice in choices if "$ref" not in choice]
    return told + "<p class='or'>or</p>".join(tables)


def _rows(schema: Schema, within: str) -> Iterator[tuple[str, Schema, bool]]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        path = f"{within}{name}"
        yield path, field, name in required
        yield from _rows(_inner(field), f"{path}.")


def _inner(schema: Schema) -> Schema:
    """The object whose fields are worth rows of their own."""
    inner: Schema = schema
    while "items" in inner:
        inner = inner["items"]
    return inner


def _row(path: str, field: Schema, is_required: bool) -> str:  # noqa: FBT001
    told = field.get("description", "")
    mark = "" if is_required else ' <span class="may">optional</span>'
    text = f" <span class=text>{marked(told)}</span>" if told else ""
    return f"<tr><th><code>{escape(path)}</code>{mark}</th><td>{named(field)}{text}</td></tr>"


def named(schema: Schema) -> str:
    """What it is, in a few words of HTML."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#schema-{name}">{name}</a>'
    if "const" in schema:
        return f"<code>{escape(_shown(schema['const']))}</code>"
    if "enum" in schema:
        choices = [f"<code>{escape(_shown(value))}</code>" for value in schema["enum"]]
        return " ".join(choices) + _default(schema)
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return " or ".join(named(choice) for choice in schema[key])
    pattern = schema.get("pattern")
    if pattern == UUID_PATTERN:
        return "id"
    shape = [f"like <code>{escape(pattern)}</code>"] if pattern else []
    told = ", ".join([_kind(schema), *_limits(schema), *shape])
    return told + _of_what(schema) + _default(schema)


def _default(schema: Schema) -> str:
    default = schema.get("default")
    return "" if default in (None, "", [], {}) else f" ({escape(_shown(default))} unless given)"


def _kind(schema: Schema) -> str:
    if schema.get("format") == "binary":
        return "file"
    if "items" in schema:
        return "list"
    return escape(str(schema.get("type", "anything")))


def _of_what(schema: Schema) -> str:
    """After its own limits: what is within has others."""
    within = schema.get("items", schema.get("additionalProperties"))
    if not isinstance(within, dict):
        return ""
    return f"{', of' if _limits(schema) else ' of'} {named(within)}"


def _limits(schema: Mapping[str, Any]) -> list[str]:
    return [
        escape(text.format(_shown(schema[key])))
        for key, text in _LIMITS
        if key in schema and schema[key] not in _PLAIN and schema[key] not in ([], {})
    ]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:,}" if isinstance(value, int) else str(value)


def marked(text: str) -> str:
    """Text with its `code` in backticks, as HTML."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))
