"""Values of one header, one parameter or one field: at their limits, and beyond them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.recordings.replay import Exchange

# An id of nothing.
NOTHING = "${nothing}"


def headers(operation: Mapping[str, Any], changed: Any) -> Iterator[Exchange]:
    """What the operation takes in headers, wrongly; and where the key may stand."""
    taken = {
        one.get("name") for one in operation.get("parameters", ()) if one.get("in") == "header"
    }
    tried: list[tuple[str, str]] = []
    if "Prefer" in taken:
        tried += [("prefer", value) for value in ("wait=0", "wait=99", "wait=x", "respond-async")]
    if "Idempotency-Key" in taken:
        tried += [("idempotency-key", value) for value in ("${k*300}", "a key é")]
    if "X-Workspace-Id" in taken:
        tried += [("x-workspace-id", value) for value in ("another", "")]
    if operation.get("security"):
        tried += [
            ("authorization", value) for value in ("Bearer", "Basic YTpi", "Bearer not-a-key")
        ]
    for name, value in tried:
        yield changed(f"{name}: {value}", headers={name: value})
    if "Idempotency-Key" in taken:
        key = {"idempotency-key": f"order of {operation['operationId']}"}
        yield changed("with an idempotency key", headers=key)
        yield changed("with the same idempotency key", headers=key)
        other = changed("with the same idempotency key and another body", headers=key)
        other["send"]["body"] = {**other["send"].get("body", {}), "prompt": "another pier"}
        yield other


def queries(operation: Mapping[str, Any], changed: Any) -> Iterator[Exchange]:
    for one in operation.get("parameters", ()):
        if one.get("in") != "query":
            continue
        name, schema = one["name"], one["schema"]
        values = ["", "no-such-value", "-1", "1.5", *schema.get("enum", ())]
        values += [
            str(schema[limit] + more)
            for limit, more in (("minimum", 0), ("minimum", -1), ("maximum", 1))
            if limit in schema
        ]
        if schema.get("format") == "uuid":
            values.append(NOTHING)
        if schema.get("format") == "date-time":
            values += ["2026-11-21T12:00:00Z", "2026-11-21T12:00:00", "2026-11-21"]
        for value in dict.fromkeys(values):
            yield changed(f"{name}={value}", query={name: value})
    if operation.get("operationId") not in {"openapi", "docs"}:
        yield changed("an unknown parameter", query={"no_such_parameter": "1"})


def limits(schema: Mapping[str, Any], good: Any) -> Iterator[tuple[str, Any]]:
    """At each limit and beyond it."""
    if "maxLength" in schema and "enum" not in schema:
        yield "too long", f"${{x*{schema['maxLength'] + 1}}}"
        yield "empty", ""
        yield "blank", "  "
    for limit, beyond in (("minimum", -1), ("maximum", 1)):
        if limit in schema:
            yield f"{limit}", schema[limit]
            yield f"beyond its {limit}", schema[limit] + beyond
    if "pattern" in schema or "format" in schema:
        yield "of another form", "!!"
    if schema.get("format") == "uri":
        for address in ("http://10.0.0.1/a.png", "ftp://93.184.215.14/a.png", "https://"):
            yield address, address
    if schema.get("type") == "array":
        yield "empty", []
        first = good[0] if isinstance(good, list) and good else sample(schema.get("items", {}))
        yield "too many", [first] * (schema.get("maxItems", 50) + 1)
        yield "the same twice", [first] * 2


def sample(schema: Mapping[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if "example" in schema:
        return schema["example"]
    if schema.get("format") == "uri":
        return "https://example.com/a.png"
    kind = schema.get("type", "string")
    return {
        "string": NOTHING if "pattern" in schema or schema.get("format") == "uuid" else "a pier",
        "integer": schema.get("minimum", 1),
        "number": schema.get("minimum", 1),
        "boolean": True,
        "array": [],
        "object": {},
    }.get(kind if isinstance(kind, str) else kind[0])
