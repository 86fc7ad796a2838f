"""Requests a minute, as far as this process sees them.

The account counts submits and uploads exactly, for all processes. Everything else costs little: it
is counted here, by each process for itself, which takes no call and slows down a client that loops.
"""

from __future__ import annotations

import socket
from collections import Counter
from datetime import datetime

from darkroom.domain.errors import RateLimited
from darkroom.domain.outcomes import RateLimitStatus

# Polling ten jobs at once, each every second, is use and not abuse.
PER_MINUTE = 600
# Of an IPv6 address, what its provider gave to one customer: they choose the rest at will.
_NETWORK_BYTES = 8


class ProcessRateLimiter:
    def __init__(self) -> None:
        self._minute = 0
        self._seen: Counter[str] = Counter()

    def check_rate_limit(self, client: str, now: datetime) -> RateLimitStatus:
        """`client` is a key, or the address of a request without one. Raises RateLimited."""
        minute, second = divmod(int(now.timestamp()), 60)
        if minute != self._minute:
            self._minute, self._seen = minute, Counter()
        self._seen[client] += 1
        seen, resets_in = self._seen[client], 60 - second
        if seen > PER_MINUTE:
            raise RateLimited(PER_MINUTE, resets_in)
        return RateLimitStatus(
            limit=PER_MINUTE,
            remaining=PER_MINUTE - seen,
            resets_in=resets_in,
            resets_at=(minute + 1) * 60,
        )


def client_of(address: str) -> str:
    """One client for all addresses of an IPv6 network."""
    if ":" not in address:
        return address
    try:
        packed = socket.inet_pton(socket.AF_INET6, address)
    except OSError:
        return address
    return packed[:_NETWORK_BYTES].hex()
