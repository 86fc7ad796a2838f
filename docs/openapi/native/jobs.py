"""Jobs: images in the making."""

from __future__ import annotations

from itertools import chain

from darkroom.dialects.native.submission import SubmitBody
from darkroom.domain import operations
from darkroom.domain.job import JobStatus
from docs.openapi.bodies import documented
from docs.openapi.described import Answer, Described, Parameter, Sent
from docs.openapi.headers import IDEMPOTENCY_KEY, PREFER
from docs.openapi.native import hook
from docs.openapi.native.pages import CURSOR, NEXT, limit
from docs.openapi.refusals import (
    FINISHED,
    FULL,
    OF_A_SUBMIT,
    OUT_OF_RANGE,
    UNKNOWN_PARAMETER,
    UNREADY,
    missing,
    unknown,
)
from docs.openapi.samples import (
    DESK,
    JOB_ID,
    captions,
    every_caption,
    every_job,
    full_job,
    image_request,
    job,
    parked_job,
    quoted,
    stood_in_job,
    submitted,
)
from docs.openapi.shapes import (
    COUNT,
    FILE,
    FLAG,
    IMAGE_TYPES,
    MOMENT,
    NOTHING,
    SIDE,
    TEXT,
    TRUE,
    UUID,
    WHOLE,
    Schema,
    either,
    many,
    mapping,
    maybe,
    named_variants,
    only,
    record,
    ref,
    told,
    words,
)

_TAG = "jobs"
_MODELS = DESK.catalogue.models.values()
_ENDED = tuple(status.value for status in JobStatus if status.is_terminal)
_GOING_ON = tuple(status.value for status in JobStatus if not status.is_terminal)
_NUMBER: Schema = {"type": "number"}
_BALANCE = {"balance": told(WHOLE, "What is left to spend.")}

_ASKED = {
    "model": TEXT,
    "prompt": TEXT,
    "width": SIDE,
    "height": SIDE,
    "n": COUNT,
    "seed": told(COUNT, "Of the first image; the next ones count on."),
}
_MAYBE_ASKED = {
    "served_by": told(TEXT, "The model that stands in for it on this deployment."),
    "negative_prompt": TEXT,
    "steps": COUNT,
    "guidance": _NUMBER,
    "temperature": _NUMBER,
    "quality": TEXT,
    "strength": _NUMBER,
    "enhance_prompt": TRUE,
    "references": many(ref("Reference")),
    "mask": ref("Reference"),
}
_OUTPUT = {
    "output": record({"format": words("webp", "png", "jpeg"), "quality": COUNT}),
    "metadata": mapping(TEXT),
}
_ATTEMPT = record(
    {"provider": TEXT, "model": TEXT, "outcome": TEXT, "milliseconds": COUNT},
    {"reason": TEXT, "usd": _NUMBER, "usd_is": words("list_price", "billed")},
)


def _image(status: Schema, more: dict[str, Schema]) -> Schema:
    return record(
        {"id": UUID, "status": status, "seed": COUNT, **more, "attempts": many(ref("Attempt"))}
    )


_STORED = {
    "url": FILE,
    "thumbnail_url": FILE,
    "width": SIDE,
    "height": SIDE,
    "bytes": COUNT,
    "content_type": words(*IMAGE_TYPES),
    "provider": TEXT,
    "provider_model": TEXT,
}


def _credits(*, ended: bool, more: dict[str, Schema]) -> Schema:
    resolved = COUNT if ended else only(0)
    refund = ref("Refund")
    return record(
        {
            "price": told(COUNT, "Of one image."),
            "held": only(0) if ended else COUNT,
            "charged": resolved,
            "refunded": resolved,
            "refunds": many(refund) if ended else many(refund, maxItems=0),
            **more,
        }
    )


def _job(*, ended: bool, credits_: dict[str, Schema]) -> Schema:
    return record(
        {
            "id": UUID,
            "type": only("images"),
            "status": words(*(_ENDED if ended else _GOING_ON)),
            **_ASKED,
            **_OUTPUT,
            "images": many(ref("Image"), minItems=1, maxItems=10),
            "credits": _credits(ended=ended, more=credits_),
            "created_at": MOMENT,
            "started_at": maybe(MOMENT),
            "finished_at": MOMENT if ended else NOTHING,
        },
        {
            **_MAYBE_ASKED,
            "prompt_used": record({"text": TEXT, "writer": TEXT}),
            "collection": UUID,
            "webhook": ref("OwnWebhook"),
        },
    )


SCHEMAS = {
    **hook.SCHEMAS,
    "Attempt": _ATTEMPT,
    "Making": record({"provider": TEXT, "model": TEXT, "since": MOMENT}),
    "Failure": record({"code": TEXT, "message": TEXT}),
    "Reference": record({}, {"media": UUID, "url": TEXT, "description": TEXT}),
    "Refund": record({"image": UUID, "credits": COUNT, "reason": TEXT}),
    **named_variants(
        "Image",
        {
            # Those that say more come first: generated clients take the first that fits.
            # A provider makes this one in its own time.
            "ImageMaking": _image(only("making"), {"making": ref("Making")}),
            "ImageWaiting": _image(words("waiting", "making"), {}),
            "ImageByStandIn": _image(
                only("stored"), {**_STORED, "stand_in": told(TRUE, "By the embedded painter.")}
            ),
            "ImageStored": _image(only("stored"), _STORED),
            "ImageDeleted": _image(only("stored"), {"deleted": TRUE}),
            "ImageFailed": _image(only("failed"), {"error": ref("Failure")}),
        },
    ),
    "JobGoingOn": _job(ended=False, credits_={}),
    "JobEnded": _job(ended=True, credits_={}),
    "JobAccepted": _job(ended=False, credits_=_BALANCE),
    "JobAwaited": _job(ended=True, credits_=_BALANCE),
    "Job": either(
        ref("JobGoingOn"),
        ref("JobEnded"),
        ref("CaptionsGoingOnAsJob"),
        ref("CaptionsEndedAsJob"),
    ),
    "Quote": record(
        {
            "dry_run": TRUE,
            **_ASKED,
            **_OUTPUT,
            "credits": record({"price": COUNT, "total": COUNT, "affordable": FLAG, **_BALANCE}),
        },
        _MAYBE_ASKED,
    ),
}
_SUBMIT = documented(
    SubmitBody,
    {
        "model": words(*DESK.catalogue.models, *DESK.catalogue.aliases)
        | {"default": DESK.catalogue.defaults["native"]},
        "aspect_ratio": words(*dict.fromkeys(chain(*(model.ratios for model in _MODELS)))),
        "quality": words(*dict.fromkeys(chain(*(model.qualities for model in _MODELS)))),
        "width": {"minimum": 16, "maximum": max(model.max_side for model in _MODELS)},
        "height": {"minimum": 16, "maximum": max(model.max_side for model in _MODELS)},
        "webhook": hook.HOOK,
    },
)
_JOBS = (*every_job(), full_job(), parked_job(), stood_in_job())
_ENDED_JOBS = tuple(one for one in _JOBS if one.status.is_terminal)
_OPEN_JOBS = tuple(one for one in _JOBS if not one.status.is_terminal)
_STATUS = Parameter(name="status", where="query", schema=words(*map(str, JobStatus)))

OPERATIONS = {
    "POST /v1/jobs": Described(
        name="submitJob",
        summary="Ask for images",
        text="What a model takes is told by `GET /v1/models/{name}`; what it cannot honour is "
        "refused before any credit moves. `dry_run` asks for the price alone.",
        tag=_TAG,
        takes=(IDEMPOTENCY_KEY, PREFER),
        sends=(Sent(schema=_SUBMIT, example={"prompt": "a pier at dawn", "aspect_ratio": "16:9"}),),
        answers={
            202: Answer(
                text="The job, on its way.",
                schema=ref("JobAccepted"),
                outcomes=tuple(
                    submitted(one, replayed=number > 0) for number, one in enumerate(_OPEN_JOBS)
                ),
            ),
            200: Answer(
                text="The job, ended while the caller waited; or the quote.",
                schema=either(ref("JobAwaited"), ref("Quote")),
                outcomes=(
                    *map(submitted, _ENDED_JOBS),
                    quoted(image_request(), 1),
                    quoted(full_job().picture, 1),
                ),
            ),
        },
        raises=(*OF_A_SUBMIT, FULL, UNKNOWN_PARAMETER, unknown("references.0.media"), UNREADY),
    ),
    "POST /v1/jobs/{id}/cancel": Described(
        name="cancelJob",
        summary="Stop a job",
        text="What is stored stays and is charged, what is not is refunded. A second call gives "
        "the same answer.",
        tag=_TAG,
        answers={
            200: Answer(
                text="The job, canceled.",
                schema=either(ref("JobEnded"), ref("CaptionsEndedAsJob")),
                outcomes=(job(JobStatus.CANCELED), captions(JobStatus.CANCELED)),
            )
        },
        raises=(UNKNOWN_PARAMETER, missing("job"), FINISHED),
    ),
    "GET /v1/jobs": Described(
        name="listJobs",
        summary="Jobs, newest first",
        tag=_TAG,
        takes=(limit(20, 40), CURSOR, _STATUS),
        answers={
            200: Answer(
                text="A page of jobs.",
                schema=record({"jobs": many(ref("Job")), "cursor": NEXT}),
                outcomes=(
                    operations.JobPage(jobs=(job(),), cursor=JOB_ID),
                    operations.JobPage(jobs=(*_JOBS, *every_caption()), cursor=None),
                ),
            )
        },
        raises=(OUT_OF_RANGE, UNKNOWN_PARAMETER),
    ),
    "GET /v1/jobs/{id}": Described(
        name="readJob",
        summary="One job",
        tag=_TAG,
        takes=(
            Parameter(
                name="wait",
                where="query",
                schema={"type": "integer", "minimum": 0, "maximum": 25, "default": 0},
                text="Seconds to wait for its end.",
                example=10,
            ),
        ),
        answers={
            200: Answer(
                text="The job as it is now.",
                schema=ref("Job"),
                outcomes=(*_JOBS, *every_caption()),
            )
        },
        raises=(OUT_OF_RANGE, UNKNOWN_PARAMETER, missing("job")),
    ),
}
