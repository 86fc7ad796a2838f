"""How often somebody asks, as far as this process sees it.

Submitting is counted in the account, exactly. Everything else costs little, and is counted here, by
each process for itself: that takes no call, and slows a client down that has lost its mind.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from darkroom.domain.errors import RateLimited
from darkroom.domain.operations import Standing

# Polling every second ten jobs at once is a use, not an abuse.
PER_MINUTE = 600


class Window:
    def __init__(self) -> None:
        self._minute = 0
        self._seen: Counter[str] = Counter()

    def count(self, who: str, now: datetime) -> Standing:
        minute, second = divmod(int(now.timestamp()), 60)
        if minute != self._minute:
            self._minute, self._seen = minute, Counter()
        self._seen[who] += 1
        return Standing(
            limit=PER_MINUTE,
            remaining=max(0, PER_MINUTE - self._seen[who]),
            resets_in=60 - second,
            resets_at=(minute + 1) * 60,
        )

    def admit(self, who: str, now: datetime) -> Standing:
        standing = self.count(who, now)
        if self._seen[who] > PER_MINUTE:
            raise RateLimited(PER_MINUTE, standing.resets_in)
        return standing
