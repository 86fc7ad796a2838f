"""The headers of requests and answers, each described once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from darkroom.dialects.dialect import Dialect
from darkroom.dialects.wire import Response
from docs.openapi.samples import JOB_ID, STANDING
from docs.openapi.schemas import Schema

_TEXTS: Mapping[str, str] = {
    "x-request-id": "What to name when something is to be looked into.",
    "retry-after": "Seconds after which to come back.",
    "location": "Where it is.",
    "www-authenticate": "How to send a key.",
    "allow": "The methods that the path takes.",
    "preference-applied": "How long the answer was waited for.",
    "idempotent-replayed": "The job is one that this Idempotency-Key has made before.",
    "x-darkroom-stand-in": "The embedded painter makes what another model was asked for.",
    "darkroom-job": "The job that the answer is about; with 503 one that may have been created.",
    "x-should-retry": "The same request is to be sent again, and goes on waiting.",
    "x-darkroom-served-by": "The model that stands in for the one that was asked for.",
    "darkroom-ignored": "What was sent, is unknown here and was passed over, by name.",
    "content-security-policy": "What the page may load: nothing but itself.",
    "etag": "Of this version; with `If-None-Match` it is sent only when it has changed.",
    "content-disposition": "To be shown, and the name to save it by.",
    "accept-ranges": "A part of it may be asked for (`Range`).",
    "vary": "It is compressed where the client takes that.",
    "ratelimit-policy": "Requests (q) in a window of seconds (w).",
    "ratelimit": "Requests that remain (r), and seconds until the window ends (t).",
    "x-ratelimit-limit": "Requests a minute.",
    "x-ratelimit-remaining": "Requests that remain in this minute.",
    "x-ratelimit-reset": "When the minute ends, in Unix time.",
}
_NUMBERS = {"retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}
_EXAMPLES = {"x-request-id": "Jb3xQi7VliAEMXQ="}
# Of HTTP itself, and described with the body.
_UNSAID = {"content-type", "cache-control"}
STAND_IN = "x-darkroom-stand-in"
_SERVED_BY = "x-darkroom-served-by"
_JOB = "darkroom-job"
_IGNORED = "darkroom-ignored"


def _schema(name: str) -> Schema:
    return {"type": "integer"} if name in _NUMBERS else {"type": "string"}


def _header(name: str, example: str | None) -> dict[str, Any]:
    described: dict[str, Any] = {"description": _TEXTS[name], "schema": _schema(name)}
    if example is not None:
        described["example"] = int(example) if name in _NUMBERS else example
    return described


def of_every_answer(dialect: Dialect) -> dict[str, Any]:
    always = {name: {**_header(name, told), "required": True} for name, told in _EXAMPLES.items()}
    # Not of what is not counted: health, and files that are opened.
    counted = {name: _header(name, told) for name, told in dialect.limits(STANDING).items()}
    return always | counted


def of_answers(
    dialect: Dialect, answers: Iterable[Response], *, may_stand_in: bool
) -> dict[str, Any]:
    """Those that an operation has with one status, all of which these answers are."""
    headers = [answer.headers for answer in answers]
    names = {name: told for one in headers for name, told in one.items() if name not in _UNSAID}
    found = {name: _header(name, told) for name, told in sorted(names.items())}
    for name, described in found.items():
        if all(name in one for one in headers):
            described["required"] = True
    if may_stand_in:
        found[STAND_IN] = _header(STAND_IN, "painter")
        found[_SERVED_BY] = _header(_SERVED_BY, "flux-2-pro")
        found[_JOB] = {**_header(_JOB, JOB_ID), "required": True}
    if not dialect.is_strict:
        found[_IGNORED] = _header(_IGNORED, "style_preset")
    shared = {name: {"$ref": f"#/components/headers/{name}"} for name in of_every_answer(dialect)}
    return found | shared


IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Send one with every request: a repeat under the same key gets the first job, "
    "for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "example": "order-7",
}
PREFER = {
    "name": "Prefer",
    "in": "header",
    "description": "Wait this many seconds for the end, at most 25.",
    "schema": {"type": "string", "pattern": "^wait=[0-9]{1,2}$"},
    "example": "wait=10",
}
