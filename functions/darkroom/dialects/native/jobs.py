"""Jobs, each of which makes one or more images."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict, cast

from darkroom.dialects.bodies import Body, says_something
from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import AlwaysTrue, Count, Id, Limits, Schema, Uuid, between, length
from darkroom.dialects.headers import LONGEST_WAIT
from darkroom.dialects.native import caption_answer
from darkroom.dialects.native.caption_answer import CaptionsJob
from darkroom.dialects.native.job_answer import JobAnswer, Requested, requested, shown_to
from darkroom.dialects.native.webhook_field import HookBody, read_hook
from darkroom.dialects.parameters import CURSOR, Choice, Integer, limit
from darkroom.dialects.routes import Answer, Routes
from darkroom.domain.api_key import GENERATE, READ
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.image_request import MAX_SEED, Format, ImageRequest, Output, Reference
from darkroom.domain.job import Job, JobStatus
from darkroom.domain.operations import (
    CancelJob,
    CaptionSource,
    ListJobs,
    Offer,
    QuoteJob,
    ReadJob,
    SubmitJob,
)
from darkroom.domain.outcomes import JobPage, Quote, Submitted

ROUTES = Routes("jobs")
POLL_AFTER = "1"
_LONG_SIDES = {"1K": 1024, "2K": 2048, "4K": 4096}
_DEFAULT_RATIO, _DEFAULT_RESOLUTION = "1:1", "1K"
# Sides are multiples of this: encoders and providers like them so.
_GRAIN = 8
# In all, names and values; a task token of Step Functions alone is 2,048.
_LONGEST_METADATA = 9000
# The longest legal job is 135 kB of JSON, and Lambda answers with 6 MB at most.
LIMIT = limit(20, 40)
STATUS = Choice("status", JobStatus, "Only jobs with this status.")
WAIT = Integer("wait", 0, 0, LONGEST_WAIT, "Seconds to wait for the end of the job.")
_Label = Annotated[str, length(64, least=1)]


class QuoteCredits(TypedDict):
    price: Count
    """Of one image."""
    total: Count
    balance: int
    """What is left to spend."""
    affordable: bool


class QuoteAnswer(Requested):
    """The answer to a dry run: nothing was stored, and nothing is charged."""

    dry_run: AlwaysTrue
    credits: QuoteCredits


class Jobs(TypedDict):
    jobs: list[JobAnswer | CaptionsJob]
    cursor: Uuid | None
    """For the next page; null on the last one."""


def submitted(
    outcome: Submitted | Quote, context: RequestContext
) -> Answer[JobAnswer] | Answer[QuoteAnswer]:
    if isinstance(outcome, Quote):
        return Answer(200, _quote(outcome, cast(ImageRequest, outcome.request)))
    job = outcome.job
    headers = {"location": f"/v1/jobs/{job.id}"}
    if not job.status.is_terminal:
        headers["retry-after"] = POLL_AFTER
    if outcome.replayed:
        headers["idempotent-replayed"] = "true"
    answer = shown_to(context, job)
    answer["credits"]["balance"] = outcome.balance
    return Answer(200 if job.status.is_terminal else 202, answer, headers)


def _quote(outcome: Quote, request: ImageRequest) -> QuoteAnswer:
    return {
        "dry_run": True,
        **requested(request),
        "credits": {
            "price": outcome.price,
            "total": outcome.total,
            "balance": outcome.balance,
            "affordable": outcome.total <= outcome.balance,
        },
    }


def job(outcome: Job, context: RequestContext) -> Answer[JobAnswer | CaptionsJob]:
    headers = {} if outcome.status.is_terminal else {"retry-after": POLL_AFTER}
    return Answer(200, _either(outcome, context), headers)


def jobs(outcome: JobPage, context: RequestContext) -> Jobs:
    return {"jobs": [_either(one, context) for one in outcome.jobs], "cursor": outcome.cursor}


def _either(job: Job, context: RequestContext) -> JobAnswer | CaptionsJob:
    if job.writes_captions:
        return caption_answer.as_job(caption_answer.shown_to(context, job))
    return shown_to(context, job)


class OutputBody(Body):
    format: Format = "webp"
    quality: Annotated[int, between(1, 100)] = 85
    """Of the encoder, for jpeg and webp."""


class ReferenceBody(Body):
    """An image by its id or its address: one of the two."""

    media: Id | None = None
    """The id of an image in the library."""
    url: Annotated[str, Schema(format="uri")] | None = None
    """The address of an image: https, on the public web."""
    description: Annotated[str, length(500)] | None = None
    """What is in it, for models that read it."""


class CaptionBody(Body):
    id: Id
    """A job of captions."""
    post_type: _Label | None = None
    """Without it, all of its captions are considered."""


class Submit(Body):
    prompt: Annotated[str, length(4000)] | None = None
    """What the images show. Required by most models, unless there is a caption."""
    model: _Label | None = None
    aspect_ratio: str | None = None
    """The shape; not with width and height."""
    resolution: Literal["1K", "2K", "4K"] | None = None
    """The longer side: 1,024, 2,048 or 4,096 pixels."""
    width: int | None = None
    height: int | None = None
    n: Annotated[int, between(1, 10)] = 1
    """The number of images."""
    seed: Annotated[int, between(0, MAX_SEED)] | None = None
    """Of the first image; the next ones count on. Without it, one is drawn."""
    negative_prompt: Annotated[str, length(2000)] | None = None
    """What the images do not show."""
    steps: Annotated[int, between(1, 150)] | None = None
    guidance: Annotated[float, between(0, 30)] | None = None
    """How closely the prompt is followed."""
    temperature: Annotated[float, between(0, 2)] | None = None
    quality: str | None = None
    references: Annotated[list[ReferenceBody], Limits(max_length=14)] = []  # noqa: RUF012
    """Images that the new ones follow."""
    strength: Annotated[float, between(0, 1)] | None = None
    """How closely the first reference is followed."""
    mask: ReferenceBody | None = None
    """Which part of the first reference is made anew: the white one."""
    enhance_prompt: bool = False
    """A language model makes the prompt richer first."""
    caption: CaptionBody | None = None
    """Earlier captions that the images go with."""
    collection: Id | None = None
    """The collection whose description is added to the prompt, and which the images join."""
    output: OutputBody | None = None
    dry_run: bool = False
    """Only check the request and quote its price."""
    webhook: HookBody | None = None
    """Where the events of this job are sent."""
    metadata: Annotated[dict[_Label, Annotated[str, length(2048)]], Limits(max_length=16)] = {}  # noqa: RUF012
    """Yours: kept, and given back as it was. 9,000 characters in all."""


@ROUTES.post(
    "/v1/jobs",
    GENERATE,
    answer=submitted,
    body=Submit,
    example={"prompt": "a pier at dawn", "aspect_ratio": "16:9"},
)
def create_job(body: Submit, context: RequestContext) -> SubmitJob | QuoteJob:
    """Create a job

    `GET /v1/models/{name}` says what a model takes; what it cannot honour is refused before any
    credit is held. `dry_run` asks for the price alone.
    """
    return requested_job(body, context)


def requested_job(body: Submit, context: RequestContext) -> SubmitJob | QuoteJob:
    """Of a request by HTTP, or of a message to the intake."""
    request = _completed(body, context)
    caption = body.caption
    submit = SubmitJob(
        request=request,
        offer=Offer(name=request.model, price=context.catalogue.price(request)),
        caption=CaptionSource(job=caption.id, post_type=caption.post_type) if caption else None,
        collection=body.collection,
        webhook=read_hook(body.webhook, context) if body.webhook else None,
        # A quote comes at once.
        **context.submission(wait=0 if body.dry_run else None),
    )
    return submit.quote() if body.dry_run else submit


def _completed(body: Submit, context: RequestContext) -> ImageRequest:
    model = context.catalogue.model(body.model or context.catalogue.defaults["native"])
    is_needed = body.caption is None and model.needs_prompt
    prompt = says_something("prompt", body.prompt) if is_needed else body.prompt or ""
    width, height = _size(body, model.ratios, model.resolutions)
    output = body.output or OutputBody()
    if sum(len(name) + len(value) for name, value in body.metadata.items()) > _LONGEST_METADATA:
        message = f"metadata may have {_LONGEST_METADATA:,} characters in all."
        raise InvalidRequest("metadata", "too_long", message)
    return ImageRequest(
        prompt=prompt,
        model=model.name,
        width=width,
        height=height,
        n=body.n,
        seed=context.fresh_seed if body.seed is None else body.seed,
        output=Output(format=output.format, quality=output.quality),
        negative_prompt=body.negative_prompt,
        steps=body.steps,
        guidance=body.guidance,
        temperature=body.temperature,
        quality=body.quality,
        references=tuple(
            _reference(f"references.{index}", reference, context)
            for index, reference in enumerate(body.references)
        ),
        strength=body.strength,
        mask=_reference("mask", body.mask, context) if body.mask else None,
        enhance=body.enhance_prompt,
        metadata=body.metadata,
    )


def _reference(field: str, body: ReferenceBody, context: RequestContext) -> Reference:
    if (body.media is None) == (body.url is None):
        raise InvalidRequest(field, "malformed", f"{field} takes either media or url.")
    url = context.web_address(f"{field}.url", body.url) if body.url is not None else None
    return Reference(media=body.media, url=url, description=body.description)


def _size(body: Submit, ratios: tuple[str, ...], resolutions: tuple[str, ...]) -> tuple[int, int]:
    if body.width is None and body.height is None:
        return _pixels(
            _one_of("aspect_ratio", body.aspect_ratio or _DEFAULT_RATIO, ratios),
            _one_of("resolution", body.resolution or _DEFAULT_RESOLUTION, resolutions),
        )
    for name in ("aspect_ratio", "resolution"):
        if getattr(body, name) is not None:
            raise InvalidRequest(name, "conflicts", f"Give {name}, or width and height, not both.")
    for side in ("width", "height"):
        if getattr(body, side) is None:
            raise InvalidRequest(side, "required", "width and height go together.")
    return body.width or 0, body.height or 0


def _one_of(field: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise InvalidRequest(field, "unknown", f"{field} must be one of {', '.join(allowed)}.")
    return value


def _pixels(ratio: str, resolution: str) -> tuple[int, int]:
    """The longer side is the resolution's; the shorter follows from the ratio."""
    across, down = map(int, ratio.split(":"))
    scale = _LONG_SIDES[resolution] / max(across, down)
    return round(across * scale / _GRAIN) * _GRAIN, round(down * scale / _GRAIN) * _GRAIN


@ROUTES.get("/v1/jobs", READ, answer=jobs, query=(LIMIT, CURSOR, STATUS))
def list_jobs(context: RequestContext) -> ListJobs:
    """List jobs

    Newest first; jobs of captions are among them.
    """
    status = context.query(STATUS)
    return ListJobs(
        limit=context.query(LIMIT),
        cursor=context.query(CURSOR),
        statuses=(JobStatus(status),) if status else (),
    )


@ROUTES.get("/v1/jobs/{id}", READ, answer=job, query=(WAIT,))
def retrieve_job(context: RequestContext) -> ReadJob:
    """Retrieve a job"""
    return ReadJob(wait=context.query(WAIT), job=context.id("job"))


@ROUTES.post("/v1/jobs/{id}/cancel", GENERATE, answer=job)
def cancel_job(context: RequestContext) -> CancelJob:
    """Cancel a job

    Images that are stored stay and are charged; the others are refunded. A second call gives the
    same answer.
    """
    return CancelJob(job=context.id("job"))
