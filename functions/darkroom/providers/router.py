"""Make one image by the first route that can."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from darkroom.domain.attempts import Attempt, PendingGeneration
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.worker_ports import (
    Breaker,
    Fetcher,
    FetchFailed,
    GeneratedImage,
    GenerationFailed,
    GenerationRequest,
    GenerationStarted,
)
from darkroom.providers.files import mask_of_all
from darkroom.providers.interface import (
    AccountUnusable,
    Adapter,
    Failed,
    FailureKind,
    Handle,
    Images,
    NoAnswer,
    Pending,
    ProviderRequest,
    Refused,
    Sender,
)
from darkroom.providers.retry_policy import (
    DEFAULT_RETRY_SECONDS,
    NO_PROVIDER,
    attempt_of,
    busy_for,
    doubtful_last,
    final_failure,
    has_list_price,
    is_temporary,
    open_for,
)

# An address that was not there at three looks is gone.
_DOWNLOADS = 3
_PASSING = ("timeout", "unreachable", "tls", "protocol", "status_")
# Seconds: what a look at a slow image may take, what a download takes at most, and with how little
# left no further route is tried.
_LOOK = 15
_DOWNLOAD = 20
_TOO_LATE = 15


class ProviderRouter:
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

    def make(
        self, generation: GenerationRequest, routes: Sequence[ProviderRoute]
    ) -> GeneratedImage | GenerationStarted | GenerationFailed:
        attempts: list[Attempt] = []
        patience: list[int] = []
        end_of_time = self._stopwatch() + self._seconds
        waiting = doubtful_last(routes, generation.earlier)
        while waiting:
            route = waiting.pop(0)
            seconds = self._breaker.open_for(route)
            if seconds:
                patience += busy_for(seconds)
                continue
            begun = self._stopwatch()
            if attempts and end_of_time - begun < _TOO_LATE:
                break  # the next lease has time for it
            answer = self._start(generation, route, end_of_time)
            list_usd = route.usd if has_list_price(generation.request) else None
            if isinstance(answer, Handle):
                pending = _pending_generation(answer, route, self._now(), list_usd)
                return GenerationStarted(pending=pending, attempts=tuple(attempts))
            milliseconds = round((self._stopwatch() - begun) * 1000)
            attempts.append(attempt_of(route, answer, milliseconds, None, list_usd))
            if isinstance(answer, Images):
                return GeneratedImage(body=answer.bodies[0], route=route, attempts=tuple(attempts))
            end = final_failure(answer, [*generation.earlier, *attempts])
            if end is not None:
                return GenerationFailed(failure=end, may_retry=False, attempts=tuple(attempts))
            waiting = doubtful_last(waiting, attempts)
            if isinstance(answer, Failed) and answer.kind is FailureKind.RATE_LIMITED:
                patience += busy_for(math.ceil(answer.retry_after or DEFAULT_RETRY_SECONDS))
        are_all_busy = len(patience) == len(routes) > 0
        return GenerationFailed(
            failure=NO_PROVIDER,
            may_retry=True,
            attempts=tuple(attempts),
            busy_for=min(patience) if are_all_busy else None,
        )

    def poll_image(
        self, pending: PendingGeneration, earlier: Sequence[Attempt]
    ) -> GeneratedImage | GenerationFailed | None:
        route = ProviderRoute(provider=pending.provider, model=pending.model)
        answer = self._poll(pending)
        if isinstance(answer, Images):
            answer = self._with_bodies(answer, self._stopwatch() + _DOWNLOAD)
            if isinstance(answer, Failed) and pending.polls < _DOWNLOADS:
                return None  # the provider may give a fresh address at the next look
        elif isinstance(answer, Pending) or is_temporary(answer):
            return None
        elif isinstance(answer, Failed) and answer.kind is FailureKind.MODEL_GONE:
            self._report(route, answer)  # some say so only now
        milliseconds = round((self._now() - pending.begun_at).total_seconds() * 1000)
        attempts = (attempt_of(route, answer, milliseconds, pending.usd, pending.list_usd),)
        if isinstance(answer, Images):
            return GeneratedImage(body=answer.bodies[0], route=route, attempts=attempts)
        end = final_failure(answer, [*earlier, *attempts])
        return GenerationFailed(
            failure=end or NO_PROVIDER, may_retry=end is None, attempts=attempts
        )

    def cancel_image(self, pending: PendingGeneration) -> None:
        try:
            request = self._adapter_of(pending.provider).cancel(_handle(pending))
            if request is not None:
                self._sender.send(request, _LOOK)
        except (LookupError, NoAnswer):
            # The provider goes on with it: what a cancel costs that comes too late.
            return

    def _start(
        self, generation: GenerationRequest, route: ProviderRoute, end_of_time: float
    ) -> Images | Handle | Refused | Failed:
        try:
            adapter = self._adapter_of(route.provider)
        except LookupError as lack:
            no_account = Failed(kind=FailureKind.UNAUTHORIZED, reason=_lacking(lack))
            self._report(route, no_account)
            return no_account
        except NoAnswer as nothing:
            return Failed(kind=FailureKind.TRANSIENT, reason=nothing.reason)
        try:
            request = adapter.start(_provider_request(generation, route))
        except (LookupError, TypeError, ValueError):
            # This one image cannot be asked for there: of others that says nothing.
            return Failed(kind=FailureKind.TRANSIENT, reason="cannot_ask")
        try:
            left = max(1.0, end_of_time - self._stopwatch())
            answer = adapter.read_start(self._sender.send(request, left))
        except NoAnswer as nothing:
            kind = FailureKind.UNKNOWN if nothing.arrived else FailureKind.TRANSIENT
            answer = Failed(kind=kind, reason=nothing.reason)
        self._report(route, answer)
        return self._with_bodies(answer, end_of_time) if isinstance(answer, Images) else answer

    def _report(self, route: ProviderRoute, answer: Images | Handle | Refused | Failed) -> None:
        if not isinstance(answer, Failed) or answer.kind is FailureKind.INVALID:
            self._breaker.succeeded(route)
            return
        self._breaker.failed(route, open_for=open_for(answer))

    def _poll(self, pending: PendingGeneration) -> Images | Pending | Refused | Failed:
        try:
            adapter = self._adapter_of(pending.provider)
            answer = adapter.read_poll(self._sender.send(adapter.poll(_handle(pending)), _LOOK))
            if isinstance(answer, Handle):
                answer = adapter.read_poll(self._sender.send(adapter.poll(answer), _LOOK))
            return Pending() if isinstance(answer, Handle) else answer
        except LookupError as lack:
            return Failed(kind=FailureKind.UNAUTHORIZED, reason=_lacking(lack))
        except NoAnswer as nothing:
            return Failed(kind=FailureKind.TRANSIENT, reason=nothing.reason)

    def _with_bodies(self, images: Images, end_of_time: float) -> Images | Failed:
        """The first of the images, fetched where the provider gives an address. It has been made,
        so whatever goes wrong from here is not known to have cost nothing.
        """
        if images.bodies:
            return images
        if not images.urls:
            return Failed(kind=FailureKind.UNKNOWN, reason="no_images")
        reason = ""
        for number in range(_DOWNLOADS):
            if number and end_of_time - self._stopwatch() < _DOWNLOAD:
                break
            try:
                return replace(images, bodies=(self._fetcher.fetch(images.urls[0]),))
            except FetchFailed as failed:
                reason = failed.reason
                if not reason.startswith(_PASSING):
                    break  # such an address is never fetched, however often it is tried
        return Failed(kind=FailureKind.UNKNOWN, reason=f"result_{reason}")


def _lacking(lack: LookupError) -> str:
    return "bad_account" if isinstance(lack, AccountUnusable) else "no_key"


def _provider_request(generation: GenerationRequest, route: ProviderRoute) -> ProviderRequest:
    request = generation.request
    if route.quality and request.quality is None:
        request = replace(request, quality=route.quality)
    pictures = generation.pictures
    if route.needs_mask and pictures.mask is None:
        pictures = replace(pictures, mask=mask_of_all())
    return ProviderRequest(
        request=request,
        seed=request.seed_of(generation.slot),
        model=route.model,
        pictures=pictures,
        token=generation.token,
        callback=generation.callback,
    )


def _pending_generation(
    handle: Handle, route: ProviderRoute, now: datetime, list_usd: float | None
) -> PendingGeneration:
    return PendingGeneration(
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


def _handle(pending: PendingGeneration) -> Handle:
    return Handle(id=pending.id, poll=pending.poll, cancel=pending.cancel, pace=pending.pace)
