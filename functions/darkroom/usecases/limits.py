"""How much a caller may ask for: requests in a minute, and requests that wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from darkroom.domain.errors import RateLimited
from darkroom.domain.money import Account
from darkroom.domain.operations import Caller, Operation, Outcome
from darkroom.domain.outcomes import RateLimitStatus
from darkroom.domain.ports import Accounts, Clock
from darkroom.domain.waits import Waits, seconds_of, without_wait


def check_rate_limit(
    caller: Caller, *, accounts: Accounts, now: datetime
) -> tuple[Account, RateLimitStatus]:
    """Raises WorkspaceSuspended or RateLimited."""
    counted_key = caller.key if caller.requests_per_minute is not None else None
    account = accounts.count_request(caller.workspace, counted_key, now)
    account.check_open()
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


@contextmanager
def limit_wait(
    operation: Operation[Outcome], caller: Caller, *, waits: Waits, clock: Clock
) -> Iterator[Operation[Outcome]]:
    """Gives the operation as it may be performed, and counts it while it is."""
    if not seconds_of(operation):
        yield operation
        return
    wait = waits.begin(caller.workspace, caller.key, clock.now())
    if wait is None:
        yield without_wait(operation)
        return
    try:
        yield operation
    finally:
        waits.end(wait)
