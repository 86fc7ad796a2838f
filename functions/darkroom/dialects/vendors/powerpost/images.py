"""Images."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from darkroom.dialects.bodies import Body, says_something
from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import (
    Count,
    FileUrl,
    Limits,
    Pixels,
    Time,
    Uuid,
    between,
    length,
    one_of,
)
from darkroom.dialects.parameters import reference, references, unknown_choice
from darkroom.dialects.routes import Routes
from darkroom.dialects.vendors.powerpost.generations import (
    DATA,
    FIELDS,
    Accepted,
    Failure,
    Status,
    accepted,
    status_of,
)
from darkroom.dialects.wire import json_time
from darkroom.domain.api_key import GENERATE, READ
from darkroom.domain.captions import POST_TYPES
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.file_links import image_name, thumbnail_name
from darkroom.domain.image_request import ImageRequest, Output
from darkroom.domain.job import Job, JobKind, JobStatus, SlotStatus
from darkroom.domain.operations import CaptionSource, Offer, ReadJob, SubmitJob
from darkroom.domain.outcomes import Submitted

ROUTES = Routes("images")
_GENERATIONS = "/api/v1/images/generations"
_SIZES = dict.fromkeys(size for model in DATA["models"].values() for size in model["sizes"])


class AcceptedImages(Accepted):
    image_generation_id: Uuid


class Image(TypedDict):
    media_id: Uuid
    url: FileUrl
    thumbnail_url: FileUrl
    width: Pixels
    height: Pixels


class Images(TypedDict):
    image_generation_id: Uuid
    status: Status
    prompt: str
    size: str
    quantity: Count
    created_at: Time
    images: NotRequired[list[Image]]
    """Those that were made, once the generation has ended."""
    error: NotRequired[Failure]
    """Why some are missing, or all."""


def accepted_images(outcome: Submitted) -> AcceptedImages:
    return {"image_generation_id": outcome.job.id, **accepted(outcome, _GENERATIONS)}


def images(outcome: Job, context: RequestContext) -> Images:
    request = outcome.picture
    answer: Images = {
        "image_generation_id": outcome.id,
        "status": status_of(outcome),
        "prompt": outcome.terms.get("prompt") or request.prompt,
        "size": outcome.terms.get("size", f"{request.width}x{request.height}"),
        "quantity": len(outcome.slots),
        "created_at": json_time(outcome.created_at, "seconds"),
    }
    if not outcome.status.is_terminal:
        return answer
    stored = outcome.count(SlotStatus.STORED)
    if stored:
        answer["images"] = [
            {
                "media_id": name,
                "url": context.file_url(image_name(name, image.format)),
                "thumbnail_url": context.file_url(thumbnail_name(name)),
                "width": image.width,
                "height": image.height,
            }
            for name, image in outcome.images
        ]
    failed = len(outcome.slots) - stored
    if failed:
        answer["error"] = _failure(outcome, failed)
    return answer


def _failure(job: Job, failed: int) -> Failure:
    asked = len(job.slots)
    what = "were canceled" if job.status is JobStatus.CANCELED else "failed to generate"
    message = f"{failed} of {asked} images {what}. Credits refunded for failed images."
    code = "PARTIAL_FAILURE" if failed < asked else "GENERATION_FAILED"
    return {"code": code, "message": message}


class Generate(Body):
    prompt: Annotated[str, length(2000)] | None = None
    """What the images show. Required, unless captions say it."""
    size: Annotated[str, one_of(_SIZES)] = DATA["size"]
    quantity: Annotated[int, between(1, 4)] = 1
    model: Annotated[str, one_of(DATA["models"])] = DATA["model"]
    enhance_prompt: bool = False
    """A language model makes the prompt richer first."""
    style_images: Annotated[list[str], Limits(max_length=4)] = []  # noqa: RUF012 - pydantic copies it
    """Ids of media that the images follow."""
    generation_id: str | None = None
    """Captions that the images go with."""
    source_post_type: Annotated[str, one_of(POST_TYPES)] | None = None
    """Which of the captions; without it, all are considered."""


@ROUTES.post(
    "/api/v1/images/generate",
    GENERATE,
    answer=accepted_images,
    body=Generate,
    example={"prompt": "a pier at dawn", "size": "landscape", "quantity": 2},
)
def generate_images(body: Generate, context: RequestContext) -> SubmitJob:
    """Generate images

    Poll `status_url`.
    """
    model = DATA["models"].get(body.model)
    if model is None:
        raise unknown_choice("model", DATA["models"])
    if body.size not in model["sizes"]:
        why = f"{body.model} does not support this size; "
        raise unknown_choice("size", model["sizes"], why)
    caption = None
    if body.generation_id is None:
        says_something("prompt", body.prompt)
        if body.source_post_type is not None:
            message = "source_post_type needs a generation_id."
            raise InvalidRequest("source_post_type", "conflicts", message)
    else:
        caption = CaptionSource(
            job=reference("generation_id", body.generation_id), post_type=body.source_post_type
        )
    width, height = model["sizes"][body.size]
    return SubmitJob(
        request=ImageRequest(
            prompt=body.prompt or "",
            model=model["model"],
            width=width,
            height=height,
            n=body.quantity,
            seed=context.fresh_seed,
            output=Output(format="webp"),
            references=references("style_images", body.style_images),
            enhance=body.enhance_prompt,
        ),
        offer=Offer(name=body.model, price=model["price"]),
        caption=caption,
        fields=FIELDS,
        terms={"size": body.size, "prompt": body.prompt or ""},
        **context.submission(),
    )


@ROUTES.get(f"{_GENERATIONS}/{{id}}", READ, answer=images)
def retrieve_images(context: RequestContext) -> ReadJob:
    """Retrieve generated images"""
    return ReadJob(job=context.id("generation"), kind=JobKind.IMAGES)
