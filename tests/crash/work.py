"""A piece of the whole, done in a process of its own and told in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.crash.guards import BY_NAME as GUARDS
from tests.crash.plan import Share, caught, outcomes
from tests.crash.runs import Outcome
from tests.crash.world import open_world

Report = tuple[str, Counter[str], list[str]]


def do(work: Share | str) -> Report:
    with open_world() as world:
        if isinstance(work, Share):
            return _count(work, outcomes(world, work))
        guard = GUARDS[work]
        first = caught(world, guard)
    counts = Counter(guards_removed=1, guards_caught=int(first is not None))
    if first is None:
        return f"without {work}", counts, [f"nothing turns red without {work}: {guard.what}"]
    return f"without {work}: {first.run}: {first.broken[0]}", counts, []


def _count(share: Share, done: Iterator[Outcome]) -> Report:
    counts: Counter[str] = Counter()
    found = []
    for outcome in done:
        counts["runs"] += 1
        counts["regenerated"] += outcome.regenerated
        if not outcome.run.faults and share.knows_tokens:
            counts["crash_points"] += len(outcome.calls)
        if outcome.broken:
            counts["violations"] += 1
            found.append(f"{outcome.broken[0]}\n    python -m tests.crash --replay '{outcome.run}'")
    return share.scenario, counts, found
