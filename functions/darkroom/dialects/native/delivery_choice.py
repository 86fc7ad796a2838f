"""Which deliveries are meant: the same words in a query and in a body."""

from __future__ import annotations

from darkroom.dialects.reading import is_id, unknown
from darkroom.dialects.wire import Request
from darkroom.domain.delivery import DeliveryStatus
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.event_names import EventName
from darkroom.domain.webhook_operations import WhichDeliveries


def asked_for(request: Request) -> WhichDeliveries:
    return WhichDeliveries(
        status=a_status(request.query.get("status")),
        event=an_event(request.query.get("event")),
        job=named_id("job", request.query.get("job")),
    )


def a_status(name: str | None) -> DeliveryStatus | None:
    if name is not None and name not in set(DeliveryStatus):
        raise unknown("status", DeliveryStatus)
    return DeliveryStatus(name) if name is not None else None


def an_event(name: str | None) -> str | None:
    if name is not None and name not in set(EventName):
        raise unknown("event", EventName)
    return name


def named_id(field: str, text: str | None) -> str | None:
    if text is not None and not is_id(text):
        raise InvalidRequest(field, "malformed", f"{field} must be an id that we gave out.")
    return text and text.lower()
