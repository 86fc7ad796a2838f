"""Answer a request at once where its key or workspace has as many that wait as it may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from darkroom.domain.operations import Caller, Operation, Outcome
from darkroom.domain.ports import Clock
from darkroom.domain.waits import Waits, seconds_of, without_wait


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
