"""Qolaba (https://docs.qolaba.ai/api-platform): images, at once or as a task to be polled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from darkroom.dialects.bodies import Strict, read_body, says_something
from darkroom.dialects.data import beside
from darkroom.dialects.reading import (
    LONGEST_WAIT,
    idempotency_key,
    open_routes,
    unknown,
    web_address,
)
from darkroom.dialects.statuses import headers_of, phrase_of, status_of, text_of, x_rate_limits
from darkroom.dialects.wire import (
    Desk,
    Dialect,
    Request,
    Response,
    api_key_or_bearer,
    json_response,
    json_time,
)
from darkroom.domain import errors
from darkroom.domain.api_key import GENERATE, READ
from darkroom.domain.field_names import FieldNames
from darkroom.domain.file_links import image_name
from darkroom.domain.image_request import (
    CONTENT_TYPES,
    MAX_SEED,
    ImageRequest,
    Output,
    Reference,
)
from darkroom.domain.job import Job, JobKind, JobStatus, SlotStatus
from darkroom.domain.operations import Offer, ReadJob, SubmitJob, Submitted

Parameters = Mapping[str, str]
DATA = beside(__file__)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TASK = re.compile(r"task_([0-9]{13})_([0-9a-z]{1,16})")
# A UUIDv7 begins with the milliseconds of its making; the rest is the tail.
_TAIL_BITS = 80


class ReferenceImage(Strict):
    url: str
    description: Annotated[str, StringConstraints(max_length=500)] | None = None


class Generate(Strict):
    model: str = ""
    prompt: Annotated[str, StringConstraints(max_length=4000)] | None = None
    celery: bool = False
    image_urls: Annotated[list[str], Field(max_length=14)] | None = None
    reference_images: Annotated[list[ReferenceImage], Field(max_length=14)] | None = None
    mask_url: str | None = None
    aspect_ratio: str | None = None
    quality: str | None = None
    num_images: Annotated[int, Field(ge=1, le=10)] = 1
    # The vendor names no range.
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)] | None = None
    num_inference_steps: Annotated[int, Field(ge=1, le=150)] | None = None
    guidance_scale: Annotated[float, Field(ge=0, le=30)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    negative_prompt: Annotated[str, StringConstraints(max_length=2000)] | None = None


# What every model takes; of the others each row says which.
_COMMON = ("model", "prompt", "celery", "aspect_ratio", "num_images")


def generate(request: Request, _parameters: Parameters, desk: Desk) -> SubmitJob:
    body, fingerprint = read_body(Generate, request.body, request.ignored)
    row = _row(body)
    width, height = _size(body, row)
    effort = DATA["efforts"].get(body.quality, 1)
    price = row["price"] * effort * desk.catalogue.factor(width, height)
    seed = desk.fresh_seed if body.seed is None else body.seed
    shows_seed = row.get("shows_seed") or body.seed is not None
    return SubmitJob(
        dialect="qolaba",
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
            references=_references(body, desk),
            mask=Reference(url=web_address("mask_url", body.mask_url, desk))
            if body.mask_url is not None
            else None,
        ),
        offer=Offer(name=body.model, price=price),
        terms=({"seed": str(seed)} if shows_seed else {})
        | ({"task": "asked for"} if body.celery else {}),
        fields=_fields(body),
        fingerprint=fingerprint,
        idempotency_key=idempotency_key(request),
        wait=0 if body.celery else LONGEST_WAIT,
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
        raise errors.InvalidRequest("model", "required", "model is required.")
    if body.model not in DATA["models"]:
        raise unknown("model", DATA["models"])
    row = DATA["models"][body.model]
    for field, value in body:
        if value is not None and field not in (*_COMMON, *row["takes"]):
            text = f"{field} is not supported by {body.model}."
            raise errors.InvalidRequest(field, "unsupported", text)
    if row.get("needs_prompt", True):
        says_something("prompt", body.prompt)
    if body.quality is not None and body.quality not in row["qualities"]:
        raise unknown("quality", row["qualities"])
    return row


def _size(body: Generate, row: Any) -> tuple[int, int]:
    ratio = "1:1" if body.aspect_ratio is None else body.aspect_ratio
    ratios = row.get("ratios", DATA["sizes"])
    if ratio not in ratios:
        raise unknown("aspect_ratio", ratios, f"{body.model}: ")
    scale = DATA["scales"].get(body.quality, 1)
    width, height = DATA["sizes"][ratio]
    return width * scale, height * scale


def _references(body: Generate, desk: Desk) -> tuple[Reference, ...]:
    sources = tuple(
        Reference(url=web_address(f"image_urls.{index}", url, desk))
        for index, url in enumerate(body.image_urls or ())
    )
    others = tuple(
        Reference(
            url=web_address(f"reference_images.{index}.url", image.url, desk),
            description=image.description,
        )
        for index, image in enumerate(body.reference_images or ())
    )
    return sources + others


def read_task(_request: Request, parameters: Parameters, _desk: Desk) -> ReadJob:
    found = _TASK.fullmatch(parameters["id"])
    if found is None or int(found[2], 36) >> _TAIL_BITS:
        raise errors.NotFound("task")
    name = UUID(int=int(found[1]) << _TAIL_BITS | int(found[2], 36))
    return ReadJob(job=str(name), kind=JobKind.IMAGES)


def task_id(name: UUID) -> str:
    milliseconds, tail = divmod(name.int, 1 << _TAIL_BITS)
    digits = ""
    while tail:
        tail, digit = divmod(tail, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return f"task_{milliseconds:013}_{digits or '0'}"


_STATUSES = {
    JobStatus.PENDING: "PENDING",
    JobStatus.PROCESSING: "PROCESSING",
    JobStatus.COMPLETED: "SUCCESS",
    JobStatus.PARTIAL: "SUCCESS",
    JobStatus.FAILED: "FAILED",
    JobStatus.CANCELED: "FAILED",
}


# Failures for which the request is to blame: a picture that cannot be had, a prompt refused.
_THEIRS = ("reference", "mask", "refused")


def submitted(outcome: Submitted, _request: Request, desk: Desk) -> Response:
    job = outcome.job
    status = _STATUSES[job.status]
    # What is not made while the caller waited goes on as a task, and what has to be asked for too.
    if not job.status.is_terminal or "task" in job.terms:
        body = {"task_id": task_id(UUID(job.id)), "status": "PENDING", "type": "image"}
        return json_response(HTTPStatus.ACCEPTED, body)
    if status == "FAILED":
        code, text = _failure(job)
        is_theirs = code.partition(".")[0] in _THEIRS
        failed = HTTPStatus.BAD_REQUEST if is_theirs else HTTPStatus.INTERNAL_SERVER_ERROR
        body = {"error": phrase_of(failed), "message": text, "task_id": task_id(UUID(job.id))}
        return json_response(failed, body)
    return json_response(HTTPStatus.OK, {"task_id": task_id(UUID(job.id)), **_output(job, desk)})


def task(job: Job, _request: Request, desk: Desk) -> Response:
    status, code, text = _STATUSES[job.status], None, None
    if status == "FAILED":
        code, text = _failure(job)
    body = {
        "task_id": task_id(UUID(job.id)),
        "type": "image",
        "status": status,
        "created_at": json_time(job.created_at),
        "updated_at": json_time(job.updated_at),
        "output": _output(job, desk) if status == "SUCCESS" else None,
        "error": code,
        "error_detail": text,
    }
    return json_response(HTTPStatus.OK, body)


def _failure(job: Job) -> tuple[str, str]:
    failure = next((slot.failure for slot in job.slots if slot.failure), None)
    if failure is None:
        return "failed", "The images could not be made."
    return failure.code, failure.message


def _output(job: Job, desk: Desk) -> dict[str, Any]:
    spent = job.charge.captured if job.charge else 0
    return {
        "prompt": job.picture.prompt,
        **({"seed": int(job.terms["seed"])} if "seed" in job.terms else {}),
        "images": [
            {
                "url": desk.file_url(image_name(name, image.format)),
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


# What the core calls otherwise.
_NOUNS = {"job": "task"}


def refuse(error: errors.DarkroomError | None, _request: Request) -> Response:
    status = HTTPStatus(status_of(error))
    name = "Rate Limited" if status is HTTPStatus.TOO_MANY_REQUESTS else phrase_of(status)
    body = {"error": name, "message": text_of(error, _NOUNS)}
    if isinstance(error, errors.RateLimited | errors.TooManyInFlight | errors.TooManyToday):
        return json_response(status, body | {"retryAfter": error.retry_after}, headers_of(error))
    return json_response(status, body, headers_of(error))


_ROUTES = (
    ("POST", "/api/v1/images/generate", GENERATE, generate, submitted),
    ("GET", "/api/v1/tasks/{id}", READ, read_task, task),
)

DIALECT = Dialect(
    name="qolaba",
    routes=open_routes(_ROUTES),
    credential=api_key_or_bearer,
    refuse=refuse,
    limits=x_rate_limits,
)
