"""Requests that come without HTTP: how they are carried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as it was sent first: put off, it stays what it was, and `tries` counts."""

    body: str
    id: str
    sent_at: datetime
    tries: int = 0


class IntakeQueue(Protocol):
    def send_later(self, letter: Letter, workspace: str, seconds: int) -> None: ...

    def keep_rejected(self, body: str, reason: Mapping[str, Any]) -> None:
        """Where the operator finds it, as it was sent."""
        ...
