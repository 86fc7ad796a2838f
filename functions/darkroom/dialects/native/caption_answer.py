"""A job that writes captions, as answers and events show it."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict, cast

from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import Count, Time, Uuid, given
from darkroom.dialects.native.job_answer import Failure
from darkroom.dialects.native.webhook_field import JobWebhook, webhook_of
from darkroom.dialects.wire import json_time
from darkroom.domain.job import Job, JobStatus


class Caption(TypedDict):
    text: str
    writer: str


class CaptionCredits(TypedDict):
    held: Count
    """Until the captions are written."""
    charged: Count
    refunded: Count
    balance: NotRequired[int]
    """What is left to spend, in the answer to a submit."""


class Captions(TypedDict):
    id: Uuid
    status: JobStatus
    prompt: str
    media: list[Uuid]
    post_types: list[str]
    research_mode: Literal["regular", "deep"]
    captions: dict[str, Caption]
    """By post type; empty until they are written."""
    credits: CaptionCredits
    webhook: NotRequired[JobWebhook]
    created_at: Time
    finished_at: Time | None
    error: NotRequired[Failure]
    """Why there are no captions."""


class CaptionsJob(Captions):
    type: Literal["captions"]


def shown_to(context: RequestContext, job: Job) -> Captions:
    """As a caller of the API sees it; events do without the webhook."""
    return {**caption_answer(job), **given(webhook=webhook_of(job, context))}


def as_job(captions: Captions) -> CaptionsJob:
    """Among the jobs."""
    return {"type": "captions", **captions}


def caption_answer(job: Job) -> Captions:
    request, slot = job.writing, job.slots[0]
    error: Failure | None = None
    if slot.failure is not None and slot.status.is_terminal:
        error = {"code": slot.failure.code, "message": slot.failure.message}
    answer: Any = {
        "id": job.id,
        "status": job.status,
        "prompt": request.prompt,
        "media": [reference.media for reference in request.media],
        "post_types": list(request.post_types),
        "research_mode": request.research_mode,
        "captions": {
            name: {"text": caption.text, "writer": caption.writer}
            for name, caption in job.captions.items()
        },
        "credits": {
            "held": job.total if job.charge is None else 0,
            "charged": job.charge.captured if job.charge else 0,
            "refunded": job.charge.released if job.charge else 0,
        },
        "created_at": json_time(job.created_at),
        "finished_at": json_time(job.finished_at) if job.finished_at else None,
        **given(error=error),
    }
    return cast(Captions, answer)
