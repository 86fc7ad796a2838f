"""Images and tasks, as Qolaba answers them."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal, NotRequired, TypedDict
from uuid import UUID

from darkroom.dialects.context import RequestContext
from darkroom.dialects.data import data_of
from darkroom.dialects.fields import Count, FileUrl, Pixels, Schema, Time
from darkroom.dialects.refusals import phrase_of
from darkroom.dialects.routes import Answer
from darkroom.dialects.wire import json_time
from darkroom.domain.file_links import image_name
from darkroom.domain.image_request import CONTENT_TYPES, ContentType
from darkroom.domain.job import Job, JobStatus, SlotStatus
from darkroom.domain.outcomes import Submitted

DATA = data_of(__file__)
# A UUIDv7 begins with the milliseconds of its making; the rest is the tail.
TAIL_BITS = 80
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
TaskId = Annotated[str, Schema(pattern="^task_[0-9]{13}_[0-9a-z]{1,16}$")]
Status = Literal["PENDING", "PROCESSING", "SUCCESS", "FAILED"]
_STATUSES: Mapping[JobStatus, Status] = {
    JobStatus.PENDING: "PENDING",
    JobStatus.PROCESSING: "PROCESSING",
    JobStatus.COMPLETED: "SUCCESS",
    JobStatus.PARTIAL: "SUCCESS",
    JobStatus.FAILED: "FAILED",
    JobStatus.CANCELED: "FAILED",
}
# Failures for which the request is to blame: an image that cannot be had, a prompt refused.
_OF_THE_REQUEST = ("reference", "mask", "refused")


class Image(TypedDict):
    url: FileUrl
    width: Pixels
    height: Pixels
    content_type: ContentType


class Usage(TypedDict):
    images_generated: Count
    cost_usd: float
    cost_credits: Count


class Result(TypedDict):
    prompt: str
    seed: NotRequired[int]
    images: list[Image]
    usage: Usage


class Images(Result):
    task_id: TaskId


class PendingTask(TypedDict):
    """To be asked for with `GET /api/v1/tasks/{id}`."""

    task_id: TaskId
    status: Literal["PENDING"]
    type: Literal["image"]


class Task(TypedDict):
    task_id: TaskId
    type: Literal["image"]
    status: Status
    created_at: Time
    updated_at: Time
    output: Result | None
    error: str | None
    error_detail: str | None


class Error(TypedDict):
    error: str
    message: str
    task_id: NotRequired[TaskId]
    """Of a task that failed."""
    retryAfter: NotRequired[Count]
    """Seconds, with 429."""


def submitted(
    outcome: Submitted, context: RequestContext
) -> Answer[Images] | Answer[PendingTask] | Answer[Error]:
    job = outcome.job
    name = task_id(UUID(job.id))
    # What is not made while the caller waited goes on as a task, and so does what was asked for as
    # one.
    if not job.status.is_terminal or "task" in job.terms:
        pending: PendingTask = {"task_id": name, "status": "PENDING", "type": "image"}
        return Answer(HTTPStatus.ACCEPTED, pending)
    if _STATUSES[job.status] == "FAILED":
        code, message = _failure(job)
        is_of_request = code.partition(".")[0] in _OF_THE_REQUEST
        status = HTTPStatus.BAD_REQUEST if is_of_request else HTTPStatus.INTERNAL_SERVER_ERROR
        failed: Error = {"error": phrase_of(status), "message": message, "task_id": name}
        return Answer(status, failed)
    images: Images = {"task_id": name, **_result(job, context)}
    return Answer(HTTPStatus.OK, images)


def task(outcome: Job, context: RequestContext) -> Task:
    status = _STATUSES[outcome.status]
    code: str | None = None
    message: str | None = None
    if status == "FAILED":
        code, message = _failure(outcome)
    return {
        "task_id": task_id(UUID(outcome.id)),
        "type": "image",
        "status": status,
        "created_at": json_time(outcome.created_at),
        "updated_at": json_time(outcome.updated_at),
        "output": _result(outcome, context) if status == "SUCCESS" else None,
        "error": code,
        "error_detail": message,
    }


def _failure(job: Job) -> tuple[str, str]:
    failure = next((slot.failure for slot in job.slots if slot.failure), None)
    if failure is None:
        return "failed", "The images could not be made."
    return failure.code, failure.message


def _result(job: Job, context: RequestContext) -> Result:
    spent = job.charge.captured if job.charge else 0
    seed: Any = {"seed": int(job.terms["seed"])} if "seed" in job.terms else {}
    return {
        "prompt": job.picture.prompt,
        **seed,
        "images": [
            {
                "url": context.file_url(image_name(name, image.format)),
                "width": image.width,
                "height": image.height,
                "content_type": CONTENT_TYPES[image.format],
            }
            for name, image in job.images
        ],
        "usage": {
            "images_generated": job.count(SlotStatus.STORED),
            "cost_usd": round(spent * DATA["usd_per_credit"], 6),
            "cost_credits": spent,
        },
    }


def task_id(job: UUID) -> str:
    milliseconds, tail = divmod(job.int, 1 << TAIL_BITS)
    digits = ""
    while tail:
        tail, digit = divmod(tail, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return f"task_{milliseconds:013}_{digits or '0'}"
