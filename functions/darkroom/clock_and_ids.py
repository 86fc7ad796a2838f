"""The real clock and the real dice."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

from darkroom.domain.ids import uuid7


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class SystemIds:
    def new_id(self) -> str:
        return uuid7(time.time_ns() // 1_000_000, secrets.randbits(74))

    def below(self, limit: int) -> int:
        return secrets.randbelow(limit)
