"""The HTTP status of each error, and the headers that go with it in every dialect."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from darkroom.domain import errors
from darkroom.domain.operations import Standing

STATUS: Mapping[type[errors.DarkroomError], HTTPStatus] = {
    errors.InvalidRequest: HTTPStatus.BAD_REQUEST,
    errors.UnknownReference: HTTPStatus.BAD_REQUEST,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.WrongWorkspace: HTTPStatus.FORBIDDEN,
    errors.TierRequired: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    errors.IdempotencyKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.AlreadyFinished: HTTPStatus.CONFLICT,
    errors.NotReady: HTTPStatus.CONFLICT,
    errors.InsufficientCredits: HTTPStatus.PAYMENT_REQUIRED,
    errors.RateLimited: HTTPStatus.TOO_MANY_REQUESTS,
    errors.TooManyInFlight: HTTPStatus.TOO_MANY_REQUESTS,
    # Its caller can mend it, by deleting; a 403 would read as a matter of the key.
    errors.StorageFull: HTTPStatus.CONFLICT,
    errors.TooManyToday: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.OutcomeUnknown: HTTPStatus.SERVICE_UNAVAILABLE,
}


def headers_of(error: errors.DarkroomError | None) -> dict[str, str]:
    match error:
        case errors.MethodNotAllowed():
            return {"allow": ", ".join(error.allowed)}
        case errors.Unauthenticated():
            return {"www-authenticate": 'Bearer realm="darkroom"'}
        case errors.OutcomeUnknown():
            return {
                "retry-after": str(error.retry_after),
                # The native path: it is understood on the host of every dialect.
                "location": f"/v1/jobs/{error.job}",
                "darkroom-job": error.job,
            }
        case (
            errors.RateLimited()
            | errors.TooManyInFlight()
            | errors.TooManyToday()
            | errors.Unavailable()
        ):
            return {"retry-after": str(error.retry_after)}
        case _:
            return {}


def x_rate_limits(standing: Standing) -> dict[str, str]:
    """As most vendors name them; the reset is a moment in Unix time."""
    return {
        "x-ratelimit-limit": str(standing.limit),
        "x-ratelimit-remaining": str(standing.remaining),
        "x-ratelimit-reset": str(standing.resets_at),
    }


def status_of(error: errors.DarkroomError | None) -> int:
    """None is a fault of ours."""
    if error is None:
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return STATUS[type(error)]


# Python's own phrases of these differ from version to version.
_PHRASES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}


def phrase_of(status: int) -> str:
    known = HTTPStatus(status)
    return _PHRASES.get(known, known.phrase)


def text_of(error: errors.DarkroomError | None, nouns: Mapping[str, str]) -> str:
    """In a vendor's words: what is not there by the vendor's noun, and no word of our house."""
    match error:
        case None:
            return "Something went wrong on our side."
        case errors.Unauthenticated():
            return "Missing or invalid API key."
        case errors.NotFound():
            return f"There is no such {nouns.get(error.kind, error.kind)}."
        case _:
            return str(error)
