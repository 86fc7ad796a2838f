"""Qolaba (https://docs.qolaba.ai/api-platform): images, at once or as a task to be polled."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from darkroom.dialects.bodies import Body, says_something
from darkroom.dialects.context import RequestContext
from darkroom.dialects.dialect import Dialect
from darkroom.dialects.fields import AnyInteger, Limits, between, length, one_of
from darkroom.dialects.headers import LONGEST_WAIT, api_key_or_bearer
from darkroom.dialects.parameters import unknown_choice
from darkroom.dialects.refusals import Errors, Refusal, phrase_of, x_rate_limits
from darkroom.dialects.routes import Routes
from darkroom.dialects.vendors.qolaba.answers import (
    DATA,
    TAIL_BITS,
    Error,
    submitted,
    task,
    task_id,
)
from darkroom.domain.api_key import GENERATE, READ
from darkroom.domain.errors import InvalidRequest, NotFound
from darkroom.domain.field_names import FieldNames
from darkroom.domain.image_request import MAX_SEED, ImageRequest, Output, Reference
from darkroom.domain.job import JobKind
from darkroom.domain.operations import Offer, ReadJob, SubmitJob

ROUTES = Routes("images")
_TASK = re.compile(r"task_([0-9]{13})_([0-9a-z]{1,16})")
_QUALITIES = dict.fromkeys(
    quality for row in DATA["models"].values() for quality in row.get("qualities", ())
)


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
    is_synchronous=True,
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
    if found is None or int(found[2], 36) >> TAIL_BITS:
        raise NotFound("task")
    name = UUID(int=int(found[1]) << TAIL_BITS | int(found[2], 36))
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
