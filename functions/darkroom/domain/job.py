"""A job, its slots, and the moves that are legal between their states.

A slot is one image of a job: the unit of work, lease, retry and charge. Functions here take a
job and give the next one; storage makes the same moves atomically and is tested against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from darkroom.domain.attempts import Attempt, PendingGeneration
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.image_request import Format, ImageRequest
from darkroom.domain.money import Charge


class JobStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def is_terminal(self) -> bool:
        return not JOB_MOVES[self]


class JobKind(StrEnum):
    IMAGES = "images"
    CAPTIONS = "captions"


class SlotStatus(StrEnum):
    WAITING = "waiting"
    MAKING = "making"
    STORED = "stored"
    FAILED = "failed"

    @property
    def is_terminal(self) -> bool:
        return not SLOT_MOVES[self]


_ENDS = frozenset({JobStatus.COMPLETED, JobStatus.PARTIAL, JobStatus.FAILED, JobStatus.CANCELED})

JOB_MOVES: dict[JobStatus, frozenset[JobStatus]] = {
    JobStatus.PENDING: frozenset({JobStatus.PROCESSING, JobStatus.FAILED, JobStatus.CANCELED}),
    JobStatus.PROCESSING: _ENDS,
    **{end: frozenset() for end in _ENDS},
}
SLOT_MOVES: dict[SlotStatus, frozenset[SlotStatus]] = {
    SlotStatus.WAITING: frozenset({SlotStatus.MAKING, SlotStatus.FAILED}),
    # Making to making is a second lease after the first worker died.
    SlotStatus.MAKING: frozenset(
        {SlotStatus.WAITING, SlotStatus.MAKING, SlotStatus.STORED, SlotStatus.FAILED}
    ),
    SlotStatus.STORED: frozenset(),
    SlotStatus.FAILED: frozenset(),
}


class IllegalMove(RuntimeError):  # noqa: N818 - a bug of ours, never a caller's mistake
    """A state was asked to become one that cannot follow it."""


class LeaseLost(Exception):  # noqa: N818
    """Another worker has the slot, or the job ended: nothing of this one may be written."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.id)
        self.job = job


class NotLeasable(LeaseLost):
    """The slot is taken, done, or its job has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to make one image until a time. The token fences off a worker that overstays."""

    token: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImage:
    format: Format
    width: int
    height: int
    size: int
    provider: str
    provider_model: str
    is_deleted: bool = False  # by its owner, from the library


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text and who wrote it."""

    text: str
    writer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    text: str
    writer: str
    # What of it says what the post is about; None where its writer cannot tell, and in
    # captions that were stored before this field was.
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    media_id: str
    status: SlotStatus = SlotStatus.WAITING
    leases: int = 0
    lease: Lease | None = None
    image: StoredImage | None = None
    captions: Mapping[str, Caption] | None = None  # by post type
    failure: Failure | None = None
    attempts: tuple[Attempt, ...] = ()
    pending: PendingGeneration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """The webhook of one request, and its events; none: the job's end."""

    url: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    id: str
    workspace: str
    dialect: str
    request: ImageRequest | CaptionRequest
    price: int  # of one slot
    slots: tuple[Slot, ...]
    created_at: datetime
    updated_at: datetime
    deadline: datetime
    status: JobStatus = JobStatus.PENDING
    started_at: datetime | None = None
    finished_at: datetime | None = None
    charge: Charge | None = None
    # When the sweeper is to look at it, and how often it has; None once there is nothing to see.
    due_at: datetime | None = None
    looks: int = 0
    # The collection that its images join at the end.
    collection: str | None = None
    # The prompt as a writer made it richer; the first worker that has one keeps it for all.
    enhanced: Written | None = None
    # More than its workspace's share: its images wait in the queue of those, behind each other.
    backlog: bool = False
    # What the dialect was asked in its own words, for it to answer in them.
    terms: Mapping[str, str] = field(default_factory=dict)
    webhook: Hook | None = None
    # The request that it came with: one word to find it by in every log.
    request_id: str = ""
    version: int = 1

    @property
    def kind(self) -> JobKind:
        return JobKind.CAPTIONS if self.writes_captions else JobKind.IMAGES

    @property
    def writes_captions(self) -> bool:
        return isinstance(self.request, CaptionRequest)

    @property
    def picture(self) -> ImageRequest:
        """What is to be pictured."""
        if not isinstance(self.request, ImageRequest):
            raise TypeError(f"{self.id} makes no images")
        return self.request

    @property
    def writing(self) -> CaptionRequest:
        """What is to be written."""
        if not isinstance(self.request, CaptionRequest):
            raise TypeError(f"{self.id} writes no captions")
        return self.request

    @property
    def images(self) -> tuple[tuple[str, StoredImage], ...]:
        """Those that are there, with their media's ids: made, and not deleted since."""
        return tuple(
            (slot.media_id, slot.image)
            for slot in self.slots
            if slot.image is not None and not slot.image.is_deleted
        )

    @property
    def captions(self) -> Mapping[str, Caption]:
        return self.slots[0].captions or {}

    @property
    def total(self) -> int:
        return self.price * len(self.slots)

    @property
    def is_ready_to_settle(self) -> bool:
        return not self.status.is_terminal and all(slot.status.is_terminal for slot in self.slots)

    def count(self, status: SlotStatus) -> int:
        return sum(slot.status is status for slot in self.slots)


CANCELED = Failure(code="canceled", message="The job was canceled before this image was made.")
TOO_LATE = Failure(code="deadline", message="The image was not made before the job's deadline.")
GAVE_UP = Failure(code="gave_up", message="Making the image failed again and again.")

# Longer than any worker lives: after this nothing of an ended job is written any more.
_LAST_WRITES = timedelta(minutes=20)


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


def as_left(slot: Slot) -> Slot:
    """Only what is still in the making keeps a lease."""
    return slot if slot.status is SlotStatus.MAKING else replace(slot, lease=None)


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
