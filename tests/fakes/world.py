"""The clock, the dice and the secret of tests."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from darkroom.clock_and_ids import uuid7


class FakeClock:
    """Stands still until told: `clock.pass_time(seconds)`; a sleep passes it at once.

    `on_sleep`, when set, is called at each sleep: what the rest of the world does meanwhile.
    """

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
        self.on_sleep = lambda: None

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.pass_time(seconds)
        self.on_sleep()

    def pass_time(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class FakeIds:
    """Counts: every id follows the one before, and every throw of the dice is its number."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        self.count = 0
        self._clock = clock

    def new_id(self) -> str:
        """Of the clock's time, where there is one."""
        self.count += 1
        now = int(self._clock.now().timestamp() * 1000) if self._clock else 1_760_000_000_000
        return uuid7(now + self.count, self.count)

    def below(self, limit: int) -> int:
        self.count += 1
        return self.count % limit


class FakeSecrets:
    def __init__(self, *good: int) -> None:
        self.good = good or (1,)

    def generations(self) -> tuple[int, ...]:
        return self.good

    def derive(self, purpose: str, generation: int) -> bytes:
        if generation not in self.good:
            raise KeyError(generation)
        return hashlib.sha256(f"{generation}/{purpose}".encode()).digest()
