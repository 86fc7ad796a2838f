"""Requests that come without HTTP: their messages, and the ports of their queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeMessage:
    """A message as it was sent first: put off, it stays what it was, and `tries` counts."""

    body: str
    id: str
    sent_at: datetime
    tries: int = 0


class IntakeQueue(Protocol):
    def send_later(self, message: IntakeMessage, workspace: str, seconds: int) -> None: ...

    def keep_rejected(
        self, message: IntakeMessage, workspace: str, reason: Mapping[str, Any]
    ) -> None:
        """Where the operator finds it, as it was sent."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedMessage:
    """`code` and `detail` are empty where it was not refused: it was tried as often as may be.
    `workspace`: that it named, whether or not there is one.
    """

    id: str
    body: str
    at: datetime
    workspace: str = ""
    code: str = ""
    detail: str = ""


class RejectedMessages(Protocol):
    def look(self, limit: int) -> Sequence[RejectedMessage]:
        """At so many of them, each of which stays where it is."""
        ...
