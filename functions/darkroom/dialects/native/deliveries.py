"""Deliveries: what was sent to webhooks, what came of it, and how it is sent again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from darkroom.dialects.bodies import Body
from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import Count, Schema, Time, Uuid, given
from darkroom.dialects.parameters import CURSOR, Choice, Text, is_id, limit, unknown_choice
from darkroom.dialects.routes import Answer, Routes
from darkroom.dialects.wire import json_time
from darkroom.domain.api_key import WEBHOOKS
from darkroom.domain.delivery import Delivery, DeliveryStatus, Try
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.event_names import EventName
from darkroom.domain.webhook import OF_REQUESTS
from darkroom.domain.webhook_operations import (
    DeliveryPage,
    ListDeliveries,
    ReadDelivery,
    Redeliver,
    RedeliverAll,
    Redelivered,
    WhichDeliveries,
)

ROUTES = Routes("webhooks")
_LIMIT = limit(20, 50)
_STATUS = Choice("status", DeliveryStatus, "Only deliveries with this status.")
_EVENT = Choice("event", EventName, "Only of this event, by its name.")
_JOB = Text("job", "Only of events of this job.", format="uuid")
_SINCE = Text("since", "Only of events from then on.", format="date-time")
_UNTIL = Text("until", "Only of events before then.", format="date-time")
_FILTER = (_STATUS, _EVENT, _JOB, _SINCE, _UNTIL)


class EventOfDelivery(TypedDict):
    id: Uuid
    type: EventName


class DeliveryAttempt(TypedDict):
    at: Time
    outcome: str
    """delivered, under_way, or what went wrong: status_<code>, timeout, unreachable, unknown_host,
    certificate, tls, protocol, denied, lost, unwanted; or why the address is not allowed any more:
    too_long, characters, scheme, userinfo, host, reserved, port.
    """
    status_code: int | None
    milliseconds: Count
    answer: NotRequired[Annotated[str, Schema(maxLength=500)]]
    """How its receiver refused it: the beginning, on one line."""


class DeliveryAnswer(TypedDict):
    id: Uuid
    webhook: Uuid | Literal["default"]
    event: EventOfDelivery
    job: NotRequired[Uuid]
    """That the event is of."""
    url: str
    status: DeliveryStatus
    attempts: list[DeliveryAttempt]
    next_attempt_at: Time | None
    """While it is pending."""
    created_at: Time


class DeliveryWithBody(DeliveryAnswer):
    body: str
    """Exactly what was sent, or is to be."""


class DeliveryList(TypedDict):
    deliveries: list[DeliveryAnswer]
    cursor: Uuid | None
    """For the next page; null on the last one."""


class Redeliveries(TypedDict):
    redelivered: Count
    """The number of deliveries that are sent again."""
    has_more: bool
    cursor: Uuid | None
    """For the next call; null after the last one."""


def delivery(outcome: Delivery) -> DeliveryAnswer:
    return {
        "id": outcome.id,
        "webhook": outcome.webhook,
        "event": {"id": outcome.event, "type": EventName(outcome.name)},
        **given(job=outcome.job or None),
        "url": outcome.url,
        "status": outcome.status,
        "attempts": [_attempt(one) for one in outcome.tries],
        "next_attempt_at": json_time(outcome.next_at) if outcome.due_at is not None else None,
        "created_at": json_time(outcome.created_at),
    }


def _attempt(one: Try) -> DeliveryAttempt:
    return {
        "at": json_time(one.at),
        "outcome": one.outcome or "under_way",
        "status_code": one.code,
        "milliseconds": one.milliseconds,
        **given(answer=one.answer or None),
    }


def with_body(outcome: Delivery) -> DeliveryWithBody:
    return {**delivery(outcome), "body": outcome.body}


def accepted(outcome: Delivery) -> Answer[DeliveryAnswer]:
    place = f"/v1/webhooks/{outcome.webhook}/deliveries/{outcome.id}"
    return Answer(202, delivery(outcome), {"location": place})


def page(outcome: DeliveryPage) -> DeliveryList:
    return {"deliveries": [delivery(one) for one in outcome.deliveries], "cursor": outcome.last}


def redelivered(outcome: Redelivered) -> Redeliveries:
    return {
        "redelivered": outcome.count,
        "has_more": outcome.last is not None,
        "cursor": outcome.last,
    }


class RedeliveryRequest(Body):
    status: Annotated[str, Schema(enum=list(map(str, DeliveryStatus)))] = DeliveryStatus.FAILED
    since: Annotated[str, Schema(format="date-time")] | None = None
    """Only of events from then on."""
    until: Annotated[str, Schema(format="date-time")] | None = None
    """Only of events before then."""
    event: Annotated[str, Schema(enum=list(map(str, EventName)))] | None = None
    """Only of this event, by its name."""
    job: Annotated[str, Schema(format="uuid")] | None = None
    """Only of events of this job."""
    cursor: Annotated[str, Schema(format="uuid")] | None = None
    """The `cursor` of the call before: what follows it."""


def webhook_id(context: RequestContext) -> str:
    name = context.path["id"]
    return name if name == OF_REQUESTS else context.id("webhook")


def _filter(given_fields: Mapping[str, Any]) -> WhichDeliveries:
    """The same fields in a query and in a body."""
    since, until = (_time(name, given_fields.get(name)) for name in ("since", "until"))
    if since and until and since >= until:
        raise InvalidRequest("until", "out_of_range", "until must be later than since.")
    status, event = given_fields.get("status"), given_fields.get("event")
    if status is not None and status not in set(DeliveryStatus):
        raise unknown_choice("status", DeliveryStatus)
    if event is not None and event not in set(EventName):
        raise unknown_choice("event", EventName)
    return WhichDeliveries(
        status=DeliveryStatus(status) if status is not None else None,
        event=event,
        job=_id("job", given_fields.get("job")),
        since=since,
        until=until,
    )


def _id(field: str, text: str | None) -> str | None:
    if text is not None and not is_id(text):
        raise InvalidRequest(field, "malformed", f"{field} must be an id that we gave out.")
    return text and text.lower()


def _time(field: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = f"{field} must be a time with its zone, as in 2026-11-21T13:00:00Z."
        raise InvalidRequest(field, "malformed", message)
    return moment


@ROUTES.get("/v1/webhooks/{id}/deliveries", WEBHOOKS, answer=page, query=(_LIMIT, CURSOR, *_FILTER))
def list_deliveries(context: RequestContext) -> ListDeliveries:
    """List deliveries

    Newest first.
    """
    return ListDeliveries(
        webhook=webhook_id(context),
        limit=context.query(_LIMIT),
        after=context.query(CURSOR),
        which=_filter(context.request.query),
    )


@ROUTES.get("/v1/webhooks/{id}/deliveries/{delivery}", WEBHOOKS, answer=with_body)
def retrieve_delivery(context: RequestContext) -> ReadDelivery:
    """Retrieve a delivery

    With the body that was sent.
    """
    return ReadDelivery(webhook=webhook_id(context), delivery=context.id("delivery", "delivery"))


@ROUTES.post("/v1/webhooks/{id}/deliveries/{delivery}/redeliver", WEBHOOKS, answer=accepted)
def redeliver(context: RequestContext) -> Redeliver:
    """Send a delivery again

    The same message with the same id, to where the webhook points now.
    """
    if context.request.body.strip() not in {b"", b"{}"}:
        raise InvalidRequest("body", "unknown_field", "This request takes no body.")
    return Redeliver(webhook=webhook_id(context), delivery=context.id("delivery", "delivery"))


@ROUTES.post(
    "/v1/webhooks/{id}/redeliver",
    WEBHOOKS,
    answer=redelivered,
    status=202,
    body=RedeliveryRequest,
    body_is_optional=True,
    example={"since": "2026-11-21T12:00:00Z", "event": "job.completed"},
)
def redeliver_all(body: RedeliveryRequest, context: RequestContext) -> RedeliverAll:
    """Send deliveries again

    Those that have failed, or those that match the body: oldest first, a hundred in a call.
    """
    fields = {name: getattr(body, name) for name in RedeliveryRequest.__annotations__}
    return RedeliverAll(
        webhook=webhook_id(context), which=_filter(fields), after=_id("cursor", body.cursor)
    )
