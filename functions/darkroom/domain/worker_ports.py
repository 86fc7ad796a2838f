"""The worker's ports, beside ports.py: providers, the finisher, the fetcher, the writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from darkroom.domain.attempts import Attempt, PendingGeneration
from darkroom.domain.captions import CaptionBrief
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.image_request import Format, ImageRequest, Output
from darkroom.domain.job import Caption, Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedImage:
    """A provider's image, still as it came from outside."""

    body: bytes
    route: ProviderRoute
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationStarted:
    """A provider has taken it on, and makes it in its own time."""

    pending: PendingGeneration
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationFailed:
    failure: Failure
    may_retry: bool
    attempts: tuple[Attempt, ...]
    # No provider has tried it: all are busy, and say for how many seconds.
    busy_for: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """What a request refers to, as clean PNG, JPEG or WebP bytes."""

    references: tuple[bytes, ...] = ()
    mask: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationRequest:
    """One image, as the router is asked for it."""

    request: ImageRequest
    slot: int
    token: str  # of this image, the same at every try
    pictures: Pictures
    earlier: tuple[Attempt, ...] = ()
    callback: str = ""  # where a slow provider may say that it is done; empty for nowhere


class ImageProvider(Protocol):
    def make(
        self, generation: GenerationRequest, routes: Sequence[ProviderRoute]
    ) -> GeneratedImage | GenerationStarted | GenerationFailed: ...

    def poll_image(
        self, pending: PendingGeneration, earlier: Sequence[Attempt]
    ) -> GeneratedImage | GenerationFailed | None:
        """None: not yet."""
        ...

    def cancel_image(self, pending: PendingGeneration) -> None:
        """Cancel it at the provider, where that is possible."""
        ...


class Breaker(Protocol):
    """A circuit breaker for each route, shared by the workers."""

    def open_for(self, route: ProviderRoute) -> int:
        """Seconds until it may be tried; 0: now."""
        ...

    def failed(self, route: ProviderRoute, *, open_for: int | None) -> None:
        """For how many seconds to open, where one failure is enough; None where it takes more."""
        ...

    def succeeded(self, route: ProviderRoute) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a finished file says of where it comes from."""

    provider: str
    model: str
    trained: bool = True  # made by a trained model, and not by an algorithm


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedImage:
    body: bytes
    thumbnail: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanImage:
    """An image from outside with nothing left but its pixels."""

    body: bytes
    format: Format
    width: int
    height: int
    thumbnail: bytes


class UnreadableImage(Exception):  # noqa: N818 - what it is, not what to do about it
    """The bytes are not an image that we accept."""


class Finisher(Protocol):
    def finish(
        self, body: bytes, *, width: int, height: int, output: Output, origin: Origin
    ) -> FinishedImage:
        """Exactly these pixels, in this format, with a thumbnail. Raises UnreadableImage."""
        ...

    def thumbnail(self, body: bytes) -> bytes:
        """Of an image that was finished before."""
        ...

    def clean(self, body: bytes) -> CleanImage:
        """An image from outside, encoded anew in its own format. Raises UnreadableImage."""
        ...

    def measure(self, body: bytes) -> tuple[int, int]:
        """Width and height of an image of ours."""
        ...

    def reduce(self, body: bytes, longest_side: int) -> bytes:
        """An image of ours, no larger than this."""
        ...


class FetchFailed(Exception):  # noqa: N818 - what it is, not what to do about it
    """Nothing was had from an address, and why, in a code: `denied`, `timeout`, `status_404`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Fetcher(Protocol):
    def fetch(self, url: str) -> bytes:
        """The bytes at an address that a user gave. Raises Unfetchable."""
        ...


class WriterFailed(Exception):  # noqa: N818
    """The writer gave no usable text."""


class Writer(Protocol):
    name: str

    def enhance(self, prompt: str) -> str:
        """A fuller prompt for the same picture. Raises WriterFailed."""
        ...

    def captions(self, brief: CaptionBrief) -> Mapping[str, Caption]:
        """A caption for each post type that was asked for. Raises WriterFailed."""
        ...
