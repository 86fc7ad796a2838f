"""The webhook function, wired."""

from __future__ import annotations

from darkroom.aws.breakers import DynamoBreaker
from darkroom.aws.secrets import DerivedSecrets
from darkroom.aws.session import Clients
from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
from darkroom.bootstrap.catalogue import names
from darkroom.bootstrap.deliveries import delivery_limit, delivery_queue
from darkroom.clock_and_ids import SystemClock, SystemIds
from darkroom.domain.web_addresses import WebPolicy
from darkroom.fetching.web import PublicWeb
from darkroom.fetching.webhook_sender import SafeWebhookSender
from darkroom.settings import WebhookSettings
from darkroom.usecases.deliver_webhook import DeliveryWorker


def delivery_worker(settings: WebhookSettings) -> DeliveryWorker:
    clients, clock = Clients(), SystemClock()
    dynamodb, table = clients.get("dynamodb"), settings.table_name
    web = PublicWeb(WebPolicy(allowed_hosts=names(settings.fetch_from)))
    limit = delivery_limit(settings, clients, clock)
    return DeliveryWorker(
        webhooks=DynamoWebhooks(dynamodb, table),
        deliveries=DynamoDeliveries(dynamodb, table),
        queue=delivery_queue(settings, clients, limit),
        sender=SafeWebhookSender(web),
        breaker=DynamoBreaker(dynamodb, table, clock),
        limit=limit,
        secrets=DerivedSecrets(clients.get("secretsmanager"), settings.webhook_secret, clock),
        clock=clock,
        ids=SystemIds(),
    )
