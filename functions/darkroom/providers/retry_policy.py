"""What follows from a provider's answer: the next route, the breaker, the failure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from darkroom.domain.attempts import Attempt
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.job import Failure
from darkroom.providers.interface import Failed, FailureKind, Images, Refused

# An image that may have been made and paid is asked for once more, and then no more.
_MOST_UNKNOWN = 2
# What list prices are of.
_USUAL_PIXELS = 1_310_720
# Where a provider is busy and does not say for how long.
DEFAULT_RETRY_SECONDS = 15
# Who is away for longer is not busy: no money, no key, no such model.
_LONGEST_RETRY_SECONDS = 120
_REFUSED = Failure(code="refused", message="The provider's rules do not allow this picture.")
_INVALID = Failure(code="invalid", message="The provider did not accept this request.")
NO_PROVIDER = Failure(code="provider_failed", message="No provider could make this image.")
_UNKNOWN = Failure(
    code="outcome_unknown",
    message="The providers gave no answer that tells whether this image was made.",
)


# One failure of these tells all there is to know; of others, it takes an outage's worth.
_OPEN_FOR = {
    FailureKind.RATE_LIMITED: DEFAULT_RETRY_SECONDS,
    FailureKind.NO_FUNDS: 300,
    FailureKind.UNAUTHORIZED: 300,
    FailureKind.MODEL_GONE: 3600,
}


def open_for(answer: Failed) -> int | None:
    """Seconds for which the route's breaker opens; None where one failure is not enough."""
    seconds = _OPEN_FOR.get(answer.kind)
    if seconds is None or answer.retry_after is None:
        return seconds
    return math.ceil(answer.retry_after)


def busy_for(seconds: int) -> list[int]:
    """The wait, where it is one worth waiting."""
    return [seconds] if seconds <= _LONGEST_RETRY_SECONDS else []


def has_list_price(request: ImageRequest) -> bool:
    """Whether the list price is one of such an image: about a megapixel, at no special effort."""
    is_small = request.width * request.height <= _USUAL_PIXELS
    return is_small and request.quality in {None, "medium"}


def doubtful_last(
    routes: Sequence[ProviderRoute], earlier: Sequence[Attempt]
) -> list[ProviderRoute]:
    """In the catalogue's order, but last those whose outcome is unknown."""
    doubtful = {was.provider for was in earlier if was.outcome == FailureKind.UNKNOWN}
    return sorted(routes, key=lambda route: route.provider in doubtful)


def is_temporary(answer: Images | Refused | Failed) -> bool:
    """The question was not answered; the image is in the making all the same, and paid. A key that
    opens nothing any more may be a new one's old cousin: its owner has until the job's deadline.
    """
    ended = {FailureKind.UNKNOWN, FailureKind.INVALID, FailureKind.MODEL_GONE}
    return isinstance(answer, Failed) and answer.kind not in ended


def attempt_of(
    route: ProviderRoute,
    answer: Images | Refused | Failed,
    milliseconds: int,
    billed: float | None,
    list_usd: float | None,
) -> Attempt:
    outcome, reason, usd, is_listed = "made", "", billed, False
    match answer:
        case Images(usd=said):
            usd = billed if said is None else said
            is_listed = usd is None and list_usd is not None
            usd = list_usd if is_listed else usd
        case Refused(reason=reason):
            outcome = "refused"
        case Failed(kind=kind, reason=reason):
            outcome = kind
    return Attempt(
        provider=route.provider,
        model=route.model,
        outcome=outcome,
        milliseconds=milliseconds,
        reason=reason,
        usd=usd,
        is_list_price=is_listed,
    )


def final_failure(answer: Refused | Failed, attempts: Sequence[Attempt]) -> Failure | None:
    """What no other route and no other time would change."""
    if isinstance(answer, Refused):
        return _REFUSED
    if answer.kind is FailureKind.INVALID:
        return _INVALID
    unknown = sum(attempt.outcome == FailureKind.UNKNOWN for attempt in attempts)
    return _UNKNOWN if unknown >= _MOST_UNKNOWN else None
