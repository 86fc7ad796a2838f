"""A job, its slots, and which of their states may follow which (domain/job_moves.py).

A slot is one image of a job: the unit of work, lease, retry and charge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
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


# Among the terms of a job whose client waits for its images: the route that the call came by, and
# what equal calls are known by.
ROUTE, CALL = "route", "call"


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


def as_left(slot: Slot) -> Slot:
    """Only what is still in the making keeps a lease."""
    return slot if slot.status is SlotStatus.MAKING else replace(slot, lease=None)


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
