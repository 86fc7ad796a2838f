"""A provider that never makes the same picture twice, and a finisher of a few bytes.

Each body carries the number of its making: whether a file and its thumbnail belong together, and
whether a stored file was overwritten, can be read off them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from darkroom.domain.attempts import Attempt, PendingGeneration
from darkroom.domain.captions import CaptionBrief
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.job import Caption, Failure
from darkroom.domain.worker_ports import (
    FinishedImage,
    GeneratedImage,
    GenerationFailed,
    GenerationRequest,
    GenerationStarted,
    UnreadableImage,
    WriterFailed,
)
from tests.crash.wire import ASK, MAKE, Wire
from tests.fakes.world import FakeClock

LONGER_THAN_A_LEASE = 31
PACE = 5
_LOOKS = {"parks": 2, "parks_for_ever": math.inf}
_FAILURES = {
    "transient": Failure(code="provider_failed", message="No provider could make this image."),
    "refused": Failure(code="refused", message="Not this one."),
}


@dataclass(frozen=True)
class Answer:
    """An answer of the provider, which a fault may still spoil."""

    made: GeneratedImage
    clock: FakeClock
    on_spoilt: Callable[[], None]

    def spoilt(self, how: str) -> GeneratedImage | GenerationFailed:
        if how != "slow":
            self.on_spoilt()
        match how:
            case "slow":
                self.clock.pass_time(LONGER_THAN_A_LEASE)
                return self.made
            case "unreadable":
                return replace(self.made, body=b"<html>")
            case _:
                return GenerationFailed(
                    failure=_FAILURES[how], may_retry=how == "transient", attempts=_tried(how)
                )


class ScriptedProvider:
    """`script` names what goes wrong at each slot, call by call; what `parks` is ready at the
    second look, and what `parks_for_ever` at none.
    """

    def __init__(self, wire: Wire, clock: FakeClock) -> None:
        self._wire = wire
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        self.script: dict[int, list[str]] = {}
        self.makings = 0
        self.on_make: Callable[[], None] = lambda: None
        self.on_spoilt: Callable[[], None] = lambda: None
        self.tasks: dict[
            str, tuple[GeneratedImage, float]
        ] = {}  # what is in the making, and looks to go
        self.abandoned: set[str] = set()

    def make(
        self, wanted: GenerationRequest, routes: Any
    ) -> GeneratedImage | GenerationStarted | GenerationFailed:
        self.on_make()
        script = self.script.get(wanted.slot)
        how = script.pop(0) if script else "ok"
        if how == "crash" and self._wire.process:
            self._wire.process.die()
        if how in _LOOKS:
            return self._wire.pass_on(MAKE, None, lambda: self._park(routes[0], _LOOKS[how]))
        generation = self._wire.pass_on(MAKE, None, lambda: self._begin(routes[0]))
        if isinstance(generation, GeneratedImage) and how != "ok":
            generation = self._begin(routes[0])  # a fault has made it slow; it fails all the same
        if not isinstance(generation, Answer):
            return generation  # a fault has spoilt it already
        return generation.made if how == "ok" else generation.spoilt(how)

    def poll_image(
        self, pending: PendingGeneration, _earlier: object
    ) -> GeneratedImage | GenerationFailed | None:
        return self._wire.pass_on(ASK, None, lambda: self._look(pending.id))

    def cancel_image(self, pending: PendingGeneration) -> None:
        self._wire.pass_on(ASK, None, lambda: self.abandoned.add(pending.id))

    def _look(self, task: str) -> GeneratedImage | None:
        made, looks = self.tasks[task]
        self.tasks[task] = (made, looks - 1)
        return made if looks <= 1 else None

    def _park(self, route: ProviderRoute, looks: float) -> GenerationStarted:
        made = self._begin(route).made
        task = f"task-{self.makings}"
        self.tasks[task] = (made, looks)
        pending = PendingGeneration(
            provider=route.provider,
            model=route.model,
            id=task,
            poll="",
            cancel="",
            pace=PACE,
            begun_at=self._clock.now(),
        )
        return GenerationStarted(pending=pending, attempts=())

    def _begin(self, route: ProviderRoute) -> Answer:
        self.makings += 1
        body = b"raw %d" % self.makings
        return Answer(
            GeneratedImage(body=body, route=route, attempts=_tried("made")),
            self._clock,
            self.on_spoilt,
        )


class TinyFinisher:
    def finish(self, body: bytes, **_: Any) -> FinishedImage:
        if not body.startswith(b"raw "):
            raise UnreadableImage
        number = body.removeprefix(b"raw ")
        return FinishedImage(body=b"image " + number, thumbnail=b"thumbnail " + number)

    def thumbnail(self, body: bytes) -> bytes:
        return b"thumbnail " + body.removeprefix(b"image ")


def _tried(outcome: str) -> tuple[Attempt, ...]:
    return (Attempt(provider="painter", model="painter", outcome=outcome, milliseconds=5),)


class TinyWriter:
    """Fails once when it is told to, as an endpoint does that is busy."""

    name = "tiny"

    def __init__(self) -> None:
        self.failures = 0

    def enhance(self, prompt: str) -> str:
        return prompt

    def captions(self, brief: CaptionBrief) -> dict[str, Caption]:
        if self.failures:
            self.failures -= 1
            raise WriterFailed
        return dict.fromkeys(brief.post_types, Caption(text=brief.prompt, writer=self.name))
