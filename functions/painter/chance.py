"""Reproducible chance: one named stream per thing that is painted."""

from __future__ import annotations

from hashlib import sha256
from random import Random


class Chance:
    """Independent random streams, so leaving one thing out moves nothing else."""

    def __init__(self, *parts: object) -> None:
        self._root = sha256("\x00".join(str(part) for part in parts).encode("utf-8", "replace"))

    def stream(self, name: str) -> Random:
        """The stream of that name: always the same numbers for the same commission."""
        branch = self._root.copy()
        branch.update(b"\x00" + name.encode("utf-8", "replace"))
        seed = int.from_bytes(branch.digest()[:16], "big")
        return Random(seed)  # noqa: S311 - pictures keep no secrets
