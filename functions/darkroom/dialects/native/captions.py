"""Captions, natively: a job that writes instead of making images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from darkroom.dialects.native import queries
from darkroom.dialects.native.own_hook import with_hook
from darkroom.dialects.reading import idempotency_key, only, preferred_wait, wait_applied
from darkroom.dialects.wire import Desk, Request, Response, json_response, json_time
from darkroom.domain.job import Job, JobKind
from darkroom.domain.operations import JobPage, ListJobs, Quoted, ReadJob, SubmitJob, Submitted

Parameters = Mapping[str, str]


def submit(request: Request, _parameters: Parameters, desk: Desk) -> SubmitJob:
    from darkroom.dialects.native.library_bodies import read_captions  # noqa: PLC0415

    only(request)
    return read_captions(
        request.body,
        desk,
        wait=preferred_wait(request),
        idempotency_key=idempotency_key(request),
    )


def read(request: Request, parameters: Parameters, desk: Desk) -> ReadJob:
    return replace(queries.read_job(request, parameters, desk), kind=JobKind.CAPTIONS)


def list_all(request: Request, parameters: Parameters, desk: Desk) -> ListJobs:
    return replace(queries.list_jobs(request, parameters, desk), kind=JobKind.CAPTIONS)


def submitted(outcome: Submitted | Quoted, request: Request, desk: Desk) -> Response:
    if isinstance(outcome, Quoted):
        credits_ = {"total": outcome.total, "balance": outcome.balance}
        return json_response(200, {"dry_run": True, "credits": credits_})
    headers = {"location": f"/v1/captions/{outcome.job.id}", **wait_applied(request)}
    if outcome.replayed:
        headers["idempotent-replayed"] = "true"
    body = _shown(outcome.job, desk)
    body["credits"]["balance"] = outcome.balance
    return json_response(200 if outcome.job.status.is_terminal else 202, body, headers)


def one(outcome: Job, _request: Request, desk: Desk) -> Response:
    return json_response(200, _shown(outcome, desk))


def page(outcome: JobPage, _request: Request, desk: Desk) -> Response:
    shown = [_shown(job, desk) for job in outcome.jobs]
    return json_response(200, {"captions": shown, "cursor": outcome.cursor})


def _shown(job: Job, desk: Desk) -> dict[str, Any]:
    return with_hook(describe(job), job, desk)


def describe(job: Job) -> dict[str, Any]:
    request, slot = job.writing, job.slots[0]
    shown: dict[str, Any] = {
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
    }
    if slot.failure is not None and slot.status.is_terminal:
        shown["error"] = {"code": slot.failure.code, "message": slot.failure.message}
    return shown
