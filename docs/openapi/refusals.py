"""What can be wrong with a request: real errors, which the dialect itself puts into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from darkroom.dialects.wire import Dialect, Request, Response, Route
from darkroom.domain import errors
from darkroom.domain.address_texts import why_nothing_had
from darkroom.domain.media import LARGEST_IN_REQUEST
from docs.openapi.described import Described
from docs.openapi.samples import DESK, JOB_ID

MALFORMED = errors.InvalidRequest(
    "body", "not_json", "The body must be JSON; see line 1, column 1."
)
OUT_OF_RANGE = errors.InvalidRequest("limit", "out_of_range", "limit must be 1 to 100.")
UNKNOWN_PARAMETER = errors.InvalidRequest(
    "page", "unknown_field", "This path takes no parameter page."
)
NO_PROMPT = errors.InvalidRequest("prompt", "required", "prompt is required.")
UNREADABLE = errors.InvalidRequest(
    "file", "unreadable", "This is not an image that can be used: PNG, JPEG or WebP, of one frame."
)
NOT_UPLOADED = errors.InvalidRequest("file", "missing", "Nothing was uploaded to the address yet.")
UNFETCHED = errors.InvalidRequest(
    "url",
    "status_404",
    f"The image could not be fetched: {why_nothing_had('status_404')}.",
)
TOO_LARGE = errors.TooLarge(256 * 1024)
FILE_TOO_LARGE = errors.TooLarge(LARGEST_IN_REQUEST)
POOR = errors.InsufficientCredits(10, 3, "painter")
REUSED = errors.IdempotencyKeyReused()
CROWDED = errors.TooManyInFlight(200)
FINISHED = errors.AlreadyFinished("completed")
FULL = errors.StorageFull(5_000_000_000, 4_999_123_456)
UPLOADED_ENOUGH = errors.TooManyToday("uploads", 2_000, 3_600)
REDELIVERED_ENOUGH = errors.TooManyToday("redeliveries", 2_000, 3_600)
# What an upload meets, however it comes.
OF_AN_UPLOAD = (FULL, UPLOADED_ENOUGH)
UNREADY = errors.NotReady("media", "processing")
# What a submit meets, whatever it is for.
OF_A_SUBMIT = (
    MALFORMED,
    NO_PROMPT,
    TOO_LARGE,
    POOR,
    REUSED,
    CROWDED,
    errors.OutcomeUnknown(JOB_ID),
)


def missing(kind: str) -> errors.NotFound:
    return errors.NotFound(kind)


def unknown(field: str) -> errors.UnknownReference:
    return errors.UnknownReference(field)


def of_key(scope: str) -> tuple[errors.DarkroomError, ...]:
    return (
        errors.Unauthenticated("missing", "Send your key as `Authorization: Bearer <key>`."),
        errors.Forbidden(scope),
    )


@dataclass(frozen=True, slots=True)
class Refusal:
    """All that a route can say with one status."""

    names: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)


def refusals(
    dialect: Dialect, route: Route, request: Request, described: Described
) -> Mapping[int, Refusal]:
    # None is a fault of ours.
    known: list[errors.DarkroomError | None] = [*described.raises, None]
    if route.scope is not None:
        known += of_key(route.scope)
    if described.is_counted:
        known.append(errors.RateLimited(600, 42))
    if not described.asks_nobody:
        known.append(errors.Unavailable())
    answers = [(_named(error), dialect.refuse(error, request)) for error in known]
    for number, outcome in enumerate(described.fails, 1):
        answers.append((f"ended-{number}", route.write(outcome, request, DESK)))
    found: dict[int, Refusal] = {}
    for name, answer in answers:
        refusal = found.setdefault(answer.status, Refusal())
        refusal.names.append(name)
        refusal.answers.append(answer)
    return dict(sorted(found.items()))


def _named(error: Any) -> str:
    if error is None:
        return "fault"
    facts = (getattr(error, fact, "") for fact in ("scope", "kind", "field", "reason"))
    return "-".join([type(error).__name__, *(fact for fact in facts if fact)])
