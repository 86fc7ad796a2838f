"""PowerPost (https://powerpost.ai/docs): images, captions, uploads and credits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from darkroom.dialects.bodies import Strict, read_body, says_something
from darkroom.dialects.data import beside
from darkroom.dialects.forms import read_form
from darkroom.dialects.reading import (
    LONGEST_WAIT,
    a_reference,
    asked,
    by_id,
    cursor,
    number,
    open_routes,
    references,
    unknown,
    wait_applied,
)
from darkroom.dialects.statuses import headers_of, status_of, text_of, x_rate_limits
from darkroom.dialects.wire import (
    Desk,
    Dialect,
    Read,
    Request,
    Response,
    api_key_or_bearer,
    json_response,
    json_time,
)
from darkroom.domain import errors, operations
from darkroom.domain.api_key import GENERATE, MEDIA_WRITE, READ
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.captions import POST_TYPES, platform
from darkroom.domain.field_names import FieldNames
from darkroom.domain.file_links import image_name, thumbnail_name
from darkroom.domain.image_request import CONTENT_TYPES, ImageRequest, Output
from darkroom.domain.job import Job, JobKind, JobStatus, SlotStatus
from darkroom.domain.media import LARGEST_IN_REQUEST, Media
from darkroom.domain.money import Account

Parameters = Mapping[str, str]
DATA = beside(__file__)
_FIELDS = FieldNames(DATA["fields"])
_IMAGES, _CAPTIONS = "/api/v1/images", "/api/v1/content"
_Text = Annotated[str, StringConstraints(max_length=2000)]


class Generate(Strict):
    prompt: _Text | None = None
    size: str = DATA["size"]
    quantity: Annotated[int, Field(ge=1, le=4)] = 1
    model: str = DATA["model"]
    enhance_prompt: bool = False
    style_images: Annotated[list[str], Field(max_length=4, default_factory=list)]
    generation_id: str | None = None
    source_post_type: str | None = None


class Content(Strict):
    prompt: _Text | None = None
    media_ids: Annotated[list[str], Field(max_length=10, default_factory=list)]
    post_types: Annotated[list[str], Field(min_length=1, max_length=len(POST_TYPES))]
    research_mode: Literal["regular", "deep"] = "regular"


def generate(request: Request, _parameters: Parameters, desk: Desk) -> operations.SubmitJob:
    body, fingerprint = read_body(Generate, request.body, request.ignored)
    model = DATA["models"].get(body.model)
    if model is None:
        raise unknown("model", DATA["models"])
    if body.size not in model["sizes"]:
        raise unknown("size", model["sizes"], f"{body.model} does not support this size; ")
    caption = None
    if body.generation_id is None:
        says_something("prompt", body.prompt)
        if body.source_post_type is not None:
            text = "source_post_type needs a generation_id."
            raise errors.InvalidRequest("source_post_type", "conflicts", text)
    else:
        caption = operations.CaptionSource(
            job=a_reference("generation_id", body.generation_id), post_type=body.source_post_type
        )
    width, height = model["sizes"][body.size]
    return operations.SubmitJob(
        dialect="powerpost",
        request=ImageRequest(
            prompt=body.prompt or "",
            model=model["model"],
            width=width,
            height=height,
            n=body.quantity,
            seed=desk.fresh_seed,
            output=Output(format="webp"),
            references=references("style_images", body.style_images),
            enhance=body.enhance_prompt,
        ),
        offer=operations.Offer(name=body.model, price=model["price"]),
        caption=caption,
        fields=_FIELDS,
        terms={"size": body.size, "prompt": body.prompt or ""},
        fingerprint=fingerprint,
        **asked(request),
    )


def write_captions(request: Request, _parameters: Parameters, _desk: Desk) -> operations.SubmitJob:
    body, fingerprint = read_body(Content, request.body, request.ignored)
    if not body.media_ids:
        says_something("prompt", body.prompt)
    for place, post_type in enumerate(body.post_types):
        if post_type not in POST_TYPES:
            raise unknown(f"post_types.{place}", POST_TYPES)
    return operations.SubmitJob(
        dialect="powerpost",
        request=CaptionRequest(
            prompt=body.prompt or "",
            post_types=tuple(dict.fromkeys(body.post_types)),
            research_mode=body.research_mode,
            media=references("media_ids", body.media_ids),
        ),
        offer=operations.Offer(name="captions", price=DATA["captions"][body.research_mode]),
        fields=_FIELDS,
        fingerprint=fingerprint,
        **asked(request),
    )


def a_generation(kind: JobKind) -> Read:
    return by_id("generation", lambda name: operations.ReadJob(job=name, kind=kind))


def list_captions(request: Request, _parameters: Parameters, _desk: Desk) -> operations.ListJobs:
    wanted = request.query.get("status")
    if wanted is not None and wanted not in _STATUSES:
        raise unknown("status", _STATUSES)
    return operations.ListJobs(
        limit=number(request, "limit", 20, 1, 100),
        cursor=cursor(request, "cursor"),
        statuses=_STATUSES[wanted] if wanted else (),
        kind=JobKind.CAPTIONS,
    )


def upload(request: Request, _parameters: Parameters, _desk: Desk) -> operations.UploadMedia:
    form = read_form(request, texts=("type",), ignored=request.ignored)
    if "type" not in form.texts:
        raise errors.InvalidRequest("type", "required", "type is required.")
    if form.texts["type"] != "image":
        raise errors.InvalidRequest("type", "unknown", "type must be image: no videos here.")
    return operations.UploadMedia(name=form.name, body=form.body, wait=LONGEST_WAIT)


_STATUSES = {
    "pending": (JobStatus.PENDING,),
    "processing": (JobStatus.PROCESSING,),
    "completed": (JobStatus.COMPLETED,),
    "failed": (JobStatus.PARTIAL, JobStatus.FAILED, JobStatus.CANCELED),
}


def _status(job: Job) -> str:
    if not job.status.is_terminal:
        return "processing"
    return "completed" if job.status is JobStatus.COMPLETED else "failed"


def accepted(outcome: operations.Submitted, request: Request, _desk: Desk) -> Response:
    job = outcome.job
    name, place = "image_generation_id", _IMAGES
    if job.writes_captions:
        name, place = "generation_id", _CAPTIONS
    return json_response(
        200,
        {
            name: job.id,
            "status": "processing",
            "credits_used": job.total,
            "remaining_credits": outcome.balance,
            "status_url": f"{place}/generations/{job.id}",
        },
        wait_applied(request),
    )


def images(job: Job, _request: Request, desk: Desk) -> Response:
    asked = job.picture
    body: dict[str, Any] = {
        "image_generation_id": job.id,
        "status": _status(job),
        "prompt": job.terms.get("prompt") or asked.prompt,
        "size": job.terms.get("size", f"{asked.width}x{asked.height}"),
        "quantity": len(job.slots),
        "created_at": json_time(job.created_at, "seconds"),
    }
    if not job.status.is_terminal:
        return json_response(200, body)
    if job.count(SlotStatus.STORED):
        body["images"] = [
            {
                "media_id": name,
                "url": desk.file_url(image_name(name, image.format)),
                "thumbnail_url": desk.file_url(thumbnail_name(name)),
                "width": image.width,
                "height": image.height,
            }
            for name, image in job.images
        ]
    failed = len(job.slots) - job.count(SlotStatus.STORED)
    if failed:
        body["error"] = _failure(job, failed)
    return json_response(200, body)


def _failure(job: Job, failed: int) -> dict[str, str]:
    asked = len(job.slots)
    what = "were canceled" if job.status is JobStatus.CANCELED else "failed to generate"
    text = f"{failed} of {asked} images {what}. Credits refunded for failed images."
    return {"code": "PARTIAL_FAILURE" if failed < asked else "GENERATION_FAILED", "message": text}


def captions(job: Job, _request: Request, _desk: Desk) -> Response:
    body = _captions(job)
    if job.captions:
        # By platform, as documented; of two for one platform the one that was named first.
        named = reversed(job.writing.post_types)
        body["outputs"] = {platform(name): job.captions[name].text for name in named}
        body["post_types"] = {name: caption.text for name, caption in job.captions.items()}
        body["writer"] = next(iter(job.captions.values())).writer
    if _status(job) == "failed":
        text = "The captions could not be written. Credits refunded."
        body["error"] = {"code": "GENERATION_FAILED", "message": text}
    return json_response(200, body)


def caption_page(outcome: operations.JobPage, _request: Request, _desk: Desk) -> Response:
    body = {
        "data": [_captions(job) for job in outcome.jobs],
        "next_cursor": outcome.cursor,
        "has_more": outcome.cursor is not None,
    }
    return json_response(200, body)


def _captions(job: Job) -> dict[str, Any]:
    request = job.writing
    return {
        "generation_id": job.id,
        "status": _status(job),
        "prompt": request.prompt,
        "platforms": list(dict.fromkeys(map(platform, request.post_types))),
        "research_mode": request.research_mode,
        "credits_used": job.total if job.charge is None else job.charge.captured,
        "created_at": json_time(job.created_at, "seconds"),
    }


def uploaded(media: Media, _request: Request, _desk: Desk) -> Response:
    body = {
        "media_id": media.id,
        "type": "image",
        "file_name": media.name,
        "file_size": media.size,
        "mime_type": CONTENT_TYPES[media.format] if media.format else "application/octet-stream",
        "created_at": json_time(media.created_at, "seconds"),
    }
    return json_response(200, body)


def credits_left(account: Account, _request: Request, _desk: Desk) -> Response:
    return json_response(200, {"balance": account.balance})


_CODES: Mapping[type[errors.DarkroomError], str] = {
    errors.TooLarge: "FILE_TOO_LARGE",
    errors.Unauthenticated: "INVALID_API_KEY",
    errors.Forbidden: "INSUFFICIENT_SCOPE",
    errors.WrongWorkspace: "FORBIDDEN",
    errors.TierRequired: "FORBIDDEN",
    errors.NotFound: "NOT_FOUND",
    errors.UnknownReference: "NOT_FOUND",
    errors.MethodNotAllowed: "METHOD_NOT_ALLOWED",
    errors.IdempotencyKeyReused: "IDEMPOTENCY_KEY_REUSED",
    errors.InsufficientCredits: "INSUFFICIENT_CREDITS",
    errors.RateLimited: "RATE_LIMIT_EXCEEDED",
    errors.TooManyInFlight: "RATE_LIMIT_EXCEEDED",
    errors.TooManyToday: "RATE_LIMIT_EXCEEDED",
    errors.Unavailable: "INTERNAL_ERROR",
    errors.OutcomeUnknown: "INTERNAL_ERROR",
}


# What the core calls otherwise.
_NOUNS = {"job": "generation", "caption": "generation"}


def refuse(error: errors.DarkroomError | None, _request: Request) -> Response:
    status, more = status_of(error), {}
    code = "INTERNAL_ERROR" if error is None else _CODES.get(type(error), "VALIDATION_ERROR")
    text = text_of(error, _NOUNS)
    match error:
        case errors.NotReady():
            status = HTTPStatus.BAD_REQUEST
        case errors.UnknownReference():
            status = HTTPStatus.NOT_FOUND  # as documented
        case errors.TooLarge(limit=limit) if limit == LARGEST_IN_REQUEST:
            text += " Larger files, up to 25 MB, go to a presigned upload: POST /v1/media/uploads."
        case errors.TooLarge():
            status, code = HTTPStatus.BAD_REQUEST, "VALIDATION_ERROR"
        case errors.RateLimited() | errors.TooManyInFlight() | errors.TooManyToday():
            more["retryAfter"] = error.retry_after
    body = {"error": {"message": text, "code": code, **more}}
    return json_response(status, body, headers_of(error))


def _in_its_workspace(read: Read) -> Read:
    """The workspace is the key's; the header must say the same."""

    def checked(request: Request, parameters: Parameters, desk: Desk) -> operations.Operation:
        named = request.headers.get("x-workspace-id")
        if not named:
            text = "The header X-Workspace-Id is required."
            raise errors.InvalidRequest("X-Workspace-Id", "required", text)
        if named != desk.workspace:
            raise errors.WrongWorkspace
        return read(request, parameters, desk)

    return checked


_ROUTES = (
    ("POST", f"{_IMAGES}/generate", GENERATE, generate, accepted),
    ("GET", f"{_IMAGES}/generations/{{id}}", READ, a_generation(JobKind.IMAGES), images),
    ("POST", f"{_CAPTIONS}/generate", GENERATE, write_captions, accepted),
    ("GET", f"{_CAPTIONS}/generations", READ, list_captions, caption_page),
    ("GET", f"{_CAPTIONS}/generations/{{id}}", READ, a_generation(JobKind.CAPTIONS), captions),
    ("POST", "/api/v1/media/upload", MEDIA_WRITE, upload, uploaded),
    ("GET", "/api/v1/account/credits", READ, lambda *_: operations.ReadAccount(), credits_left),
)

_TAKES = {f"GET {_CAPTIONS}/generations": ("limit", "cursor", "status")}

DIALECT = Dialect(
    name="powerpost",
    routes=tuple(
        replace(route, read=_in_its_workspace(route.read)) for route in open_routes(_ROUTES, _TAKES)
    ),
    credential=api_key_or_bearer,
    refuse=refuse,
    limits=x_rate_limits,
)
