"""Errors as RFC 9457 problems: a stable code, the field where there is one, the request's id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from darkroom.dialects.statuses import STATUS, headers_of, phrase_of
from darkroom.dialects.wire import Request, Response, json_response
from darkroom.domain import errors

# What each error is called, and what it tells beside its message.
_CODES: Mapping[type[errors.DarkroomError], Callable[[Any], str]] = {
    errors.InvalidRequest: lambda error: f"{_without_places(error.field)}.{error.reason}",
    errors.UnknownReference: lambda error: f"{_without_places(error.field)}.{error.reason}",
    errors.TooLarge: lambda error: f"{error.field}.{error.reason}",
    errors.Unauthenticated: lambda error: f"key.{error.reason}",
    errors.Forbidden: lambda _: "key.lacks_scope",
    errors.WrongWorkspace: lambda _: "workspace.not_yours",
    errors.TierRequired: lambda _: "model.tier_required",
    errors.NotFound: lambda error: f"{error.kind}.not_found",
    errors.MethodNotAllowed: lambda _: "method.not_allowed",
    errors.IdempotencyKeyReused: lambda _: "idempotency_key.reused",
    errors.AlreadyFinished: lambda _: "job.finished",
    errors.NotReady: lambda error: f"{error.kind}.not_ready",
    errors.InsufficientCredits: lambda _: "credits.insufficient",
    errors.RateLimited: lambda _: "rate.limited",
    errors.TooManyInFlight: lambda _: "images.too_many_in_flight",
    errors.StorageFull: lambda _: "storage.full",
    errors.TooManyToday: lambda error: f"{error.what}.too_many_today",
    errors.Unavailable: lambda _: "service.unavailable",
    errors.OutcomeUnknown: lambda _: "job.outcome_unknown",
}
_FACTS: Mapping[type[errors.DarkroomError], tuple[str, ...]] = {
    errors.InvalidRequest: ("field",),
    errors.UnknownReference: ("field",),
    errors.TooLarge: ("field", "limit"),
    errors.Forbidden: ("scope",),
    errors.TierRequired: ("model", "tier"),
    errors.NotReady: ("state",),
    errors.InsufficientCredits: ("required", "available"),
    errors.RateLimited: ("limit",),
    errors.TooManyInFlight: ("limit",),
    errors.StorageFull: ("limit", "used"),
    errors.TooManyToday: ("limit",),
    errors.OutcomeUnknown: ("job",),
}


def refuse(error: errors.DarkroomError | None, request: Request) -> Response:
    if error is None:
        fault = HTTPStatus.INTERNAL_SERVER_ERROR
        return _problem(request, fault, "service.fault", "This is a fault of ours.")
    return _problem(
        request,
        STATUS[type(error)],
        code_of(error),
        str(error),
        facts=_facts_of(error),
        headers=headers_of(error),
    )


def explain(error: errors.DarkroomError) -> Mapping[str, Any]:
    """The same, told to somebody who asked without HTTP."""
    return {"code": code_of(error), "detail": str(error), **_facts_of(error)}


def code_of(error: errors.DarkroomError) -> str:
    return _CODES[type(error)](error)


def _without_places(field: str) -> str:
    """A code is one word for programs, wherever in a list or in the client's own metadata it
    happened: the field says where.
    """
    if field.startswith("metadata."):
        return "metadata"
    return ".".join(step for step in field.split(".") if not step.isdecimal())


def _facts_of(error: errors.DarkroomError) -> Mapping[str, Any]:
    return {name: getattr(error, name) for name in _FACTS.get(type(error), ())}


def _problem(
    request: Request,
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    facts: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = {
        "type": "about:blank",
        "title": phrase_of(status),
        "status": int(status),
        "detail": detail,
        "code": code,
        **(facts or {}),
        "request_id": request.request_id,
    }
    return json_response(int(status), body, headers, "application/problem+json")
