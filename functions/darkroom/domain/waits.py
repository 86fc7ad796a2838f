"""How many requests may wait for a job at once: each of them holds a whole function meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from darkroom.domain.operations import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A request that was let wait, to be taken out of the count at its end."""

    workspace: str
    key: str
    period: int


class Waits(Protocol):
    def begin(self, workspace: str, key: str, now: datetime) -> Wait | None:
        """Count one more; None when the key or the workspace has as many as it may."""
        ...

    def end(self, wait: Wait) -> None: ...


def seconds_of(operation: Operation[Any]) -> float:
    """How long an operation would wait for what it asks about; most never do."""
    return getattr(operation, "wait", 0)


def without_wait(operation: Any) -> Any:
    """Of one that has a wait."""
    return replace(operation, wait=0)
