"""Captions."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict, cast

from darkroom.dialects.bodies import Body, says_something
from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import Count, Limits, Schema, Time, Uuid, length
from darkroom.dialects.parameters import CURSOR, Choice, limit, references, unknown_choice
from darkroom.dialects.routes import Routes
from darkroom.dialects.vendors.powerpost.generations import (
    DATA,
    FIELDS,
    STATUSES,
    Accepted,
    Failure,
    Status,
    accepted,
    status_of,
)
from darkroom.dialects.wire import json_time
from darkroom.domain.api_key import GENERATE, READ
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.captions import POST_TYPES, platform
from darkroom.domain.job import Job, JobKind
from darkroom.domain.operations import ListJobs, Offer, ReadJob, SubmitJob
from darkroom.domain.outcomes import JobPage, Submitted

ROUTES = Routes("captions")
_GENERATIONS = "/api/v1/content/generations"
_LIMIT = limit(20, 100)
_STATUS = Choice("status", STATUSES, "Only captions with this status.")


class AcceptedCaptions(Accepted):
    generation_id: Uuid


class CaptionsSummary(TypedDict):
    generation_id: Uuid
    status: Status
    prompt: str
    platforms: list[str]
    research_mode: Literal["regular", "deep"]
    credits_used: Count
    created_at: Time


class Captions(CaptionsSummary):
    outputs: NotRequired[dict[str, str]]
    """By platform."""
    post_types: NotRequired[dict[str, str]]
    """By post type."""
    writer: NotRequired[str]
    error: NotRequired[Failure]


class CaptionsPage(TypedDict):
    data: list[CaptionsSummary]
    next_cursor: Uuid | None
    has_more: bool


def accepted_captions(outcome: Submitted) -> AcceptedCaptions:
    return {"generation_id": outcome.job.id, **accepted(outcome, _GENERATIONS)}


def captions(outcome: Job) -> Captions:
    answer: Captions = {**_summary(outcome)}
    if outcome.captions:
        # By platform, as documented; of two for one platform the one that was named first.
        named = reversed(outcome.writing.post_types)
        answer["outputs"] = {platform(name): outcome.captions[name].text for name in named}
        answer["post_types"] = {name: one.text for name, one in outcome.captions.items()}
        answer["writer"] = next(iter(outcome.captions.values())).writer
    if answer["status"] == "failed":
        message = "The captions could not be written. Credits refunded."
        answer["error"] = {"code": "GENERATION_FAILED", "message": message}
    return answer


def page(outcome: JobPage) -> CaptionsPage:
    return {
        "data": [_summary(job) for job in outcome.jobs],
        "next_cursor": outcome.cursor,
        "has_more": outcome.cursor is not None,
    }


def _summary(job: Job) -> CaptionsSummary:
    request = job.writing
    summary: Any = {
        "generation_id": job.id,
        "status": status_of(job),
        "prompt": request.prompt,
        "platforms": list(dict.fromkeys(map(platform, request.post_types))),
        "research_mode": request.research_mode,
        "credits_used": job.total if job.charge is None else job.charge.captured,
        "created_at": json_time(job.created_at, "seconds"),
    }
    return cast(CaptionsSummary, summary)


class Content(Body):
    prompt: Annotated[str, length(2000)] | None = None
    """What the captions are about. Required, unless there are media."""
    media_ids: Annotated[list[str], Limits(max_length=10)] = []  # noqa: RUF012 - pydantic copies it
    """Images that the captions go with."""
    post_types: Annotated[
        list[str],
        Limits(min_length=1, max_length=len(POST_TYPES)),
        Schema(items={"type": "string", "enum": list(POST_TYPES)}),
    ]
    research_mode: Literal["regular", "deep"] = "regular"


@ROUTES.post(
    "/api/v1/content/generate",
    GENERATE,
    answer=accepted_captions,
    body=Content,
    example={"prompt": "a pier at dawn", "post_types": ["instagram-feed"]},
)
def generate_content(body: Content, context: RequestContext) -> SubmitJob:
    """Generate captions

    Poll `status_url`.
    """
    if not body.media_ids:
        says_something("prompt", body.prompt)
    for place, post_type in enumerate(body.post_types):
        if post_type not in POST_TYPES:
            raise unknown_choice(f"post_types.{place}", POST_TYPES)
    return SubmitJob(
        request=CaptionRequest(
            prompt=body.prompt or "",
            post_types=tuple(dict.fromkeys(body.post_types)),
            research_mode=body.research_mode,
            media=references("media_ids", body.media_ids),
        ),
        offer=Offer(name="captions", price=DATA["captions"][body.research_mode]),
        fields=FIELDS,
        **context.submission(),
    )


@ROUTES.get(_GENERATIONS, READ, answer=page, query=(_LIMIT, CURSOR, _STATUS))
def list_content(context: RequestContext) -> ListJobs:
    """List captions

    Newest first.
    """
    status = context.query(_STATUS)
    return ListJobs(
        limit=context.query(_LIMIT),
        cursor=context.query(CURSOR),
        statuses=STATUSES[status] if status else (),
        kind=JobKind.CAPTIONS,
    )


@ROUTES.get(f"{_GENERATIONS}/{{id}}", READ, answer=captions)
def retrieve_content(context: RequestContext) -> ReadJob:
    """Retrieve captions"""
    return ReadJob(job=context.id("generation"), kind=JobKind.CAPTIONS)
