"""How much a workspace may store, and do in a day (UTC), beside its credits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# What is counted by the day.
OF_DAYS = UPLOADS, REDELIVERIES = "uploads", "redeliveries"
SECONDS_OF_A_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    storage_bytes: int  # of images, their thumbnails aside
    uploads_a_day: int
    redeliveries_a_day: int


# The plans that there are: a dialect may ask for one of them for a model.
TIERS = ("free", "pro")
_OF_TIERS: Mapping[str, Quotas] = {
    "free": Quotas(storage_bytes=5 * 10**9, uploads_a_day=2_000, redeliveries_a_day=2_000),
}
_OF_OTHERS = Quotas(storage_bytes=100 * 10**9, uploads_a_day=40_000, redeliveries_a_day=40_000)


def quotas_of_tier(tier: str) -> Quotas:
    """What a workspace has for which nothing else was set."""
    return _OF_TIERS.get(tier.lower(), _OF_OTHERS)


def day_of(now: datetime) -> int:
    return int(now.timestamp()) // SECONDS_OF_A_DAY


def seconds_left(now: datetime) -> int:
    """Of the day."""
    return SECONDS_OF_A_DAY - int(now.timestamp()) % SECONDS_OF_A_DAY
