"""What generations of images and of captions have in common."""

from __future__ import annotations

from typing import Literal, TypedDict

from darkroom.dialects.data import data_of
from darkroom.dialects.fields import Count
from darkroom.domain.field_names import FieldNames
from darkroom.domain.job import Job, JobStatus
from darkroom.domain.outcomes import Submitted

DATA = data_of(__file__)
FIELDS = FieldNames(DATA["fields"])
STATUSES = {
    "pending": (JobStatus.PENDING,),
    "processing": (JobStatus.PROCESSING,),
    "completed": (JobStatus.COMPLETED,),
    "failed": (JobStatus.PARTIAL, JobStatus.FAILED, JobStatus.CANCELED),
}
Status = Literal["processing", "completed", "failed"]


class Failure(TypedDict):
    code: str
    message: str


class Accepted(TypedDict):
    status: Literal["processing"]
    credits_used: Count
    remaining_credits: int
    status_url: str
    """The path to poll."""


def status_of(job: Job) -> Status:
    if not job.status.is_terminal:
        return "processing"
    return "completed" if job.status is JobStatus.COMPLETED else "failed"


def accepted(outcome: Submitted, path: str) -> Accepted:
    return {
        "status": "processing",
        "credits_used": outcome.job.total,
        "remaining_credits": outcome.balance,
        "status_url": f"{path}/{outcome.job.id}",
    }
