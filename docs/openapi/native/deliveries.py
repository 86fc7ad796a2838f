"""What was sent to webhooks, what came of it, and how it is sent again."""

from __future__ import annotations

from darkroom.dialects.native.webhook_bodies import RedeliverBody
from darkroom.dialects.reading import unknown
from darkroom.domain.delivery import DeliveryStatus
from darkroom.domain.errors import InvalidRequest, NotReady
from darkroom.domain.event_names import EventName
from darkroom.domain.webhook import OF_REQUESTS
from darkroom.domain.webhook_operations import DeliveryPage, Redelivered
from docs.openapi.bodies import documented
from docs.openapi.described import Answer, Described, Parameter, Sent
from docs.openapi.native.pages import CURSOR, NEXT, limit
from docs.openapi.native.webhook_samples import DELIVERED, DELIVERY_ID, FAILED, PENDING, WEBHOOK_ID
from docs.openapi.refusals import (
    MALFORMED,
    OUT_OF_RANGE,
    REDELIVERED_ENOUGH,
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

_TAG = "webhooks"
_EVENTS = tuple(map(str, EventName))
A_WEBHOOK = either(UUID, only(OF_REQUESTS))


def _delivery(status: Schema, next_at: Schema, more: dict[str, Schema] | None = None) -> Schema:
    return record(
        {
            "id": UUID,
            "webhook": A_WEBHOOK,
            "event": record({"id": UUID, "type": words(*_EVENTS)}),
            "url": TEXT,
            "status": status,
            "attempts": many(ref("DeliveryAttempt")),
            "next_attempt_at": next_at,
            "created_at": MOMENT,
            **(more or {}),
        },
        {"job": told(UUID, "That the event is of.")},
    )


_OUTCOMES = (
    "delivered, under_way, or what went wrong: status_<code>, timeout, unreachable, unknown_host, "
    "certificate, tls, protocol, denied, lost, unwanted; or why the address is not allowed any "
    "more: too_long, characters, scheme, userinfo, host, reserved, port."
)
_ENDED = words("delivered", "failed")
_BODY = {"body": told(TEXT, "Exactly what was sent, or is to be.")}
SCHEMAS = {
    "DeliveryAttempt": record(
        {
            "at": MOMENT,
            "outcome": told(TEXT, _OUTCOMES),
            "status_code": maybe(WHOLE),
            "milliseconds": COUNT,
        },
        {
            "answer": {
                "type": "string",
                "maxLength": 500,
                "description": "How its receiver refused it: the beginning, on one line.",
            }
        },
    ),
    "Redelivered": record(
        {
            "redelivered": told(COUNT, "So many are on their way."),
            "has_more": FLAG,
            "cursor": told(maybe(UUID), "For the next call; null after the last one."),
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
ANY = Parameter(
    name="id",
    where="path",
    schema=A_WEBHOOK,
    text="Of a webhook; `default` for all that are named in requests.",
    example=WEBHOOK_ID,
)
_THIS = Parameter(name="delivery", where="path", schema=UUID, example=DELIVERY_ID)
_CHOICE = (
    Parameter(name="status", where="query", schema=words(*map(str, DeliveryStatus))),
    Parameter(name="event", where="query", schema=words(*_EVENTS), text="By its name."),
    Parameter(name="job", where="query", schema=UUID, text="That the event is of."),
    Parameter(name="since", where="query", schema=MOMENT, text="Only of events from then on."),
    Parameter(name="until", where="query", schema=MOMENT, text="Only of events before then."),
)
_AGAIN: dict[str, Schema] = {
    "status": {**words(*map(str, DeliveryStatus)), "default": "failed"},
    "since": {**MOMENT, "description": "Only of events from then on."},
    "until": {**MOMENT, "description": "Only of events before then."},
    "event": words(*_EVENTS),
    "job": UUID,
    "cursor": {**UUID, "description": "From the call before: what follows it."},
}
_NO_STATUS = unknown("status", DeliveryStatus)
_NO_TIME = InvalidRequest(
    "since", "malformed", "since must be a time with its zone, as in 2026-11-21T13:00:00Z."
)
_NO_PERIOD = InvalidRequest("until", "out_of_range", "until must be later than since.")
OF_A_WEBHOOK = (UNKNOWN_PARAMETER, missing("webhook"))
ON_ITS_WAY = Answer(
    text="The delivery, on its way.", schema=ref("DeliveryGoingOn"), outcomes=(PENDING,)
)
SWITCHED_OFF = NotReady("webhook", "switched off")
OPERATIONS = {
    "POST /v1/webhooks/{id}/redeliver": Described(
        name="redeliverAll",
        summary="Send many again",
        text="What has failed, or what else is asked for: oldest first, a hundred in a call.",
        tag=_TAG,
        takes=(ANY,),
        sends=(
            Sent(
                schema=documented(RedeliverBody, _AGAIN),
                example={"since": "2026-11-21T12:00:00Z", "event": "job.completed"},
            ),
        ),
        answers={
            202: Answer(
                text="They are on their way.",
                schema=ref("Redelivered"),
                outcomes=(
                    Redelivered(count=100, last=DELIVERY_ID),
                    Redelivered(count=0, last=None),
                ),
            )
        },
        raises=(
            MALFORMED,
            TOO_LARGE,
            _NO_TIME,
            _NO_PERIOD,
            _NO_STATUS,
            SWITCHED_OFF,
            REDELIVERED_ENOUGH,
            *OF_A_WEBHOOK,
        ),
    ),
    "GET /v1/webhooks/{id}/deliveries": Described(
        name="listDeliveries",
        summary="What was sent to it, newest first",
        tag=_TAG,
        takes=(ANY, limit(20, 50), CURSOR, *_CHOICE),
        answers={
            200: Answer(
                text="A page of deliveries.",
                schema=record({"deliveries": many(ref("Delivery")), "cursor": NEXT}),
                outcomes=(
                    DeliveryPage(deliveries=(PENDING, DELIVERED, FAILED), last=FAILED.id),
                    DeliveryPage(deliveries=(), last=None),
                ),
            )
        },
        raises=(OUT_OF_RANGE, _NO_TIME, _NO_PERIOD, _NO_STATUS, *OF_A_WEBHOOK),
    ),
    "GET /v1/webhooks/{id}/deliveries/{delivery}": Described(
        name="readDelivery",
        summary="One delivery, with its body",
        tag=_TAG,
        takes=(ANY, _THIS),
        answers={
            200: Answer(
                text="The delivery.",
                schema=ref("DeliveryWithBody"),
                outcomes=(PENDING, DELIVERED, FAILED),
            )
        },
        raises=(missing("delivery"), *OF_A_WEBHOOK),
    ),
    "POST /v1/webhooks/{id}/deliveries/{delivery}/redeliver": Described(
        name="redeliver",
        summary="Send it again",
        text="The same message with the same id, to where the webhook points now.",
        tag=_TAG,
        takes=(ANY, _THIS),
        answers={202: ON_ITS_WAY},
        raises=(
            missing("delivery"),
            NotReady("delivery", "being tried"),
            SWITCHED_OFF,
            REDELIVERED_ENOUGH,
            *OF_A_WEBHOOK,
        ),
    ),
}
