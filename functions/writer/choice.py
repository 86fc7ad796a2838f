"""Choosing among several good ways to say it: by the text itself, so always the same way."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def pick(options: Sequence[T], text: str, purpose: str, turn: int = 0) -> T:
    """Neighbouring turns choose different options."""
    digest = sha256(f"{purpose}\x00{text}".encode("utf-8", "replace")).digest()
    return options[(int.from_bytes(digest[:8], "big") + turn) % len(options)]
