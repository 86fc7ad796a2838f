"""The guards of what the rest of the world is told, and of what it asks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from darkroom.aws.bus import EventBridgeBus
from darkroom.aws.webhook_records import DELIVERY, read_delivery
from darkroom.bootstrap import intake
from darkroom.domain.delivery import Delivery, DeliveryStatus, looked_at
from darkroom.domain.event_ports import BusFailed, DeliveryMessage, delivery_message
from darkroom.usecases import sweep_deliveries
from darkroom.usecases.sweep_deliveries import DeliverySweep
from tests.crash.guard import Guard
from tests.crash.removals import Removal, condition, port, unconditional
from tests.crash.rewriting import rewritten, widened
from tests.crash.world import World

_FREE_PLACE = "attribute_not_exists(#place) OR #place.#until < :now OR #place.#token = :token"


def _is_claim(delivery: Delivery) -> bool:
    return bool(delivery.tries) and not delivery.tries[-1].outcome


def _is_look(delivery: Delivery) -> bool:
    return delivery.status is DeliveryStatus.PENDING and delivery.looks > 0


def _unversioned(is_meant: Callable[[Delivery], bool]) -> Removal:
    """Such a write of a delivery succeeds, whatever became of it since it was read."""

    def change(write: dict[str, Any]) -> None:
        item = write.get("Item", {})
        if item.get("sk", {}).get("S", "").startswith(DELIVERY) and is_meant(read_delivery(item)):
            widened(write, "version = :version", ())

    return lambda world: rewritten(world, change)


def _never_due(world: World) -> AbstractContextManager[None]:
    """A new delivery is in no index of what is due."""

    def change(write: dict[str, Any]) -> None:
        is_new = write.get("ConditionExpression") == "attribute_not_exists(pk)"
        if is_new and write["Item"]["sk"]["S"].startswith(DELIVERY):
            del write["Item"]["due_at"], write["Item"]["due_shard"]

    return rewritten(world, change)


def _bus_failures_pass(_world: World) -> AbstractContextManager[Any]:
    publish = EventBridgeBus.publish

    def published(self: EventBridgeBus, told: Any) -> None:
        with suppress(BusFailed):
            publish(self, told)

    return patch.object(EventBridgeBus, "publish", published)


def _sent_before_the_look(self: DeliverySweep, message: DeliveryMessage) -> bool:
    delivery = self.deliveries.get(message.workspace, message.webhook, message.delivery)
    now = self.clock.now()
    if delivery is None or delivery.due_at is None or delivery.due_at > now:
        return False
    self.queue.send(delivery_message(delivery))
    return self.deliveries.change(delivery, looked_at(delivery, now))


def _without_token(_world: World) -> AbstractContextManager[Any]:
    requested_job = intake.requested_job

    def tokenless(*arguments: Any, **named: Any) -> Any:
        return replace(requested_job(*arguments, **named), idempotency_key=None)

    return patch.object(intake, "requested_job", tokenless)


TELLING = (
    Guard(
        name="one_delivery_an_event",
        what="a receiver's message is written once, however often its event is relayed",
        removed=unconditional(DELIVERY),
        hints=("told_again", "relay_and_relay"),
    ),
    Guard(
        name="claim_before_the_post",
        what="a message is posted by one delivery worker, who has written that down before",
        removed=_unversioned(_is_claim),
        hints=(
            "two_delivery_workers@15.meanwhile_after",
            "two_delivery_workers",
        ),
    ),
    Guard(
        name="places_of_delivery_workers",
        what="a workspace has no more delivery workers of the first queue at once than its places",
        removed=condition(_FREE_PLACE, "SET #place"),
        hints=("delivery_workers_full@23.meanwhile_before", "delivery_workers_full"),
    ),
    Guard(
        name="failures_of_the_bus",
        what="what the bus did not take is relayed again",
        removed=_bus_failures_pass,
        hints=("told@8.never_published", "told"),
    ),
    Guard(
        name="deliveries_are_due",
        what="a message that was lost on its way to a delivery worker is looked after",
        removed=_never_due,
        hints=("posts_lost",),
    ),
    Guard(
        name="look_is_written",
        what="a delivery is sent again at each look, and not at each sweep",
        removed=port(sweep_deliveries, "looked_at", lambda delivery, _now: delivery),
        hints=("posts_lost",),
    ),
    Guard(
        name="look_before_the_send",
        what="a sweeper that dies at a delivery has put off its next look",
        removed=port(DeliverySweep, "_send", _sent_before_the_look),
        hints=("posts_lost@23.crash_after", "posts_lost"),
    ),
    Guard(
        name="look_as_it_was_read",
        what="a look does not undo what a delivery worker has done meanwhile",
        removed=_unversioned(_is_look),
        hints=(
            "delivery_sweeper_and_worker@21.meanwhile_after",
            "delivery_sweeper_and_worker",
        ),
    ),
    Guard(
        name="one_job_a_request",
        what="a request that comes twice by the queue is one job",
        removed=_without_token,
        hints=("asked_twice", "asked_in_two_places"),
    ),
)
