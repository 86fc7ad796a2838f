"""Make one image by the first route that can."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from darkroom.domain.catalogue import Route
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.job import Attempt, Failure, Parked
from darkroom.domain.tools import Begun, Breaker, Fetcher, Made, Making, NotMade, Unfetchable
from darkroom.providers.exchange import (
    Adapter,
    Failed,
    Handle,
    Images,
    NoAnswer,
    Pending,
    Refused,
    Sender,
    Trouble,
    Wanted,
)
from darkroom.providers.files import mask_of_all

# An image that may have been made and paid is asked for once more, and then no more.
_MOST_UNKNOWN = 2
# What list prices are of.
_USUAL_PIXELS = 1_310_720
# Where a provider is busy and does not say for how long.
_USUAL_PATIENCE = 15
# Who is away for longer is not busy: no money, no key, no such model.
_MOST_PATIENCE = 120
# An address that was not there at three looks is gone.
_DOWNLOADS = 3
_PASSING = ("timeout", "unreachable", "protocol", "status_")
# Seconds: what a look at a slow image may take, what a download takes at most, and with how little
# left nobody is asked any more.
_LOOK = 15
_DOWNLOAD = 20
_TOO_LATE = 15

_REFUSED = Failure(code="refused", message="The provider's rules do not allow this picture.")
_INVALID = Failure(code="invalid", message="The provider did not accept this request.")
_NOBODY = Failure(code="provider_failed", message="No provider could make this image.")
_UNKNOWN = Failure(
    code="outcome_unknown",
    message="The providers gave no answer that tells whether this image was made.",
)


# One failure of these tells all there is to know; of others, it takes an outage's worth.
_CLOSED_FOR = {
    Trouble.RATE_LIMITED: _USUAL_PATIENCE,
    Trouble.NO_FUNDS: 300,
    Trouble.UNAUTHORIZED: 300,
    Trouble.MODEL_GONE: 3600,
}


class RoutedMaker:
    def __init__(
        self,
        *,
        adapter_of: Callable[[str], Adapter],
        sender: Sender,
        fetcher: Fetcher,
        breaker: Breaker,
        now: Callable[[], datetime],
        seconds: float = 90,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        """`adapter_of` gives a provider's adapter, and raises LookupError where it has no key.
        `seconds` is what all providers have together for one image: a lease has no more.
        """
        self._adapter_of = adapter_of
        self._sender = sender
        self._fetcher = fetcher
        self._breaker = breaker
        self._now = now
        self._seconds = seconds
        self._stopwatch = stopwatch

    def make(self, making: Making, routes: Sequence[Route]) -> Made | Begun | NotMade:
        attempts: list[Attempt] = []
        patience: list[int] = []
        end_of_time = self._stopwatch() + self._seconds
        waiting = _by_promise(routes, making.earlier)
        while waiting:
            route = waiting.pop(0)
            seconds = self._breaker.closed_for(route)
            if seconds:
                patience += [seconds] if seconds <= _MOST_PATIENCE else []
                continue
            begun = self._stopwatch()
            if attempts and end_of_time - begun < _TOO_LATE:
                break  # the next lease has time for it
            answer = self._start(making, route, end_of_time)
            list_usd = route.usd if _is_usual(making.request) else None
            if isinstance(answer, Handle):
                parked = _parked(answer, route, self._now(), list_usd)
                return Begun(parked=parked, attempts=tuple(attempts))
            milliseconds = round((self._stopwatch() - begun) * 1000)
            attempts.append(_attempt(route, answer, milliseconds, None, list_usd))
            if isinstance(answer, Images):
                return Made(body=answer.bodies[0], route=route, attempts=tuple(attempts))
            end = _end(answer, [*making.earlier, *attempts])
            if end is not None:
                return NotMade(failure=end, may_retry=False, attempts=tuple(attempts))
            waiting = _by_promise(waiting, attempts)
            if isinstance(answer, Failed) and answer.trouble is Trouble.RATE_LIMITED:
                seconds = math.ceil(answer.retry_after or _USUAL_PATIENCE)
                patience += [seconds] if seconds <= _MOST_PATIENCE else []
        are_all_busy = len(patience) == len(routes) > 0
        return NotMade(
            failure=_NOBODY,
            may_retry=True,
            attempts=tuple(attempts),
            busy_for=min(patience) if are_all_busy else None,
        )

    def ask_after(self, parked: Parked, earlier: Sequence[Attempt]) -> Made | NotMade | None:
        route = Route(provider=parked.provider, model=parked.model)
        answer = self._poll(parked)
        if isinstance(answer, Images):
            answer = self._with_bodies(answer, self._stopwatch() + _DOWNLOAD)
            if isinstance(answer, Failed) and parked.polls < _DOWNLOADS:
                return None  # the provider may give a fresh address at the next look
        elif isinstance(answer, Pending) or _is_passing(answer):
            return None
        elif isinstance(answer, Failed) and answer.trouble is Trouble.MODEL_GONE:
            self._tell(route, answer)  # some say so only now
        milliseconds = round((self._now() - parked.begun_at).total_seconds() * 1000)
        attempts = (_attempt(route, answer, milliseconds, parked.usd, parked.list_usd),)
        if isinstance(answer, Images):
            return Made(body=answer.bodies[0], route=route, attempts=attempts)
        end = _end(answer, [*earlier, *attempts])
        return NotMade(failure=end or _NOBODY, may_retry=end is None, attempts=attempts)

    def abandon(self, parked: Parked) -> None:
        try:
            request = self._adapter_of(parked.provider).cancel(_handle(parked))
            if request is not None:
                self._sender.send(request, _LOOK)
        except (LookupError, NoAnswer):
            # It goes on for nobody: what a cancel costs that comes too late.
            return

    def _start(
        self, making: Making, route: Route, end_of_time: float
    ) -> Images | Handle | Refused | Failed:
        try:
            adapter = self._adapter_of(route.provider)
        except LookupError:
            nobody = Failed(trouble=Trouble.UNAUTHORIZED, reason="no_key")
            self._tell(route, nobody)
            return nobody
        except NoAnswer as nothing:
            return Failed(trouble=Trouble.TRANSIENT, reason=nothing.reason)
        try:
            request = adapter.start(_wanted(making, route))
        except (LookupError, TypeError, ValueError):
            # This one image cannot be asked for there: of others that says nothing.
            return Failed(trouble=Trouble.TRANSIENT, reason="cannot_ask")
        try:
            left = max(1.0, end_of_time - self._stopwatch())
            answer = adapter.read_start(self._sender.send(request, left))
        except NoAnswer as nothing:
            trouble = Trouble.UNKNOWN if nothing.arrived else Trouble.TRANSIENT
            answer = Failed(trouble=trouble, reason=nothing.reason)
        self._tell(route, answer)
        return self._with_bodies(answer, end_of_time) if isinstance(answer, Images) else answer

    def _tell(self, route: Route, answer: Images | Handle | Refused | Failed) -> None:
        if not isinstance(answer, Failed) or answer.trouble is Trouble.INVALID:
            self._breaker.worked(route)
            return
        seconds = _CLOSED_FOR.get(answer.trouble)
        if seconds is not None and answer.retry_after is not None:
            seconds = math.ceil(answer.retry_after)
        self._breaker.failed(route, closed_for=seconds)

    def _poll(self, parked: Parked) -> Images | Pending | Refused | Failed:
        try:
            adapter = self._adapter_of(parked.provider)
            answer = adapter.read_poll(self._sender.send(adapter.poll(_handle(parked)), _LOOK))
            if isinstance(answer, Handle):
                answer = adapter.read_poll(self._sender.send(adapter.poll(answer), _LOOK))
            return Pending() if isinstance(answer, Handle) else answer
        except LookupError:
            return Failed(trouble=Trouble.UNAUTHORIZED, reason="no_key")
        except NoAnswer as nothing:
            return Failed(trouble=Trouble.TRANSIENT, reason=nothing.reason)

    def _with_bodies(self, images: Images, end_of_time: float) -> Images | Failed:
        """The first of the images, fetched where the provider gives an address. It has been made,
        so whatever goes wrong from here is not known to have cost nothing.
        """
        if images.bodies:
            return images
        if not images.urls:
            return Failed(trouble=Trouble.UNKNOWN, reason="no_images")
        reason = ""
        for number in range(_DOWNLOADS):
            if number and end_of_time - self._stopwatch() < _DOWNLOAD:
                break
            try:
                return replace(images, bodies=(self._fetcher.fetch(images.urls[0]),))
            except Unfetchable as unfetchable:
                reason = unfetchable.reason
                if not reason.startswith(_PASSING):
                    break  # such an address is never fetched, however often it is tried
        return Failed(trouble=Trouble.UNKNOWN, reason=f"result_{reason}")


def _is_usual(request: ImageRequest) -> bool:
    """Whether the list price is one of such an image: about a megapixel, at no special effort."""
    is_small = request.width * request.height <= _USUAL_PIXELS
    return is_small and request.quality in {None, "medium"}


def _by_promise(routes: Sequence[Route], earlier: Sequence[Attempt]) -> list[Route]:
    """In the catalogue's order, but last those of which nobody knows what they made of it."""
    doubtful = {was.provider for was in earlier if was.outcome == Trouble.UNKNOWN}
    return sorted(routes, key=lambda route: route.provider in doubtful)


def _wanted(making: Making, route: Route) -> Wanted:
    request = making.request
    if route.quality and request.quality is None:
        request = replace(request, quality=route.quality)
    pictures = making.pictures
    if route.needs_mask and pictures.mask is None:
        pictures = replace(pictures, mask=mask_of_all())
    return Wanted(
        request=request,
        seed=request.seed_of(making.slot),
        model=route.model,
        pictures=pictures,
        token=making.token,
        callback=making.callback,
    )


def _parked(handle: Handle, route: Route, now: datetime, list_usd: float | None) -> Parked:
    return Parked(
        provider=route.provider,
        model=route.model,
        id=handle.id,
        poll=handle.poll,
        cancel=handle.cancel,
        pace=handle.pace,
        begun_at=now,
        usd=handle.usd,
        list_usd=list_usd,
    )


def _handle(parked: Parked) -> Handle:
    return Handle(id=parked.id, poll=parked.poll, cancel=parked.cancel, pace=parked.pace)


def _is_passing(answer: Images | Refused | Failed) -> bool:
    """The question was not answered; the image is in the making all the same, and paid. A key that
    opens nothing any more may be a new one's old cousin: its owner has until the job's deadline.
    """
    ended = {Trouble.UNKNOWN, Trouble.INVALID, Trouble.MODEL_GONE}
    return isinstance(answer, Failed) and answer.trouble not in ended


def _attempt(
    route: Route,
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
        case Failed(trouble=trouble, reason=reason):
            outcome = trouble
    return Attempt(
        provider=route.provider,
        model=route.model,
        outcome=outcome,
        milliseconds=milliseconds,
        reason=reason,
        usd=usd,
        is_list_price=is_listed,
    )


def _end(answer: Refused | Failed, attempts: Sequence[Attempt]) -> Failure | None:
    """What no other route and no other time would change."""
    if isinstance(answer, Refused):
        return _REFUSED
    if answer.trouble is Trouble.INVALID:
        return _INVALID
    unknown = sum(attempt.outcome == Trouble.UNKNOWN for attempt in attempts)
    return _UNKNOWN if unknown >= _MOST_UNKNOWN else None
