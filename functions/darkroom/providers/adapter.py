"""What most adapters have in common: keys, JSON, and readers that never raise."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from darkroom.providers.interface import (
    Failed,
    FailureKind,
    Handle,
    HttpReply,
    HttpRequest,
    Polled,
    ProviderRequest,
    Refused,
    Started,
)
from darkroom.providers.replies import (
    Unreadable,
    by_status,
    code_of,
    dig,
    is_success,
    read_json,
    retry_after,
)

Outcome = TypeVar("Outcome")

# What a reply of another shape than documented can raise.
_BROKEN = (Unreadable, LookupError, TypeError, ValueError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReply:
    """An error as the provider tells it."""

    status: int
    word: str  # its code for it, from where most have one
    data: Any


class JsonAdapter(ABC):
    """An upstream that answers in JSON.

    `account` is what its owner has there: `key`, and whatever else the provider asks for;
    `base_url` where it is not the usual one.
    """

    base_url = ""

    def __init__(self, account: Mapping[str, str]) -> None:
        self.account = account
        self.base = (account.get("base_url") or self.base_url).rstrip("/")

    # What a vendor's module fills in.

    def headers(self) -> Mapping[str, str]:
        """With which each request proves whose it is."""
        return {"authorization": f"Bearer {self.account['key']}"}

    @abstractmethod
    def start(self, wanted: ProviderRequest) -> HttpRequest: ...

    @abstractmethod
    def started(self, data: Any) -> Started:
        """A successful reply to `start`. May raise as any reading of JSON does."""

    def polled(self, data: Any) -> Polled:
        """A successful reply to `poll`."""
        raise Unreadable(f"a provider that answers at once has nothing to say later: {data}")

    def read_error(self, _error: ErrorReply, /) -> Refused | Failed | None:
        """What the provider's own words say of an error; None leaves it to the status."""
        return None

    def poll(self, handle: Handle) -> HttpRequest:
        return HttpRequest(method="GET", url=handle.poll, headers=self.headers())

    def cancel(self, _handle: Handle, /) -> HttpRequest | None:
        return None

    def check(self) -> HttpRequest | None:
        return None

    # What they share.

    def ask(self, method: str, path: str, body: Any = None) -> HttpRequest:
        """A request below the base address, with a JSON body where there is one."""
        headers = dict(self.headers())
        if body is None:
            return HttpRequest(method=method, url=f"{self.base}{path}", headers=headers)
        headers["content-type"] = "application/json"
        return HttpRequest(
            method=method, url=f"{self.base}{path}", headers=headers, body=json.dumps(body).encode()
        )

    def read_start(self, reply: HttpReply) -> Started:
        # A provider that accepts and then sends nothing readable may have made it all the same.
        return self._read(reply, self.started, FailureKind.UNKNOWN)

    def read_poll(self, reply: HttpReply) -> Polled:
        answer = self._read(reply, self.polled, FailureKind.TRANSIENT)
        if reply.status in _VANISHED:
            return Failed(kind=FailureKind.UNKNOWN, reason="task_gone")
        if reply.status in _TOO_SLOW:
            # The look took too long, and the image goes on.
            return Failed(kind=FailureKind.TRANSIENT, reason=f"status_{reply.status}")
        return answer

    def _read(
        self, reply: HttpReply, understand: Callable[[Any], Outcome], if_unreadable: FailureKind
    ) -> Outcome | Refused | Failed:
        if not is_success(reply):
            return self._error(reply)
        try:
            return understand(read_json(reply))
        except _BROKEN:
            return Failed(kind=if_unreadable, reason="unreadable_reply")

    def _error(self, reply: HttpReply) -> Refused | Failed:
        word, said = "", None
        try:
            data = read_json(reply)
            word = _word(data)
            said = self.read_error(ErrorReply(status=reply.status, word=word, data=data))
        except _BROKEN:
            pass  # a proxy's HTML, say: the status speaks for itself
        if said is None:
            return by_status(reply, word)
        if isinstance(said, Failed) and said.retry_after is None:
            return replace(said, retry_after=retry_after(reply))
        return said


# Of a look at an image in the making: the task is not there, or the look was not answered in time.
_VANISHED = (404, 410)
_TOO_SLOW = (408, 504, 524)
# Where providers put the code of an error, the telling ones first.
_WORDS = (
    ("error", "code"),
    ("error", "status"),
    ("error", "type"),
    ("code",),
    ("name",),
    ("type",),
)


def _word(data: Any) -> str:
    found = (dig(data, *path) for path in _WORDS)
    return next((code_of(word) for word in found if isinstance(word, str | int) and word), "")
