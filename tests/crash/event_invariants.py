"""What must hold at the end of what the rest of the world was told, and of what it asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from darkroom.domain.delivery import SCHEDULE, Delivery, DeliveryStatus
from darkroom.domain.event_names import ENDS_OF_A_JOB, EventName
from darkroom.domain.webhook import OF_REQUESTS
from tests.crash import storage
from tests.crash.outside import URL_OF_REQUEST, token_of
from tests.crash.watch import Watch
from tests.crash.world import World

_MOST_TRIES = len(SCHEDULE) + 1
# What is no try's own fate: nobody ended it, or nothing was posted.
_NO_ANSWER = {"", "lost", "unwanted", "unreachable"}


def broken_in_telling(world: World, watch: Watch) -> Iterator[str]:
    yield from _of_events(world, watch)
    yield from _of_requests(world)
    deliveries = storage.deliveries()
    yield from _of_wishes(world, watch, deliveries)
    for delivery in deliveries:
        yield from _of_delivery(world, watch, delivery)
    yield from _of_posts(world, deliveries)
    if storage.bodies(storage.SET_ASIDE):
        yield "I6 a change of the table could not be read"


def _of_events(world: World, watch: Watch) -> Iterator[str]:
    """Told is what has happened, each thing by one name."""
    heard = {told["id"]: told for told in world.wire.published}
    for missed in watch.due_events.keys() - heard.keys():
        event = watch.due_events[missed]
        yield f"I6 {event.name} of {event.subject} was never published"
    others = Counter(
        told["type"].removeprefix("darkroom.")
        for name, told in heard.items()
        if name not in watch.due_events
    )
    rejected = others.pop(EventName.JOB_REJECTED, 0)
    if rejected != _rejected(world):
        yield f"I6 {_rejected(world)} requests were rejected, and {rejected} events say so"
    if others != +watch.changes_told:
        yield f"I6 {dict(others)} was published, and {dict(+watch.changes_told)} has happened"
    for told in world.wire.published:
        if told != heard[told["id"]]:
            yield f"I6 {told['type']} was published in two versions with one id"


def _of_requests(world: World) -> Iterator[str]:
    outside, kept = world.outside, storage.bodies(storage.REJECTED)
    for message in outside.intake_messages.values():
        result = outside.taken[message.id].result if message.id in outside.taken else "lost"
        if result not in {"accepted", "rejected"}:
            yield f"I2 the request {message.body} is {result} at the end"
        if (result == "rejected") != (message.body in kept):
            yield f"I2 the request {message.body} is {result}, and kept are {kept}"

        if result == "rejected" and world.told_of(token_of(message.body)).job:
            yield f"I5 the request {message.body} is a job, and rejected"


def _rejected(world: World) -> int:
    return sum(taken.result == "rejected" for taken in world.outside.taken.values())


def _of_wishes(world: World, watch: Watch, deliveries: list[Delivery]) -> Iterator[str]:
    """Each webhook's share of the events, once."""
    written = Counter((one.webhook, one.event) for one in deliveries)
    for (webhook, event), times in written.items():
        if times > 1:
            yield f"I6 {times} deliveries bring {event} to {webhook}"
    wanted = set()
    for told in world.wire.published:
        wanted |= {(webhook, told["id"]) for webhook in _who_wants(world, watch, told)}
    if written.keys() - wanted:
        yield f"I7 nobody wanted {sorted(written.keys() - wanted)}"
    # One that was switched off meanwhile is written to no more.
    was_disabled = watch.changes_told[EventName.WEBHOOK_DISABLED]
    if wanted - written.keys() and not was_disabled:
        yield f"I6 nothing brings {sorted(wanted - written.keys())}"


def _who_wants(world: World, watch: Watch, told: dict[str, Any]) -> Iterator[str]:
    name = told["type"].removeprefix("darkroom.")
    for hook in world.outside.hooks:
        is_itself = told["subject"] == f"webhooks/{hook.id}"
        is_its_own = hook.workspace == told["workspace"] and not is_itself
        if is_its_own and (name in hook.events or not hook.events):
            yield hook.id
    event = watch.due_events.get(told["id"])
    if event and event.job and event.job.webhook and name in ENDS_OF_A_JOB:
        yield OF_REQUESTS


def _of_delivery(world: World, watch: Watch, delivery: Delivery) -> Iterator[str]:
    where = f"the delivery of {delivery.name}"
    posts = [post for post in world.outside.receivers.posts if _is_of(delivery, post)]
    if delivery.status is DeliveryStatus.PENDING and delivery.due_at is None:
        yield f"I2 {where} waits, and nobody will look after it"
    if delivery.status is DeliveryStatus.DELIVERED and not posts:
        yield f"I2 {where} never arrived, and counts as delivered"
    tried = [one for one in delivery.tries if one.outcome not in _NO_ANSWER]
    was_disabled = watch.changes_told[EventName.WEBHOOK_DISABLED]
    is_out_of_tries = delivery.step >= _MOST_TRIES
    if delivery.status is DeliveryStatus.FAILED and not (was_disabled or is_out_of_tries):
        yield f"I2 {where} was given up after {len(tried)} tries"
    if len(tried) > _MOST_TRIES:
        yield f"I10 {where} was tried {len(tried)} times"
    if len(posts) > len(delivery.tries):
        yield f"I10 {where} was posted {len(posts)} times, and knows of {len(delivery.tries)}"
    sends, due = world.outside.sends[delivery.id], watch.sends_due[delivery.id]
    if sends > due:
        yield f"I10 {where} was sent {sends} times more, and {due} were due"


def _is_of(delivery: Delivery, post: Any) -> bool:
    return (post.url, post.id) == (delivery.url, delivery.event)


def _of_posts(world: World, deliveries: list[Delivery]) -> Iterator[str]:
    owners = {hook.url: hook.workspace for hook in world.outside.hooks}
    bodies = defaultdict(set)
    for post in world.outside.receivers.posts:
        bodies[post.url, post.id].add(post.body)
        told = post.told
        if told["id"] != post.id:
            yield f"I6 {told['id']} was posted as {post.id}"
        if post.url != URL_OF_REQUEST and owners[post.url] != told["workspace"]:
            yield f"I7 {post.url} was told of {told['workspace']}"
    for (url, name), versions in bodies.items():
        if len(versions) > 1:
            yield f"I6 {url} was told of {name} in {len(versions)} versions"
    for post in world.outside.receivers.crowded:
        yield f"I12 {post.url} was called beside as many as its workspace may have at once"
    if bodies.keys() - {(one.url, one.event) for one in deliveries}:
        yield "I6 something was posted that no delivery tells of"
