"""Images and the jobs that make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypedDict, cast

from darkroom.dialects.bodies import Body, says_something
from darkroom.dialects.context import RequestContext
from darkroom.dialects.data import data_of
from darkroom.dialects.fields import FileUrl, Pixels, Time, Uuid, between, length
from darkroom.dialects.parameters import Choice, Text, reference, unknown_choice
from darkroom.dialects.routes import Routes
from darkroom.dialects.wire import json_time
from darkroom.domain.api_key import GENERATE, READ
from darkroom.domain.field_names import FieldNames
from darkroom.domain.file_links import image_name
from darkroom.domain.image_request import (
    CONTENT_TYPES,
    ContentType,
    ImageRequest,
    Output,
    Reference,
)
from darkroom.domain.job import Job, JobKind, JobStatus
from darkroom.domain.operations import ListJobs, Offer, ReadJob, SubmitJob
from darkroom.domain.outcomes import JobPage, Submitted

DATA = data_of(__file__)
ROUTES = Routes("images")
_FIELDS = FieldNames(DATA["fields"])
_IMAGE_JOB = "image_gen"
Status = Literal["pending", "processing", "completed", "failed"]
_STATUSES: Mapping[Status, tuple[JobStatus, ...]] = {
    "pending": (JobStatus.PENDING,),
    "processing": (JobStatus.PROCESSING,),
    "completed": (JobStatus.COMPLETED, JobStatus.PARTIAL),
    "failed": (JobStatus.FAILED, JobStatus.CANCELED),
}
_STATUS = Choice("status", _STATUSES, "Only jobs with this status.")
_TYPE = Text("type", "Only jobs of this type; `image_gen` is the one there is.", example=_IMAGE_JOB)


class Accepted(TypedDict):
    jobId: Uuid
    """The job, for `GET /jobs/{id}`."""
    status: Literal["pending"]


class Result(TypedDict):
    url: FileUrl
    width: Pixels
    height: Pixels
    contentType: ContentType


class JobAnswer(TypedDict):
    id: Uuid
    type: Literal["image_gen"]
    status: Status
    result: Result | None
    """The image, once the job is completed; null again when the image was deleted."""
    error: str | None
    """Why there is no image."""
    created_at: Time
    updated_at: Time


def accepted(outcome: Submitted) -> Accepted:
    return {"jobId": outcome.job.id, "status": "pending"}


def jobs(outcome: JobPage, context: RequestContext) -> list[JobAnswer]:
    if context.query(_TYPE) not in {None, _IMAGE_JOB}:
        return []
    return [job(one, context) for one in outcome.jobs]


def job(outcome: Job, context: RequestContext) -> JobAnswer:
    status = next(name for name, statuses in _STATUSES.items() if outcome.status in statuses)
    result: Result | None = None
    error: str | None = None
    if status == "completed" and outcome.images:
        name, image = outcome.images[0]
        result = {
            "url": context.file_url(image_name(name, image.format)),
            "width": image.width,
            "height": image.height,
            "contentType": CONTENT_TYPES[image.format],
        }
    elif status == "completed":
        error = "The image was deleted."
    elif status == "failed":
        failure = outcome.slots[0].failure
        error = failure.message if failure else "The image could not be made."
    return {
        "id": outcome.id,
        "type": "image_gen",
        "status": status,
        "result": result,
        "error": error,
        "created_at": json_time(outcome.created_at),
        "updated_at": json_time(outcome.updated_at),
    }


class Generate(Body):
    prompt: Annotated[str, length(4000)] | None = None
    """What the image shows. Required."""
    model: str = DATA["model"]
    aspectRatio: str = DATA["aspectRatio"]  # noqa: N815 - the vendor's names
    referenceImageUrl: str | None = None  # noqa: N815
    """An image that the new one follows: https, on the public web."""
    referenceStrength: Annotated[float, between(0, 1)] | None = None  # noqa: N815
    """How closely it is followed. Without a reference it has no effect."""
    influencerId: str | None = None  # noqa: N815
    """The influencer that the image shows."""


@ROUTES.post(
    "/generate/image",
    GENERATE,
    answer=accepted,
    status=202,
    body=Generate,
    example={"prompt": "a pier at dawn", "aspectRatio": "16:9"},
)
def generate_image(body: Generate, context: RequestContext) -> SubmitJob:
    """Generate an image

    The answer names a job: ask for it until it is completed.
    """
    prompt = says_something("prompt", body.prompt)
    model = model_row(body.model)
    if body.aspectRatio not in DATA["sizes"]:
        raise unknown_choice("aspectRatio", DATA["sizes"])
    width, height = DATA["sizes"][body.aspectRatio]
    references: tuple[Reference, ...] = ()
    if body.referenceImageUrl is not None:
        url = context.web_address("referenceImageUrl", body.referenceImageUrl)
        references = (Reference(url=url),)
    influencer = body.influencerId
    return SubmitJob(
        request=ImageRequest(
            prompt=prompt,
            model=model["model"],
            width=width,
            height=height,
            n=1,
            seed=context.fresh_seed,
            output=Output(format="jpeg"),
            references=references,
            # Without a reference there is nothing to be close to: documented as ignored.
            strength=body.referenceStrength if references else None,
        ),
        offer=Offer(name=body.model, price=model["price"]),
        collection=reference("influencerId", influencer) if influencer is not None else None,
        fields=_FIELDS,
        **context.submission(),
    )


def model_row(name: str) -> Any:
    if name not in DATA["models"]:
        raise unknown_choice("model", DATA["models"])
    return DATA["models"][name]


@ROUTES.get("/jobs", READ, answer=jobs, query=(_STATUS, _TYPE))
def list_jobs(context: RequestContext) -> ListJobs:
    """List jobs

    The newest 50.
    """
    status = context.query(_STATUS)
    statuses = _STATUSES[cast(Status, status)] if status else ()
    return ListJobs(limit=50, statuses=statuses, kind=JobKind.IMAGES)


@ROUTES.get("/jobs/{id}", READ, answer=job)
def retrieve_job(context: RequestContext) -> ReadJob:
    """Retrieve a job"""
    return ReadJob(job=context.id("job"), kind=JobKind.IMAGES)
