"""The real clock and the real dice."""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import UTC, datetime


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


def uuid7(milliseconds: int, random_bits: int) -> str:
    """RFC 9562, version 7; Python has it from 3.14 on."""
    high, low = random_bits >> 62, random_bits & (1 << 62) - 1
    number = milliseconds << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low
    return str(uuid.UUID(int=number))
