"""Qolaba's API."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from darkroom.dialects import qolaba
from darkroom.domain.job import JobStatus
from docs.openapi.bodies import documented
from docs.openapi.described import Answer, Described, Description, Parameter, Sent
from docs.openapi.headers import IDEMPOTENCY_KEY
from docs.openapi.refusals import FULL, OF_A_SUBMIT, missing
from docs.openapi.samples import JOB_ID, every_job, made_as, submitted
from docs.openapi.shapes import (
    COUNT,
    FILE,
    IMAGE_TYPES,
    MOMENT,
    NOTHING,
    SIDE,
    TEXT,
    WHOLE,
    Schema,
    many,
    named_variants,
    only,
    record,
    ref,
    told,
    words,
)

_DATA = qolaba.DATA
_QUALITIES = dict.fromkeys(
    quality for row in _DATA["models"].values() for quality in row.get("qualities", ())
)
_GENERATE = documented(
    qolaba.Generate,
    {
        "prompt": {"description": "Needed by every model but fal/birefnet."},
        "model": words(*_DATA["models"]),
        "aspect_ratio": words(*_DATA["sizes"]),
        "quality": words(*_QUALITIES),
        "celery": {"description": "Answer at once, with a task to be polled."},
    },
    required=("model",),
)
del _GENERATE["properties"]["model"]["default"]
_TASK_ID = {"type": "string", "pattern": "^task_[0-9]{13}_[0-9a-z]{1,16}$"}
_OUTPUT: dict[str, Schema] = {
    "prompt": TEXT,
    "images": many(
        record({"url": FILE, "width": SIDE, "height": SIDE, "content_type": words(*IMAGE_TYPES)})
    ),
    "usage": record(
        {"images_generated": COUNT, "cost_usd": {"type": "number"}, "cost_credits": COUNT}
    ),
}


def _task(status: Schema, output: Schema, error: Schema) -> Schema:
    return record(
        {
            "task_id": _TASK_ID,
            "type": only("image"),
            "status": status,
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "output": output,
            "error": error,
            "error_detail": error,
        }
    )


_SEED = {"seed": WHOLE}
_SCHEMAS = {
    "Error": record(
        {"error": TEXT, "message": TEXT},
        {
            "task_id": told(_TASK_ID, "Of a task that failed."),
            "retryAfter": told(COUNT, "Seconds, with 429."),
        },
    ),
    **named_variants(
        "Task",
        {
            "TaskGoingOn": _task(words("PENDING", "PROCESSING"), NOTHING, NOTHING),
            "TaskSucceeded": _task(only("SUCCESS"), record(_OUTPUT, _SEED), NOTHING),
            "TaskFailed": _task(only("FAILED"), NOTHING, TEXT),
        },
    ),
}
_PLAIN = made_as("png", 1024, 1024, *every_job())
_SEEDED = tuple(replace(one, terms={"seed": "4242"}) for one in _PLAIN)
_JOBS = tuple(map(submitted, (*_PLAIN, *_SEEDED)))
_TASKS = tuple(map(submitted, every_job(terms={"task": "asked for"})))
_FAILED = tuple(one for one in _JOBS if one.job.status in {JobStatus.FAILED, JobStatus.CANCELED})
_OPEN = tuple(one for one in _JOBS if not one.job.status.is_terminal)

DESCRIPTION = Description(
    title="Darkroom, as Qolaba",
    text="Qolaba's API, answered by Darkroom: images, at once or as a task to be polled.",
    operations={
        "POST /api/v1/images/generate": Described(
            name="generateImages",
            summary="Make one to ten images",
            text="What a model does not take is refused.",
            tag="images",
            takes=(IDEMPOTENCY_KEY,),
            sends=(
                Sent(
                    schema=_GENERATE,
                    example={
                        "model": "vertex/nano-banana-flash",
                        "prompt": "a pier at dawn",
                        "num_images": 2,
                    },
                ),
            ),
            answers={
                200: Answer(
                    text="The images.",
                    schema=record({"task_id": _TASK_ID, **_OUTPUT}, _SEED),
                    outcomes=tuple(
                        one for one in _JOBS if one.job.status.is_terminal and one not in _FAILED
                    ),
                ),
                202: Answer(
                    text="A task to be polled.",
                    schema=record(
                        {"task_id": _TASK_ID, "status": only("PENDING"), "type": only("image")}
                    ),
                    outcomes=(*_OPEN, *_TASKS),
                ),
            },
            raises=(*OF_A_SUBMIT, FULL),
            fails=_FAILED,
        ),
        "GET /api/v1/tasks/{id}": Described(
            name="readTask",
            summary="One task",
            tag="images",
            takes=(
                Parameter(
                    name="id",
                    where="path",
                    schema=_TASK_ID,
                    example=qolaba.task_id(UUID(JOB_ID)),
                ),
            ),
            answers={
                200: Answer(
                    text="The task as it is now.",
                    schema=ref("Task"),
                    outcomes=(*_PLAIN, *_SEEDED),
                )
            },
            raises=(missing("task"),),
        ),
    },
    error="Error",
    schemas=_SCHEMAS,
)
