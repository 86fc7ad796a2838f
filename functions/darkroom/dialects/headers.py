"""The request headers that mean the same in every dialect."""

from __future__ import annotations

import re

from darkroom.dialects.wire import Request
from darkroom.domain.errors import InvalidRequest

LONGEST_WAIT = 25
_LONGEST_IDEMPOTENCY_KEY = 255
_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?([^\s,;\"]*)", re.IGNORECASE)
_MOST_DIGITS = 9


def preferred_wait(request: Request) -> int | None:
    """RFC 7240. A preference for longer than Darkroom can wait is met as far as it can."""
    found = _WAIT.search(request.headers.get("prefer", ""))
    if found is None:
        return None
    seconds = found[1]
    if not (seconds.isascii() and seconds.isdigit()):
        raise InvalidRequest("prefer", "malformed", "Prefer: wait takes a whole number of seconds.")
    return LONGEST_WAIT if len(seconds) > _MOST_DIGITS else min(int(seconds), LONGEST_WAIT)


def idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= _LONGEST_IDEMPOTENCY_KEY:
        raise InvalidRequest(
            "idempotency_key",
            "out_of_range",
            f"Idempotency-Key takes 1 to {_LONGEST_IDEMPOTENCY_KEY} characters.",
        )
    return key


def api_key_or_bearer(request: Request) -> str | None:
    return request.headers.get("x-api-key") or bearer(request)


def bearer(request: Request) -> str | None:
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else None
