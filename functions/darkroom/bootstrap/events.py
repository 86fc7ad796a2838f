"""Who tells the rest of the world, wired: for the relay, for the intake, and for what is asked of
webhooks by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

from darkroom.aws.bus import EventBridgeBus
from darkroom.aws.session import Clients
from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
from darkroom.bootstrap.deliveries import DeliverySettings, delivery_limit, delivery_queue
from darkroom.bootstrap.links import link_signer
from darkroom.dialects.native.event_answer import describe
from darkroom.domain.event_ports import DescribeJob
from darkroom.domain.job import Job
from darkroom.domain.ports import Clock
from darkroom.domain.secrets import Secrets
from darkroom.usecases.publish_events import EventPublisher, Outbox


class OutboxSettings(DeliverySettings, Protocol):
    """The settings of whoever tells."""

    @property
    def public_url(self) -> str: ...


class EventPublisherSettings(OutboxSettings, Protocol):
    @property
    def event_bus_name(self) -> str: ...


def outbox(settings: OutboxSettings, clients: Clients, secrets: Secrets, clock: Clock) -> Outbox:
    return Outbox(
        deliveries=DynamoDeliveries(clients.get("dynamodb"), settings.table_name),
        queue=delivery_queue(settings, clients, delivery_limit(settings, clients, clock)),
        source=settings.public_url,
        describe=_describer(settings.public_url, secrets),
        clock=clock,
    )


def event_publisher(
    settings: EventPublisherSettings, clients: Clients, secrets: Secrets, clock: Clock
) -> EventPublisher:
    return EventPublisher(
        bus=EventBridgeBus(clients.get("events"), settings.event_bus_name),
        webhooks=DynamoWebhooks(clients.get("dynamodb"), settings.table_name),
        outbox=outbox(settings, clients, secrets, clock),
    )


def _describer(public_url: str, secrets: Secrets) -> DescribeJob:
    """A job as whoever reads it is shown it, with addresses that do not change when it is told
    twice.
    """

    def described(job: Job) -> Mapping[str, Any]:
        signer = link_signer(secrets)

        def file_url(name: str) -> str:
            return f"{public_url}/v1/files/{name}?{urlencode(signer.query(name, job.updated_at))}"

        return describe(job, file_url)

    return described
