"""The bodies of writes to webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from darkroom.dialects.bodies import Strict, read_body
from darkroom.dialects.native.delivery_choice import a_status, an_event, named_id
from darkroom.dialects.native.hook_body import Events, Url, known_events
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
    WhichDeliveries,
)

_Description = Annotated[str, StringConstraints(max_length=500)]


class WebhookBody(Strict):
    url: Url
    events: Events
    description: _Description = ""
    enabled: bool = True


class WebhookChangeBody(Strict):
    url: Url | None = None
    events: Annotated[list[str], Field(max_length=len(EventName))] | None = None
    description: _Description | None = None
    enabled: bool | None = None


class RotationBody(Strict):
    expire_old: Literal["now"] | None = None


class TestBody(Strict):
    url: Url | None = None


class RedeliverBody(Strict):
    status: str = DeliveryStatus.FAILED
    since: str | None = None
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
    which = WhichDeliveries(
        status=a_status(sent.status), event=an_event(sent.event), job=named_id("job", sent.job)
    )
    return RedeliverAll(
        webhook=webhook,
        which=which,
        since=_time("since", sent.since),
        after=named_id("cursor", sent.cursor),
    )


def _time(field: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        what = f"{field} must be a time with its zone, as in 2026-11-21T13:00:00Z."
        raise InvalidRequest(field, "malformed", what)
    return read
