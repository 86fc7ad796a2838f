"""What each error is over HTTP: its status, its headers, and what a dialect calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from darkroom.domain import errors
from darkroom.domain.outcomes import RateLimitStatus

STATUS: Mapping[type[errors.DarkroomError], HTTPStatus] = {
    errors.InvalidRequest: HTTPStatus.BAD_REQUEST,
    errors.UnknownReference: HTTPStatus.BAD_REQUEST,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.WrongWorkspace: HTTPStatus.FORBIDDEN,
    errors.WorkspaceSuspended: HTTPStatus.FORBIDDEN,
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
    errors.StillMaking: HTTPStatus.SERVICE_UNAVAILABLE,
}


def headers_of(error: errors.DarkroomError | None) -> dict[str, str]:
    match error:
        case errors.MethodNotAllowed():
            return {"allow": ", ".join(error.allowed)}
        case errors.Unauthenticated():
            return {"www-authenticate": 'Bearer realm="darkroom"'}
        case errors.StillMaking():
            return {
                "retry-after": str(error.retry_after),
                # As OpenAI's SDKs read it.
                "x-should-retry": "true" if error.repeat_joins else "false",
                "darkroom-job": error.job,
            }
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


def x_rate_limits(rate_limit: RateLimitStatus) -> dict[str, str]:
    """As most vendors name them; the reset is a moment in Unix time."""
    return {
        "x-ratelimit-limit": str(rate_limit.limit),
        "x-ratelimit-remaining": str(rate_limit.remaining),
        "x-ratelimit-reset": str(rate_limit.resets_at),
    }


# Python's own phrases of these differ from version to version.
_PHRASES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}


def phrase_of(status: int) -> str:
    known = HTTPStatus(status)
    return _PHRASES.get(known, known.phrase)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    error: errors.DarkroomError | None  # None: a fault of ours
    status: int
    code: str
    text: str
    headers: Mapping[str, str]

    @property
    def retry_after(self) -> int | None:
        """Of a limit that was reached; an outage has a header alone."""
        match self.error:
            case errors.RateLimited() | errors.TooManyInFlight() | errors.TooManyToday():
                return self.error.retry_after
            case _:
                return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """The errors of a dialect, as a table: what differs from the usual, and the vendor's words."""

    codes: Mapping[type[errors.DarkroomError], str] = field(default_factory=dict)
    other_code: str = ""
    fault_code: str = ""
    statuses: Mapping[type[errors.DarkroomError], HTTPStatus] = field(default_factory=dict)
    # The vendor's nouns for what is not found.
    nouns: Mapping[str, str] = field(default_factory=dict)
    fault_text: str = "Something went wrong on our side."

    def refusal(self, error: errors.DarkroomError | None) -> Refusal:
        if error is None:
            return Refusal(
                error=None,
                status=HTTPStatus.INTERNAL_SERVER_ERROR,
                code=self.fault_code,
                text=self.fault_text,
                headers={},
            )
        return Refusal(
            error=error,
            status=self.statuses.get(type(error)) or STATUS[type(error)],
            code=self.codes.get(type(error), self.other_code),
            text=self._text(error),
            headers=headers_of(error),
        )

    def _text(self, error: errors.DarkroomError) -> str:
        match error:
            case errors.Unauthenticated():
                return "Missing or invalid API key."
            case errors.NotFound():
                return f"There is no such {self.nouns.get(error.kind, error.kind)}."
            case _:
                return str(error)
