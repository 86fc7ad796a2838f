"""The queues of deliveries, wired: for each function that sends to them."""

from __future__ import annotations

from typing import Protocol

from darkroom.aws.delivery_limit import DynamoDeliveryLimit
from darkroom.aws.delivery_queue import SqsDeliveryQueue
from darkroom.aws.session import Clients
from darkroom.domain.event_ports import DeliveryLimit
from darkroom.domain.ports import Clock


class DeliverySettings(Protocol):
    """The settings of whatever sends deliveries."""

    @property
    def table_name(self) -> str: ...
    @property
    def webhooks_queue_url(self) -> str: ...
    @property
    def slow_webhooks_queue_url(self) -> str: ...
    @property
    def webhooks_per_workspace(self) -> str: ...


def delivery_limit(settings: DeliverySettings, clients: Clients, clock: Clock) -> DeliveryLimit:
    places = int(settings.webhooks_per_workspace)
    return DynamoDeliveryLimit(clients.get("dynamodb"), settings.table_name, places, clock)


def delivery_queue(
    settings: DeliverySettings, clients: Clients, limit: DeliveryLimit
) -> SqsDeliveryQueue:
    return SqsDeliveryQueue(
        clients.get("sqs"), settings.webhooks_queue_url, settings.slow_webhooks_queue_url, limit
    )
