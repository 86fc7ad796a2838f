"""PostEverywhere (https://developers.posteverywhere.ai): AI images and the media library."""

from __future__ import annotations

from http import HTTPStatus

from darkroom.dialects.dialect import Dialect
from darkroom.dialects.headers import bearer
from darkroom.dialects.refusals import Errors, Refusal, x_rate_limits
from darkroom.dialects.routes import Answer
from darkroom.dialects.vendors.posteverywhere import images, media
from darkroom.dialects.vendors.posteverywhere.envelope import Error, ErrorDetails, failed
from darkroom.dialects.wire import Request
from darkroom.domain import errors

# What the vendor does not list is answered as the nearest that it does.
_STATUSES = {
    errors.TooLarge: HTTPStatus.BAD_REQUEST,
    errors.Forbidden: HTTPStatus.UNAUTHORIZED,
    errors.WrongWorkspace: HTTPStatus.UNAUTHORIZED,
    errors.WorkspaceSuspended: HTTPStatus.UNAUTHORIZED,
    errors.TierRequired: HTTPStatus.UNAUTHORIZED,
    errors.Unavailable: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.OutcomeUnknown: HTTPStatus.INTERNAL_SERVER_ERROR,
}
_CODES = {
    errors.Unauthenticated: "unauthorized",
    errors.Forbidden: "unauthorized",
    errors.WorkspaceSuspended: "unauthorized",
    errors.NotFound: "not_found",
    errors.MethodNotAllowed: "method_not_allowed",
    errors.InsufficientCredits: "insufficient_credits",
    errors.RateLimited: "rate_limit_exceeded",
    errors.TooManyInFlight: "rate_limit_exceeded",
    errors.TooManyToday: "rate_limit_exceeded",
    errors.Unavailable: "internal_error",
    errors.OutcomeUnknown: "internal_error",
}


def error(refusal: Refusal, request: Request) -> Answer[Error]:
    message = refusal.text
    details: ErrorDetails | None = None
    if isinstance(refusal.error, errors.InsufficientCredits):
        required, available = refusal.error.required, refusal.error.available
        message = (
            f"Not enough credits. This model costs {required} credits but you have {available} "
            "available."
        )
        details = {
            "credits_required": required,
            "credits_available": available,
            "model": refusal.error.model,
        }
    answer = failed(request, refusal.status, refusal.code, message, details)
    return Answer(answer.status, answer.body, refusal.headers)


API = Dialect(
    name="posteverywhere",
    title="Darkroom, as PostEverywhere",
    description="PostEverywhere's API, answered by Darkroom: AI images and the media library. "
    "Paths may begin with `/v1`, with `/api/v1`, or with neither: its reference and its guides "
    "differ.",
    credential=bearer,
    errors=Errors(
        codes=_CODES,
        other_code="validation_error",
        fault_code="internal_error",
        statuses=_STATUSES,
        fault_text="Internal server error",
    ),
    error=error,
    limits=x_rate_limits,
    sections=(images.ROUTES, media.ROUTES),
    prefixes=("/v1", "/api/v1", ""),
)
