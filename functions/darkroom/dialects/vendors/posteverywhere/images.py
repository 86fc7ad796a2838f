"""Images, made while the caller waits."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from darkroom.dialects.bodies import Body, says_something
from darkroom.dialects.context import RequestContext
from darkroom.dialects.data import data_of
from darkroom.dialects.fields import Count, Pixels, Time, Uuid, length, one_of
from darkroom.dialects.headers import LONGEST_WAIT
from darkroom.dialects.routes import Answer, Routes
from darkroom.dialects.vendors.posteverywhere.envelope import Envelope, Error, enveloped, failed
from darkroom.dialects.wire import json_time
from darkroom.domain.api_key import AI
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.field_names import FieldNames
from darkroom.domain.image_request import ImageRequest, Output
from darkroom.domain.operations import Offer, SubmitJob
from darkroom.domain.outcomes import Submitted

DATA = data_of(__file__)
ROUTES = Routes("images")
_FIELDS = FieldNames(DATA["fields"])


class Origin(TypedDict):
    model: str
    prompt: str


class Image(TypedDict):
    media_id: Uuid
    media_ids: list[Uuid]
    """The same, as a list."""
    type: Literal["image"]
    width: Pixels
    height: Pixels
    aspect_ratio: str
    ai: Origin
    credits_used: Count
    credits_remaining: int
    created_at: Time
    next_step: str
    status: NotRequired[Literal["processing"]]
    """With 202: the image takes longer than a gateway waits, and will have this id."""


def image(outcome: Submitted, context: RequestContext) -> Answer[Envelope[Image]] | Answer[Error]:
    job, slot, request = outcome.job, outcome.job.slots[0], context.request
    if job.status.is_terminal and slot.image is None:
        failure = slot.failure
        message = failure.message if failure else "The image could not be made."
        if failure is not None and failure.code == "refused":
            return failed(request, HTTPStatus.BAD_REQUEST, "validation_error", message)
        return failed(request, HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", message)
    data: Image = {
        "media_id": slot.media_id,
        "media_ids": [slot.media_id],
        "type": "image",
        "width": job.picture.width,
        "height": job.picture.height,
        "aspect_ratio": job.terms["aspect_ratio"],
        "ai": {"model": job.terms["model"], "prompt": job.picture.prompt},
        "credits_used": job.total,
        "credits_remaining": outcome.balance,
        "created_at": json_time(job.finished_at or job.created_at),
        "next_step": (
            "Image generated. Attach it to a post by passing "
            f'"media_ids": ["{slot.media_id}"] to POST /v1/posts.'
        ),
    }
    if job.status.is_terminal:
        return Answer(HTTPStatus.CREATED, enveloped(request, data))
    data["status"] = "processing"
    return Answer(HTTPStatus.ACCEPTED, enveloped(request, data))


class Generate(Body):
    prompt: Annotated[str, length(2000)] | None = None
    """What the image shows. Required."""
    aspect_ratio: Annotated[str, one_of(DATA["sizes"])] = DATA["aspect_ratio"]
    model: Annotated[str, one_of(DATA["models"])] = DATA["model"]


@ROUTES.post(
    "/ai/generate-image",
    AI,
    answer=image,
    body=Generate,
    is_synchronous=True,
    example={"prompt": "a pier at dawn", "aspect_ratio": "16:9"},
)
def generate_image(body: Generate, context: RequestContext) -> SubmitJob:
    """Generate an image"""
    prompt = says_something("prompt", body.prompt)
    if body.aspect_ratio not in DATA["sizes"]:
        raise _unknown("aspect ratio", DATA["sizes"])
    if body.model not in DATA["models"]:
        raise _unknown("model", DATA["models"])
    model, (width, height) = DATA["models"][body.model], DATA["sizes"][body.aspect_ratio]
    return SubmitJob(
        request=ImageRequest(
            prompt=prompt,
            model=model["model"],
            width=width,
            height=height,
            n=1,
            seed=context.fresh_seed,
            output=Output(format="jpeg", quality=92),
        ),
        offer=Offer(name=body.model, price=model["price"]),
        fields=_FIELDS,
        terms={"aspect_ratio": body.aspect_ratio, "model": body.model},
        **context.submission(wait=LONGEST_WAIT),
    )


def _unknown(what: str, choices: Mapping[str, Any]) -> InvalidRequest:
    message = f"Invalid {what}. Must be one of: {', '.join(choices)}"
    return InvalidRequest(what.replace(" ", "_"), "unknown", message)
