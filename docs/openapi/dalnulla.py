"""Dalnulla's API."""

from __future__ import annotations

from uuid import UUID

from darkroom.dialects import dalnulla
from darkroom.domain import errors
from darkroom.domain.job import JobStatus
from docs.openapi.bodies import documented
from docs.openapi.described import Answer, Described, Description, Parameter, Sent
from docs.openapi.headers import IDEMPOTENCY_KEY
from docs.openapi.refusals import FULL, OF_A_SUBMIT, missing
from docs.openapi.samples import MEDIA_ID, WORKSPACE, every_job, image_request, submitted
from docs.openapi.shapes import TEXT, Schema, many, only, record, told, words
from docs.openapi.shapes import UUID as AN_ID
from docs.openapi.shelf import MOVED

_DATA = dalnulla.DATA
_GENERATE = documented(
    dalnulla.Generate,
    {
        "prompt": {"minLength": 1},
        "model": words(*_DATA["models"]),
        "aspectRatio": words(*_DATA["ratios"]),
        "resolution": words(*_DATA["resolutions"]),
    },
    required=("prompt",),
)
_IMAGE: dict[str, Schema] = {"filePath": TEXT, "prompt": TEXT, "provider": TEXT}
_MADE = {**_IMAGE, "results": many(record(_IMAGE), minItems=1, maxItems=4)}
_JOBS = tuple(map(submitted, every_job(request=image_request(model="nano-banana"))))
_FAILED = tuple(one for one in _JOBS if one.job.status in {JobStatus.FAILED, JobStatus.CANCELED})
_UNKNOWN = errors.InvalidRequest("model", "unknown", "nano-melon")
_ERROR = record(
    {"error": TEXT},
    {
        "code": TEXT,
        "model": told(TEXT, "The one that is not known, or not for this tier."),
        "requiredTier": TEXT,
    },
)
_NAME = f"generated_ref_{UUID(MEDIA_ID).int}.png"


def _open(name: str, values: dict[str, str]) -> Described:
    return Described(
        name=name,
        summary="The bytes of a path",
        text="The path is a `filePath` of an answer, with its slashes as they are or escaped.",
        tag="images",
        takes=tuple(
            Parameter(name=part, where="path", schema=TEXT, example=value)
            for part, value in values.items()
        ),
        answers={302: Answer(text="To the bytes, for five minutes.", outcomes=(MOVED,))},
        raises=(missing("file"), errors.NotReady("image", "being made")),
    )


DESCRIPTION = Description(
    title="Darkroom, as Dalnulla",
    text="Dalnulla's API, answered by Darkroom: images made while the caller waits.",
    operations={
        "POST /api/v1/generate-image": Described(
            name="generateImage",
            summary="Make one to four images",
            tag="images",
            takes=(IDEMPOTENCY_KEY,),
            sends=(
                Sent(
                    schema=_GENERATE,
                    example={"prompt": "a pier at dawn", "aspectRatio": "16:9", "count": 2},
                ),
            ),
            answers={
                200: Answer(
                    text="The paths of the images.",
                    schema=record(_MADE),
                    outcomes=tuple(
                        one for one in _JOBS if one.job.status.is_terminal and one not in _FAILED
                    ),
                ),
                202: Answer(
                    text="It takes longer than a gateway waits: where the images will be.",
                    schema=record({**_MADE, "status": only("processing"), "jobId": AN_ID}),
                    outcomes=tuple(one for one in _JOBS if not one.job.status.is_terminal),
                ),
            },
            raises=(*OF_A_SUBMIT, FULL, _UNKNOWN, errors.TierRequired("flux-2-pro", "Pro")),
            fails=_FAILED,
        ),
        "GET /api/v1/files/{path}": _open(
            "openPath", {"path": f"{WORKSPACE}%2Fgenerated%2F{_NAME}"}
        ),
        "GET /api/v1/files/{owner}/{folder}/{name}": _open(
            "openFile", {"owner": WORKSPACE, "folder": "generated", "name": _NAME}
        ),
    },
    error="Error",
    schemas={"Error": _ERROR},
)
