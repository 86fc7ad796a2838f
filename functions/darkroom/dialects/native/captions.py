"""Captions, which a job writes in place of making images."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from darkroom.dialects.bodies import Body
from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import AlwaysTrue, Count, Id, Limits, Schema, Uuid, length
from darkroom.dialects.native.caption_answer import Captions, shown_to
from darkroom.dialects.native.jobs import LIMIT, STATUS, WAIT
from darkroom.dialects.native.webhook_field import HookBody, read_hook
from darkroom.dialects.parameters import CURSOR, unknown_choice
from darkroom.dialects.routes import Answer, Routes
from darkroom.domain.api_key import GENERATE, READ
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.captions import POST_TYPES
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.image_request import Reference
from darkroom.domain.job import Job, JobKind, JobStatus
from darkroom.domain.operations import ListJobs, Offer, QuoteJob, ReadJob, SubmitJob
from darkroom.domain.outcomes import JobPage, Quote, Submitted

ROUTES = Routes("captions")
_PostTypes = Annotated[
    list[str],
    Limits(min_length=1, max_length=len(POST_TYPES)),
    Schema(items={"type": "string", "enum": list(POST_TYPES)}),
]


class CaptionsQuoteCredits(TypedDict):
    total: Count
    balance: int
    """What is left to spend."""


class CaptionsQuote(TypedDict):
    """The answer to a dry run: nothing was stored, and nothing is charged."""

    dry_run: AlwaysTrue
    credits: CaptionsQuoteCredits


class CaptionsPage(TypedDict):
    captions: list[Captions]
    cursor: Uuid | None
    """For the next page; null on the last one."""


def submitted(
    outcome: Submitted | Quote, context: RequestContext
) -> Answer[Captions] | Answer[CaptionsQuote]:
    if isinstance(outcome, Quote):
        quote: CaptionsQuote = {
            "dry_run": True,
            "credits": {"total": outcome.total, "balance": outcome.balance},
        }
        return Answer(200, quote)
    headers = {"location": f"/v1/captions/{outcome.job.id}"}
    if outcome.replayed:
        headers["idempotent-replayed"] = "true"
    answer = shown_to(context, outcome.job)
    answer["credits"]["balance"] = outcome.balance
    return Answer(200 if outcome.job.status.is_terminal else 202, answer, headers)


def captions(outcome: Job, context: RequestContext) -> Captions:
    return shown_to(context, outcome)


def page(outcome: JobPage, context: RequestContext) -> CaptionsPage:
    return {"captions": [shown_to(context, job) for job in outcome.jobs], "cursor": outcome.cursor}


class CaptionsRequest(Body):
    prompt: Annotated[str, length(2000)] = ""
    """What the captions are about; a prompt, media, or both."""
    media: Annotated[list[Id], Limits(max_length=10)] = []  # noqa: RUF012
    """Images of the library that the captions go with."""
    post_types: _PostTypes
    """A caption for each."""
    research_mode: Literal["regular", "deep"] = "regular"
    dry_run: bool = False
    """Only check the request and quote its price."""
    webhook: HookBody | None = None
    """Where the events of this job are sent."""


@ROUTES.post(
    "/v1/captions",
    GENERATE,
    answer=submitted,
    body=CaptionsRequest,
    example={"prompt": "a pier at dawn", "post_types": ["instagram-feed"]},
)
def create_captions(body: CaptionsRequest, context: RequestContext) -> SubmitJob | QuoteJob:
    """Create captions

    For a prompt, for images of the library, or for both.
    """
    if not body.prompt.strip() and not body.media:
        raise InvalidRequest("prompt", "required", "Give a prompt, or media, or both.")
    for index, post_type in enumerate(body.post_types):
        if post_type not in POST_TYPES:
            raise unknown_choice(f"post_types.{index}", POST_TYPES)
    submit = SubmitJob(
        request=CaptionRequest(
            prompt=body.prompt,
            post_types=tuple(dict.fromkeys(body.post_types)),
            research_mode=body.research_mode,
            media=tuple(Reference(media=name) for name in body.media),
        ),
        offer=Offer(name="captions", price=context.catalogue.captions[body.research_mode]),
        webhook=read_hook(body.webhook, context) if body.webhook else None,
        **context.submission(),
    )
    return submit.quote() if body.dry_run else submit


@ROUTES.get("/v1/captions", READ, answer=page, query=(LIMIT, CURSOR, STATUS))
def list_captions(context: RequestContext) -> ListJobs:
    """List captions

    Newest first.
    """
    status = context.query(STATUS)
    return ListJobs(
        limit=context.query(LIMIT),
        cursor=context.query(CURSOR),
        statuses=(JobStatus(status),) if status else (),
        kind=JobKind.CAPTIONS,
    )


@ROUTES.get("/v1/captions/{id}", READ, answer=captions, query=(WAIT,))
def retrieve_captions(context: RequestContext) -> ReadJob:
    """Retrieve captions"""
    return ReadJob(wait=context.query(WAIT), job=context.id("job"), kind=JobKind.CAPTIONS)
