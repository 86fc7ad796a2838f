"""Make one image by the first route that can."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from darkroom.domain.catalogue import Route
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.job import Attempt, Failure
from darkroom.domain.tools import Made, NotMade, Pictures
from darkroom.providers.exchange import Adapter, Failed, Images, NoAnswer, Refused, Sender


class RoutedMaker:
    def __init__(
        self,
        adapters: Mapping[str, Adapter],
        sender: Sender,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._adapters = adapters
        self._sender = sender
        self._stopwatch = stopwatch

    def make(
        self, request: ImageRequest, slot: int, routes: Sequence[Route], pictures: Pictures
    ) -> Made | NotMade:
        attempts: list[Attempt] = []
        for route in routes:
            begun = self._stopwatch()
            answer = self._try(request, slot, route, pictures)
            milliseconds = round((self._stopwatch() - begun) * 1000)
            attempts.append(
                Attempt(
                    provider=route.provider,
                    model=route.model,
                    outcome=_outcome(answer),
                    milliseconds=milliseconds,
                )
            )
            if isinstance(answer, Images):
                return Made(body=answer.bodies[0], route=route, attempts=tuple(attempts))
            if isinstance(answer, Refused):
                failure = Failure(code="refused", message=answer.message)
                return NotMade(failure=failure, may_retry=False, attempts=tuple(attempts))
        failure = Failure(code="provider_failed", message="No provider could make this image.")
        return NotMade(failure=failure, may_retry=True, attempts=tuple(attempts))

    def _try(
        self, request: ImageRequest, slot: int, route: Route, pictures: Pictures
    ) -> Images | Refused | Failed:
        adapter = self._adapters[route.provider]
        try:
            reply = self._sender.send(adapter.start(request, slot, route.model, pictures))
        except NoAnswer as nothing:
            return Failed(reason=nothing.reason)
        try:
            answer = adapter.read_start(reply)
        except (KeyError, IndexError, TypeError, ValueError):
            return Failed(reason="unreadable_reply")
        if isinstance(answer, Images) and not answer.bodies:
            return Failed(reason="no_images")
        return answer


def _outcome(answer: Images | Refused | Failed) -> str:
    match answer:
        case Images():
            return "made"
        case Refused():
            return "refused"
        case Failed():
            return answer.reason
