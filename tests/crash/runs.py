"""One run: a scenario with its faults, then recovery, then the question what is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from darkroom.domain.job import SlotStatus
from darkroom.usecases.process_slot import MAX_LEASES
from tests.crash import storage
from tests.crash.faults import FATEFUL, HARMLESS, KINDS
from tests.crash.guards import BY_NAME as GUARDS
from tests.crash.invariants import broken_at_the_end
from tests.crash.scenario import Scenario
from tests.crash.scenarios import BY_NAME as SCENARIOS
from tests.crash.watch import Watch
from tests.crash.wire import Call
from tests.crash.world import World

_ROUNDS = 60


@dataclass(frozen=True)
class Run:
    """Written `scenario@call.fault@call.fault`, with `!guard` and `+no_tokens` where they apply."""

    scenario: str
    faults: Mapping[int, str] = field(default_factory=dict)
    guard: str | None = None
    knows_tokens: bool = True

    def __str__(self) -> str:
        faults = "".join(f"@{number}.{kind}" for number, kind in sorted(self.faults.items()))
        guard = f"!{self.guard}" if self.guard else ""
        return self.scenario + faults + guard + ("" if self.knows_tokens else "+no_tokens")

    @classmethod
    def parse(cls, text: str) -> Run:
        text, plus, _ = text.partition("+no_tokens")
        text, _, guard = text.partition("!")
        scenario, *faults = text.split("@")
        pairs = (fault.partition(".") for fault in faults)
        plan = {int(number): kind for number, _, kind in pairs}
        if scenario not in SCENARIOS or not set(plan.values()) <= KINDS.keys():
            raise ValueError(f"{text} is not a run")
        if guard and guard not in GUARDS:
            raise ValueError(f"{guard} is not a guard")
        return cls(scenario, plan, guard or None, knows_tokens=not plus)


@dataclass
class Outcome:
    run: Run
    calls: list[Call]
    broken: list[str]
    regenerated: int


def perform(world: World, run: Run) -> Outcome:
    scenario = SCENARIOS[run.scenario]
    if run.guard is None:
        return _perform(world, run, scenario)
    with GUARDS[run.guard].removed(world):
        return _perform(world, run, scenario)


def _perform(world: World, run: Run, scenario: Scenario) -> Outcome:
    world.begin(run.faults, knows_tokens=run.knows_tokens)
    watch = Watch(world, scenario.max_in_flight)
    world.wire.meanwhile = lambda: scenario.meanwhile and scenario.meanwhile(world)
    world.open(scenario.credits_granted, scenario.max_in_flight, low_credits=scenario.low_credits)
    world.share = scenario.share
    scenario.play(world)
    all_ended = all(job.status.is_terminal for job in world.all_jobs())
    if scenario.is_smooth and _needs_no_sweeper(world):
        watch.check(all_ended, "I2 what retries can hide needed the sweeper")
    watch.check(recover(world), "I2 it never becomes quiet")
    watch.broken += broken_at_the_end(world, watch)
    spent = len(run.faults) + scenario.spends
    if scenario.stored is not None and spent < MAX_LEASES and not FATEFUL & set(world.wire.fired):
        stored = sum(job.count(SlotStatus.STORED) for job in world.all_jobs())
        expected = scenario.stored if world.all_jobs() else 0
        watch.check(stored == expected, f"I2 {stored} images are stored and not {expected}")
    return Outcome(
        run=run,
        calls=world.wire.calls,
        broken=watch.broken,
        regenerated=sum(max(0, times - 1) for times in watch.made.values()),
    )


def recover(world: World) -> bool:
    """A sweep at each moment at which something is due, and somebody for each message. What has
    changed is told once nothing moves any more.
    """
    for _ in range(_ROUNDS):
        moment = world.next_event()
        if moment is None and world.outside.stream.is_read:
            return True
        if moment is None:
            world.outside.tell_the_rest()
            continue
        world.clock.time = max(world.clock.time, moment + timedelta(seconds=1))
        world.sweep()
        world.deliver()
        world.outside.take()
        world.outside.bring()
    return storage.dead_letters() == 0 and world.next_event() is None


def _needs_no_sweeper(world: World) -> bool:
    fired = world.wire.fired
    return set(fired) <= HARMLESS and fired.count("partly_sent") <= 1
