"""What was asked of providers for one image: the tries, and what is in the making at one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

BUSY = "rate_limited"  # the outcome of an attempt at a provider that had no time


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at one route, kept whatever came of it."""

    provider: str
    model: str
    outcome: str
    milliseconds: int
    reason: str = ""  # the provider's own code for what went wrong
    usd: float | None = None  # what it billed, where it says so
    is_list_price: bool = False  # it does not say, and this is the catalogue's


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingGeneration:
    """An image that its provider makes in its own time, and where to ask after it."""

    provider: str
    model: str
    id: str
    poll: str
    cancel: str
    pace: int
    begun_at: datetime
    token: str = ""  # known to its provider alone, who may say with it that there is news
    signs: bool = False  # it does so with what it says then
    polls: int = 0
    usd: float | None = None  # what it billed at once
    list_usd: float | None = None  # the catalogue's price of it


# After so many looks at a provider's own pace, each takes longer than the one before.
_PATIENT_LOOKS = 10
_LONGEST_PAUSE = 30


def pause_of(pending: PendingGeneration) -> int:
    """Seconds until the next look at it."""
    late = max(0, pending.polls - _PATIENT_LOOKS)
    return min(pending.pace + late, max(pending.pace, _LONGEST_PAUSE))
