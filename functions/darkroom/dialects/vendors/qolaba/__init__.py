"""Qolaba (https://docs.qolaba.ai/api-platform): images, at once or as a task to be polled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal, NotRequired, TypedDict
from uuid import UUID

from darkroom.dialects.bodies import Body, says_something
from darkroom.dialects.context import RequestContext
from darkroom.dialects.data import data_of
from darkroom.dialects.dialect import Answer, Dialect, Routes
from darkroom.dialects.fields import (
    AnyInteger,
    Count,
    FileUrl,
    Limits,
    Pixels,
    Schema,
    Time,
    between,
    length,
    one_of,
)
from darkroom.dialects.headers import LONGEST_WAIT, api_key_or_bearer
from darkroom.dialects.parameters import unknown_choice
from darkroom.dialects.refusals import Errors, Refusal, phrase_of, x_rate_limits
from darkroom.dialects.wire import json_time
from darkroom.domain.api_key import GENERATE, READ
from darkroom.domain.errors import InvalidRequest, NotFound
from darkroom.domain.field_names import FieldNames
from darkroom.domain.file_links import image_name
from darkroom.domain.image_request import (
    CONTENT_TYPES,
    MAX_SEED,
    ContentType,
    ImageRequest,
    Output,
    Reference,
)
from darkroom.domain.job import Job, JobKind, JobStatus, SlotStatus
from darkroom.domain.operations import Offer, ReadJob, SubmitJob, Submitted

DATA = data_of(__file__)
ROUTES = Routes("images")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TASK = re.compile(r"task_([0-9]{13})_([0-9a-z]{1,16})")
# A UUIDv7 begins with the milliseconds of its making; the rest is the tail.
_TAIL_BITS = 80
_QUALITIES = dict.fromkeys(
    quality for row in DATA["models"].values() for quality in row.get("qualities", ())
)
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
    milliseconds, tail = divmod(job.int, 1 << _TAIL_BITS)
    digits = ""
    while tail:
        tail, digit = divmod(tail, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return f"task_{milliseconds:013}_{digits or '0'}"


class ReferenceImage(Body):
    url: str
    description: Annotated[str, length(500)] | None = None


class Generate(Body):
    model: Annotated[str, one_of(DATA["models"])] = ""
    """Required."""
    prompt: Annotated[str, length(4000)] | None = None
    """What the images show. Required by every model but fal/birefnet."""
    celery: bool = False
    """Answer at once, with a task to be polled."""
    image_urls: Annotated[list[str], Limits(max_length=14)] | None = None
    reference_images: Annotated[list[ReferenceImage], Limits(max_length=14)] | None = None
    mask_url: str | None = None
    aspect_ratio: Annotated[str, one_of(DATA["sizes"])] | None = None
    quality: Annotated[str, one_of(_QUALITIES)] | None = None
    num_images: Annotated[int, between(1, 10)] = 1
    seed: AnyInteger | None = None
    num_inference_steps: Annotated[int, between(1, 150)] | None = None
    guidance_scale: Annotated[float, between(0, 30)] | None = None
    temperature: Annotated[float, between(0, 2)] | None = None
    negative_prompt: Annotated[str, length(2000)] | None = None


# What every model takes; of the others each row says which.
_COMMON = ("model", "prompt", "celery", "aspect_ratio", "num_images")


@ROUTES.post(
    "/api/v1/images/generate",
    GENERATE,
    answer=submitted,
    body=Generate,
    example={"model": "vertex/nano-banana-flash", "prompt": "a pier at dawn", "num_images": 2},
)
def generate_images(body: Generate, context: RequestContext) -> SubmitJob:
    """Generate images

    A field that the model does not take is refused.
    """
    row = _row(body)
    width, height = _size(body, row)
    effort = DATA["efforts"].get(body.quality, 1)
    price = row["price"] * effort * context.catalogue.factor(width, height)
    seed = context.fresh_seed if body.seed is None else body.seed
    shows_seed = row.get("shows_seed") or body.seed is not None
    mask = body.mask_url
    return SubmitJob(
        request=ImageRequest(
            prompt=body.prompt or "",
            model=row["model"],
            width=width,
            height=height,
            n=body.num_images,
            seed=seed % (MAX_SEED + 1),
            output=Output(format="png"),
            negative_prompt=body.negative_prompt,
            steps=body.num_inference_steps,
            guidance=body.guidance_scale,
            temperature=body.temperature,
            quality=body.quality if body.quality in DATA["efforts"] else None,
            references=_references(body, context),
            mask=Reference(url=context.web_address("mask_url", mask)) if mask is not None else None,
        ),
        offer=Offer(name=body.model, price=price),
        terms=({"seed": str(seed)} if shows_seed else {})
        | ({"task": "asked for"} if body.celery else {}),
        fields=_fields(body),
        **context.submission(wait=0 if body.celery else LONGEST_WAIT),
    )


def _fields(body: Generate) -> FieldNames:
    size = "quality" if body.quality in DATA["scales"] else "aspect_ratio"
    return FieldNames(
        {
            "n": "num_images",
            "steps": "num_inference_steps",
            "guidance": "guidance_scale",
            "mask": "mask_url",
            "references": "reference_images" if body.reference_images else "image_urls",
            "width": size,
            "height": size,
        }
    )


def _row(body: Generate) -> Any:
    """The model's row, once everything that was sent is something that it takes."""
    if not body.model:
        raise InvalidRequest("model", "required", "model is required.")
    if body.model not in DATA["models"]:
        raise unknown_choice("model", DATA["models"])
    row = DATA["models"][body.model]
    for field in Generate.__annotations__:
        if getattr(body, field) is not None and field not in (*_COMMON, *row["takes"]):
            message = f"{field} is not supported by {body.model}."
            raise InvalidRequest(field, "unsupported", message)
    if row.get("needs_prompt", True):
        says_something("prompt", body.prompt)
    if body.quality is not None and body.quality not in row["qualities"]:
        raise unknown_choice("quality", row["qualities"])
    return row


def _size(body: Generate, row: Any) -> tuple[int, int]:
    ratio = "1:1" if body.aspect_ratio is None else body.aspect_ratio
    ratios = row.get("ratios", DATA["sizes"])
    if ratio not in ratios:
        raise unknown_choice("aspect_ratio", ratios, f"{body.model}: ")
    scale = DATA["scales"].get(body.quality, 1)
    width, height = DATA["sizes"][ratio]
    return width * scale, height * scale


def _references(body: Generate, context: RequestContext) -> tuple[Reference, ...]:
    sources = tuple(
        Reference(url=context.web_address(f"image_urls.{index}", url))
        for index, url in enumerate(body.image_urls or ())
    )
    others = tuple(
        Reference(
            url=context.web_address(f"reference_images.{index}.url", image.url),
            description=image.description,
        )
        for index, image in enumerate(body.reference_images or ())
    )
    return sources + others


@ROUTES.get(
    "/api/v1/tasks/{id}",
    READ,
    answer=task,
    path_examples={"id": task_id(UUID("019aa6c5-4c00-7a31-9d0e-5b7c1f2e3a40"))},
)
def retrieve_task(context: RequestContext) -> ReadJob:
    """Retrieve a task"""
    found = _TASK.fullmatch(context.path["id"])
    if found is None or int(found[2], 36) >> _TAIL_BITS:
        raise NotFound("task")
    name = UUID(int=int(found[1]) << _TAIL_BITS | int(found[2], 36))
    return ReadJob(job=str(name), kind=JobKind.IMAGES)


def error(refusal: Refusal) -> Error:
    is_limit = refusal.status == HTTPStatus.TOO_MANY_REQUESTS
    name = "Rate Limited" if is_limit else phrase_of(refusal.status)
    body: Error = {"error": name, "message": refusal.text}
    if refusal.retry_after is not None:
        body["retryAfter"] = refusal.retry_after
    return body


API = Dialect(
    name="qolaba",
    title="Darkroom, as Qolaba",
    description="Qolaba's API, answered by Darkroom: images, at once or as a task to be polled.",
    credential=api_key_or_bearer,
    errors=Errors(nouns={"job": "task"}),
    error=error,
    limits=x_rate_limits,
    sections=(ROUTES,),
)
