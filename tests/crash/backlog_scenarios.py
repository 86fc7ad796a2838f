"""Histories of a workspace with more images on their way than its share of the first queue."""

from __future__ import annotations

from functools import partial

from tests.crash.provider import PACE
from tests.crash.scenario import Scenario, Step
from tests.crash.world import World


def _backlog(script: tuple[str, ...] = (), *, loses: bool = False) -> Step:
    """Two jobs of two images where the second is beyond its workspace's share."""

    def play(world: World) -> None:
        world.router.script = {slot: list(script) for slot in range(2) if script}
        world.submit(2, "k")
        world.mailbox.loses = {0, 1} if loses else set()
        world.submit(2, "another")
        world.mailbox.loses = set()
        for _ in range(3 if script else 1):
            world.deliver()
            world.clock.pass_time(PACE if script else 0)

    return play


def _backlog_canceled(world: World) -> None:
    world.submit(1, "k")
    told = world.submit(2, "another")
    world.cancel(told.job)
    world.deliver()


_scenario = partial(Scenario, share=1)

BACKLOG = (
    _scenario(name="backlog", play=_backlog(), stored=4, is_smooth=True),
    _scenario(name="backlog_parked", play=_backlog(("parks",)), stored=4),
    _scenario(name="backlog_lost", play=_backlog(loses=True), stored=4),
    _scenario(name="backlog_canceled", play=_backlog_canceled),
    _scenario(
        name="two_submits_share_for_one",
        play=lambda world: (world.submit(1), world.deliver()),
        during="submit",
        meanwhile=lambda world: world.submit(1),
    ),
)
