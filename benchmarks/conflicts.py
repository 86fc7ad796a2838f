"""`python -m benchmarks.conflicts`: how many jobs a second one workspace's account item carries.

A simulation, as no local AWS has conflicts. Its model: a transaction holds the item for
`TRANSACTION_SECONDS` and a single write for `WRITE_SECONDS`; a write that begins meanwhile is
refused, takes the same time to be told so, and is tried again after the pause and as often as
`darkroom.aws.table` does. A job counts its request (a single write), then holds its credits (a
transaction), and settles at its end (a transaction). Jobs come at random times. Writes the table
into docs/scale.md.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from benchmarks import pages
from darkroom.aws.table import TRIES, longest_pause

# Assumed: two rounds of a transaction between its nodes, and one of a write.
TRANSACTION_SECONDS, WRITE_SECONDS = 0.010, 0.004
# From one answer to the next call: the way to the database, and the function.
BETWEEN_SECONDS = 0.005
JOB_SECONDS = 10.0
SECONDS = 200.0
SEED = 14
RATES = (5, 10, 20, 25, 30, 40, 100)
HEADS = (
    "jobs a second",
    "tries of a hold, on average",
    "p99 of a submit's writes",
    "submits answered 503",
    "ends left to the sweeper",
    "503 with the rate counted apart",
)


@dataclass(slots=True)
class Outcome:
    seconds: list[float] = field(default_factory=list)  # of each submit's writes
    tries: list[int] = field(default_factory=list)  # of each hold
    refused: int = 0
    left: int = 0


class Simulation:
    """Each job is a generator that yields how long it waits until its next step."""

    def __init__(self, *, is_counted_apart: bool) -> None:
        self.outcome = Outcome()
        self.is_counted_apart = is_counted_apart
        self._random = random.Random(SEED)  # noqa: S311 - the same jobs in every run
        self._now = self._item_free_at = 0.0

    def run(self, rate: float) -> Outcome:
        order = itertools.count()
        queue: list[tuple[float, int, Iterator[float]]] = []
        at = 0.0
        while (at := at + self._random.expovariate(rate)) < SECONDS:
            heapq.heappush(queue, (at, next(order), self._job()))
        while queue:
            self._now, _, job = heapq.heappop(queue)
            wait = next(job, None)
            if wait is not None:
                heapq.heappush(queue, (self._now + wait, next(order), job))
        return self.outcome

    def _job(self) -> Iterator[float]:
        begun = self._now
        if not self.is_counted_apart:
            if not (yield from self._write(WRITE_SECONDS)):
                self.outcome.refused += 1
                return
            yield BETWEEN_SECONDS
        tries = yield from self._write(TRANSACTION_SECONDS)
        if not tries:
            self.outcome.refused += 1
            return
        self.outcome.tries.append(tries)
        self.outcome.seconds.append(self._now - begun)
        yield JOB_SECONDS
        if not (yield from self._write(TRANSACTION_SECONDS)):
            self.outcome.left += 1

    def _write(self, seconds: float) -> Generator[float, None, int]:
        """Gives how many tries it took; 0: it was refused at each."""
        for attempt in range(TRIES):
            is_free = self._now >= self._item_free_at
            if is_free:
                self._item_free_at = self._now + seconds
            yield seconds
            if is_free:
                return attempt + 1
            yield self._random.uniform(0, longest_pause(attempt))
        return 0


def report() -> str:
    rows = []
    for rate in RATES:
        now, apart = (Simulation(is_counted_apart=one).run(rate) for one in (False, True))
        rows.append(
            (
                rate,
                f"{sum(now.tries) / len(now.tries):.1f}",
                f"{sorted(now.seconds)[int(0.99 * len(now.seconds))]:.2f} s",
                _share(now.refused, len(now.tries) + now.refused),
                _share(now.left, len(now.tries)),
                _share(apart.refused, len(apart.tries) + apart.refused),
            )
        )
    return pages.table(HEADS, rows)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %"


if __name__ == "__main__":
    text = report()
    pages.write("scale.md", "conflicts", text)
    print(text)
