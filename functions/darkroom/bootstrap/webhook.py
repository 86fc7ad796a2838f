"""The webhook function, wired."""

from __future__ import annotations

from darkroom.bootstrap.ports import DeliveryPorts, WebhookSecretPorts, WebPorts
from darkroom.fetching.webhook_sender import SafeWebhookSender
from darkroom.settings import WebhookSettings
from darkroom.usecases.deliver_webhook import DeliveryWorker


class DeliveryWorkerPorts(WebPorts, DeliveryPorts, WebhookSecretPorts):
    settings: WebhookSettings


def delivery_worker(ports: DeliveryWorkerPorts) -> DeliveryWorker:
    return DeliveryWorker(
        webhooks=ports.webhooks,
        deliveries=ports.deliveries,
        queue=ports.delivery_queue,
        sender=SafeWebhookSender(ports.web),
        breaker=ports.breaker(),
        limit=ports.delivery_limit,
        secrets=ports.webhook_secrets,
        clock=ports.clock,
        ids=ports.ids,
    )
