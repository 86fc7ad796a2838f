"""The bodies of writes to webhooks, and the webhook of a submit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, StringConstraints

from darkroom.dialects.bodies import Strict, read_body
from darkroom.dialects.reading import unknown, web_address
from darkroom.dialects.wire import Desk
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.events import OF_A_JOB, EventName
from darkroom.domain.job import Hook
from darkroom.domain.webhook_operations import ChangeWebhook, CreateWebhook

_Url = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
_Events = Annotated[list[str], Field(max_length=len(EventName), default_factory=list)]
_Description = Annotated[str, StringConstraints(max_length=500)]


class HookBody(Strict):
    url: _Url
    events: _Events


class WebhookBody(Strict):
    url: _Url
    events: _Events
    description: _Description = ""


class WebhookChangeBody(Strict):
    url: _Url | None = None
    events: Annotated[list[str], Field(max_length=len(EventName))] | None = None
    description: _Description | None = None
    enabled: bool | None = None


def read_hook(sent: HookBody, desk: Desk) -> Hook:
    return Hook(
        url=web_address("webhook.url", sent.url, desk),
        events=_known("webhook.events", sent.events, OF_A_JOB),
    )


def read_webhook(body: bytes, desk: Desk) -> CreateWebhook:
    sent, _ = read_body(WebhookBody, body)
    return CreateWebhook(
        url=web_address("url", sent.url, desk),
        events=_known("events", sent.events, EventName),
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
        events=None if sent.events is None else _known("events", sent.events, EventName),
        description=sent.description,
        enabled=sent.enabled,
    )


def _known(field: str, given: list[str], names: Iterable[EventName]) -> tuple[str, ...]:
    choices = tuple(names)
    for index, name in enumerate(given):
        if name not in choices:
            raise unknown(f"{field}.{index}", choices)
    return tuple(dict.fromkeys(given))
