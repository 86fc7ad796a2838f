"""Webhooks: what they are told, and their secrets."""

from __future__ import annotations

from dataclasses import replace

from darkroom.dialects.native.own_headers import MOST_HEADERS
from darkroom.dialects.native.webhook_bodies import (
    RotationBody,
    TestBody,
    WebhookBody,
    WebhookChangeBody,
)
from darkroom.dialects.reading import unknown
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.event_names import EventName
from darkroom.domain.webhook import OF_REQUESTS
from darkroom.domain.webhook_operations import DeliveryCounts, Hooks, WebhookWithCounts
from docs.openapi.bodies import documented
from docs.openapi.described import Answer, Described, Parameter, Sent
from docs.openapi.native.deliveries import A_WEBHOOK, ANY, OF_A_WEBHOOK, ON_ITS_WAY
from docs.openapi.native.webhook_samples import (
    DEFAULT,
    DISABLED,
    HOOK,
    MADE,
    OF_ALL_REQUESTS,
    WEBHOOK_ID,
)
from docs.openapi.refusals import (
    MALFORMED,
    TOO_LARGE,
    UNKNOWN_PARAMETER,
)
from docs.openapi.shapes import (
    COUNT,
    FLAG,
    MOMENT,
    TEXT,
    UUID,
    Schema,
    either,
    many,
    mapping,
    maybe,
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
    "id": A_WEBHOOK,
    "url": told(maybe(TEXT), "Null for `default`: each request names its own."),
    "events": told(many(words(*_EVENTS)), "None: all of them."),
    "description": TEXT,
    "headers": told(mapping(only("***")), "The names of its own headers; no value is shown."),
    "enabled": FLAG,
    "failing_since": maybe(MOMENT),
    "created_at": told(maybe(MOMENT), "Null for `default`, which is always there."),
}
_NOT_ENABLED = {"disabled_because": told(TEXT, "Where it was not its owner who did it.")}
_THE_SECRET: Schema = {
    "type": "string",
    "pattern": "^whsec_[A-Za-z0-9+/]+=*$",
    "description": "Signs every delivery (Standard Webhooks). Shown this once.",
}
SCHEMAS = {
    "Webhook": record(_HOOK_FIELDS, _NOT_ENABLED),
    "WebhookWithCounts": record(
        {
            **_HOOK_FIELDS,
            "deliveries": record(
                {
                    "pending": told(COUNT, "So many wait for their next attempt."),
                    "failed_last_day": told(COUNT, "So many of the last 24 hours have failed."),
                    "has_more": told(
                        FLAG,
                        "True: one look was not enough to count all of them, and either number "
                        "may be larger.",
                    ),
                }
            ),
        },
        _NOT_ENABLED,
    ),
    "WebhookWithSecret": record({**_HOOK_FIELDS, "secret": _THE_SECRET}, _NOT_ENABLED),
    "WebhookKey": record(
        {"key": told(_THE_SECRET, "Signs what goes to the webhooks of requests.")}
    ),
}


def _counts(pending: int, failed: int, *, has_more: bool = False) -> DeliveryCounts:
    return DeliveryCounts(pending=pending, failed_last_day=failed, has_more=has_more)


_CHOSEN: dict[str, Schema] = {
    "url": {"format": "uri", "description": "https, on the public web."},
    "events": {"items": words(*_EVENTS), "description": "None: all of them."},
    "headers": {
        "additionalProperties": TEXT,
        "maxProperties": MOST_HEADERS,
        "description": "Sent with each message: up to 10, a value of up to 1,024 characters of "
        "printable ASCII. Refused are names of the message and the connection (host, cookie, "
        "user-agent, content-*, webhook-*, proxy-*, x-forwarded-*, x-amz* and the like) and an "
        "`authorization` that signs for AWS.",
    },
}
_NO_URL = InvalidRequest(
    "url", "required", "url is required: the webhook `default` has no address of its own."
)
_RESERVED = InvalidRequest(
    "headers", "reserved", "host cannot be in headers: Darkroom or the connection sets it."
)
_TOO_MANY = InvalidRequest("webhooks", "too_many", "A workspace may have 20 webhooks.")
_HERE = Parameter(name="id", where="path", schema=UUID, example=WEBHOOK_ID)
_ONE = Answer(text="The webhook.", schema=ref("Webhook"), outcomes=(HOOK, DISABLED))
OPERATIONS = {
    "POST /v1/webhooks": Described(
        name="createWebhook",
        summary="A new webhook",
        tag=_TAG,
        sends=(
            Sent(
                schema=documented(WebhookBody, _CHOSEN),
                example={
                    "url": HOOK.url,
                    "events": ["job.completed", "job.failed"],
                    "headers": {"authorization": "Bearer a-secret-of-yours"},
                },
            ),
        ),
        answers={
            201: Answer(
                text="The webhook and its secret.",
                schema=ref("WebhookWithSecret"),
                outcomes=(MADE,),
            )
        },
        raises=(MALFORMED, UNKNOWN_PARAMETER, TOO_LARGE, _TOO_MANY, _RESERVED),
    ),
    "GET /v1/webhooks": Described(
        name="listWebhooks",
        summary="List webhooks",
        text="The last one is `default`, which stands for all that requests name.",
        tag=_TAG,
        answers={
            200: Answer(
                text="The webhooks.",
                schema=record({"webhooks": many(ref("Webhook"))}),
                outcomes=(
                    Hooks(webhooks=(HOOK, DISABLED, DEFAULT)),
                    Hooks(webhooks=(DEFAULT,)),
                ),
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
        summary="Retrieve a webhook",
        text="With how many of its deliveries wait, and how many failed in the last 24 hours.",
        tag=_TAG,
        takes=(ANY,),
        answers={
            200: Answer(
                text="The webhook.",
                schema=ref("WebhookWithCounts"),
                outcomes=tuple(
                    WebhookWithCounts(webhook=webhook, counts=counts)
                    for webhook, counts in (
                        (HOOK, _counts(12, 3)),
                        (DISABLED, _counts(5000, 800, has_more=True)),
                        (DEFAULT, _counts(0, 0)),
                    )
                ),
            )
        },
        raises=OF_A_WEBHOOK,
    ),
    "PATCH /v1/webhooks/{id}": Described(
        name="changeWebhook",
        summary="Change what is given",
        text="One that was switched off is switched on by `enabled`, and begins anew. `headers` "
        "replaces all of them; a `url` at another machine needs them beside it.",
        tag=_TAG,
        takes=(_HERE,),
        sends=(Sent(schema=documented(WebhookChangeBody, _CHOSEN), example={"enabled": True}),),
        answers={200: _ONE},
        raises=(MALFORMED, TOO_LARGE, _RESERVED, *OF_A_WEBHOOK),
    ),
    "DELETE /v1/webhooks/{id}": Described(
        name="deleteWebhook",
        summary="Delete one",
        tag=_TAG,
        takes=(_HERE,),
        answers={204: Answer(text="It is gone.", outcomes=(DELETED,))},
        raises=OF_A_WEBHOOK,
    ),
    "POST /v1/webhooks/{id}/rotate": Described(
        name="rotateWebhook",
        summary="A new secret",
        text='For a day the old one signs beside it; with `{"expire_old": "now"}` it ends at once, '
        "and so do all older ones.",
        tag=_TAG,
        takes=(ANY,),
        sends=(
            Sent(
                schema=documented(
                    RotationBody, {"expire_old": {"description": "Without it: in 24 hours."}}
                ),
                example={"expire_old": "now"},
            ),
        ),
        answers={
            200: Answer(
                text="The new secret.",
                schema=either(ref("WebhookWithSecret"), ref("WebhookKey")),
                outcomes=(MADE, OF_ALL_REQUESTS),
            )
        },
        raises=(MALFORMED, TOO_LARGE, unknown("expire_old", ("now",)), *OF_A_WEBHOOK),
    ),
    "DELETE /v1/webhooks/{id}/old-secrets": Described(
        name="expireOldWebhookSecrets",
        summary="Expire old secrets",
        text="Of those that a rotation has replaced, none signs any more. The newest one stays.",
        tag=_TAG,
        takes=(ANY,),
        answers={204: Answer(text="Only the newest secret signs.", outcomes=(DELETED,))},
        raises=OF_A_WEBHOOK,
    ),
    "POST /v1/webhooks/{id}/test": Described(
        name="testWebhook",
        summary="Send a test",
        text="A webhook that is switched off is tested, too, and stays as it is. `default` has no "
        "address of its own: the body names it.",
        tag=_TAG,
        takes=(replace(ANY, example=OF_REQUESTS),),
        sends=(
            Sent(
                schema=documented(
                    TestBody,
                    {
                        "url": {
                            "format": "uri",
                            "description": "For `default` alone, and required there: https, on "
                            "the public web.",
                        }
                    },
                ),
                example={"url": "https://example.com/darkroom"},
            ),
        ),
        answers={202: ON_ITS_WAY},
        raises=(MALFORMED, TOO_LARGE, _NO_URL, *OF_A_WEBHOOK),
    ),
}
