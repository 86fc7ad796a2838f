"""What an adapter and the sender say to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from darkroom.domain.image_request import ImageRequest
from darkroom.domain.tools import Pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpReply:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """The provider's images, as bytes from outside."""

    bodies: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The provider will not make this: no other route is asked."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It did not work. Another route, or another time, may do better."""

    reason: str


class NoAnswer(Exception):  # noqa: N818 - a fact about the upstream
    """The sender has no whole reply: nobody there, or not in time."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Adapter(Protocol):
    """One upstream's wire format. Builds requests and reads replies; does no I/O."""

    def start(
        self, request: ImageRequest, slot: int, model: str, pictures: Pictures
    ) -> HttpRequest: ...

    def read_start(self, reply: HttpReply) -> Images | Refused | Failed: ...


class Sender(Protocol):
    def send(self, request: HttpRequest) -> HttpReply:
        """Raises NoAnswer."""
        ...
