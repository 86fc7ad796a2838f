"""How processes went, and what clients were told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from darkroom.domain.errors import DarkroomError
from tests.crash.wire import Process


@dataclass
class Ended:
    """How a process went: at most one of value and error, none of them when it died."""

    process: Process
    value: Any = None
    error: Exception | None = None

    @property
    def is_over(self) -> bool:
        """It came to its end, so that what it was given does not come again."""
        return not self.process.is_dead and self.error is None


@dataclass
class Told:
    """What a client was told at last about one submission."""

    key: str | None
    n: int
    job: str | None = None
    refusal: DarkroomError | None = None
    processes: list[Ended] = field(default_factory=list)
