"""What a guard is: its name, how it is taken away, and where that shows."""

from __future__ import annotations

from dataclasses import dataclass

from tests.crash.removals import Removal


@dataclass(frozen=True, kw_only=True)
class Guard:
    """`hints` say where to look: a run that was red before, then scenarios with each single fault.

    `knows_tokens` is the mode in which the guard is needed.
    """

    name: str
    what: str
    removed: Removal
    hints: tuple[str, ...]
    knows_tokens: bool = True
