"""Which runs there are: every single fault, and the ordered pairs of them as far as is paid for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.crash.faults import LOST_ANSWERS, kinds_for
from tests.crash.guards import Guard
from tests.crash.runs import Outcome, Run, perform
from tests.crash.scenarios import BY_NAME as SCENARIOS
from tests.crash.world import World


@dataclass(frozen=True)
class Share:
    """One scenario's part of the work, in one of the two modes."""

    scenario: str
    pairs: int
    seed: int
    knows_tokens: bool = True


def followed_by_one_fault(outcome: Outcome) -> list[Run]:
    """The run again, with one fault more, somewhere after those that it has."""
    run = outcome.run
    scenario = SCENARIOS[run.scenario]
    during = scenario.during
    if any(kind.startswith("meanwhile") for kind in run.faults.values()):
        during = None  # the other process comes once
    last = max(run.faults, default=-1)
    return [
        replace(run, faults={**run.faults, call.number: kind})
        for call in outcome.calls
        if call.number > last and (call.process in scenario.faults_in or not scenario.faults_in)
        for kind in kinds_for(call, during)
    ]


def _tells_tokens_apart(outcome: Outcome, run: Run) -> bool:
    """Only a transaction that is sent twice is another thing where AWS does not know it again."""
    call = outcome.calls[max(run.faults)]
    return call.operation == "TransactWriteItems" and run.faults[call.number] in LOST_ANSWERS


def singles(world: World, start: Run) -> Iterator[Outcome]:
    base = perform(world, start)
    yield base
    for run in followed_by_one_fault(base):
        if run.knows_tokens or _tells_tokens_apart(base, run):
            yield perform(world, run)


def outcomes(world: World, share: Share) -> Iterator[Outcome]:
    """All single faults, then pairs: all of them where they fit into the share, else a sample."""
    pairs: list[Run] = []
    for outcome in singles(world, Run(share.scenario, knows_tokens=share.knows_tokens)):
        yield outcome
        if outcome.run.faults:
            pairs += followed_by_one_fault(outcome)
    if len(pairs) > share.pairs:
        pairs = random.Random(share.seed).sample(pairs, share.pairs)  # noqa: S311 - a sample
    for run in pairs:
        yield perform(world, run)


def caught(world: World, guard: Guard) -> Outcome | None:
    """The first run that is red without the guard, and green with it."""
    for hint in guard.hints:
        start = replace(Run.parse(hint), guard=guard.name, knows_tokens=guard.knows_tokens)
        # A run that was red once is likely to be so again; its scenario is searched only if not.
        done = [perform(world, start)] if start.faults else singles(world, start)
        for outcome in done:
            if outcome.broken and not perform(world, replace(outcome.run, guard=None)).broken:
                return outcome
    return None
