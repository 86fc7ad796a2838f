"""Whole objects, as the core hands them to a dialect: what examples are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.dialects.context import RequestContext
from darkroom.dialects.documentation import NOWHERE
from darkroom.dialects.wire import Request
from darkroom.domain import api_key, operations, outcomes
from darkroom.domain.attempts import Attempt, PendingGeneration
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.image_request import ImageRequest, Output, Reference
from darkroom.domain.job import (
    Caption,
    Failure,
    Hook,
    Job,
    JobStatus,
    Slot,
    SlotStatus,
    StoredImage,
    Written,
)
from darkroom.domain.money import Charge
from darkroom.domain.web_addresses import WebPolicy

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=2)
JOB_ID = "019aa6c5-4c00-7a31-9d0e-5b7c1f2e3a40"
CAPTION_ID = "019aa6c5-4c00-7a31-9d0e-5b7c1f2e3a50"
MEDIA_ID = "019aa6c5-4c00-7b42-8e1f-6c8d2a3f4b51"
OTHER_MEDIA_ID = "019aa6c5-4c00-7b42-8e1f-6c8d2a3f4b52"
COLLECTION_ID = "019aa6c5-4c00-7c53-9f20-7d9e3b405c62"
WORKSPACE = "acme"
PICTURE_URL = "https://example.com/pier.png"
STANDING = outcomes.RateLimitStatus(limit=600, remaining=599, resets_in=60, resets_at=1795262460)
IN_A_MINUTE = 60
CALLER = operations.Caller(
    workspace=WORKSPACE,
    scopes=frozenset(api_key.SCOPES),
    key="019aa6c5-4c00-7d64-8031-8eaf4c516d73",
)


def file_url(name: str) -> str:
    return f"{NOWHERE}/v1/files/{name}?expires=1795867200&kid=1&signature=q3Jx0bZ"


CATALOGUE = whole_catalogue()


def context_of(dialect: str, request: Request, path: Mapping[str, str]) -> RequestContext:
    return RequestContext(
        dialect=dialect,
        request=request,
        path=path,
        catalogue=CATALOGUE,
        caller=CALLER,
        web=WebPolicy(allowed_hosts=frozenset()),
        fresh_seed=4242,
        file_url=file_url,
    )


_STORED = StoredImage(
    format="webp",
    width=1024,
    height=576,
    size=48_210,
    provider="painter",
    provider_model="painter",
)
_TRY = Attempt(provider="painter", model="painter", outcome="made", milliseconds=412)
_BILLED = replace(_TRY, provider="openai", outcome="failed", reason="http_500", usd=0.04)
_LISTED = replace(_BILLED, reason="", is_list_price=True)
_REFUSED = Failure(code="refused", message="The provider does not make this image.")
CHARGES = {
    JobStatus.COMPLETED: (2, 0),
    JobStatus.PARTIAL: (1, 1),
    JobStatus.FAILED: (0, 2),
    JobStatus.CANCELED: (0, 2),
}


def image_request(**changes: Any) -> ImageRequest:
    given = {
        "prompt": "a pier at dawn",
        "model": "painter",
        "width": 1024,
        "height": 576,
        "n": 2,
        "seed": 4242,
        "output": Output(format="webp"),
    }
    return ImageRequest(**{**given, **changes})


_WAITING = Slot(media_id=MEDIA_ID)
_MAKING = Slot(media_id=MEDIA_ID, status=SlotStatus.MAKING, attempts=(_BILLED, _LISTED))
_DONE = Slot(media_id=MEDIA_ID, status=SlotStatus.STORED, image=_STORED, attempts=(_TRY,))
_FAILED = Slot(media_id=MEDIA_ID, status=SlotStatus.FAILED, failure=_REFUSED, attempts=(_BILLED,))
_DELETED = replace(_DONE, image=replace(_STORED, is_deleted=True))
_SLOTS = {
    JobStatus.PENDING: (_WAITING, _WAITING),
    JobStatus.PROCESSING: (_DONE, _MAKING),
    JobStatus.COMPLETED: (_DONE, _DONE),
    JobStatus.PARTIAL: (_DONE, _FAILED),
    JobStatus.FAILED: (_FAILED, _FAILED),
    JobStatus.CANCELED: (_FAILED, _FAILED),
}


def job(status: JobStatus = JobStatus.COMPLETED, n: int = 2, **changes: Any) -> Job:
    """A job for images in this state, with as many of them."""
    slots = tuple(
        replace(slot, media_id=name)
        for slot, name in zip(_SLOTS[status], (MEDIA_ID, OTHER_MEDIA_ID), strict=True)
    )[:n]
    captured, released = CHARGES.get(status, (0, 0))
    given = {
        "id": JOB_ID,
        "workspace": WORKSPACE,
        "dialect": "native",
        "request": image_request(n=n),
        "price": 1,
        "slots": slots,
        "created_at": NOW,
        "updated_at": LATER if status.is_terminal else NOW,
        "deadline": NOW + timedelta(minutes=15),
        "status": status,
        "started_at": None if status is JobStatus.PENDING else NOW,
        "finished_at": LATER if status.is_terminal else None,
        "charge": Charge(captured=min(captured, n), released=min(released, n))
        if status.is_terminal
        else None,
    }
    return Job(**{**given, **changes})


def every_job(n: int = 2, **changes: Any) -> tuple[Job, ...]:
    """One in each state, the finished one first, and one whose images are deleted."""
    order = (JobStatus.COMPLETED, *(one for one in JobStatus if one is not JobStatus.COMPLETED))
    gone = tuple(replace(_DELETED, media_id=name) for name in (MEDIA_ID, OTHER_MEDIA_ID))[:n]
    return (*(job(status, n, **changes) for status in order), job(n=n, **changes, slots=gone))


def made_for(submit: operations.SubmitJob, jobs: Iterable[Job]) -> tuple[Job, ...]:
    """The same jobs, as this submit has asked for them."""
    request = submit.request
    if not isinstance(request, ImageRequest):
        raise TypeError("a job for captions makes no images")
    return tuple(
        replace(
            one,
            request=request,
            terms=submit.job_terms,
            slots=tuple(_made_for(slot, request) for slot in one.slots),
        )
        for one in jobs
    )


def _made_for(slot: Slot, request: ImageRequest) -> Slot:
    if slot.image is None:
        return slot
    image = replace(
        slot.image, format=request.output.format, width=request.width, height=request.height
    )
    return replace(slot, image=image)


_HOOK = Hook(url="https://shop.example/done?order=42", events=("job.completed",))


def full_job() -> Job:
    """Every option that a request may have."""
    reference = Reference(media=MEDIA_ID, file=f"{MEDIA_ID}.webp", description="the same pier")
    asked = image_request(
        negative_prompt="people",
        steps=30,
        guidance=7.5,
        temperature=1.0,
        quality="high",
        strength=0.5,
        references=(reference, Reference(url=PICTURE_URL)),
        mask=Reference(media=MEDIA_ID),
        enhance=True,
        metadata={"order": "42"},
    )
    enhanced = Written(text="a pier at dawn, soft light", writer="darkroom-house-writer")
    return job(request=asked, collection=COLLECTION_ID, enhanced=enhanced, webhook=_HOOK)


def pending_job() -> Job:
    """Its first image is in the making at a provider that takes its time."""
    pending = PendingGeneration(
        provider="bfl",
        model="flux-2-pro",
        id="a1b2",
        poll="https://api.bfl.ai/v1/get_result?id=a1b2",
        cancel="",
        pace=2,
        begun_at=NOW,
    )
    slots = (replace(_MAKING, pending=pending), replace(_WAITING, media_id=OTHER_MEDIA_ID))
    return job(JobStatus.PROCESSING, slots=slots)


def stood_in_job() -> Job:
    return job(request=image_request(model="flux-2-pro"))


_CAPTION = Caption(text="Dawn at the pier. #pier #dawn", writer="darkroom-house-writer")


def captions(status: JobStatus = JobStatus.COMPLETED) -> Job:
    slot = Slot(media_id=CAPTION_ID)
    if status is JobStatus.COMPLETED:
        told = {"instagram-feed": _CAPTION}
        slot = replace(slot, status=SlotStatus.STORED, captions=told, image=None)
    elif status.is_terminal:
        slot = replace(slot, status=SlotStatus.FAILED, failure=_REFUSED)
    captured = 10 if status is JobStatus.COMPLETED else 0
    charge = Charge(captured=captured, released=10 - captured)
    asked = CaptionRequest(
        prompt="a pier at dawn",
        post_types=("instagram-feed",),
        research_mode="regular",
        media=(Reference(media=MEDIA_ID, file=f"{MEDIA_ID}.webp"),),
    )
    return (
        job(status, request=asked, id=CAPTION_ID, price=10, slots=(slot,), webhook=_HOOK)
        if (not status.is_terminal)
        else job(status, request=asked, id=CAPTION_ID, price=10, slots=(slot,), charge=charge)
    )


def every_caption() -> tuple[Job, ...]:
    """One in each state that captions can have."""
    states = (one for one in JobStatus if one is not JobStatus.PARTIAL)
    return tuple(sorted(map(captions, states), key=lambda one: one.status != "completed"))


def submitted(one: Job, *, replayed: bool = False) -> outcomes.Submitted:
    return outcomes.Submitted(job=one, balance=98, replayed=replayed)


def quoted(request: ImageRequest | CaptionRequest, price: int) -> outcomes.Quote:
    return outcomes.Quote(request=request, price=price, balance=100)
