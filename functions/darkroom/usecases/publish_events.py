"""Publish events: each receiver's message first, then the bus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from darkroom.domain.delivery import Delivery, delivery_id, first_look, given_up
from darkroom.domain.event_names import ENDS_OF_A_REQUEST, EventName
from darkroom.domain.event_ports import (
    Deliveries,
    DeliveryQueue,
    DescribeJob,
    EventBus,
    Webhooks,
    as_text,
    cloud_event,
    delivery_message,
)
from darkroom.domain.events import Event, subject_of
from darkroom.domain.ports import Clock
from darkroom.domain.webhook import OF_REQUESTS, Webhook

# An event and its message.
EventMessage = tuple[Event, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """Messages to receivers of webhooks."""

    deliveries: Deliveries
    queue: DeliveryQueue
    source: str
    describe: DescribeJob
    clock: Clock

    def message_of(self, event: Event) -> dict[str, Any]:
        return cloud_event(event, self.source, self.describe)

    def enqueue(self, event: Event, message: Mapping[str, Any], webhook: str, url: str) -> Delivery:
        """For the same event a receiver's message is written once, however often this is called."""
        delivery = self._delivery(event, message, webhook, url)
        if self.deliveries.add(delivery) or self._is_untouched(delivery):
            # When this is lost, the sweeper sends it again.
            self.queue.send(delivery_message(delivery))
        return delivery

    def keep_unsent(self, event: Event, message: Mapping[str, Any], webhook: str, url: str) -> None:
        """For a webhook that is switched off: stored, to be redelivered later."""
        delivery = self._delivery(event, message, webhook, url)
        self.deliveries.add(given_up(delivery, "unwanted", delivery.created_at))

    def _delivery(
        self, event: Event, message: Mapping[str, Any], webhook: str, url: str
    ) -> Delivery:
        now = self.clock.now()
        return Delivery(
            id=delivery_id(event.at, event.id, webhook),
            workspace=event.workspace,
            webhook=webhook,
            url=url,
            event=event.id,
            name=event.name,
            body=as_text(message),
            job=event.job.id if event.job else None,
            created_at=now,
            request_id=event.request_id,
            next_at=now,
            due_at=first_look(now),
            since=now,
        )

    def _is_untouched(self, delivery: Delivery) -> bool:
        """Its writer may have died before it sent it. A second message does no harm."""
        known = self.deliveries.get(delivery.workspace, delivery.webhook, delivery.id)
        return known is not None and known.version == delivery.version


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPublisher:
    bus: EventBus
    webhooks: Webhooks
    outbox: Outbox

    def message_of(self, event: Event) -> EventMessage:
        return event, self.outbox.message_of(event)

    def publish(self, messages: Sequence[EventMessage]) -> None:
        """To the bus and to every webhook that wants it, at least once. May be done twice."""
        known: dict[str, Sequence[Webhook]] = {}
        for event, message in messages:
            if event.workspace not in known:
                known[event.workspace] = self.webhooks.of_workspace(event.workspace)
            for webhook, url in _receivers(event, known[event.workspace]):
                self.outbox.enqueue(event, message, webhook, url)
            for off in known[event.workspace]:
                if off.is_missing_out and off.wants(event.name) and not _is_about(event, off):
                    self.outbox.keep_unsent(event, message, off.id, off.url)
        # Last, so that an outage of the bus holds up no webhook.
        self.bus.publish([message for _, message in messages])


def _receivers(event: Event, webhooks: Sequence[Webhook]) -> Iterator[tuple[str, str]]:
    for webhook in webhooks:
        if webhook.enabled and webhook.wants(event.name) and not _is_about(event, webhook):
            yield webhook.id, webhook.url
    hook = event.own_hook
    if hook is not None and event.name in (hook.events or ENDS_OF_A_REQUEST):
        yield OF_REQUESTS, hook.url


def _is_about(event: Event, webhook: Webhook) -> bool:
    return event.name is EventName.WEBHOOK_DISABLED and event.subject == subject_of(webhook)
