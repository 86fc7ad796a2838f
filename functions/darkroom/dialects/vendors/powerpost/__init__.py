"""PowerPost (https://powerpost.ai/docs): images, captions, uploads and credits."""

from __future__ import annotations

from http import HTTPStatus
from typing import NotRequired, TypedDict

from darkroom.dialects.context import RequestContext
from darkroom.dialects.dialect import Dialect
from darkroom.dialects.fields import Count
from darkroom.dialects.headers import api_key_or_bearer
from darkroom.dialects.refusals import Errors, Refusal, x_rate_limits
from darkroom.dialects.routes import Answer
from darkroom.dialects.vendors.powerpost import captions, images, media
from darkroom.domain import errors
from darkroom.domain.media import LARGEST_IN_REQUEST

_CODES = {
    errors.TooLarge: "FILE_TOO_LARGE",
    errors.Unauthenticated: "INVALID_API_KEY",
    errors.Forbidden: "INSUFFICIENT_SCOPE",
    errors.WrongWorkspace: "FORBIDDEN",
    errors.WorkspaceSuspended: "FORBIDDEN",
    errors.TierRequired: "FORBIDDEN",
    errors.NotFound: "NOT_FOUND",
    errors.UnknownReference: "NOT_FOUND",
    errors.MethodNotAllowed: "METHOD_NOT_ALLOWED",
    errors.IdempotencyKeyReused: "IDEMPOTENCY_KEY_REUSED",
    errors.InsufficientCredits: "INSUFFICIENT_CREDITS",
    errors.RateLimited: "RATE_LIMIT_EXCEEDED",
    errors.TooManyInFlight: "RATE_LIMIT_EXCEEDED",
    errors.TooManyToday: "RATE_LIMIT_EXCEEDED",
    errors.Unavailable: "INTERNAL_ERROR",
    errors.OutcomeUnknown: "INTERNAL_ERROR",
}


class ErrorText(TypedDict):
    message: str
    code: str
    retryAfter: NotRequired[Count]
    """Seconds, with 429."""


class Error(TypedDict):
    error: ErrorText


def error(refusal: Refusal) -> Error | Answer[Error]:
    text: ErrorText = {"message": refusal.text, "code": refusal.code}
    if refusal.retry_after is not None:
        text["retryAfter"] = refusal.retry_after
    if isinstance(refusal.error, errors.TooLarge):
        if refusal.error.limit != LARGEST_IN_REQUEST:
            text["code"] = "VALIDATION_ERROR"
            return Answer(HTTPStatus.BAD_REQUEST, {"error": text}, refusal.headers)
        text["message"] += (
            " Larger files, up to 25 MB, go to a presigned upload: POST /v1/media/uploads."
        )
    return {"error": text}


def in_its_workspace(context: RequestContext) -> None:
    """The workspace is the key's; the header must say the same."""
    if context.caller is None:
        return
    named = context.request.headers.get("x-workspace-id")
    if not named:
        message = "The header X-Workspace-Id is required."
        raise errors.InvalidRequest("X-Workspace-Id", "required", message)
    if named != context.workspace:
        raise errors.WrongWorkspace


API = Dialect(
    name="powerpost",
    title="Darkroom, as PowerPost",
    description="PowerPost's API, answered by Darkroom: images, captions, uploads and credits. "
    "Every request names the key's workspace in `X-Workspace-Id`.",
    credential=api_key_or_bearer,
    errors=Errors(
        codes=_CODES,
        other_code="VALIDATION_ERROR",
        fault_code="INTERNAL_ERROR",
        statuses={
            errors.NotReady: HTTPStatus.BAD_REQUEST,
            errors.UnknownReference: HTTPStatus.NOT_FOUND,  # as documented
        },
        nouns={"job": "generation", "caption": "generation"},
    ),
    error=error,
    limits=x_rate_limits,
    sections=(images.ROUTES, captions.ROUTES, media.ROUTES, media.ACCOUNT),
    headers={"X-Workspace-Id": "The key's own workspace."},
    check=in_its_workspace,
)
