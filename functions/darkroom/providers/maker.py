"""Make one image by the first route that can."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from darkroom.domain.attempts import Attempt, Parked
from darkroom.domain.catalogue import Route
from darkroom.domain.tools import Begun, Breaker, Fetcher, Made, Making, NotMade, Unfetchable
from darkroom.providers.exchange import (
    AccountUnusable,
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
from darkroom.providers.verdicts import (
    NOBODY,
    USUAL_PATIENCE,
    attempt_at,
    busy_for,
    by_promise,
    closed_for,
    end_of,
    is_passing,
    is_usual,
)

# An address that was not there at three looks is gone.
_DOWNLOADS = 3
_PASSING = ("timeout", "unreachable", "tls", "protocol", "status_")
# Seconds: what a look at a slow image may take, what a download takes at most, and with how little
# left nobody is asked any more.
_LOOK = 15
_DOWNLOAD = 20
_TOO_LATE = 15


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
        waiting = by_promise(routes, making.earlier)
        while waiting:
            route = waiting.pop(0)
            seconds = self._breaker.closed_for(route)
            if seconds:
                patience += busy_for(seconds)
                continue
            begun = self._stopwatch()
            if attempts and end_of_time - begun < _TOO_LATE:
                break  # the next lease has time for it
            answer = self._start(making, route, end_of_time)
            list_usd = route.usd if is_usual(making.request) else None
            if isinstance(answer, Handle):
                parked = _parked(answer, route, self._now(), list_usd)
                return Begun(parked=parked, attempts=tuple(attempts))
            milliseconds = round((self._stopwatch() - begun) * 1000)
            attempts.append(attempt_at(route, answer, milliseconds, None, list_usd))
            if isinstance(answer, Images):
                return Made(body=answer.bodies[0], route=route, attempts=tuple(attempts))
            end = end_of(answer, [*making.earlier, *attempts])
            if end is not None:
                return NotMade(failure=end, may_retry=False, attempts=tuple(attempts))
            waiting = by_promise(waiting, attempts)
            if isinstance(answer, Failed) and answer.trouble is Trouble.RATE_LIMITED:
                patience += busy_for(math.ceil(answer.retry_after or USUAL_PATIENCE))
        are_all_busy = len(patience) == len(routes) > 0
        return NotMade(
            failure=NOBODY,
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
        elif isinstance(answer, Pending) or is_passing(answer):
            return None
        elif isinstance(answer, Failed) and answer.trouble is Trouble.MODEL_GONE:
            self._tell(route, answer)  # some say so only now
        milliseconds = round((self._now() - parked.begun_at).total_seconds() * 1000)
        attempts = (attempt_at(route, answer, milliseconds, parked.usd, parked.list_usd),)
        if isinstance(answer, Images):
            return Made(body=answer.bodies[0], route=route, attempts=attempts)
        end = end_of(answer, [*earlier, *attempts])
        return NotMade(failure=end or NOBODY, may_retry=end is None, attempts=attempts)

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
        except LookupError as lack:
            nobody = Failed(trouble=Trouble.UNAUTHORIZED, reason=_lacking(lack))
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
        self._breaker.failed(route, closed_for=closed_for(answer))

    def _poll(self, parked: Parked) -> Images | Pending | Refused | Failed:
        try:
            adapter = self._adapter_of(parked.provider)
            answer = adapter.read_poll(self._sender.send(adapter.poll(_handle(parked)), _LOOK))
            if isinstance(answer, Handle):
                answer = adapter.read_poll(self._sender.send(adapter.poll(answer), _LOOK))
            return Pending() if isinstance(answer, Handle) else answer
        except LookupError as lack:
            return Failed(trouble=Trouble.UNAUTHORIZED, reason=_lacking(lack))
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


def _lacking(lack: LookupError) -> str:
    return "bad_account" if isinstance(lack, AccountUnusable) else "no_key"


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
        signs=handle.signs,
        begun_at=now,
        usd=handle.usd,
        list_usd=list_usd,
    )


def _handle(parked: Parked) -> Handle:
    return Handle(id=parked.id, poll=parked.poll, cancel=parked.cancel, pace=parked.pace)
