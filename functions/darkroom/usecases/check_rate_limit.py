"""Count a request that costs something, and say how much of the minute is left."""

from __future__ import annotations

from datetime import datetime

from darkroom.domain.errors import RateLimited
from darkroom.domain.money import Account
from darkroom.domain.operations import Caller
from darkroom.domain.outcomes import RateLimitStatus
from darkroom.domain.ports import Accounts


def check_rate_limit(
    caller: Caller, *, accounts: Accounts, now: datetime
) -> tuple[Account, RateLimitStatus]:
    """Raises RateLimited."""
    counted_key = caller.key if caller.requests_per_minute is not None else None
    account = accounts.count_request(caller.workspace, counted_key, now)
    return account, _rate_limit_status(account, caller, now)


def _rate_limit_status(account: Account, caller: Caller, now: datetime) -> RateLimitStatus:
    """Of the workspace's limit and the key's own, the one that leaves less."""
    resets_in = 60 - now.second
    resets_at = int(now.timestamp()) + resets_in
    limits = [(account.requests_per_minute, account.requests_this_minute)]
    if caller.requests_per_minute is not None:
        limits.append((caller.requests_per_minute, account.requests_of_key))
    limit, used = min(limits, key=lambda pair: pair[0] - pair[1])
    if used > limit:
        raise RateLimited(limit, resets_in)
    return RateLimitStatus(
        limit=limit, remaining=limit - used, resets_in=resets_in, resets_at=resets_at
    )
