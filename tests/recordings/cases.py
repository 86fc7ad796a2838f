"""Requests of every operation of a description: as it is described, and as it is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from tests.fuzz.places import kinds_of_path, spread, with_ids
from tests.recordings.replay import SCOPES, Exchange
from tests.recordings.variations import NOTHING, headers, limits, queries, sample

_METHODS = ("get", "post", "put", "patch", "delete")
_DEEPEST = 3
# Answered with what is generated from the descriptions, whose words may change.
_LONG = {"openapi", "docs", "listEventSchemas"}
# Each value of an enum is sent, but of a catalogue's models only these.
_MOST_VALUES = 7
_WRONG: Mapping[str, tuple[Any, ...]] = {
    "string": (7, ["a"], None),
    "integer": ("seven", 1.5, True, None),
    "number": ("seven", True, None),
    "boolean": ("yes", 1, None),
    "array": ("a", {"a": 1}, None),
    "object": ("a", [1], None),
}


class Cases:
    """Of one dialect, for `prefix` in front of its paths."""

    def __init__(self, prefix: str, document: Mapping[str, Any], kept: set[str]) -> None:
        self._prefix = prefix
        self._document = document
        self._kept = kept

    def all(self) -> Iterator[Exchange]:
        """Deletions last: before them there is something to read."""
        operations = [
            (path, method, operation)
            for path, methods in self._document["paths"].items()
            for method, operation in methods.items()
            if method in _METHODS
        ]
        for path, method, operation in sorted(operations, key=lambda one: one[1] == "delete"):
            yield from self._of(path, method, operation)
        yield from self._of_paths()

    def _of(self, path: str, method: str, operation: Mapping[str, Any]) -> Iterator[Exchange]:
        name = operation["operationId"]
        good = self._good(path, method, operation)
        is_alias = name.endswith("V1")

        def changed(what: str, **changes: Any) -> Exchange:
            exchange = {"name": f"{name}: {what}", "send": {**good, **changes}}
            return exchange | ({"without_body": True} if name in _LONG else {})

        refused = [*self._without_permission(operation, changed)]
        if not is_alias:
            refused += self._unknown_places(path, changed)
            refused += headers(operation, changed)
            refused += queries(operation, changed)
            refused += self._bodies(operation, good, changed)
        done = changed("as described")
        yield from (*refused, done) if method == "delete" else (done, *refused)
        if method == "get" and not is_alias:
            yield changed("HEAD", method="HEAD")

    def _good(self, path: str, method: str, operation: Mapping[str, Any]) -> dict[str, Any]:
        sent: dict[str, Any] = {"method": method.upper(), "path": self._path(path)}
        if path == "/v1/files/{name}":
            names = ("expires", "kid", "signature")
            sent["query"] = {
                one: f"${{file_{one}}}" for one in names if f"file_{one}" in self._kept
            }
        if any(one.get("name") == "X-Workspace-Id" for one in operation.get("parameters", ())):
            sent["headers"] = {"x-workspace-id": "${workspace}"}
        contents = operation.get("requestBody", {}).get("content", {})
        if "application/json" in contents:
            sent["body"] = self._filled(contents["application/json"]["example"])
            if path == "/v1/webhooks/{id}/test":
                sent["body"] = {}  # one that has an address is tested there, and takes no other
        elif contents:
            example = contents["multipart/form-data"]["example"]
            sent["form"] = {**example, "file": "<picture>"}
        return sent

    def _path(self, path: str, put: str = "") -> str:
        if path == "/v1/files/{name}" and not put:
            return "${file_path}"
        kinds = kinds_of_path(path)
        values = {one: put or self._kept_as(kind, one) for one, kind in kinds.items()}
        if "${path}" in values.values():
            values = spread(path, dict.fromkeys(values, "a/b/c" if put else "")) if put else {}
            if not put:
                return self._prefix + (
                    "/api/v1/files/${path_encoded}" if "{path}" in path else "/api/v1/files/${path}"
                )
        for one, value in values.items():
            path = path.replace(f"{{{one}}}", value)
        for one, value in {
            "{name}": "painter",
            "{version}": "1",
            "{job}": "${job}",
            "{slot}": "0",
            "{token}": "a-token",
        }.items():
            path = path.replace(one, value)
        return self._prefix + path

    def _kept_as(self, kind: str, _name: str) -> str:
        return f"${{{kind}}}" if kind in self._kept else NOTHING

    def _filled(self, body: Any) -> Any:
        """With ids that are there, and addresses that may be looked at."""
        filled, _ = with_ids(deepcopy(body), lambda kind: self._kept_as(kind, ""))
        return _with_addresses(filled)

    def _without_permission(self, operation: Mapping[str, Any], changed: Any) -> Iterator[Exchange]:
        needs = {
            scope
            for one in operation.get("security", ())
            for found in one.values()
            for scope in found
        }
        yield changed("without a key") | {"key": "none"}
        if not needs:
            return
        yield changed("with an unknown key") | {"key": "unknown"}
        other = next(scope for scope in SCOPES if scope not in needs)
        yield changed("with a key of another scope") | {"key": other}

    def _unknown_places(self, path: str, changed: Any) -> Iterator[Exchange]:
        if not kinds_of_path(path) and "{" not in path:
            return
        for put in (NOTHING, "nothing", "%00"):
            where = path.replace("{name}", put).replace("{version}", "9")
            yield changed(f"of {put.strip('${}')}", path=self._path(where, put))

    def _bodies(
        self, operation: Mapping[str, Any], good: Mapping[str, Any], changed: Any
    ) -> Iterator[Exchange]:
        contents = operation.get("requestBody", {}).get("content", {})
        if not contents:
            return
        for what, raw in (
            ("nothing", ""),
            ("no JSON", '{"a": '),
            ("a list", "[]"),
            ("null", "null"),
            ("an empty object", "{}"),
            ("a name twice", '{"prompt": "a", "prompt": "b"}'),
            ("a number that is none", '{"prompt": NaN}'),
        ):
            without = {"body": None, "form": None}
            exchange = changed(f"body: {what}", raw=raw, **without)
            exchange["send"] = {k: v for k, v in exchange["send"].items() if v is not None}
            yield exchange
        if "body" not in good:
            for what, form in (("no file", {"name": "a"}), ("a text", {"file": "no picture"})):
                yield changed(f"form: {what}", form=form)
            return
        schema = contents["application/json"]["schema"]
        for what, body in self._varied(schema, good["body"], "", 0):
            yield changed(f"body: {what}", body=body)

    def _varied(self, schema: Any, body: Any, where: str, depth: int) -> Iterator[tuple[str, Any]]:
        """The good body with one field changed."""
        schema = self._resolved(schema)
        properties = schema.get("properties", {})
        if not isinstance(body, dict) or depth > _DEEPEST:
            return
        for name in schema.get("required", ()):
            if name in body:
                yield f"{where}{name} missing", {k: v for k, v in body.items() if k != name}
        yield f"{where}an unknown field", {**body, "no_such_field": 1}
        for name, field in properties.items():
            for what, value in self._values(field, body.get(name)):
                yield f"{where}{name}: {what}", {**body, name: value}
            inner = self._resolved(field)
            is_list = inner.get("type") == "array"
            inner = self._resolved(inner.get("items", {})) if is_list else inner
            if "properties" in inner:
                for what, value in self._inner(inner, f"{where}{name}.", depth):
                    yield what, {**body, name: [value] if is_list else value}

    def _inner(self, schema: Any, where: str, depth: int) -> Iterator[tuple[str, Any]]:
        smallest = {
            name: self._filled(sample(self._resolved(schema["properties"][name])))
            for name in schema.get("required", list(schema["properties"])[:1])
        }
        yield f"{where}as described", smallest
        yield from self._varied(schema, smallest, where, depth + 1)

    def _values(self, field: Any, good: Any) -> Iterator[tuple[str, Any]]:
        schema = self._resolved(field)
        kind = schema.get("type", "")
        kinds = kind if isinstance(kind, list) else [kind]
        for value in _WRONG.get(next((one for one in kinds if one != "null"), ""), (7, None)):
            yield f"{value!r} in its place", value
        if "enum" in schema:
            yield "no such value", "no-such-value"
            for value in schema["enum"][:_MOST_VALUES]:
                yield f"{value!r}", value
        yield from limits(schema, good)

    def _resolved(self, schema: Any) -> Any:
        while "$ref" in schema:
            found: Any = self._document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            schema = found
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema and "properties" not in schema and "type" not in schema:
                options = [
                    one for one in map(self._resolved, schema[choice]) if one.get("type") != "null"
                ]
                return options[0] if options else schema
        return schema

    def _of_paths(self) -> Iterator[Exchange]:
        for path, methods in self._document["paths"].items():
            if path.startswith("/v1/") and self._prefix:
                continue
            for method in _METHODS:
                if method not in methods:
                    sent = {"method": method.upper(), "path": self._path(path)}
                    yield {"name": f"{method.upper()} {path}: no such method", "send": sent}
            slash = {"method": next(iter(methods)).upper(), "path": self._path(path) + "/"}
            yield {"name": f"{path}/: with a slash", "send": slash, "without_body": True}
        for path in (
            "/nothing",
            "/v1/nothing",
            "/api/v1/nothing",
            "/%2e%2e/v1/jobs",
            "//v1//jobs",
            "",
        ):
            for key in ("all", "none"):
                sent = {"method": "GET", "path": (self._prefix + path) or "/"}
                name = f"GET {path or 'the root'}: unknown, key: {key}"
                yield {"name": name, "send": sent, "key": key, "without_body": not path}


def _with_addresses(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_addresses(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_addresses(one) for one in value]
    if isinstance(value, str) and value.startswith("https://example.com/"):
        return "${site}/" + value.removeprefix("https://example.com/")
    return value
