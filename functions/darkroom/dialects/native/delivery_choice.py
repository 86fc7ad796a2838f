"""Which deliveries are meant: the same words in a query and in a body."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from darkroom.dialects.reading import is_id, unknown
from darkroom.domain.delivery import DeliveryStatus
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.event_names import EventName
from darkroom.domain.webhook_operations import WhichDeliveries

# The fields of the choice, as a query and a body name them.
CHOICE = ("status", "event", "job", "since", "until")


def chosen(given: Mapping[str, str | None]) -> WhichDeliveries:
    since, until = (_time(name, given.get(name)) for name in ("since", "until"))
    if since and until and since >= until:
        raise InvalidRequest("until", "out_of_range", "until must be later than since.")
    return WhichDeliveries(
        status=_status(given.get("status")),
        event=_event(given.get("event")),
        job=named_id("job", given.get("job")),
        since=since,
        until=until,
    )


def _status(name: str | None) -> DeliveryStatus | None:
    if name is not None and name not in set(DeliveryStatus):
        raise unknown("status", DeliveryStatus)
    return DeliveryStatus(name) if name is not None else None


def _event(name: str | None) -> str | None:
    if name is not None and name not in set(EventName):
        raise unknown("event", EventName)
    return name


def named_id(field: str, text: str | None) -> str | None:
    if text is not None and not is_id(text):
        raise InvalidRequest(field, "malformed", f"{field} must be an id that we gave out.")
    return text and text.lower()


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
