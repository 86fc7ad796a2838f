"""Webhooks, their secrets and their tests."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal, NotRequired, TypedDict

from darkroom.dialects.bodies import Body
from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import Count, Limits, Schema, Time, Uuid, given, length
from darkroom.dialects.native import deliveries
from darkroom.dialects.native.webhook_field import Address, known_events
from darkroom.dialects.native.webhook_headers import webhook_headers
from darkroom.dialects.routes import Answer, Routes
from darkroom.dialects.wire import json_time
from darkroom.domain.api_key import WEBHOOKS
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.event_names import EventName
from darkroom.domain.webhook import OF_REQUESTS, Webhook
from darkroom.domain.webhook_operations import (
    ChangeWebhook,
    CreateWebhook,
    DeleteWebhook,
    ExpireOldSecrets,
    ListWebhooks,
    ReadWebhook,
    RotateWebhook,
    ShowWebhookSecret,
    TestWebhook,
    WebhookList,
    WebhookWithCounts,
    WebhookWithSecret,
)

ROUTES = Routes("webhooks")
_Description = Annotated[str, length(500)]
_Events = Annotated[
    list[str],
    Limits(max_length=len(EventName)),
    Schema(items={"type": "string", "enum": list(map(str, EventName))}),
]
_Headers = Annotated[
    dict[str, str],
    Schema(
        maxProperties=10,
        description="Sent with each message: up to 10, a value of up to 1,024 characters of "
        "printable ASCII. Refused are names of the message and the connection (host, cookie, "
        "user-agent, content-*, webhook-*, proxy-*, x-forwarded-*, x-amz* and the like) and an "
        "`authorization` that signs for AWS.",
    ),
]
Secret = Annotated[str, Schema(pattern="^whsec_[A-Za-z0-9+/]+=*$")]


class WebhookAnswer(TypedDict):
    id: Uuid | Literal["default"]
    url: str | None
    """Null for `default`: each request names its own."""
    events: list[EventName]
    """None: all of them."""
    description: str
    headers: dict[str, Literal["***"]]
    """The names of its own headers; no value is shown."""
    enabled: bool
    disabled_because: NotRequired[str]
    """Where Darkroom has disabled it."""
    failing_since: Time | None
    created_at: Time | None
    """Null for `default`, which is always there."""


class DeliveryCounts(TypedDict):
    pending: Count
    failed_last_day: Count
    has_more: bool
    """True: not all of them were counted, and either number may be larger."""


class WebhookAnswerWithCounts(WebhookAnswer):
    deliveries: DeliveryCounts


class WebhookAnswerWithSecret(WebhookAnswer):
    secret: Secret
    """Signs every delivery (Standard Webhooks). Shown this once."""


class WebhookKey(TypedDict):
    key: Secret
    """Signs the messages to the webhooks that requests name."""


class WebhookListAnswer(TypedDict):
    webhooks: list[WebhookAnswer]


def created(outcome: WebhookWithSecret) -> Answer[WebhookAnswerWithSecret]:
    headers = {"location": f"/v1/webhooks/{outcome.webhook.id}"}
    return Answer(201, _with_secret(outcome), headers)


def rotated(outcome: WebhookWithSecret) -> WebhookAnswerWithSecret | WebhookKey:
    return secret(outcome) if outcome.webhook.id == OF_REQUESTS else _with_secret(outcome)


def secret(outcome: WebhookWithSecret) -> WebhookKey:
    return {"key": outcome.secret}


def with_counts(outcome: WebhookWithCounts) -> WebhookAnswerWithCounts:
    counts: DeliveryCounts = asdict(outcome.counts)  # type: ignore[assignment]
    return {**webhook(outcome.webhook), "deliveries": counts}


def webhooks(outcome: WebhookList) -> WebhookListAnswer:
    return {"webhooks": [webhook(one) for one in outcome.webhooks]}


def _with_secret(outcome: WebhookWithSecret) -> WebhookAnswerWithSecret:
    return {**webhook(outcome.webhook), "secret": outcome.secret}


def webhook(outcome: Webhook) -> WebhookAnswer:
    # Requests name the addresses of `default`, and it was never created.
    is_own = outcome.id != OF_REQUESTS
    return {
        "id": outcome.id,
        "url": outcome.url if is_own else None,
        "events": list(map(EventName, outcome.events)),
        "description": outcome.description,
        "headers": dict.fromkeys(outcome.headers, "***"),
        "enabled": outcome.enabled,
        **given(disabled_because=outcome.disabled_because or None),
        "failing_since": json_time(outcome.failing_since) if outcome.failing_since else None,
        "created_at": json_time(outcome.created_at) if is_own else None,
    }


class WebhookBody(Body):
    url: Address
    events: _Events = []  # noqa: RUF012 - pydantic copies it for each body
    """None: all of them."""
    description: _Description = ""
    enabled: bool = True
    headers: _Headers = {}  # noqa: RUF012


class WebhookChange(Body):
    url: Address | None = None
    events: _Events | None = None
    """None: all of them."""
    description: _Description | None = None
    enabled: bool | None = None
    headers: _Headers | None = None


class Rotation(Body):
    expire_old: Literal["now"] | None = None
    """Without it the old secret signs for 24 hours more."""


class Test(Body):
    url: Address | None = None
    """For `default` alone, and required there: https, on the public web."""


@ROUTES.post(
    "/v1/webhooks",
    WEBHOOKS,
    answer=created,
    body=WebhookBody,
    example={
        "url": "https://example.com/darkroom",
        "events": ["job.completed", "job.failed"],
        "headers": {"authorization": "Bearer a-secret-of-yours"},
    },
)
def create_webhook(body: WebhookBody, context: RequestContext) -> CreateWebhook:
    """Create a webhook"""
    return CreateWebhook(
        url=context.web_address("url", body.url),
        events=known_events("events", body.events, EventName),
        description=body.description,
        enabled=body.enabled,
        headers=webhook_headers(body.headers),
    )


@ROUTES.get("/v1/webhooks", WEBHOOKS, answer=webhooks)
def list_webhooks() -> ListWebhooks:
    """List webhooks

    The last one is `default`, which stands for all that requests name.
    """
    return ListWebhooks()


@ROUTES.get("/v1/webhooks/default/secret", WEBHOOKS, answer=secret)
def retrieve_webhook_secret() -> ShowWebhookSecret:
    """Retrieve the default secret

    The webhooks that requests name share it.
    """
    return ShowWebhookSecret()


@ROUTES.get("/v1/webhooks/{id}", WEBHOOKS, answer=with_counts)
def retrieve_webhook(context: RequestContext) -> ReadWebhook:
    """Retrieve a webhook

    With how many of its deliveries are pending, and how many failed in the last 24 hours.
    """
    return ReadWebhook(deliveries.webhook_id(context))


@ROUTES.patch(
    "/v1/webhooks/{id}", WEBHOOKS, answer=webhook, body=WebhookChange, example={"enabled": True}
)
def update_webhook(body: WebhookChange, context: RequestContext) -> ChangeWebhook:
    """Update a webhook

    Fields that are left out stay as they are. A webhook that was disabled is enabled by `enabled`,
    and begins anew. `headers` replaces all of them; a `url` at another machine needs them beside
    it.
    """
    webhook_name = context.id("webhook")
    if not body.model_fields_set:
        names = ", ".join(WebhookChange.__annotations__)
        raise InvalidRequest("body", "empty", f"Give what is to change: {names}.")
    return ChangeWebhook(
        webhook=webhook_name,
        url=None if body.url is None else context.web_address("url", body.url),
        events=None if body.events is None else known_events("events", body.events, EventName),
        description=body.description,
        enabled=body.enabled,
        headers=None if body.headers is None else webhook_headers(body.headers),
    )


@ROUTES.delete("/v1/webhooks/{id}", WEBHOOKS, status=204)
def delete_webhook(context: RequestContext) -> DeleteWebhook:
    """Delete a webhook"""
    return DeleteWebhook(context.id("webhook"))


@ROUTES.post(
    "/v1/webhooks/{id}/rotate",
    WEBHOOKS,
    answer=rotated,
    body=Rotation,
    body_is_optional=True,
    example={"expire_old": "now"},
)
def rotate_webhook_secret(body: Rotation, context: RequestContext) -> RotateWebhook:
    """Rotate a secret

    For a day the old one signs beside the new one; with `{"expire_old": "now"}` it ends at once,
    and so do all older ones.
    """
    name = deliveries.webhook_id(context)
    return RotateWebhook(name, expires_old=body.expire_old is not None)


@ROUTES.delete("/v1/webhooks/{id}/old-secrets", WEBHOOKS, status=204)
def expire_old_secrets(context: RequestContext) -> ExpireOldSecrets:
    """Expire old secrets

    Of those that a rotation has replaced, none signs any more. The newest one stays.
    """
    return ExpireOldSecrets(deliveries.webhook_id(context))


@ROUTES.post(
    "/v1/webhooks/{id}/test",
    WEBHOOKS,
    answer=deliveries.accepted,
    body=Test,
    body_is_optional=True,
    example={"url": "https://example.com/darkroom"},
    path_examples={"id": "default"},
)
def test_webhook(body: Test, context: RequestContext) -> TestWebhook:
    """Test a webhook

    A webhook that is disabled is tested, too, and stays as it is. `default` has no address of its
    own: the body names it.
    """
    name = deliveries.webhook_id(context)
    if name != OF_REQUESTS:
        if body.url is not None:
            message = "url is for the webhook `default`: this one is tested at its own address."
            raise InvalidRequest("url", "not_taken", message)
        return TestWebhook(name)
    if body.url is None:
        message = "url is required: the webhook `default` has no address of its own."
        raise InvalidRequest("url", "required", message)
    return TestWebhook(name, context.web_address("url", body.url))


ROUTES.include(deliveries.ROUTES)
