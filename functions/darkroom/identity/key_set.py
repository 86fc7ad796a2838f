"""An issuer's signing keys, fetched again when they are old, and kept while the issuer is down."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import jwt

from darkroom.domain.errors import Unavailable
from darkroom.domain.ports import Clock

log = logging.getLogger(__name__)

# What a key of this kind may sign with. Nothing symmetric: a public key must not become a secret.
_ALGORITHM_OF = {("RSA", None): "RS256", ("EC", "P-256"): "ES256"}
_FRESH = timedelta(minutes=10)
# An outage of the issuer opens and closes nothing for a day; a key that the issuer takes back
# meanwhile is good for as long.
_GOOD_WITHOUT_ISSUER = timedelta(hours=24)
# Unknown key ids cost a fetch, so that strangers could make us fetch for ever.
_BETWEEN_FETCHES = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(minutes=1)


class KeySet:
    def __init__(self, fetch: Callable[[], bytes], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at: datetime | None = None
        self._failures = 0
        self._next_fetch: datetime | None = None

    def key(self, kid: str) -> jwt.PyJWK:
        """Raises KeyError for one that the issuer does not publish, and Unavailable when that
        cannot be known.
        """
        now = self._clock.now()
        if kid not in self._keys or not self._is_younger_than(_FRESH, now):
            self._refresh(now)
        is_good = self._is_younger_than(_GOOD_WITHOUT_ISSUER, now)
        if self._failures and not (is_good and kid in self._keys):
            # The issuer does not answer: that says nothing about the token.
            raise Unavailable(retry_after=self._seconds_to_next_fetch(now))
        return self._keys[kid]

    def _is_younger_than(self, age: timedelta, now: datetime) -> bool:
        return self._fetched_at is not None and now - self._fetched_at <= age

    def _refresh(self, now: datetime) -> None:
        if self._next_fetch is not None and now < self._next_fetch:
            return
        try:
            self._keys = _signing_keys(self._fetch())
        except Exception:
            self._failures += 1
            pause = timedelta(seconds=2 ** min(self._failures, 10))
            self._next_fetch = now + min(pause, _LONGEST_PAUSE)
            log.exception("keys_not_fetched")
        else:
            self._fetched_at, self._failures = now, 0
            self._next_fetch = now + _BETWEEN_FETCHES

    def _seconds_to_next_fetch(self, now: datetime) -> int:
        left = (self._next_fetch or now) - now
        return max(1, -(-left // timedelta(seconds=1)))


def _signing_keys(published: bytes) -> dict[str, jwt.PyJWK]:
    keys = {}
    for row in json.loads(published)["keys"]:
        algorithm = _ALGORITHM_OF.get((row.get("kty"), row.get("crv")))
        if algorithm and row.get("kid") and row.get("use", "sig") == "sig":
            keys[row["kid"]] = jwt.PyJWK(row, algorithm=algorithm)
    return keys
