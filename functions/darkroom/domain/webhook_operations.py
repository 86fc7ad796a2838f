"""What may be asked about webhooks, and what is given."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.delivery import Delivery
from darkroom.domain.webhook import Webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateWebhook:
    url: str
    events: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWebhook:
    """Only what is given changes."""

    webhook: str
    url: str | None = None
    events: tuple[str, ...] | None = None
    description: str | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class ListWebhooks:
    pass


@dataclass(frozen=True, slots=True)
class ReadWebhook:
    webhook: str


@dataclass(frozen=True, slots=True)
class RotateWebhook:
    webhook: str


@dataclass(frozen=True, slots=True)
class TestWebhook:
    webhook: str


@dataclass(frozen=True, slots=True)
class DeleteWebhook:
    webhook: str


@dataclass(frozen=True, slots=True)
class ShowWebhookSecret:
    """Of the webhooks that are named in requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDeliveries:
    webhook: str
    limit: int
    after: str | None = None  # those older than this one


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDelivery:
    webhook: str
    delivery: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeliver:
    webhook: str
    delivery: str


WebhookOperation = (
    CreateWebhook
    | ChangeWebhook
    | ListWebhooks
    | ReadWebhook
    | RotateWebhook
    | TestWebhook
    | DeleteWebhook
    | ShowWebhookSecret
    | ListDeliveries
    | ReadDelivery
    | Redeliver
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookWithSecret:
    """Shown as it is made, and not again."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    webhooks: tuple[Webhook, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """Newest first."""

    deliveries: tuple[Delivery, ...]
    has_more: bool


WebhookOutcome = Webhook | WebhookWithSecret | Hooks | Delivery | DeliveryPage
