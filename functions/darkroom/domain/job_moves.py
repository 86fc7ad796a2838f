"""The moves of a job and its slots: each takes a job and gives the next one.

Storage makes the same moves atomically and is tested against them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from darkroom.domain.attempts import Attempt
from darkroom.domain.job import (
    JOB_MOVES,
    SLOT_MOVES,
    Failure,
    Job,
    JobStatus,
    Lease,
    LeaseLost,
    NotLeasable,
    Slot,
    SlotStatus,
    as_left,
)
from darkroom.domain.money import Charge

CANCELED = Failure(code="canceled", message="The job was canceled before this image was made.")
TOO_LATE = Failure(code="deadline", message="The image was not made before the job's deadline.")
GAVE_UP = Failure(code="gave_up", message="Making the image failed again and again.")

# Longer than any worker lives: after this nothing of an ended job is written any more.
_LAST_WRITES = timedelta(minutes=20)


class IllegalMove(RuntimeError):  # noqa: N818 - a bug of ours, never a caller's mistake
    """A state was asked to become one that cannot follow it."""


def lease(job: Job, index: int, grant: Lease, now: datetime) -> Job:
    slot = job.slots[index]
    is_free = slot.status is SlotStatus.WAITING or (
        slot.status is SlotStatus.MAKING and slot.lease is not None and slot.lease.until < now
    )
    if job.status.is_terminal or not is_free:
        raise NotLeasable(job)
    return _with_slot(
        replace(job, status=JobStatus.PROCESSING, started_at=job.started_at or now),
        index,
        _moved(slot, SlotStatus.MAKING, lease=grant, leases=slot.leases + 1),
        now,
    )


def resume(job: Job, index: int, held: str, grant: Lease, now: datetime) -> Job:
    """The next look at an image in the making, by the worker whose message holds its lease."""
    slot = job.slots[index]
    is_ours = slot.lease is not None and slot.lease.token == held
    if job.status.is_terminal or slot.pending is None or not is_ours:
        raise NotLeasable(job)
    pending = replace(slot.pending, polls=slot.pending.polls + 1)
    return _with_slot(job, index, replace(slot, lease=grant, pending=pending), now)


def finish_slot(job: Job, index: int, token: str, finished: Slot, now: datetime) -> Job:
    """The slot as its worker leaves it: stored, failed, waiting for another try, or, with a lease
    for the worker that is to poll its provider.
    """
    slot = job.slots[index]
    if job.status.is_terminal or slot.lease is None or slot.lease.token != token:
        raise LeaseLost(job)
    if finished.status not in SLOT_MOVES[slot.status]:
        raise IllegalMove(f"{slot.status} cannot become {finished.status}")
    return _with_slot(job, index, as_left(finished), now)


def settle(job: Job, now: datetime) -> Job:
    """The end of a job all of whose slots have ended: its state, and what it costs."""
    if not job.is_ready_to_settle:
        raise IllegalMove(f"{job.id} is {job.status} and cannot be settled")
    stored = job.count(SlotStatus.STORED)
    ends = {0: JobStatus.FAILED, len(job.slots): JobStatus.COMPLETED}
    return _ended(job, ends.get(stored, JobStatus.PARTIAL), now)


def cancel(job: Job, now: datetime) -> Job:
    """What is stored stays and is charged; what is not is given up and refunded."""
    if job.status.is_terminal:
        raise IllegalMove(f"{job.id} is {job.status} and cannot be canceled")
    return _ended(_with_open_slots_failed(job, CANCELED, now), JobStatus.CANCELED, now)


def expire(job: Job, now: datetime) -> Job:
    """The deadline has passed: what is stored by now is what there is."""
    if now < job.deadline:
        raise IllegalMove(f"{job.id} has time until {job.deadline}")
    return settle(_with_open_slots_failed(job, TOO_LATE, now), now)


def give_up(job: Job, index: int, now: datetime) -> Job:
    """An image that no worker makes any more; not one that is leased."""
    slot = job.slots[index]
    if slot.lease is not None and slot.lease.until >= now:
        raise IllegalMove(f"{job.id} slot {index} is being made")
    return _with_slot(job, index, given_up(slot, GAVE_UP, now), now)


def given_up(slot: Slot, failure: Failure, now: datetime) -> Slot:
    """What its provider may go on with is recorded like any other try: it may have to be paid."""
    failed = _moved(slot, SlotStatus.FAILED, failure=failure, lease=None)
    pending = slot.pending
    if pending is None:
        return failed
    attempt = Attempt(
        provider=pending.provider,
        model=pending.model,
        outcome="abandoned",
        milliseconds=round((now - pending.begun_at).total_seconds() * 1000),
        usd=pending.usd,
    )
    return replace(failed, attempts=(*failed.attempts, attempt))


def _with_open_slots_failed(job: Job, failure: Failure, now: datetime) -> Job:
    slots = tuple(
        slot if slot.status.is_terminal else given_up(slot, failure, now) for slot in job.slots
    )
    return replace(job, slots=slots)


def _ended(job: Job, status: JobStatus, now: datetime) -> Job:
    if status not in JOB_MOVES[job.status]:
        raise IllegalMove(f"{job.status} cannot become {status}")
    captured = job.price * job.count(SlotStatus.STORED)
    # A worker that died or overslept may have left files of an image that failed.
    leaves_files = not job.writes_captions and any(
        slot.leases and slot.image is None for slot in job.slots
    )
    return replace(
        job,
        due_at=now + _LAST_WRITES if leaves_files else None,
        status=status,
        finished_at=now,
        updated_at=now,
        charge=Charge(captured=captured, released=job.total - captured),
        version=job.version + 1,
    )


def _moved(slot: Slot, status: SlotStatus, **changes: object) -> Slot:
    if status not in SLOT_MOVES[slot.status]:
        raise IllegalMove(f"{slot.status} cannot become {status}")
    return replace(slot, status=status, **changes)  # type: ignore[arg-type]  # checked by callers' names


def _with_slot(job: Job, index: int, slot: Slot, now: datetime) -> Job:
    slots = (*job.slots[:index], slot, *job.slots[index + 1 :])
    return replace(job, slots=slots, updated_at=now, version=job.version + 1)
