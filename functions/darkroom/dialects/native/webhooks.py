"""Webhooks, their deliveries, and the shapes of what they bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from darkroom.dialects.native.delivery_choice import CHOICE, chosen
from darkroom.dialects.reading import an_id, cursor, number, only, takes_no_body
from darkroom.dialects.wire import Desk, Request, Response, json_response, json_time
from darkroom.domain.delivery import Delivery, Try
from darkroom.domain.errors import NotFound
from darkroom.domain.operations import Deleted, Schemas, ShowEventSchemas
from darkroom.domain.webhook import OF_REQUESTS, Webhook
from darkroom.domain.webhook_operations import (
    ChangeWebhook,
    CreateWebhook,
    DeleteWebhook,
    DeliveryPage,
    ExpireOldSecrets,
    Hooks,
    ListDeliveries,
    ListWebhooks,
    ReadDelivery,
    ReadWebhook,
    Redeliver,
    RedeliverAll,
    Redelivered,
    RotateWebhook,
    ShowWebhookSecret,
    TestWebhook,
    WebhookWithCounts,
    WebhookWithSecret,
)

Parameters = Mapping[str, str]
_DEFAULT_PAGE, _LARGEST_PAGE = 20, 50


def create(request: Request, _parameters: Parameters, desk: Desk) -> CreateWebhook:
    from darkroom.dialects.native.webhook_bodies import read_webhook  # noqa: PLC0415

    only(request)
    return read_webhook(request.body, desk)


def change(request: Request, parameters: Parameters, desk: Desk) -> ChangeWebhook:
    from darkroom.dialects.native.webhook_bodies import read_webhook_change  # noqa: PLC0415

    only(request)
    return read_webhook_change(request.body, an_id(parameters["id"], "webhook"), desk)


def list_all(request: Request, _parameters: Parameters, _desk: Desk) -> ListWebhooks:
    only(request)
    return ListWebhooks()


def read(request: Request, parameters: Parameters, _desk: Desk) -> ReadWebhook:
    only(request)
    return ReadWebhook(_webhook(parameters))


def delete(request: Request, parameters: Parameters, _desk: Desk) -> DeleteWebhook:
    only(request)
    return DeleteWebhook(an_id(parameters["id"], "webhook"))


def rotate(request: Request, parameters: Parameters, _desk: Desk) -> RotateWebhook:
    from darkroom.dialects.native.webhook_bodies import read_rotation  # noqa: PLC0415

    only(request)
    return read_rotation(request.body, _webhook(parameters))


def expire_old_secrets(request: Request, parameters: Parameters, _desk: Desk) -> ExpireOldSecrets:
    only(request)
    return ExpireOldSecrets(_webhook(parameters))


def test(request: Request, parameters: Parameters, desk: Desk) -> TestWebhook:
    from darkroom.dialects.native.webhook_bodies import read_test  # noqa: PLC0415

    only(request)
    return read_test(request.body, _webhook(parameters), desk)


def show_secret(request: Request, _parameters: Parameters, _desk: Desk) -> ShowWebhookSecret:
    only(request)
    return ShowWebhookSecret()


def deliveries(request: Request, parameters: Parameters, _desk: Desk) -> ListDeliveries:
    only(request, "limit", "cursor", *CHOICE)
    return ListDeliveries(
        webhook=_webhook(parameters),
        limit=number(request, "limit", _DEFAULT_PAGE, 1, _LARGEST_PAGE),
        after=cursor(request, "cursor"),
        which=chosen(request.query),
    )


def read_delivery(request: Request, parameters: Parameters, _desk: Desk) -> ReadDelivery:
    only(request)
    return ReadDelivery(
        webhook=_webhook(parameters), delivery=an_id(parameters["delivery"], "delivery")
    )


def redeliver(request: Request, parameters: Parameters, _desk: Desk) -> Redeliver:
    only(request)
    takes_no_body(request)
    return Redeliver(
        webhook=_webhook(parameters), delivery=an_id(parameters["delivery"], "delivery")
    )


def redeliver_all(request: Request, parameters: Parameters, _desk: Desk) -> RedeliverAll:
    from darkroom.dialects.native.webhook_bodies import read_redeliver  # noqa: PLC0415

    only(request)
    return read_redeliver(request.body, _webhook(parameters))


def show_schemas(request: Request, _parameters: Parameters, _desk: Desk) -> ShowEventSchemas:
    only(request)
    return ShowEventSchemas()


def show_schema(request: Request, parameters: Parameters, _desk: Desk) -> ShowEventSchemas:
    only(request)
    if parameters["version"] != "1":
        raise NotFound("schema")
    return ShowEventSchemas(parameters["name"])


def _webhook(parameters: Parameters) -> str:
    name = parameters["id"]
    return name if name == OF_REQUESTS else an_id(name, "webhook")


def created(outcome: WebhookWithSecret, _request: Request, _desk: Desk) -> Response:
    headers = {"location": f"/v1/webhooks/{outcome.webhook.id}"}
    return json_response(201, _with_secret(outcome), headers)


def rotated(outcome: WebhookWithSecret, _request: Request, _desk: Desk) -> Response:
    if outcome.webhook.id == OF_REQUESTS:
        return shown(outcome, _request, _desk)
    return json_response(200, _with_secret(outcome))


def shown(outcome: WebhookWithSecret, _request: Request, _desk: Desk) -> Response:
    return json_response(200, {"key": outcome.secret})


def one(outcome: Webhook, _request: Request, _desk: Desk) -> Response:
    return json_response(200, _described(outcome))


def with_counts(outcome: WebhookWithCounts, _request: Request, _desk: Desk) -> Response:
    described = _described(outcome.webhook)
    return json_response(200, {**described, "deliveries": asdict(outcome.counts)})


def every(outcome: Hooks, _request: Request, _desk: Desk) -> Response:
    return json_response(200, {"webhooks": [_described(hook) for hook in outcome.webhooks]})


def deleted(_outcome: Deleted, _request: Request, _desk: Desk) -> Response:
    return Response(status=204)


def delivery(outcome: Delivery, _request: Request, _desk: Desk) -> Response:
    return json_response(200, {**_delivery(outcome), "body": outcome.body})


def sent(outcome: Delivery, _request: Request, _desk: Desk) -> Response:
    place = f"/v1/webhooks/{outcome.webhook}/deliveries/{outcome.id}"
    return json_response(202, _delivery(outcome), {"location": place})


def page(outcome: DeliveryPage, _request: Request, _desk: Desk) -> Response:
    shown_ = [_delivery(one) for one in outcome.deliveries]
    return json_response(200, {"deliveries": shown_, "cursor": outcome.last})


def sent_again(outcome: Redelivered, _request: Request, _desk: Desk) -> Response:
    has_more = outcome.last is not None
    told = {"redelivered": outcome.count, "has_more": has_more, "cursor": outcome.last}
    return json_response(202, told)


def schemas(outcome: Schemas, _request: Request, _desk: Desk) -> Response:
    return json_response(200, outcome.schemas, content_type="application/schema+json")


def _with_secret(outcome: WebhookWithSecret) -> dict[str, Any]:
    return {**_described(outcome.webhook), "secret": outcome.secret}


def _described(webhook: Webhook) -> dict[str, Any]:
    because = webhook.disabled_because
    # Requests name the addresses of `default`, and it was never created.
    is_own = webhook.id != OF_REQUESTS
    return {
        "id": webhook.id,
        "url": webhook.url if is_own else None,
        "events": list(webhook.events),
        "description": webhook.description,
        # Their values are shown to nobody again.
        "headers": dict.fromkeys(webhook.headers, "***"),
        "enabled": webhook.enabled,
        **({"disabled_because": because} if because else {}),
        "failing_since": json_time(webhook.failing_since) if webhook.failing_since else None,
        "created_at": json_time(webhook.created_at) if is_own else None,
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    is_waiting = delivery.due_at is not None
    return {
        "id": delivery.id,
        "webhook": delivery.webhook,
        "event": {"id": delivery.event, "type": delivery.name},
        **({"job": delivery.job} if delivery.job else {}),
        "url": delivery.url,
        "status": delivery.status,
        "attempts": [_try(one) for one in delivery.tries],
        "next_attempt_at": json_time(delivery.next_at) if is_waiting else None,
        "created_at": json_time(delivery.created_at),
    }


def _try(one: Try) -> dict[str, Any]:
    return {
        "at": json_time(one.at),
        "outcome": one.outcome or "under_way",
        "status_code": one.code,
        "milliseconds": one.milliseconds,
        **({"answer": one.answer} if one.answer else {}),
    }
