"""Histories of what the rest of the world is told, and of requests that come without HTTP."""

from __future__ import annotations

from darkroom.domain.event_ports import Answer
from darkroom.domain.job import Hook
from tests.crash.outside import URL, URL_OF_REQUEST
from tests.crash.receivers import TIMEOUT
from tests.crash.scenario import Scenario, Step
from tests.crash.world import CREDITS, World

_OTHER = "other"
_OTHER_URL = "https://others.example/hook"
# Somebody looks at a delivery that nobody has tried for so long; a try is given up sooner.
_LOST = 121
_SECOND_PAUSE = 5 * 60 * 1.1 + 1
_END = "job.completed"


def _done(world: World, **asked: object) -> None:
    """A job from its request to its end, and nobody was told yet."""
    world.submit(1, "k", **asked)
    world.deliver()


def _told(world: World) -> None:
    world.outside.hook("job.accepted", _END)
    world.submit(1, "k", webhook=Hook(url=URL_OF_REQUEST))
    world.outside.relay()
    world.deliver()
    world.outside.relay()
    world.outside.bring()


def _one_delivery(*answers: int | str) -> Step:
    def play(world: World) -> None:
        world.outside.hook(_END)
        world.outside.receivers.script = {URL: list(answers)}
        _done(world)
        world.outside.relay()
        world.outside.bring()

    return play


def _receiver_fails(world: World) -> None:
    _one_delivery(500, TIMEOUT)(world)
    for pause in (6, _SECOND_PAUSE):
        world.clock.pass_time(pause)
        world.outside.bring(twice=True)


def _receiver_is_down(world: World) -> None:
    """It asks to be left alone for a minute, and so no other message goes there either."""
    world.outside.hook("image.stored", _END)
    world.outside.receivers.script = {URL: [Answer(status=503, retry_after="60")]}
    _done(world)
    world.outside.relay()
    for pause in (0, 62):
        world.clock.pass_time(pause)
        world.outside.bring()


def _receiver_is_slow(world: World) -> None:
    """What comes after its first answer waits in the queue of slow receivers."""

    def answer() -> int:
        world.clock.pass_time(12)
        return 204

    world.outside.hook("image.stored", _END)
    world.outside.receivers.script = {URL: [answer, answer]}
    _done(world)
    world.outside.relay()
    for _ in range(2):
        world.outside.bring()


def _delivery_workers_full(world: World) -> None:
    """A workspace with one place, and two deliveries for it."""
    world.outside.places = 1
    world.outside.hook("image.stored", _END)
    _done(world)
    world.outside.relay()
    world.outside.bring()


def _bring_the_last(world: World) -> None:
    for message in world.outside.posts.messages[-1:]:
        world.outside.bring_one(message)


def _receiver_is_gone(world: World) -> None:
    world.outside.hook("image.stored", _END)
    world.outside.receivers.script = {URL: [410]}
    _done(world)
    world.outside.relay()
    world.outside.bring()


def _posts_lost(world: World) -> None:
    """And the one that is sent again."""
    world.outside.hook(_END)
    world.outside.posts.loses_all = True
    _done(world)
    world.outside.relay()
    world.clock.pass_time(_LOST - 60)
    for _ in range(2):
        world.clock.pass_time(60)
        world.sweep()
    world.outside.posts.loses_all = False


def _post_is_late(world: World) -> None:
    """The sweeper looks after it just as its message arrives."""
    world.outside.hook(_END)
    _done(world)
    world.outside.relay()
    world.clock.pass_time(_LOST)
    world.sweep()


def _told_again(world: World) -> None:
    """All changes come once more, from other shards in another order, when all is over."""
    _one_delivery()(world)
    world.outside.stream.repeat(backwards=True)
    world.outside.relay()
    world.outside.bring()


def _before_the_end(world: World) -> None:
    world.outside.hook(_END)
    _done(world)
    world.outside.relay()


def _another_relay(world: World) -> None:
    """One that ran out of its time, and whose batch was given to another."""
    world.outside.relay()
    world.outside.bring()


def _another_delivery_worker(world: World) -> None:
    for message in world.outside.posts.messages[:1]:
        world.outside.bring_one(world.outside.posts.again(message, world.clock.now()))


def _sweep_and_bring(world: World) -> None:
    world.clock.pass_time(_LOST)
    world.sweep()
    world.outside.bring()


def _two_workspaces(world: World) -> None:
    with world.wire.unnumbered():
        world.open(workspace=_OTHER)
    world.outside.hook(_END)
    world.outside.hook(_END, workspace=_OTHER, url=_OTHER_URL)
    world.outside.ask("theirs", _OTHER)
    world.outside.take()
    _done(world)
    world.outside.relay()
    world.outside.bring()


def _asked(world: World) -> None:
    world.outside.ask("order")
    world.outside.take()
    world.deliver()


def _asked_twice(world: World) -> None:
    message = world.outside.ask("order")
    world.outside.requests.again(message, world.clock.now())
    world.outside.take()
    world.deliver()


def _put_off(world: World) -> None:
    """Until the one image that may be on its way is there."""
    world.submit(1, "k")
    world.outside.ask("order")
    world.outside.take()
    world.deliver()
    world.clock.pass_time(5)
    world.outside.take()
    world.deliver()


def _rejected(world: World) -> None:
    """Delivered a second time, a minute later."""
    world.outside.hook("job.rejected")
    message = world.outside.ask("order", width=7)
    world.outside.take()
    world.clock.pass_time(61)
    world.outside.requests.again(message, world.clock.now())
    world.outside.take()
    world.outside.bring()


def _take_again(world: World) -> None:
    for message in world.outside.requests.messages[:1]:
        world.outside.take_one(world.outside.requests.again(message, world.clock.now()))


_ONE = {"stored": 1}
_DELIVERY_WORKER = {**_ONE, "faults_in": ("delivery_worker",)}

TELLING = (
    Scenario(name="told", play=_told, low_credits=CREDITS, **_ONE),
    Scenario(name="told_again", play=_told_again, faults_in=("relay", "delivery_worker"), **_ONE),
    Scenario(name="receiver_fails", play=_receiver_fails, **_DELIVERY_WORKER),
    Scenario(name="receiver_is_down", play=_receiver_is_down, **_DELIVERY_WORKER),
    Scenario(name="receiver_is_slow", play=_receiver_is_slow, **_DELIVERY_WORKER),
    Scenario(
        name="delivery_workers_full",
        play=_delivery_workers_full,
        during="delivery_worker",
        meanwhile=_bring_the_last,
        **_DELIVERY_WORKER,
    ),
    Scenario(name="receiver_is_gone", play=_receiver_is_gone, **_DELIVERY_WORKER),
    Scenario(
        name="posts_lost",
        play=_posts_lost,
        faults_in=("relay", "sweeper", "delivery_worker"),
        **_ONE,
    ),
    Scenario(name="two_workspaces", play=_two_workspaces, stored=2, faults_in=("relay",)),
    Scenario(
        name="relay_and_relay",
        play=_before_the_end,
        during="relay",
        meanwhile=_another_relay,
        faults_in=("relay",),
        **_ONE,
    ),
    Scenario(
        name="two_delivery_workers",
        play=_one_delivery(),
        during="delivery_worker",
        meanwhile=_another_delivery_worker,
        **_DELIVERY_WORKER,
    ),
    Scenario(
        name="delivery_worker_and_sweeper",
        play=_one_delivery(),
        during="delivery_worker",
        meanwhile=_sweep_and_bring,
        **_DELIVERY_WORKER,
    ),
    Scenario(
        name="delivery_sweeper_and_worker",
        play=_post_is_late,
        during="sweeper",
        meanwhile=lambda world: world.outside.bring(),
        faults_in=("sweeper",),
        **_ONE,
    ),
)
INTAKE = (
    # Credit for one: whoever comes again with its token is told of the first all the same.
    Scenario(name="asked", play=_asked, credits_granted=1, is_smooth=True, **_ONE),
    Scenario(name="asked_twice", play=_asked_twice, faults_in=("intake",), **_ONE),
    Scenario(
        name="asked_and_put_off",
        play=_put_off,
        max_in_flight=1,
        stored=2,
        faults_in=("intake",),
    ),
    Scenario(name="asked_and_rejected", play=_rejected, faults_in=("intake", "delivery_worker")),
    Scenario(
        name="asked_in_two_places",
        play=_asked,
        during="intake",
        meanwhile=_take_again,
        faults_in=("intake",),
        **_ONE,
    ),
)
