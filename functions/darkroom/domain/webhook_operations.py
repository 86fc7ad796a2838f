"""What a caller may ask about webhooks, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from darkroom.domain.delivery import Delivery, DeliveryStatus
from darkroom.domain.operations import Operation
from darkroom.domain.outcomes import Deleted
from darkroom.domain.webhook import Webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookWithSecret:
    """Shown as it is made, and not again."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCounts:
    """`has_more`: there was more to look at than one look takes, and may be more to count."""

    pending: int
    failed_last_day: int
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookWithCounts:
    webhook: Webhook
    counts: DeliveryCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookList:
    webhooks: tuple[Webhook, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """Newest first, or oldest first; `last`: where to go on from, if there may be more."""

    deliveries: tuple[Delivery, ...]
    last: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redelivered:
    count: int
    last: str | None  # where more may follow it


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateWebhook(Operation[WebhookWithSecret]):
    url: str
    events: tuple[str, ...]
    description: str
    enabled: bool = True
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWebhook(Operation[Webhook]):
    """Only what is given changes."""

    webhook: str
    url: str | None = None
    events: tuple[str, ...] | None = None
    description: str | None = None
    enabled: bool | None = None
    headers: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ListWebhooks(Operation[WebhookList]):
    pass


@dataclass(frozen=True, slots=True)
class ReadWebhook(Operation[WebhookWithCounts]):
    webhook: str


@dataclass(frozen=True, slots=True)
class RotateWebhook(Operation[WebhookWithSecret]):
    webhook: str
    expires_old: bool = False  # at once, instead of after a day


@dataclass(frozen=True, slots=True)
class ExpireOldSecrets(Operation[Deleted]):
    """Of a webhook: only its newest secret signs from now on."""

    webhook: str


@dataclass(frozen=True, slots=True)
class TestWebhook(Operation[Delivery]):
    webhook: str
    url: str | None = None  # where `default` is tested, which has no address of its own


@dataclass(frozen=True, slots=True)
class DeleteWebhook(Operation[Deleted]):
    webhook: str


@dataclass(frozen=True, slots=True)
class ShowWebhookSecret(Operation[WebhookWithSecret]):
    """Of the webhooks that are named in requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichDeliveries:
    """All that are asked for; None: whatever it is."""

    status: DeliveryStatus | None = None
    event: str | None = None  # by its name
    job: str | None = None
    since: datetime | None = None  # events of then and later
    until: datetime | None = None  # events before then


ALL = WhichDeliveries()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDeliveries(Operation[DeliveryPage]):
    webhook: str
    limit: int
    after: str | None = None  # those older than this one
    which: WhichDeliveries = ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDelivery(Operation[Delivery]):
    webhook: str
    delivery: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeliver(Operation[Delivery]):
    webhook: str
    delivery: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeliverAll(Operation[Redelivered]):
    webhook: str
    which: WhichDeliveries
    after: str | None = None  # those newer than this one
