"""The histories. Each plays with the faults of its run; recovery then runs until all is quiet."""

from __future__ import annotations

from darkroom.domain.caption_request import CaptionRequest
from tests.crash.backlog_scenarios import BACKLOG
from tests.crash.call_scenarios import CALLS
from tests.crash.event_scenarios import INTAKE, TELLING
from tests.crash.mailbox import MAX_RECEIVES
from tests.crash.provider import LONGER_THAN_A_LEASE, PACE
from tests.crash.scenario import Scenario, Step
from tests.crash.world import World

_PAST_THE_DEADLINE = 15 * 60 + 1


def _simple(n: int, *, key: str | None = "k", **delivery: bool) -> Step:
    def play(world: World) -> None:
        world.submit(n, key)
        world.deliver(**delivery)

    return play


def _scripted(n: int, script: dict[int, list[str]]) -> Step:
    def play(world: World) -> None:
        world.router.script = {slot: list(moves) for slot, moves in script.items()}
        world.submit(n, "k")
        world.deliver()

    return play


def _parked(n: int, how: str = "parks", **delivery: bool) -> Step:
    def play(world: World) -> None:
        world.router.script = {slot: [how] for slot in range(n)}
        world.submit(n, "k")
        for _ in range(3):
            world.deliver(**delivery)
            world.clock.pass_time(PACE)

    return play


def _parked_and_lost(world: World) -> None:
    world.router.script = {0: ["parks"]}
    world.submit(1, "k")
    world.mailbox.loses = {0}
    world.deliver()
    world.mailbox.loses = set()


def _parked_until_too_late(world: World) -> None:
    world.router.script = {0: ["parks_for_ever"]}
    world.submit(1, "k")
    world.clock.pass_time(_PAST_THE_DEADLINE - 2 * PACE)
    world.deliver()


def _every_message_twice(world: World) -> None:
    """Those that a worker has at this moment, too."""
    for message in list(world.mailbox.messages):
        world.work(world.mailbox.put(message.body, world.clock.now()))


def _cancel_between(world: World) -> None:
    told = world.submit(2, "k")
    _first_message(world)
    world.cancel(told.job)
    world.deliver()


def _cancel_first(world: World) -> None:
    told = world.submit(2, "k")
    # Two faults can take two calls.
    for _ in range(3):
        world.cancel(told.job)
    world.deliver()


def _gathered(world: World) -> None:
    world.submit(2, "k", collection=world.gather())
    world.deliver()


def _waited(world: World) -> None:
    """Until the time is up: nobody works meanwhile."""
    world.submit(1, wait=2)
    world.deliver()


def _captions(failures: int) -> Step:
    def play(world: World) -> None:
        world.writer.failures = failures
        request = CaptionRequest(prompt="x", post_types=("x-post",), research_mode="regular")
        world.submit(1, "k", request=request)
        world.deliver()

    return play


def _first_sends_lost(world: World) -> None:
    world.mailbox.loses = {0, 1}
    world.submit(2, "k")
    world.mailbox.loses = set()


def _one_never_arrives(world: World) -> None:
    world.mailbox.loses = {1}
    world.submit(2, "k")
    world.deliver()


def _credit_for_one(world: World) -> None:
    world.submit(1)
    world.submit(1)
    world.deliver()


def _key_reused(world: World) -> None:
    world.submit(1, "k")
    world.submit(2, "k")
    world.deliver()


def _then_cancel(world: World) -> None:
    told = world.submit(1, "k")
    world.clock.pass_time(_PAST_THE_DEADLINE)
    world.cancel(told.job)


def _then_sweep(seconds: int, n: int = 1) -> Step:
    def play(world: World) -> None:
        world.submit(n, "k")
        world.clock.pass_time(seconds)
        world.sweep()

    return play


def _another_worker(seconds: int = 0, slot: int = 0) -> Step:
    def meanwhile(world: World) -> None:
        world.clock.pass_time(seconds)
        if world.all_jobs():
            world.work(world.duplicate(slot))

    return meanwhile


def _no_worker_starts(world: World) -> None:
    world.doomed_workers = 10**6
    world.submit(1, "k")
    world.deliver()


def _five_workers_die(world: World) -> None:
    world.doomed_workers = MAX_RECEIVES
    world.submit(1, "k")
    world.deliver()


def _message_lost_with_its_worker(world: World) -> None:
    world.mailbox.forgets = True
    world.submit(1, "k")
    world.deliver()


def _cancel_beside_another(world: World) -> None:
    told = world.submit(2, "k")
    world.mailbox.loses = {0, 1}
    world.submit(2, "another")
    world.mailbox.loses = set()
    world.cancel(told.job)


def _first_message(world: World) -> None:
    for message in world.mailbox.visible(world.clock.now())[:1]:
        world.work(message)


def _cancel_and_die(world: World) -> None:
    _cancel_all(world)
    for process in world.wire.processes[:1]:
        if process:
            process.is_dead = True  # after the call that is on its way


def _cancel_all(world: World) -> None:
    for job in world.all_jobs():
        world.cancel(job.id)


def _sweep_after(seconds: int) -> Step:
    def meanwhile(world: World) -> None:
        world.clock.pass_time(seconds)
        world.sweep()
        world.deliver()

    return meanwhile


_OK = {"stored": 1, "is_smooth": True}
_PAIR = {"during": "worker", "stored": 1}

SCENARIOS = (
    Scenario(name="one", play=_simple(1), **_OK),
    Scenario(name="two", play=_simple(2, key=None), stored=2, is_smooth=True),
    Scenario(name="two_twice_backwards", play=_simple(2, twice=True, backwards=True), stored=2),
    Scenario(name="one_of_two_fails", play=_scripted(2, {1: ["transient"] * 9}), stored=1),
    Scenario(name="second_try", play=_scripted(1, {0: ["unreadable"]}), stored=1, spends=1),
    Scenario(name="refused", play=_scripted(2, {0: ["refused"] * 9}), stored=1, is_smooth=True),
    Scenario(name="slow", play=_scripted(2, {0: ["slow"]}), stored=2, spends=1),
    Scenario(name="kills_its_workers", play=_scripted(2, {0: ["crash"] * 99}), stored=1),
    Scenario(name="no_worker_starts", play=_no_worker_starts, stored=0),
    Scenario(name="message_lost_with_its_worker", play=_message_lost_with_its_worker, stored=1),
    Scenario(name="gathered", play=_gathered, stored=2, is_smooth=True),
    Scenario(name="parked", play=_parked(2), stored=2, is_smooth=True),
    Scenario(name="parked_twice", play=_parked(1, twice=True), stored=1),
    Scenario(name="parked_and_lost", play=_parked_and_lost, stored=1, spends=1),
    Scenario(name="parked_until_too_late", play=_parked_until_too_late, stored=0),
    Scenario(name="parked_and_cancel", play=_parked(1), during="worker", meanwhile=_cancel_all),
    Scenario(name="parked_and_worker", play=_parked(1), meanwhile=_every_message_twice, **_PAIR),
    Scenario(name="waited", play=_waited, **_OK),
    Scenario(name="captions", play=_captions(0), **_OK),
    Scenario(name="captions_at_the_second_try", play=_captions(1), stored=1, spends=1),
    Scenario(name="cancel_between", play=_cancel_between),
    Scenario(name="cancel_first", play=_cancel_first, stored=0),
    Scenario(name="sends_lost", play=_first_sends_lost, stored=2),
    Scenario(name="one_never_arrives", play=_one_never_arrives, stored=1),
    Scenario(name="credit_for_one", play=_credit_for_one, credits_granted=1),
    Scenario(name="room_for_one", play=_credit_for_one, max_in_flight=1),
    Scenario(name="key_reused", play=_key_reused, stored=1),
    Scenario(name="worker_and_worker", play=_simple(1), meanwhile=_another_worker(), **_PAIR),
    Scenario(
        name="worker_oversleeps",
        play=_simple(1),
        meanwhile=_another_worker(LONGER_THAN_A_LEASE),
        **_PAIR,
    ),
    Scenario(
        name="worker_oversleeps_and_fails",
        play=_scripted(1, {0: ["transient"]}),
        meanwhile=_another_worker(LONGER_THAN_A_LEASE),
        spends=1,
        **_PAIR,
    ),
    Scenario(
        name="worker_and_neighbour",
        play=_simple(2),
        during="worker",
        meanwhile=_another_worker(slot=1),
        stored=2,
    ),
    Scenario(name="worker_and_cancel", play=_simple(2), during="worker", meanwhile=_cancel_all),
    Scenario(
        name="worker_and_sweeper",
        play=_simple(2),
        during="worker",
        meanwhile=_sweep_after(61),
        stored=2,
    ),
    Scenario(
        name="worker_past_deadline",
        play=_simple(2),
        during="worker",
        meanwhile=_sweep_after(_PAST_THE_DEADLINE),
    ),
    Scenario(
        name="cancel_and_sweeper", play=_then_cancel, during="cancel", meanwhile=_sweep_after(0)
    ),
    Scenario(
        name="cancel_and_worker",
        play=_cancel_first,
        during="cancel",
        meanwhile=lambda world: world.deliver(),
    ),
    Scenario(
        name="cancel_and_one_worker",
        play=_cancel_first,
        during="cancel",
        meanwhile=_first_message,
    ),
    Scenario(
        name="cancel_beside_another",
        play=_cancel_beside_another,
        during="cancel",
        meanwhile=lambda world: world.deliver(),
    ),
    Scenario(
        name="worker_dies_after_cancel",
        play=_simple(2),
        during="worker",
        meanwhile=_cancel_and_die,
    ),
    Scenario(
        name="sweeper_and_worker",
        play=_then_sweep(61, 2),
        during="sweeper",
        meanwhile=lambda world: world.deliver(),
        stored=2,
    ),
    Scenario(
        name="sweeper_and_cancel",
        play=_then_sweep(_PAST_THE_DEADLINE),
        during="sweeper",
        meanwhile=_cancel_all,
    ),
    Scenario(
        name="sweeper_and_sweeper",
        play=_then_sweep(61),
        during="sweeper",
        meanwhile=_sweep_after(0),
        stored=1,
    ),
    Scenario(
        name="two_submits_credit_for_one",
        play=_simple(1, key=None),
        during="submit",
        meanwhile=lambda world: world.submit(1),
        credits_granted=1,
    ),
    Scenario(
        name="two_submits_room_for_one",
        play=_simple(2, key=None),
        during="submit",
        meanwhile=lambda world: world.submit(2),
        max_in_flight=2,
    ),
    Scenario(
        name="two_submits_one_key",
        play=_simple(1),
        during="submit",
        meanwhile=lambda world: world.submit(1, "k", tries=1),
        stored=1,
    ),
    Scenario(
        name="dead_letters_and_worker",
        play=_five_workers_die,
        during="sweeper",
        meanwhile=_another_worker(),
    ),
    *BACKLOG,
    *CALLS,
    *TELLING,
    *INTAKE,
)
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
