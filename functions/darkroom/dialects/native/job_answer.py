"""A job as answers and events show it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict, cast

from darkroom.dialects.context import FileLink, RequestContext
from darkroom.dialects.fields import AlwaysTrue, Count, FileUrl, Pixels, Time, Uuid, given
from darkroom.dialects.native.webhook_field import JobWebhook, webhook_of
from darkroom.dialects.wire import json_time
from darkroom.domain.attempts import Attempt
from darkroom.domain.catalogue import is_stand_in
from darkroom.domain.file_links import image_name, thumbnail_name
from darkroom.domain.image_request import (
    CONTENT_TYPES,
    ContentType,
    Format,
    ImageRequest,
    Reference,
)
from darkroom.domain.job import Job, JobStatus, SlotStatus, StoredImage


class ReferenceAnswer(TypedDict):
    media: NotRequired[Uuid]
    url: NotRequired[str]
    description: NotRequired[str]


class OutputAnswer(TypedDict):
    format: Format
    quality: Count


class Requested(TypedDict):
    """What an answer repeats of the request."""

    model: str
    served_by: NotRequired[str]
    """The model that stands in for it on this deployment."""
    prompt: str
    width: Pixels
    height: Pixels
    n: Count
    """The number of images."""
    seed: Count
    """Of the first image; the next ones count on."""
    negative_prompt: NotRequired[str]
    steps: NotRequired[Count]
    guidance: NotRequired[float]
    temperature: NotRequired[float]
    quality: NotRequired[str]
    strength: NotRequired[float]
    enhance_prompt: NotRequired[AlwaysTrue]
    references: NotRequired[list[ReferenceAnswer]]
    mask: NotRequired[ReferenceAnswer]
    output: OutputAnswer
    metadata: dict[str, str]


class AttemptAnswer(TypedDict):
    """One call of a provider."""

    provider: str
    model: str
    """What the provider calls it."""
    outcome: str
    milliseconds: Count
    reason: NotRequired[str]
    usd: NotRequired[float]
    usd_is: NotRequired[Literal["list_price", "billed"]]


class PendingAnswer(TypedDict):
    provider: str
    model: str
    since: Time


class Failure(TypedDict):
    code: str
    """For programs."""
    message: str
    """For people."""


class Image(TypedDict):
    id: Uuid
    """Of the image in the library: `GET /v1/media/{id}`."""
    status: SlotStatus
    seed: Count
    url: NotRequired[FileUrl]
    """Once it is stored."""
    thumbnail_url: NotRequired[FileUrl]
    width: NotRequired[Pixels]
    height: NotRequired[Pixels]
    bytes: NotRequired[Count]
    content_type: NotRequired[ContentType]
    provider: NotRequired[str]
    provider_model: NotRequired[str]
    stand_in: NotRequired[AlwaysTrue]
    """The built-in painter made it in place of the model."""
    deleted: NotRequired[AlwaysTrue]
    """It was stored, and deleted since."""
    making: NotRequired[PendingAnswer]
    """A provider makes it in its own time."""
    error: NotRequired[Failure]
    """Why there is no image."""
    attempts: list[AttemptAnswer]


class Refund(TypedDict):
    image: Uuid
    credits: Count
    reason: str


class Credits(TypedDict):
    price: Count
    """Of one image."""
    held: Count
    """Until the job ends."""
    charged: Count
    refunded: Count
    refunds: list[Refund]
    balance: NotRequired[int]
    """What is left to spend, in the answer to a submit."""


class PromptUsed(TypedDict):
    text: str
    writer: str


class JobAnswer(Requested):
    id: Uuid
    type: Literal["images"]
    status: JobStatus
    prompt_used: NotRequired[PromptUsed]
    """The enhanced prompt."""
    images: list[Image]
    credits: Credits
    collection: NotRequired[Uuid]
    webhook: NotRequired[JobWebhook]
    created_at: Time
    started_at: Time | None
    finished_at: Time | None


def shown_to(context: RequestContext, job: Job) -> JobAnswer:
    """As a caller of the API sees it; events do without the webhook."""
    return {**job_answer(job, context.file_url), **given(webhook=webhook_of(job, context))}


def job_answer(job: Job, file_url: FileLink) -> JobAnswer:
    return {
        "id": job.id,
        "type": "images",
        "status": job.status,
        **requested(job.picture),
        **given(prompt_used=_prompt_used(job)),
        "images": [_image(job, index, file_url) for index in range(len(job.slots))],
        "credits": {
            "price": job.price,
            "held": job.total if job.charge is None else 0,
            "charged": job.charge.captured if job.charge else 0,
            "refunded": job.charge.released if job.charge else 0,
            "refunds": _refunds(job),
        },
        **given(collection=job.collection),
        "created_at": json_time(job.created_at),
        "started_at": _time(job.started_at),
        "finished_at": _time(job.finished_at),
    }


def _prompt_used(job: Job) -> PromptUsed | None:
    if job.enhanced is None:
        return None
    return {"text": job.enhanced.text, "writer": job.enhanced.writer}


def requested(request: ImageRequest) -> Requested:
    return {
        "model": request.model,
        **given(served_by=request.served_by or None),
        "prompt": request.prompt,
        "width": request.width,
        "height": request.height,
        "n": request.n,
        "seed": request.seed,
        **given(
            negative_prompt=request.negative_prompt,
            steps=request.steps,
            guidance=request.guidance,
            temperature=request.temperature,
            quality=request.quality,
            strength=request.strength,
            enhance_prompt=request.enhance or None,
            references=[_reference(one) for one in request.references] or None,
            mask=_reference(request.mask) if request.mask else None,
        ),
        "output": {"format": request.output.format, "quality": request.output.quality},
        "metadata": dict(request.metadata),
    }


def _reference(reference: Reference) -> ReferenceAnswer:
    return given(  # type: ignore[no-any-return]
        media=reference.media, url=reference.url, description=reference.description
    )


def _refunds(job: Job) -> list[Refund]:
    """What was given back, for which image, and why."""
    if job.charge is None:
        return []
    return [
        {"image": slot.media_id, "credits": job.price, "reason": slot.failure.code}
        for slot in job.slots
        if slot.failure is not None and slot.image is None
    ]


def _image(job: Job, index: int, file_url: FileLink) -> Image:
    slot = job.slots[index]
    answer: dict[str, Any] = {
        "id": slot.media_id,
        "status": slot.status,
        "seed": job.picture.seed_of(index),
    }
    if slot.image is not None and slot.image.is_deleted:
        answer["deleted"] = True
    elif slot.image is not None:
        answer |= _stored(job, slot.media_id, slot.image, file_url)
    elif slot.pending is not None and not slot.status.is_terminal:
        answer["making"] = {
            "provider": slot.pending.provider,
            "model": slot.pending.model,
            "since": json_time(slot.pending.begun_at),
        }
    elif slot.failure is not None and slot.status.is_terminal:
        answer["error"] = {"code": slot.failure.code, "message": slot.failure.message}
    answer["attempts"] = [_attempt(one) for one in slot.attempts]
    return cast(Image, answer)


def _stored(job: Job, name: str, image: StoredImage, file_url: FileLink) -> dict[str, Any]:
    stands_in = is_stand_in(image.provider, job.picture.model)
    return {
        "url": file_url(image_name(name, image.format)),
        "thumbnail_url": file_url(thumbnail_name(name)),
        "width": image.width,
        "height": image.height,
        "bytes": image.size,
        "content_type": CONTENT_TYPES[image.format],
        "provider": image.provider,
        "provider_model": image.provider_model,
        **given(stand_in=stands_in or None),
    }


def _attempt(attempt: Attempt) -> AttemptAnswer:
    usd_is: str | None = None
    if attempt.usd is not None:
        usd_is = "list_price" if attempt.is_list_price else "billed"
    return {
        "provider": attempt.provider,
        "model": attempt.model,
        "outcome": attempt.outcome,
        "milliseconds": attempt.milliseconds,
        **given(reason=attempt.reason or None, usd=attempt.usd, usd_is=usd_is),
    }


def _time(moment: datetime | None) -> str | None:
    return json_time(moment) if moment else None
