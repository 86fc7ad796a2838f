"""Webhooks and deliveries, as the core hands them to the dialect."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from darkroom.domain.delivery import Delivery, DeliveryStatus, Try
from darkroom.domain.webhook import OF_REQUESTS, Webhook, of_requests
from darkroom.domain.webhook_operations import WebhookWithSecret
from docs.openapi.samples import LATER, NOW, WORKSPACE

WEBHOOK_ID = "019aa6c5-4c00-7e75-9142-9fb05d627e84"
DELIVERY_ID = "019aa6c5-4c00-7f86-a253-a0c16e738f95"
HOOK = Webhook(
    id=WEBHOOK_ID,
    workspace=WORKSPACE,
    url="https://example.com/darkroom",
    created_at=NOW,
    events=("job.completed", "job.failed"),
    headers={"authorization": "Bearer a-secret-of-yours"},
)
DISABLED = replace(HOOK, events=(), enabled=False, disabled_because="gone", failing_since=LATER)
_SECRET = "whsec_c2VjcmV0IG9mIGEgd2ViaG9vaywgMzIgYnl0ZXM="
MADE = WebhookWithSecret(webhook=HOOK, secret=_SECRET)
DEFAULT = of_requests(WORKSPACE, NOW, derived_from=1)
OF_ALL_REQUESTS = WebhookWithSecret(webhook=DEFAULT, secret=_SECRET)
PENDING = Delivery(
    id=DELIVERY_ID,
    workspace=WORKSPACE,
    webhook=WEBHOOK_ID,
    url=HOOK.url,
    event="019aa6c5-4c00-7a97-b364-b1d27f849fa6",
    name="job.completed",
    body='{"type":"darkroom.job.completed"}',
    created_at=NOW,
    next_at=NOW + timedelta(seconds=5),
    since=NOW,
    due_at=LATER,
    job="019aa6c5-4c00-7ba8-8475-c2e38a950ab7",
    tries=(
        Try(
            at=NOW,
            outcome="status_500",
            milliseconds=81,
            code=500,
            answer="no such table: deliveries",
        ),
        Try(at=LATER),
    ),
)
DELIVERED = replace(
    PENDING,
    webhook=OF_REQUESTS,
    status=DeliveryStatus.DELIVERED,
    due_at=None,
    tries=(Try(at=NOW, outcome="delivered", milliseconds=64, code=200),),
)
FAILED = replace(
    DELIVERED,
    name="webhook.test",
    job=None,
    status=DeliveryStatus.FAILED,
    tries=(Try(at=NOW, outcome="status_410", milliseconds=70, code=410),),
)
