"""Ids that sort as they follow in time (RFC 9562, version 7); Python has them from 3.14 on."""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import UTC, datetime

_RANDOM_BITS = 74
# A day into 1970, and the year 9000, in milliseconds: datetime knows little more.
_EARLIEST, _LATEST = 86_400_000, 221_845_392_000_000

_WORKSPACE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def is_workspace(text: str) -> bool:
    return _WORKSPACE.fullmatch(text) is not None


def uuid7(milliseconds: int, random_bits: int) -> str:
    high, low = random_bits >> 62, random_bits & (1 << 62) - 1
    number = milliseconds << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low
    return str(uuid.UUID(int=number))


def begun_at(name: str) -> datetime:
    """When this id was made; one that is none of ours may say anything."""
    milliseconds = uuid.UUID(name).int >> 80
    return datetime.fromtimestamp(min(max(milliseconds, _EARLIEST), _LATEST) / 1000, UTC)


def repeatable_id(at: datetime, *names: str) -> str:
    """The same names at the same time give the same id."""
    digest = hashlib.sha256("/".join(names).encode()).digest()
    bits = int.from_bytes(digest) >> (len(digest) * 8 - _RANDOM_BITS)
    return uuid7(int(at.timestamp() * 1000), bits)
