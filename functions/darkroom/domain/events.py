"""What the rest of the world is told, derived from two versions of a job.

An event is a function of the change alone, its id included, so that telling it twice is harmless.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from darkroom.domain.job import Job, JobStatus, SlotStatus

_NAMESPACE = uuid.UUID("6b0c3c1e-7f0a-5d0b-9d3c-5f6a0a4f2f11")


class EventName(StrEnum):
    JOB_ACCEPTED = "job.accepted"
    JOB_STARTED = "job.started"
    IMAGE_STORED = "image.stored"
    IMAGE_FAILED = "image.failed"
    JOB_COMPLETED = "job.completed"
    JOB_PARTIAL = "job.partial"
    JOB_FAILED = "job.failed"
    JOB_CANCELED = "job.canceled"


_OF_JOB = {
    JobStatus.PROCESSING: EventName.JOB_STARTED,
    JobStatus.COMPLETED: EventName.JOB_COMPLETED,
    JobStatus.PARTIAL: EventName.JOB_PARTIAL,
    JobStatus.FAILED: EventName.JOB_FAILED,
    JobStatus.CANCELED: EventName.JOB_CANCELED,
}
_OF_SLOT = {
    SlotStatus.STORED: EventName.IMAGE_STORED,
    SlotStatus.FAILED: EventName.IMAGE_FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    id: str
    name: EventName
    job: Job
    at: datetime
    slot: int | None = None


def events_between(before: Job | None, after: Job) -> tuple[Event, ...]:
    """Every state that `after` has reached and `before` had not, in the order of its telling."""
    events = []
    if before is None:
        events.append(_event(EventName.JOB_ACCEPTED, after))
    old_status = JobStatus.PENDING if before is None else before.status
    started = old_status is JobStatus.PENDING and after.started_at is not None
    if started:
        events.append(_event(EventName.JOB_STARTED, after))
    for index, slot in enumerate(after.slots):
        was = SlotStatus.WAITING if before is None else before.slots[index].status
        if slot.status is not was and slot.status in _OF_SLOT:
            events.append(_event(_OF_SLOT[slot.status], after, index))
    if after.status.is_terminal and after.status is not old_status:
        events.append(_event(_OF_JOB[after.status], after))
    return tuple(events)


def _event(name: EventName, job: Job, slot: int | None = None) -> Event:
    # The name and the slot make the id: within a job each state is reached once.
    seed = f"{job.workspace}/{job.id}/{name}/{'' if slot is None else slot}"
    return Event(
        id=str(uuid.uuid5(_NAMESPACE, seed)), name=name, job=job, at=job.updated_at, slot=slot
    )
