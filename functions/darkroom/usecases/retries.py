"""Try a change again that others came between: with growing, uneven pauses, and not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from darkroom.domain.ports import Clock, Ids

# Well before the client's own patience, and the function's time, are over.
_PATIENCE = timedelta(seconds=10)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5
_GRAIN = 1000


def retries(clock: Clock, ids: Ids) -> Iterator[None]:
    """A change that runs out of turns has met others all the time."""
    end, pause = clock.now() + _PATIENCE, _FIRST_PAUSE
    while clock.now() < end:
        yield
        clock.sleep(pause * ids.below(_GRAIN) / _GRAIN)
        pause = min(2 * pause, _LONGEST_PAUSE)
