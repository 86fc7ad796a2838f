"""What is due and does not move: what the sweeper sees in a job, and when it looks again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from darkroom.domain.job import Job, Lease, Slot, SlotStatus

FIRST_LOOK = timedelta(seconds=60)
_MOMENT = timedelta(milliseconds=1)
# A job that waits in a long queue is not lost: each look comes later than the one before.
_MOST_DOUBLINGS = 4


class Finding(StrEnum):
    LEFT_FILES = "left_files"  # ended, and a file of an image that failed may lie there
    TOO_LATE = "too_late"
    UNSETTLED = "unsettled"  # every image has ended, the job has not
    STRANDED = "stranded"  # images whose message was lost, or whose worker died
    INTERRUPTED = "interrupted"  # images on their way when all workers were stopped
    IN_HAND = "in_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    finding: Finding
    slots: tuple[int, ...] = ()


def diagnose(job: Job, now: datetime) -> Diagnosis:
    if job.status.is_terminal:
        failed = _slots(job, lambda index: job.slots[index].image is None)
        return Diagnosis(finding=Finding.LEFT_FILES, slots=failed)
    if job.is_ready_to_settle:
        return Diagnosis(finding=Finding.UNSETTLED)
    if now >= job.deadline:
        return Diagnosis(finding=Finding.TOO_LATE)
    stranded = _slots(job, lambda index: _is_stranded(job, index, now))
    if stranded:
        return Diagnosis(finding=Finding.STRANDED, slots=stranded)
    return Diagnosis(finding=Finding.IN_HAND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """All workers were stopped at a time, as on a machine that is switched off."""

    at: datetime
    lease_time: timedelta

    def has_ended(self, lease: Lease) -> bool:
        """Whether it was given before: its worker is no more."""
        return lease.until - self.lease_time < self.at


def unfinished_slots(job: Job, stop: Stop) -> tuple[int, ...]:
    """The images whose messages do not come back for minutes."""
    if job.status.is_terminal:
        return ()
    return _slots(job, lambda index: _is_left(job.slots[index], stop))


def released(job: Job, stop: Stop, now: datetime) -> Job:
    """Without the leases of workers that are no more. What a provider makes keeps its own: the
    message that asks after it has its token.
    """
    slots = tuple(_released(slot, stop, now) for slot in job.slots)
    return job if slots == job.slots else replace(job, slots=slots, version=job.version + 1)


def _is_left(slot: Slot, stop: Stop) -> bool:
    if slot.lease is None:
        return slot.status is SlotStatus.WAITING
    return slot.pending is not None or stop.has_ended(slot.lease)


def _released(slot: Slot, stop: Stop, now: datetime) -> Slot:
    if slot.lease is None or slot.pending is not None or not stop.has_ended(slot.lease):
        return slot
    return replace(slot, lease=replace(slot.lease, until=min(slot.lease.until, now - _MOMENT)))


def looked_at(job: Job, now: datetime) -> Job:
    """The job with its next look, which is none for one that has ended."""
    if job.status.is_terminal:
        return replace(job, due_at=None, version=job.version + 1)
    doublings = min(job.looks, _MOST_DOUBLINGS)
    if any(slot.status is SlotStatus.MAKING and slot.pending for slot in job.slots):
        doublings = 0  # a message was lost perhaps, and what it was to ask after is paid
    pause = FIRST_LOOK * 2**doublings
    # The deadline is never missed by a look that comes too late.
    due_at = min(now + pause, max(job.deadline, now + FIRST_LOOK))
    return replace(job, due_at=due_at, looks=job.looks + 1, version=job.version + 1)


def _is_stranded(job: Job, index: int, now: datetime) -> bool:
    slot = job.slots[index]
    if slot.status is SlotStatus.WAITING:
        return True
    return slot.lease is not None and slot.lease.until < now


def _slots(job: Job, wanted: Callable[[int], bool]) -> tuple[int, ...]:
    return tuple(index for index in range(len(job.slots)) if wanted(index))
