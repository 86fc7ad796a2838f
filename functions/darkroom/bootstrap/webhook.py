"""The webhook function, wired."""

from __future__ import annotations

from darkroom.bootstrap.ports import Ports
from darkroom.fetching.webhook_sender import SafeWebhookSender
from darkroom.usecases.deliver_webhook import DeliveryWorker


def delivery_worker(ports: Ports) -> DeliveryWorker:
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
