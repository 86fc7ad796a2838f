"""The bodies of writes to webhooks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from darkroom.dialects.bodies import Strict, read_body
from darkroom.dialects.native.hook_body import Events, Url, known_events
from darkroom.dialects.reading import web_address
from darkroom.dialects.wire import Desk
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.event_names import EventName
from darkroom.domain.webhook_operations import ChangeWebhook, CreateWebhook

_Description = Annotated[str, StringConstraints(max_length=500)]


class WebhookBody(Strict):
    url: Url
    events: Events
    description: _Description = ""


class WebhookChangeBody(Strict):
    url: Url | None = None
    events: Annotated[list[str], Field(max_length=len(EventName))] | None = None
    description: _Description | None = None
    enabled: bool | None = None


def read_webhook(body: bytes, desk: Desk) -> CreateWebhook:
    sent, _ = read_body(WebhookBody, body)
    return CreateWebhook(
        url=web_address("url", sent.url, desk),
        events=known_events("events", sent.events, EventName),
        description=sent.description,
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
