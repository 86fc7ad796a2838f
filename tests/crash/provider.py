"""A provider that never makes the same picture twice, and a finisher of a few bytes.

Each body carries the number of its making: whether a file and its thumbnail belong together, and
whether a stored file was overwritten, can be read off them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from darkroom.domain.captions import CaptionBrief
from darkroom.domain.catalogue import Route
from darkroom.domain.job import Attempt, Failure
from darkroom.domain.tools import FinishedImage, Made, NotMade, UnreadableImage, WriterFailed
from tests.crash.wire import MAKE, Wire
from tests.fakes.world import FakeClock

LONGER_THAN_A_LEASE = 31
_FAILURES = {
    "transient": Failure(code="provider_failed", message="No provider could make this image."),
    "refused": Failure(code="refused", message="Not this one."),
}


@dataclass(frozen=True)
class Making:
    """An answer of the provider, which a fault may still spoil."""

    made: Made
    clock: FakeClock
    on_spoilt: Callable[[], None]

    def spoilt(self, how: str) -> Made | NotMade:
        if how != "slow":
            self.on_spoilt()
        match how:
            case "slow":
                self.clock.pass_time(LONGER_THAN_A_LEASE)
                return self.made
            case "unreadable":
                return replace(self.made, body=b"<html>")
            case _:
                return NotMade(
                    failure=_FAILURES[how], may_retry=how == "transient", attempts=_tried(how)
                )


class ScriptedMaker:
    """`script` names what goes wrong at each slot, call by call; `calls` is whom it made for."""

    def __init__(self, wire: Wire, clock: FakeClock) -> None:
        self._wire = wire
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        self.script: dict[int, list[str]] = {}
        self.makings = 0
        self.on_make: Callable[[], None] = lambda: None
        self.on_spoilt: Callable[[], None] = lambda: None

    def make(self, _request: Any, slot: int, routes: Any, _pictures: object) -> Made | NotMade:
        self.on_make()
        script = self.script.get(slot)
        how = script.pop(0) if script else "ok"
        if how == "crash" and self._wire.process:
            self._wire.process.die()
        making = self._wire.pass_on(MAKE, None, lambda: self._begin(routes[0]))
        if isinstance(making, Made) and how != "ok":
            making = self._begin(routes[0])  # a fault has made it slow; it fails all the same
        if not isinstance(making, Making):
            return making  # a fault has spoilt it already
        return making.made if how == "ok" else making.spoilt(how)

    def _begin(self, route: Route) -> Making:
        self.makings += 1
        body = b"raw %d" % self.makings
        return Making(
            Made(body=body, route=route, attempts=_tried("made")), self._clock, self.on_spoilt
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

    def captions(self, brief: CaptionBrief) -> dict[str, str]:
        if self.failures:
            self.failures -= 1
            raise WriterFailed
        return dict.fromkeys(brief.post_types, brief.prompt)
