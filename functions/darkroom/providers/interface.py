"""The interface between adapters, the router and the sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from darkroom.domain.attempts import BUSY
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.provider_callback import ProviderCallback
from darkroom.domain.worker_ports import Pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    # What an upstream in this process is handed as it is, instead of a body.
    payload: Any = None
    # Whose token is to go along; the sender sees to it.
    token_from: TokenSource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpReply:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    text: str = field(repr=False)
    seconds: float  # that it lives


class TokenSource(Protocol):
    """An account that has to be exchanged for a token. Builds the request and reads the reply."""

    @property
    def name(self) -> str:
        """The same for the same account."""
        ...

    def ask(self) -> HttpRequest: ...

    def read(self, reply: HttpReply) -> Token:
        """A successful reply to `ask`. Raises Unreadable."""
        ...

    def refusal(self, reply: HttpReply) -> str:
        """The code for why there is no token."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRequest:
    """One image, as an adapter is asked for it."""

    request: ImageRequest
    seed: int
    model: str  # the provider's own id of it
    pictures: Pictures = field(default_factory=Pictures)
    token: str = ""  # ours, and the same at every try: for a provider that keeps one
    callback: str = ""  # where the provider may say that it is done; empty for nowhere


class FailureKind(StrEnum):
    """Why there is no image. The router decides what follows from each."""

    INVALID = "invalid"  # the provider does not take this request, and no other time will
    RATE_LIMITED = BUSY
    NO_FUNDS = "no_funds"
    UNAUTHORIZED = "unauthorized"
    MODEL_GONE = "model_gone"
    TRANSIENT = "transient"  # nothing was made
    UNKNOWN = "unknown"  # an image may have been made, and may have to be paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """What was made: as bytes from outside, or as addresses that are soon gone."""

    bodies: tuple[bytes, ...] = ()
    urls: tuple[str, ...] = ()
    usd: float | None = None  # what the provider says that it bills
    model: str = ""  # what the provider says that made it, where that may be another


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """An image in the making, and where to ask after it."""

    id: str
    poll: str
    cancel: str = ""
    pace: int = 2  # seconds between two looks
    usd: float | None = None
    signs: bool = False  # its provider does so with its callbacks


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The provider's rules forbid this picture: no other route is asked."""

    reason: str  # the provider's own code for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    kind: FailureKind
    reason: str  # the provider's own code, or ours
    retry_after: float | None = None  # seconds, where the provider says so


Started = Images | Handle | Refused | Failed
# A handle: what was made lies there, to be had at once.
Polled = Images | Handle | Pending | Refused | Failed


class NoAnswer(Exception):  # noqa: N818 - a fact about the upstream
    """The sender has no whole reply: no connection, or not in time."""

    def __init__(self, reason: str, *, arrived: bool = True) -> None:
        """`arrived`: whether the request may have reached the provider."""
        super().__init__(reason)
        self.reason = reason
        self.arrived = arrived


class AccountUnusable(LookupError):  # noqa: N818 - what it is, not what to do about it
    """The stored account cannot be used to ask the provider."""


class Adapter(Protocol):
    """One upstream's wire format. Builds requests and reads replies; does no I/O.

    The readers give one of their outcomes whatever the reply is, and raise nothing.
    """

    def start(self, wanted: ProviderRequest) -> HttpRequest: ...

    def read_start(self, reply: HttpReply) -> Started: ...

    def poll(self, handle: Handle) -> HttpRequest: ...

    def read_poll(self, reply: HttpReply) -> Polled: ...

    def cancel(self, handle: Handle, /) -> HttpRequest | None:
        """None where the provider knows no way."""
        ...

    def check(self) -> HttpRequest | None:
        """A harmless request that only a good key is answered with a 2xx; None where there is
        none.
        """
        ...


@runtime_checkable
class SignsCallbacks(Protocol):
    """An adapter whose provider signs its callbacks."""

    def signing_keys(self) -> HttpRequest:
        """Asks for what its signatures are verified with."""
        ...

    def has_signed(self, callback: ProviderCallback, keys: Any) -> bool:
        """`keys` is the reply, read from JSON. Raises what any reading of strangers' words does."""
        ...


class Sender(Protocol):
    def send(self, request: HttpRequest, within: float) -> HttpReply:
        """In so many seconds at most. Raises NoAnswer."""
        ...
