"""A dialect's table of routes and its description, put together into an OpenAPI document."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from darkroom.dialects.descriptions import NOWHERE, mount_of
from darkroom.dialects.wire import Dialect, Response, api_key_or_bearer, bearer
from darkroom.domain.job import Job
from darkroom.domain.operations import Submitted
from docs.openapi.described import Answer, Description, Parameter, Sent
from docs.openapi.headers import of_answers, of_every_answer
from docs.openapi.itself import OF_ITSELF
from docs.openapi.refusals import refusals
from docs.openapi.sending import webhooks
from docs.openapi.shared_refusals import SAYS, SharedRefusals
from docs.openapi.trying import Try

_PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
_BEARER = {"type": "http", "scheme": "bearer", "description": "A key of Darkroom, or a token."}
_API_KEY = {"type": "apiKey", "in": "header", "name": "x-api-key"}
# By how a dialect finds the key in a request.
_SCHEMES: Mapping[Any, Mapping[str, Any]] = {
    bearer: {"bearer": _BEARER},
    api_key_or_bearer: {"bearer": _BEARER, "apiKey": _API_KEY},
}


class Undescribed(Exception):  # noqa: N818 - what it is
    """A route without a description, or a description without a route."""


def tries(dialect: Dialect, description: Description) -> list[Try]:
    """Each route with its description, the internal ones as well."""
    operations = {**description.operations, **description.internal, **OF_ITSELF}
    routes = {f"{route.method} {route.path}": route for route in dialect.routes}
    if routes.keys() != operations.keys():
        odd = ", ".join(sorted(routes.keys() ^ operations.keys()))
        raise Undescribed(f"{dialect.name} has only a route, or only a description, of {odd}")
    return [Try(route, operations[name]) for name, route in routes.items()]


def document(
    dialect: Dialect, description: Description, *, with_internal: bool = False
) -> dict[str, Any]:
    schemes = _SCHEMES[dialect.credential]
    shared = SharedRefusals(dialect, description.error)
    paths: dict[str, dict[str, Any]] = {}
    tags = {}
    # Vendors' bodies may have unknown fields.
    is_open = dialect.name != "native"
    for one in tries(dialect, description):
        one.is_read()
        if not with_internal and one.described in description.internal.values():
            continue
        method, path = one.route.method.lower(), one.route.path
        refused = shared.of_operation(
            {
                status: refusal
                for status, refusal in refusals(
                    dialect, one.route, one.request(None), one.described
                ).items()
                if status not in one.described.answers
            }
        )
        paths.setdefault(path, {})[method] = {
            **_asked(one, is_open=is_open),
            "security": [{scheme: [one.route.scope]} for scheme in schemes]
            if one.route.scope
            else [],
            "responses": _answered(one, dialect) | refused.responses,
            SAYS: refused.examples,
        }
        tags[one.described.tag] = {"name": one.described.tag}
    sends = description.sends
    parameters = {name: _parameter(one) for name, one in sends.headers.items()} if sends else {}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": description.title,
            "version": tomllib.loads(_PROJECT.read_text("utf-8"))["project"]["version"],
            "description": description.text,
        },
        "servers": [{"url": NOWHERE + mount_of(dialect.name)}],
        "tags": list(tags.values()),
        "paths": paths,
        **({"webhooks": webhooks(sends)} if sends else {}),
        "components": {
            "securitySchemes": dict(schemes),
            "headers": of_every_answer(dialect),
            **({"parameters": parameters} if parameters else {}),
            "responses": shared.components(),
            "schemas": dict(description.schemas),
        },
    }


def _asked(one: Try, *, is_open: bool) -> dict[str, Any]:
    described = one.described
    asked: dict[str, Any] = {
        "operationId": described.name,
        "summary": described.summary,
        "tags": [described.tag],
    }
    if described.text:
        asked["description"] = described.text
    if one.parameters:
        asked["parameters"] = [_parameter(parameter) for parameter in one.parameters]
    if described.sends:
        content = {sent.kind: _sent(sent, is_open=is_open) for sent in described.sends}
        asked["requestBody"] = {"required": True, "content": content}
    return asked


def _sent(sent: Sent, *, is_open: bool) -> dict[str, Any]:
    schema = _opened(sent.schema) if is_open else sent.schema
    return {"schema": schema, "example": dict(sent.example)}


def _opened(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_opened(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    is_closed = schema.get("additionalProperties") is False
    return {
        name: _opened(one)
        for name, one in schema.items()
        if not (is_closed and name == "additionalProperties")
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    told: dict[str, Any] = {"name": parameter.name, "in": parameter.where}
    if parameter.text:
        told["description"] = parameter.text
    if parameter.is_required or parameter.where == "path":
        told["required"] = True
    told["schema"] = parameter.schema
    if parameter.example is not None:
        told["example"] = parameter.example
    return told


def _answered(one: Try, dialect: Dialect) -> dict[str, Any]:
    by_status: dict[int, tuple[Answer, list[Response]]] = {}
    for status, answer, response in one.answers():
        by_status.setdefault(status, (answer, []))[1].append(response)
    return {
        str(status): {
            "description": answer.text,
            "headers": of_answers(dialect, responses, may_stand_in=_may_stand_in(answer)),
            **_content(answer, responses[0]),
        }
        for status, (answer, responses) in by_status.items()
    }


def _may_stand_in(answer: Answer) -> bool:
    return any(isinstance(outcome, Job | Submitted) for outcome in answer.outcomes)


def _content(answer: Answer, response: Response) -> dict[str, Any]:
    if answer.schema is None:
        return {}
    told = {"schema": answer.schema}
    if answer.kind == "application/json" and answer.is_shown:
        told["example"] = _read(response)
    return {"content": {answer.kind: told}}


def _read(response: Response) -> Any:
    return json.loads(response.body)
