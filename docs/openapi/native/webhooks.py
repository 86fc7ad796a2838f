"""Webhooks, what came of their deliveries, and the shapes of events."""

from __future__ import annotations

from darkroom.dialects.native.webhook_bodies import WebhookBody, WebhookChangeBody
from darkroom.domain.errors import InvalidRequest, NotReady
from darkroom.domain.event_names import EventName
from darkroom.domain.webhook import OF_REQUESTS
from darkroom.domain.webhook_operations import (
    DeliveryPage,
    Hooks,
)
from docs.openapi.bodies import documented
from docs.openapi.described import Answer, Described, Parameter, Sent
from docs.openapi.native.pages import CURSOR, NEXT, limit
from docs.openapi.native.webhook_samples import (
    DELIVERED,
    DELIVERY_ID,
    DISABLED,
    FAILED,
    HOOK,
    MADE,
    OF_ALL_REQUESTS,
    PENDING,
    WEBHOOK_ID,
)
from docs.openapi.refusals import (
    MALFORMED,
    OUT_OF_RANGE,
    TOO_LARGE,
    UNKNOWN_PARAMETER,
    missing,
)
from docs.openapi.shapes import (
    COUNT,
    FLAG,
    MOMENT,
    NOTHING,
    TEXT,
    UUID,
    WHOLE,
    Schema,
    either,
    many,
    maybe,
    named_variants,
    only,
    record,
    ref,
    told,
    words,
)
from docs.openapi.shelf import DELETED

_TAG = "webhooks"
_EVENTS = tuple(map(str, EventName))
_HOOK_FIELDS = {
    "id": UUID,
    "url": TEXT,
    "events": told(many(words(*_EVENTS)), "None: all of them."),
    "description": TEXT,
    "enabled": FLAG,
    "failing_since": maybe(MOMENT),
    "created_at": MOMENT,
}
_NOT_ENABLED = {"disabled_because": told(TEXT, "Where it was not its owner who did it.")}
_THE_SECRET: Schema = {
    "type": "string",
    "pattern": "^whsec_[A-Za-z0-9+/]+=*$",
    "description": "Signs every delivery (Standard Webhooks). Shown this once.",
}
_A_WEBHOOK = either(UUID, only(OF_REQUESTS))


def _delivery(status: Schema, next_at: Schema, more: dict[str, Schema] | None = None) -> Schema:
    return record(
        {
            "id": UUID,
            "webhook": _A_WEBHOOK,
            "event": record({"id": UUID, "type": words(*_EVENTS)}),
            "url": TEXT,
            "status": status,
            "attempts": many(ref("DeliveryAttempt")),
            "next_attempt_at": next_at,
            "created_at": MOMENT,
            **(more or {}),
        }
    )


_ENDED = words("delivered", "failed")
_BODY = {"body": told(TEXT, "Exactly what was sent, or is to be.")}
SCHEMAS = {
    "Webhook": record(_HOOK_FIELDS, _NOT_ENABLED),
    "WebhookWithSecret": record({**_HOOK_FIELDS, "secret": _THE_SECRET}, _NOT_ENABLED),
    "WebhookKey": record(
        {"key": told(_THE_SECRET, "Signs what goes to the webhooks of requests.")}
    ),
    "DeliveryAttempt": record(
        {
            "at": MOMENT,
            "outcome": told(TEXT, "delivered, under_way, or what went wrong."),
            "status_code": maybe(WHOLE),
            "milliseconds": COUNT,
        }
    ),
    **named_variants(
        "Delivery",
        {
            "DeliveryGoingOn": _delivery(only("pending"), MOMENT),
            "DeliveryEnded": _delivery(_ENDED, NOTHING),
        },
    ),
    **named_variants(
        "DeliveryWithBody",
        {
            "DeliveryGoingOnWithBody": _delivery(only("pending"), MOMENT, _BODY),
            "DeliveryEndedWithBody": _delivery(_ENDED, NOTHING, _BODY),
        },
    ),
}
_CHOSEN: dict[str, Schema] = {
    "url": {"format": "uri", "description": "https, on the public web."},
    "events": {"items": words(*_EVENTS), "description": "None: all of them."},
}
_TOO_MANY = InvalidRequest("url", "too_many", "A workspace may have 20 webhooks.")
_HERE = Parameter(name="id", where="path", schema=UUID, example=WEBHOOK_ID)
_ANY = Parameter(
    name="id",
    where="path",
    schema=_A_WEBHOOK,
    text="Of a webhook; `default` for all that are named in requests.",
    example=WEBHOOK_ID,
)
_THIS = Parameter(name="delivery", where="path", schema=UUID, example=DELIVERY_ID)
_OF_A_WEBHOOK = (UNKNOWN_PARAMETER, missing("webhook"))
_ON_ITS_WAY = Answer(
    text="The delivery, on its way.", schema=ref("DeliveryGoingOn"), outcomes=(PENDING,)
)
_ONE = Answer(text="The webhook.", schema=ref("Webhook"), outcomes=(HOOK, DISABLED))
OPERATIONS = {
    "POST /v1/webhooks": Described(
        name="createWebhook",
        summary="A new webhook",
        tag=_TAG,
        sends=(
            Sent(
                schema=documented(WebhookBody, _CHOSEN),
                example={"url": HOOK.url, "events": ["job.completed", "job.failed"]},
            ),
        ),
        answers={
            201: Answer(
                text="The webhook and its secret.",
                schema=ref("WebhookWithSecret"),
                outcomes=(MADE,),
            )
        },
        raises=(MALFORMED, UNKNOWN_PARAMETER, TOO_LARGE, _TOO_MANY),
    ),
    "GET /v1/webhooks": Described(
        name="listWebhooks",
        summary="All webhooks",
        tag=_TAG,
        answers={
            200: Answer(
                text="The webhooks.",
                schema=record({"webhooks": many(ref("Webhook"))}),
                outcomes=(Hooks(webhooks=(HOOK, DISABLED)), Hooks(webhooks=())),
            )
        },
        raises=(UNKNOWN_PARAMETER,),
    ),
    "GET /v1/webhooks/default/secret": Described(
        name="showWebhookSecret",
        summary="The secret of the webhooks of requests",
        text="Those that a submit names (`webhook`) share one.",
        tag=_TAG,
        answers={
            200: Answer(text="The secret.", schema=ref("WebhookKey"), outcomes=(OF_ALL_REQUESTS,))
        },
        raises=(UNKNOWN_PARAMETER,),
    ),
    "GET /v1/webhooks/{id}": Described(
        name="readWebhook",
        summary="One webhook",
        tag=_TAG,
        takes=(_HERE,),
        answers={200: _ONE},
        raises=_OF_A_WEBHOOK,
    ),
    "PATCH /v1/webhooks/{id}": Described(
        name="changeWebhook",
        summary="Change what is given",
        text="One that was switched off is switched on by `enabled`, and begins anew.",
        tag=_TAG,
        takes=(_HERE,),
        sends=(Sent(schema=documented(WebhookChangeBody, _CHOSEN), example={"enabled": True}),),
        answers={200: _ONE},
        raises=(MALFORMED, TOO_LARGE, *_OF_A_WEBHOOK),
    ),
    "DELETE /v1/webhooks/{id}": Described(
        name="deleteWebhook",
        summary="Delete one",
        tag=_TAG,
        takes=(_HERE,),
        answers={204: Answer(text="It is gone.", outcomes=(DELETED,))},
        raises=_OF_A_WEBHOOK,
    ),
    "POST /v1/webhooks/{id}/rotate": Described(
        name="rotateWebhook",
        summary="A new secret",
        text="For a day the old one signs beside it.",
        tag=_TAG,
        takes=(_ANY,),
        answers={
            200: Answer(
                text="The new secret.",
                schema=either(ref("WebhookWithSecret"), ref("WebhookKey")),
                outcomes=(MADE, OF_ALL_REQUESTS),
            )
        },
        raises=_OF_A_WEBHOOK,
    ),
    "POST /v1/webhooks/{id}/test": Described(
        name="testWebhook",
        summary="Send it a test",
        tag=_TAG,
        takes=(_HERE,),
        answers={202: _ON_ITS_WAY},
        raises=_OF_A_WEBHOOK,
    ),
    "GET /v1/webhooks/{id}/deliveries": Described(
        name="listDeliveries",
        summary="What was sent to it, newest first",
        tag=_TAG,
        takes=(_ANY, limit(20, 50), CURSOR),
        answers={
            200: Answer(
                text="A page of deliveries.",
                schema=record({"deliveries": many(ref("Delivery")), "cursor": NEXT}),
                outcomes=(
                    DeliveryPage(deliveries=(PENDING, DELIVERED, FAILED), has_more=True),
                    DeliveryPage(deliveries=(), has_more=False),
                ),
            )
        },
        raises=(OUT_OF_RANGE, *_OF_A_WEBHOOK),
    ),
    "GET /v1/webhooks/{id}/deliveries/{delivery}": Described(
        name="readDelivery",
        summary="One delivery, with its body",
        tag=_TAG,
        takes=(_ANY, _THIS),
        answers={
            200: Answer(
                text="The delivery.",
                schema=ref("DeliveryWithBody"),
                outcomes=(PENDING, DELIVERED, FAILED),
            )
        },
        raises=(missing("delivery"), *_OF_A_WEBHOOK),
    ),
    "POST /v1/webhooks/{id}/deliveries/{delivery}/redeliver": Described(
        name="redeliver",
        summary="Send it again",
        text="The same message with the same id, to where the webhook points now.",
        tag=_TAG,
        takes=(_ANY, _THIS),
        answers={202: _ON_ITS_WAY},
        raises=(missing("delivery"), NotReady("delivery", "being tried"), *_OF_A_WEBHOOK),
    ),
}
