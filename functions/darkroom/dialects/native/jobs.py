"""Jobs, each of which makes one or more images."""

from __future__ import annotations

from typing import TypedDict, cast

from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import AlwaysTrue, Count, Uuid
from darkroom.dialects.headers import LONGEST_WAIT
from darkroom.dialects.native import caption_answer
from darkroom.dialects.native.caption_answer import CaptionsJob
from darkroom.dialects.native.job_answer import JobAnswer, Requested, requested, shown_to
from darkroom.dialects.native.job_request import Submit, requested_job
from darkroom.dialects.parameters import CURSOR, Choice, Integer, limit
from darkroom.dialects.routes import Answer, Routes
from darkroom.domain.api_key import GENERATE, READ
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.job import Job, JobStatus
from darkroom.domain.operations import (
    CancelJob,
    ListJobs,
    QuoteJob,
    ReadJob,
    SubmitJob,
)
from darkroom.domain.outcomes import JobPage, Quote, Submitted

ROUTES = Routes("jobs")
POLL_AFTER = "1"
# The longest legal job is 135 kB of JSON, and Lambda answers with 6 MB at most.
LIMIT = limit(20, 40)
STATUS = Choice("status", JobStatus, "Only jobs with this status.")
WAIT = Integer("wait", 0, 0, LONGEST_WAIT, "Seconds to wait for the end of the job.")


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
