"""The real clock and the real dice, and what becomes of them in a snapshot."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module

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


def after_restore(renew: Callable[[], object]) -> None:
    """Have it called in each process that Lambda starts from a snapshot of this one (SnapStart).

    Ids are drawn from the system's own randomness, which differs in each. Python's generator, of
    which the SDK and we draw how long to wait before another try, would go on alike in all of them.
    """
    try:
        hooks = import_module("snapshot_restore_py")
    except ImportError:
        return  # it is part of Lambda's runtime, and of nothing else
    hooks.register_after_restore(random.seed)
    hooks.register_after_restore(renew)
