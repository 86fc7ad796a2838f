"""The webhook function, wired."""

from __future__ import annotations

from darkroom.aws.breakers import DynamoBreaker
from darkroom.aws.secrets import DerivedSecrets
from darkroom.aws.session import Clients
from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
from darkroom.bootstrap.catalogue import names
from darkroom.bootstrap.deliveries import courier_limit, delivery_queue
from darkroom.domain.web_addresses import WebPolicy
from darkroom.fetching.poster import SafePoster
from darkroom.fetching.web import PublicWeb
from darkroom.settings import WebhookSettings
from darkroom.system import SystemClock, SystemIds
from darkroom.usecases.deliver_webhook import Courier


def courier(settings: WebhookSettings) -> Courier:
    clients, clock = Clients(), SystemClock()
    dynamodb, table = clients.get("dynamodb"), settings.table_name
    web = PublicWeb(WebPolicy(allowed_hosts=names(settings.fetch_from)))
    limit = courier_limit(settings, clients, clock)
    return Courier(
        webhooks=DynamoWebhooks(dynamodb, table),
        deliveries=DynamoDeliveries(dynamodb, table),
        queue=delivery_queue(settings, clients, limit),
        poster=SafePoster(web),
        breaker=DynamoBreaker(dynamodb, table, clock),
        limit=limit,
        secrets=DerivedSecrets(clients.get("secretsmanager"), settings.webhook_secret, clock),
        clock=clock,
        ids=SystemIds(),
    )
