"""Changes of the table become events. A record that cannot be read is set aside; an
outage holds up everything behind it, until it is over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from darkroom.domain.changes import Change, events_of
from darkroom.domain.events import Event
from darkroom.usecases.publish_events import EventMessage, EventPublisher

log = logging.getLogger(__name__)

Record = dict[str, Any]


class FailedRecords(Protocol):
    def keep(self, record: Record, reason: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Relayed:
    events: tuple[Event, ...]
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    read: Callable[[Record], Change | None]
    is_temporary: Callable[[Exception], bool]  # an outage, and no fault of the record
    event_publisher: EventPublisher
    failed_records: FailedRecords

    def relay(self, records: Sequence[Record]) -> Relayed:
        """Raises what it could not do: then all of it comes again."""
        messages: list[EventMessage] = []
        unread = 0
        for record in records:
            try:
                messages += self._messages(record)
            except Exception as error:
                if self.is_temporary(error):
                    raise
                log.exception("record_unread", extra={"record": record.get("eventID")})
                self.failed_records.keep(record, f"{type(error).__name__}: {error}")
                unread += 1
        self.event_publisher.publish(messages)
        return Relayed(events=tuple(event for event, _ in messages), unread=unread)

    def _messages(self, record: Record) -> Sequence[EventMessage]:
        change = self.read(record)
        return (
            [self.event_publisher.message_of(event) for event in events_of(change)]
            if change
            else ()
        )
