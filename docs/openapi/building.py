"""The OpenAPI document of a dialect, from its routes, their types and their examples."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jsonschema

from darkroom.dialects.dialect import Dialect
from darkroom.dialects.documentation import NOWHERE, mount_of
from darkroom.dialects.headers import api_key_or_bearer, bearer
from darkroom.dialects.native.job_request import Submit
from darkroom.dialects.refusals import phrase_of
from darkroom.dialects.routes import Route
from darkroom.dialects.wire import Response
from darkroom.domain.image_request import CONTENT_TYPES
from darkroom.domain.operations import CancelJob, ReadJob, SubmitJob, WaitForJob
from docs.openapi import messages
from docs.openapi.events import event_components
from docs.openapi.from_catalogue import job_fields
from docs.openapi.headers import IDEMPOTENCY_KEY, PREFER, of_answers, of_every_answer
from docs.openapi.outcomes import Submits
from docs.openapi.refusals import SAYS, SharedRefusals
from docs.openapi.schemas import COMMON, Components, Schema, answer_types, body_schema, texts_of
from docs.openapi.trying import Try, submits_of, tries

_PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
_BEARER = {"type": "http", "scheme": "bearer", "description": "A key of Darkroom, or a token."}
_API_KEY = {"type": "apiKey", "in": "header", "name": "x-api-key"}
# By how a dialect finds the key in a request.
_SCHEMES: Mapping[Any, Mapping[str, Any]] = {
    bearer: {"bearer": _BEARER},
    api_key_or_bearer: {"bearer": _BEARER, "apiKey": _API_KEY},
}
_FIRST_ERROR = 400


class Undescribed(Exception):  # noqa: N818 - what it is
    """A route whose function has no docstring."""


class Untrue(Exception):  # noqa: N818 - what it is
    """An example that the code itself answers in another way."""


def document(dialect: Dialect, *, with_internal: bool = False) -> dict[str, Any]:
    every = [one for one in tries(dialect) if with_internal or not one.route.is_internal]
    components = Components()
    shared = SharedRefusals(dialect, components.schema(answer_types(dialect.error)[0]))
    submits = submits_of(every)
    paths: dict[str, dict[str, Any]] = {}
    for one in every:
        paths.setdefault(dialect.path_of(one.route), {})[one.route.method.lower()] = _operation(
            one, submits, components, shared
        )
    is_native = dialect.name == "native"
    return {
        "openapi": "3.1.0",
        "info": {
            "title": dialect.title,
            "version": tomllib.loads(_PROJECT.read_text("utf-8"))["project"]["version"],
            "description": dialect.description,
        },
        "servers": [{"url": NOWHERE + mount_of(dialect.name)}],
        "tags": [{"name": tag} for tag in dict.fromkeys(one.route.tag for one in every)],
        "paths": paths,
        **({"webhooks": messages.webhooks()} if is_native else {}),
        "components": {
            "securitySchemes": dict(_SCHEMES[dialect.credential]),
            "headers": of_every_answer(dialect),
            **({"parameters": messages.HEADERS} if is_native else {}),
            "responses": shared.components(),
            "schemas": components.schemas | (event_components() if is_native else {}),
        },
    }


def _operation(
    one: Try, submits: Submits, components: Components, shared: SharedRefusals
) -> dict[str, Any]:
    route = one.route
    title, text = texts_of(route.read)
    if not title:
        raise Undescribed(f"{route.method} {route.path}")
    responses: dict[int, list[Response]] = {}
    refusals = list(one.refusals())
    for number, response in enumerate(one.responses(submits), 1):
        if response.status < _FIRST_ERROR:
            responses.setdefault(response.status, []).append(response)
        else:
            refusals.append((f"ended-{number}", response))
    refused = shared.of_operation(refusals)
    schemes = _SCHEMES[one.dialect.credential]
    parameters = _parameters(one)
    return {
        "operationId": operation_id(route),
        "summary": title,
        **({"description": text} if text else {}),
        "tags": [route.tag],
        **({"parameters": parameters} if parameters else {}),
        **_request_body(one),
        "security": [{scheme: [route.scope]} for scheme in schemes] if route.scope else [],
        "responses": {
            str(status): _response(one, found, components)
            for status, found in sorted(responses.items())
        }
        | refused.responses,
        SAYS: refused.examples,
    }


def operation_id(route: Route) -> str:
    first, *rest = route.read.__name__.split("_")
    return "".join([first, *(word.capitalize() for word in rest)])


def _parameters(one: Try) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [_path_parameter(one, name) for name in one.path_values]
    found += [
        {
            "name": name,
            "in": "header",
            "description": text,
            "required": True,
            "schema": {"type": "string"},
            "example": one.request().headers[name.lower()],
        }
        for name, text in one.dialect.headers.items()
        if one.route.scope is not None
    ]
    if isinstance(one.operation, SubmitJob):
        found.append(IDEMPOTENCY_KEY)
    if one.takes_prefer:
        found.append(PREFER)
    for parameter in one.route.query:
        schema = dict(parameter.schema)
        example = schema.pop("example", None) or one.request().query.get(parameter.name)
        found.append(
            {
                "name": parameter.name,
                "in": "query",
                "description": parameter.description,
                "schema": schema,
                **({"required": True} if parameter.is_required else {}),
                **({"example": example} if example is not None else {}),
            }
        )
    return found


def _path_parameter(one: Try, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "description": COMMON.get(name, ""),
        "required": True,
        "schema": {"type": "string", **({"format": "uuid"} if one.has_id(name) else {})},
        "example": one.path_values[name],
    }


def _request_body(one: Try) -> dict[str, Any]:
    route = one.route
    content: dict[str, Any] = {}
    if route.form is not None:
        components = Components()
        components.schema(route.form)
        schema = components.schemas[route.form.__name__]
        example = {"file": "picture.png"} if route.body else dict(route.example)
        content["multipart/form-data"] = {"schema": schema, "example": example}
    if route.body is not None:
        schema = body_schema(route.body)
        if route.body is Submit:
            for name, more in job_fields().items():
                schema["properties"][name] |= more
        if not one.dialect.is_strict:
            schema = _open(schema)
        content["application/json"] = {"schema": schema, "example": dict(route.example)}
    if not content:
        return {}
    return {"requestBody": {"required": not route.body_is_optional, "content": content}}


def _open(schema: Any) -> Any:
    """Vendors' bodies may have unknown fields."""
    if isinstance(schema, list):
        return [_open(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    is_closed = schema.get("additionalProperties") is False
    return {
        name: _open(one)
        for name, one in schema.items()
        if not (is_closed and name == "additionalProperties")
    }


def _response(one: Try, found: list[Response], components: Components) -> dict[str, Any]:
    first = found[0]
    may_stand_in = isinstance(one.operation, SubmitJob | WaitForJob | ReadJob | CancelJob)
    described: dict[str, Any] = {
        "description": phrase_of(first.status),
        "headers": of_answers(one.dialect, found, may_stand_in=may_stand_in),
    }
    if not first.body:
        return described
    kind = first.headers["content-type"].partition(";")[0]
    content: dict[str, Any] = {"schema": _schema(one.route, found, components)}
    # Schemas within an example refer to themselves, and would not here.
    if kind == "application/json" and '"$ref"' not in first.body:
        content["example"] = json.loads(first.body)
    # A file is of any type that images are made in.
    kinds = CONTENT_TYPES.values() if one.route.answer_type is bytes else (kind,)
    return described | {"content": dict.fromkeys(kinds, content)}


def _schema(route: Route, found: Iterable[Response], components: Components) -> Schema:
    """Of those types that the route may answer with, the ones that these answers are."""
    types = (route.answer_type,) if route.answer_type else answer_types(route.answer)
    if types == (str,):
        return {"type": "string"}
    if types == (bytes,):
        return {"type": "string", "format": "binary"}
    used: dict[str, Schema] = {}
    for response in found:
        body = json.loads(response.body)
        schema = next(
            (schema for schema in map(components.schema, types) if _fits(body, schema, components)),
            None,
        )
        if schema is None:
            raise Untrue(f"{operation_id(route)} answers {body}, which is none of {types}")
        used[json.dumps(schema)] = schema
    schemas = list(used.values())
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _fits(body: Any, schema: Schema, components: Components) -> bool:
    whole = {**schema, "components": {"schemas": components.schemas}}
    return bool(jsonschema.Draft202012Validator(whole).is_valid(body))
