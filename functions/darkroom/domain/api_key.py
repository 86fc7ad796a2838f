"""API keys: `dk_<environment>_<30 characters><6 of checksum>`, in base 62.

The checksum lets a mistyped key be refused without a look into the database; the keyed hash is
all that is ever stored.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from darkroom.domain.secrets import Secrets

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM, _CHECK = 30, 6

READ = "read"
GENERATE = "generate"
MEDIA_WRITE = "media:write"
ADMIN = "admin"
AI = "ai"  # posteverywhere's word for making images
WEBHOOKS = "webhooks"  # set up webhooks, and read their deliveries
SCOPES = (READ, GENERATE, MEDIA_WRITE, ADMIN, AI, WEBHOOKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    id: str
    hash: str
    workspace: str
    scopes: frozenset[str]
    label: str
    created_at: datetime
    expires_at: datetime | None = None  # revoked, or rotated out, from then on
    secret: int = 1  # the generation of the deployment's secret that it is hashed with
    requests_per_minute: int | None = None  # below the workspace's, for one that shares it

    def is_good_at(self, moment: datetime) -> bool:
        return self.expires_at is None or moment < self.expires_at


def new_key(environment: str, pick: Callable[[int], int]) -> str:
    """`pick(n)` gives an unpredictable number below n."""
    body = f"dk_{environment}_" + "".join(_ALPHABET[pick(62)] for _ in range(_RANDOM))
    return body + _checksum(body)


def is_well_formed(key: str) -> bool:
    body, check = key[:-_CHECK], key[-_CHECK:]
    head, _, tail = body.rpartition("_")
    return (
        head.startswith("dk_")
        and len(tail) == _RANDOM
        and key.isascii()
        and hmac.compare_digest(check, _checksum(body))
    )


def hash_key(key: str, secrets: Secrets, generation: int) -> str:
    pepper = secrets.derive("api-keys", generation)
    return hmac.new(pepper, key.encode(), hashlib.sha256).hexdigest()


def _checksum(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    while len(digits) < _CHECK:
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
