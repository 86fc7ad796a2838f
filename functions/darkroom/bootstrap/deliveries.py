"""The queues of deliveries, wired: for each function that sends to them."""

from __future__ import annotations

from typing import Protocol

from darkroom.aws.courier_limit import DynamoCourierLimit
from darkroom.aws.delivery_queue import SqsDeliveryQueue
from darkroom.aws.session import Clients
from darkroom.domain.ports import Clock
from darkroom.domain.telling import CourierLimit


class SendingDeliveries(Protocol):
    """The settings of whatever sends deliveries."""

    @property
    def table_name(self) -> str: ...
    @property
    def webhooks_queue_url(self) -> str: ...
    @property
    def slow_webhooks_queue_url(self) -> str: ...
    @property
    def webhooks_per_workspace(self) -> str: ...


def courier_limit(settings: SendingDeliveries, clients: Clients, clock: Clock) -> CourierLimit:
    places = int(settings.webhooks_per_workspace)
    return DynamoCourierLimit(clients.get("dynamodb"), settings.table_name, places, clock)


def delivery_queue(
    settings: SendingDeliveries, clients: Clients, limit: CourierLimit
) -> SqsDeliveryQueue:
    return SqsDeliveryQueue(
        clients.get("sqs"), settings.webhooks_queue_url, settings.slow_webhooks_queue_url, limit
    )
