"""Errors as RFC 9457 problems: a stable code, the field where there is one, the request's id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NotRequired, TypedDict

from darkroom.dialects.fields import Uuid
from darkroom.dialects.refusals import Refusal, phrase_of
from darkroom.dialects.wire import Request
from darkroom.domain import errors

# What each error is called, and what it tells beside its message.
_CODES: Mapping[type[errors.DarkroomError], Callable[[Any], str]] = {
    errors.InvalidRequest: lambda error: f"{_without_places(error.field)}.{error.reason}",
    errors.UnknownReference: lambda error: f"{_without_places(error.field)}.{error.reason}",
    errors.TooLarge: lambda error: f"{error.field}.{error.reason}",
    errors.Unauthenticated: lambda error: f"key.{error.reason}",
    errors.Forbidden: lambda _: "key.lacks_scope",
    errors.WrongWorkspace: lambda _: "workspace.not_yours",
    errors.StillMaking: lambda _: "job.unfinished",
    errors.WorkspaceSuspended: lambda _: "workspace.suspended",
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


class Problem(TypedDict):
    type: Literal["about:blank"]
    title: str
    status: int
    """That of the answer."""
    detail: str
    """For people."""
    code: str
    """For programs: it stays as it is."""
    request_id: str
    field: NotRequired[str]
    """400 and 413: which is wrong, in a list with its place: `events.0`."""
    required: NotRequired[int]
    """402: credits that the request needs."""
    available: NotRequired[int]
    """402: credits that there are."""
    scope: NotRequired[str]
    """403: what the key lacks."""
    model: NotRequired[str]
    """403: the model that the tier does not have."""
    tier: NotRequired[str]
    """403: the tier that has it."""
    state: NotRequired[str]
    """409: the state that it is in."""
    job: NotRequired[Uuid]
    """503: the job that may have been created, or not."""
    limit: NotRequired[int]
    """409, 413 and 429: the most that is allowed."""
    used: NotRequired[int]
    """409: bytes that are stored."""


def problem(refusal: Refusal, request: Request) -> Problem:
    error = refusal.error
    facts: Any = _facts_of(error) if error else {}
    return {
        "type": "about:blank",
        "title": phrase_of(refusal.status),
        "status": int(refusal.status),
        "detail": str(error) if error else refusal.text,
        "code": code_of(error) if error else "service.fault",
        **facts,
        "request_id": request.request_id,
    }


def explain(error: errors.DarkroomError) -> Mapping[str, Any]:
    """The same, for a request that came without HTTP."""
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
