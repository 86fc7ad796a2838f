"""Outcomes as native JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from darkroom.dialects.native import captions
from darkroom.dialects.native.own_hook import with_hook
from darkroom.dialects.reading import wait_applied
from darkroom.dialects.wire import Desk, FileUrl, Request, Response, json_response, json_time
from darkroom.domain.attempts import Attempt
from darkroom.domain.catalogue import PAINTER, PAINTERS
from darkroom.domain.file_links import image_name, thumbnail_name
from darkroom.domain.image_request import CONTENT_TYPES, ImageRequest, Reference
from darkroom.domain.job import Job, Slot
from darkroom.domain.money import Account
from darkroom.domain.operations import Healthy, Heard, JobPage, Quoted, Submitted
from darkroom.domain.quotas import REDELIVERIES, UPLOADS

_POLL_AFTER = "1"


def submitted(outcome: Submitted | Quoted, request: Request, desk: Desk) -> Response:
    if isinstance(outcome, Quoted):
        return json_response(200, _quote(outcome))
    finished = outcome.job.status.is_terminal
    headers = {"location": f"/v1/jobs/{outcome.job.id}"}
    if not finished:
        headers["retry-after"] = _POLL_AFTER
    headers |= wait_applied(request)
    if outcome.replayed:
        headers["idempotent-replayed"] = "true"
    body = _shown(outcome.job, desk)
    body["credits"]["balance"] = outcome.balance
    return json_response(200 if finished else 202, body, headers)


def heard(_outcome: Heard, _request: Request, _desk: Desk) -> Response:
    return json_response(200, {"received": True})


def _quote(outcome: Quoted) -> dict[str, Any]:
    return {
        "dry_run": True,
        **(_asked(outcome.request) if isinstance(outcome.request, ImageRequest) else {}),
        "credits": {
            "price": outcome.price,
            "total": outcome.total,
            "balance": outcome.balance,
            "affordable": outcome.total <= outcome.balance,
        },
    }


def job(outcome: Job, _request: Request, desk: Desk) -> Response:
    headers = {} if outcome.status.is_terminal else {"retry-after": _POLL_AFTER}
    return json_response(200, _shown(outcome, desk), headers)


def page(outcome: JobPage, _request: Request, desk: Desk) -> Response:
    body = {
        "jobs": [_shown(job, desk) for job in outcome.jobs],
        "cursor": outcome.cursor,
    }
    return json_response(200, body)


def account(outcome: Account, request: Request, _desk: Desk) -> Response:
    quotas = outcome.quotas
    body = {
        "workspace": outcome.workspace,
        "tier": outcome.tier,
        "credits": {
            "balance": outcome.balance,
            "held": outcome.held,
            "spent": outcome.spent,
            "granted": outcome.granted,
        },
        "limits": {
            "requests_per_minute": outcome.requests_per_minute,
            "images_in_flight": outcome.max_in_flight,
        },
        "usage": {
            "storage_bytes": {"used": max(0, outcome.stored_bytes), "limit": quotas.storage_bytes},
            "uploads_today": {
                "used": outcome.used_today(UPLOADS, request.at),
                "limit": quotas.uploads_a_day,
            },
            "redeliveries_today": {
                "used": outcome.used_today(REDELIVERIES, request.at),
                "limit": quotas.redeliveries_a_day,
            },
        },
    }
    return json_response(200, body)


def healthy(_outcome: Healthy, _request: Request, _desk: Desk) -> Response:
    return json_response(200, {"status": "ok"})


def _shown(job: Job, desk: Desk) -> dict[str, Any]:
    return with_hook(describe(job, desk.file_url), job, desk)


def describe(job: Job, file_url: FileUrl) -> dict[str, Any]:
    if job.writes_captions:
        return {"type": job.kind, **captions.describe(job)}
    return {
        "id": job.id,
        "type": job.kind,
        "status": job.status,
        **_asked(job.picture),
        **_enhanced(job),
        "images": [_image(job, index, file_url) for index in range(len(job.slots))],
        "credits": {
            "price": job.price,
            "held": job.total if job.charge is None else 0,
            "charged": job.charge.captured if job.charge else 0,
            "refunded": job.charge.released if job.charge else 0,
            "refunds": _refunds(job),
        },
        **({"collection": job.collection} if job.collection else {}),
        "created_at": _time(job.created_at),
        "started_at": _time(job.started_at),
        "finished_at": _time(job.finished_at),
    }


def _asked(request: ImageRequest) -> dict[str, Any]:
    options = {
        "negative_prompt": request.negative_prompt,
        "steps": request.steps,
        "guidance": request.guidance,
        "temperature": request.temperature,
        "quality": request.quality,
        "strength": request.strength,
    }
    return {
        "model": request.model,
        **({"served_by": request.served_by} if request.served_by else {}),
        "prompt": request.prompt,
        "width": request.width,
        "height": request.height,
        "n": request.n,
        "seed": request.seed,
        **{name: value for name, value in options.items() if value is not None},
        **({"enhance_prompt": True} if request.enhance else {}),
        **(
            {"references": [_reference(reference) for reference in request.references]}
            if request.references
            else {}
        ),
        **({"mask": _reference(request.mask)} if request.mask else {}),
        "output": {"format": request.output.format, "quality": request.output.quality},
        "metadata": dict(request.metadata),
    }


def _enhanced(job: Job) -> dict[str, Any]:
    if job.enhanced is None:
        return {}
    return {"prompt_used": {"text": job.enhanced.text, "writer": job.enhanced.writer}}


def _reference(reference: Reference) -> dict[str, Any]:
    told = {
        "media": reference.media,
        "url": reference.url,
        "description": reference.description,
    }
    return {name: value for name, value in told.items() if value is not None}


def _refunds(job: Job) -> list[dict[str, Any]]:
    """What was given back, for which image, and why."""
    if job.charge is None:
        return []
    return [
        {"image": slot.media_id, "credits": job.price, "reason": slot.failure.code}
        for slot in job.slots
        if slot.failure is not None and slot.image is None
    ]


def _image(job: Job, index: int, file_url: FileUrl) -> dict[str, Any]:
    slot = job.slots[index]
    shown: dict[str, Any] = {
        "id": slot.media_id,
        "status": slot.status,
        "seed": job.picture.seed_of(index),
    }
    if slot.image is not None and slot.image.is_deleted:
        shown["deleted"] = True
    elif slot.image is not None:
        fmt = slot.image.format
        shown |= {
            "url": file_url(image_name(slot.media_id, fmt)),
            "thumbnail_url": file_url(thumbnail_name(slot.media_id)),
            "width": slot.image.width,
            "height": slot.image.height,
            "bytes": slot.image.size,
            "content_type": CONTENT_TYPES[fmt],
            "provider": slot.image.provider,
            "provider_model": slot.image.provider_model,
        }
        if slot.image.provider == PAINTER and job.picture.model not in PAINTERS:
            shown["stand_in"] = True
    elif slot.parked is not None and not slot.status.is_terminal:
        shown["making"] = {
            "provider": slot.parked.provider,
            "model": slot.parked.model,
            "since": json_time(slot.parked.begun_at),
        }
    elif slot.failure is not None and slot.status.is_terminal:
        shown["error"] = {"code": slot.failure.code, "message": slot.failure.message}
    return shown | {"attempts": _attempts(slot)}


def _attempts(slot: Slot) -> list[dict[str, Any]]:
    return [
        {
            "provider": attempt.provider,
            "model": attempt.model,
            "outcome": attempt.outcome,
            "milliseconds": attempt.milliseconds,
            **({"reason": attempt.reason} if attempt.reason else {}),
            **_cost(attempt),
        }
        for attempt in slot.attempts
    ]


def _cost(attempt: Attempt) -> dict[str, Any]:
    if attempt.usd is None:
        return {}
    return {"usd": attempt.usd, "usd_is": "list_price" if attempt.is_list_price else "billed"}


def _time(moment: datetime | None) -> str | None:
    return json_time(moment) if moment else None
