"""Clients that wait for their images: what is cut off is sent again, and is the same job."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from darkroom.domain.equal_calls import CallTry
from darkroom.domain.errors import DarkroomError, StillMaking, Unavailable
from darkroom.domain.operations import Offer, SubmitJob, Synchronous, WaitForJob
from darkroom.usecases.synchronous import wait_for_job
from tests.builders import image_request
from tests.crash.ended import Ended, Told
from tests.crash.scenario import Scenario
from tests.crash.world import CALLER, World

_ROUTE = "/images"
_WAIT = 2
_TRIES = 3


def call(
    world: World,
    name: str = "call",
    *,
    numbers: tuple[int, ...] = tuple(range(_TRIES)),
    counts: bool = True,
    follows: bool = True,
) -> None:
    """One call with its tries. A client that does not count them comes again only when asked to."""
    told = Told(name, 1)
    world.told.append(told)
    for number in numbers:
        ended = _send(world, told, number if counts else 0, follows=follows)
        if ended.value:
            told.job = ended.value.job.id
            _wait_on(world, told)
            return
        if isinstance(ended.error, StillMaking):
            told.job = ended.error.job
            if not ended.error.repeat_joins and not counts:
                return
        elif isinstance(ended.error, DarkroomError) and not isinstance(ended.error, Unavailable):
            told.refusal = ended.error
            return
        elif not counts:
            return


def _send(world: World, told: Told, number: int, *, follows: bool) -> Ended:
    caller = replace(CALLER, request_id=world.ids.new_id())
    command = SubmitJob(
        dialect="native",
        request=image_request(n=1),
        offer=Offer(name="painter", price=1),
        wait=_WAIT,
        synchronous=Synchronous(
            route=_ROUTE, tried=CallTry(call="equal", number=number), is_last_wait=not follows
        ),
    )
    ended = world.run("submit", partial(world.submit_command, command, caller))
    world.requests[caller.request_id] = ended
    told.processes.append(ended)
    return ended


def _wait_on(world: World, told: Told) -> None:
    """Along the redirects, while the workers work."""
    for is_last in (False, True):
        command = WaitForJob(
            job=told.job or "", dialect="native", route=_ROUTE, wait=_WAIT, is_last_wait=is_last
        )
        waiting = partial(
            wait_for_job,
            command,
            CALLER,
            jobs=world.jobs,
            calls=world.calls,
            accounts=world.accounts,
            clock=world.clock,
        )
        world.run("status", waiting)
        world.deliver()


def _called(world: World) -> None:
    call(world)
    world.deliver()


def _asked_again(world: World) -> None:
    call(world, follows=False)
    world.deliver()


def _asked_again_without_a_count(world: World) -> None:
    call(world, counts=False, follows=False)
    world.deliver()


def _first_try(world: World) -> None:
    call(world, numbers=(0,))
    world.deliver()


def _second_try(world: World) -> None:
    call(world, numbers=(1,))


def _equal_call(world: World) -> None:
    call(world, "another call")


CALLS = (
    Scenario(name="called", play=_called, stored=1),
    Scenario(name="called_and_asked_again", play=_asked_again, stored=1),
    Scenario(
        name="called_and_asked_again_without_a_count", play=_asked_again_without_a_count, stored=1
    ),
    Scenario(
        name="two_tries_at_once",
        play=_first_try,
        during="submit",
        meanwhile=_second_try,
        stored=1,
    ),
    Scenario(name="two_equal_calls", play=_called, during="submit", meanwhile=_equal_call),
)
