"""The bodies of writes to webhooks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from darkroom.dialects.bodies import Strict, read_body
from darkroom.dialects.native.delivery_choice import chosen, named_id
from darkroom.dialects.native.hook_body import Events, Url, known_events
from darkroom.dialects.native.own_headers import own_headers
from darkroom.dialects.reading import web_address
from darkroom.dialects.wire import Desk
from darkroom.domain.delivery import DeliveryStatus
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.event_names import EventName
from darkroom.domain.webhook import OF_REQUESTS
from darkroom.domain.webhook_operations import (
    ChangeWebhook,
    CreateWebhook,
    RedeliverAll,
    RotateWebhook,
    TestWebhook,
)

_Description = Annotated[str, StringConstraints(max_length=500)]


class WebhookBody(Strict):
    url: Url
    events: Events
    description: _Description = ""
    enabled: bool = True
    headers: Annotated[dict[str, str], Field(default_factory=dict)]


class WebhookChangeBody(Strict):
    url: Url | None = None
    events: Annotated[list[str], Field(max_length=len(EventName))] | None = None
    description: _Description | None = None
    enabled: bool | None = None
    headers: dict[str, str] | None = None


class RotationBody(Strict):
    expire_old: Literal["now"] | None = None


class TestBody(Strict):
    url: Url | None = None


class RedeliverBody(Strict):
    status: str = DeliveryStatus.FAILED
    since: str | None = None
    until: str | None = None
    event: str | None = None
    job: str | None = None
    cursor: str | None = None


def read_webhook(body: bytes, desk: Desk) -> CreateWebhook:
    sent, _ = read_body(WebhookBody, body)
    return CreateWebhook(
        url=web_address("url", sent.url, desk),
        events=known_events("events", sent.events, EventName),
        description=sent.description,
        enabled=sent.enabled,
        headers=own_headers(sent.headers),
    )


def read_webhook_change(body: bytes, webhook: str, desk: Desk) -> ChangeWebhook:
    sent, _ = read_body(WebhookChangeBody, body)
    if not sent.model_fields_set:
        names = ", ".join(WebhookChangeBody.model_fields)
        raise InvalidRequest("body", "empty", f"Give what is to change: {names}.")
    return ChangeWebhook(
        webhook=webhook,
        url=None if sent.url is None else web_address("url", sent.url, desk),
        events=None if sent.events is None else known_events("events", sent.events, EventName),
        description=sent.description,
        enabled=sent.enabled,
        headers=None if sent.headers is None else own_headers(sent.headers),
    )


def read_rotation(body: bytes, webhook: str) -> RotateWebhook:
    sent, _ = read_body(RotationBody, body.strip() or b"{}")
    return RotateWebhook(webhook, expires_old=sent.expire_old is not None)


def read_test(body: bytes, webhook: str, desk: Desk) -> TestWebhook:
    sent, _ = read_body(TestBody, body.strip() or b"{}")
    if webhook != OF_REQUESTS:
        if sent.url is not None:
            text = "url is for the webhook `default`: this one is tested at its own address."
            raise InvalidRequest("url", "not_taken", text)
        return TestWebhook(webhook)
    if sent.url is None:
        text = "url is required: the webhook `default` has no address of its own."
        raise InvalidRequest("url", "required", text)
    return TestWebhook(webhook, web_address("url", sent.url, desk))


def read_redeliver(body: bytes, webhook: str) -> RedeliverAll:
    """All of it may be left away, and so may the body."""
    sent, _ = read_body(RedeliverBody, body.strip() or b"{}")
    return RedeliverAll(
        webhook=webhook,
        which=chosen(sent.model_dump()),
        after=named_id("cursor", sent.cursor),
    )
