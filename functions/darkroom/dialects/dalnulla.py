"""Dalnulla (https://www.dalnulla.com/docs/api): images made while the caller waits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import unquote
from uuid import UUID

from pydantic import Field, StringConstraints

from darkroom.dialects.bodies import Strict, read_body, says_something
from darkroom.dialects.data import beside
from darkroom.dialects.reading import LONGEST_WAIT, idempotency_key, open_routes
from darkroom.dialects.statuses import headers_of, status_of, x_rate_limits
from darkroom.dialects.wire import (
    Desk,
    Dialect,
    Request,
    Response,
    bearer,
    json_response,
    to_file,
)
from darkroom.domain import errors
from darkroom.domain.api_key import GENERATE, READ
from darkroom.domain.field_names import FieldNames
from darkroom.domain.image_request import MAX_SEED, ImageRequest, Output
from darkroom.domain.job import Job, Slot
from darkroom.domain.operations import Offer, OpenMedia, SubmitJob, Submitted

Parameters = Mapping[str, str]
DATA = beside(__file__)
_FIELDS = FieldNames(DATA["fields"])
_GRAIN = 8
# The digits are those of the job's id and the media's, as one number: before the job's end the
# media is found by its job. Earlier paths had the media's alone.
_FILE = re.compile(r"(?P<owner>[^/]+)/generated/generated_ref_(?P<number>[0-9]{1,78})\.png")
_IDS = 1 << 128


class Generate(Strict):
    prompt: Annotated[str, StringConstraints(max_length=4000)] | None = None
    model: str = DATA["model"]
    aspectRatio: str = DATA["aspectRatio"]  # noqa: N815 - the vendor's names
    resolution: str = DATA["resolution"]
    count: Annotated[int, Field(ge=1, le=4)] = 1
    negativePrompt: Annotated[str, StringConstraints(max_length=2000)] | None = None  # noqa: N815
    # The vendor names no range.
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)] | None = None


def generate(request: Request, _parameters: Parameters, desk: Desk) -> SubmitJob:
    body, fingerprint = read_body(Generate, request.body, request.ignored)
    prompt = says_something("prompt", body.prompt)
    if body.model not in DATA["models"]:
        raise errors.InvalidRequest("model", "unknown", body.model)
    for field, choices in (("aspectRatio", "ratios"), ("resolution", "resolutions")):
        if getattr(body, field) not in DATA[choices]:
            raise errors.InvalidRequest(field, "unknown", field)
    model = DATA["models"][body.model]
    width, height = _pixels(body.aspectRatio, DATA["resolutions"][body.resolution])
    return SubmitJob(
        dialect="dalnulla",
        request=ImageRequest(
            prompt=prompt,
            model=body.model,
            width=width,
            height=height,
            n=body.count,
            seed=desk.fresh_seed if body.seed is None else body.seed % (MAX_SEED + 1),
            output=Output(format="png"),
            negative_prompt=body.negativePrompt,
        ),
        offer=Offer(
            name=body.model,
            price=model["price"] * desk.catalogue.factor(width, height),
            tier=model.get("tier"),
        ),
        fields=_FIELDS,
        fingerprint=fingerprint,
        idempotency_key=idempotency_key(request),
        wait=LONGEST_WAIT,
    )


def _pixels(ratio: str, long_side: int) -> tuple[int, int]:
    across, down = map(int, ratio.split(":"))
    scale = long_side / max(across, down) / _GRAIN
    return round(across * scale) * _GRAIN, round(down * scale) * _GRAIN


def open_file(request: Request, parameters: Parameters, desk: Desk) -> OpenMedia:
    """The path is one that we gave out, with its slashes as they are or escaped."""
    found = _FILE.fullmatch(unquote("/".join(parameters.values())))
    if found is None or found["owner"] != desk.workspace or int(found["number"]) >= _IDS * _IDS:
        raise errors.NotFound("file")
    job, media = divmod(int(found["number"]), _IDS)
    return OpenMedia(
        media=str(UUID(int=media)),
        only_head=request.method == "HEAD",
        job=str(UUID(int=job)) if job else None,
        wait=LONGEST_WAIT,
    )


def _path(job: Job, slot: Slot) -> str:
    number = UUID(job.id).int * _IDS + UUID(slot.media_id).int
    return f"{job.workspace}/generated/generated_ref_{number}.png"


def made(outcome: Submitted, _request: Request, _desk: Desk) -> Response:
    job = outcome.job
    is_done = job.status.is_terminal
    results = [
        {
            "filePath": _path(job, slot),
            "prompt": job.picture.prompt,
            "provider": DATA["models"][job.picture.model]["provider"],
        }
        for slot in job.slots
        if slot.image is not None or not is_done
    ]
    if not results:
        refused = next((s.failure for s in job.slots if s.failure), None)
        if refused is not None and refused.code == "refused":
            return json_response(HTTPStatus.BAD_REQUEST, {"error": refused.message})
        return refuse(None, _request)
    body: dict[str, Any] = {**results[0], "results": results}
    if is_done:
        return json_response(HTTPStatus.OK, body)
    # It takes longer than a gateway waits: the files will be where they are said to be.
    return json_response(
        HTTPStatus.ACCEPTED, body | {"status": "processing", "jobId": job.id}, {"retry-after": "1"}
    )


def refuse(error: errors.DarkroomError | None, _request: Request) -> Response:
    if isinstance(error, errors.NotReady):
        # No success: a client would keep its body as the file.
        body = {"error": "The image is still being made"}
        return json_response(HTTPStatus.SERVICE_UNAVAILABLE, body, {"retry-after": "1"})
    return json_response(status_of(error), _told(error), headers_of(error))


def _told(error: errors.DarkroomError | None) -> dict[str, Any]:
    more: dict[str, Any] = {}
    match error:
        case None:
            text = "Failed to generate image"
        case errors.InvalidRequest(field="model", reason="unknown"):
            text, more = "Unknown model", {"model": error.message}
        case errors.InvalidRequest(field="prompt", reason="required" | "empty"):
            text = "Prompt is required"
        case errors.InvalidRequest(reason="unavailable" | "unknown_field" | "too_large"):
            text = error.message
        case errors.InvalidRequest():
            text = f"Invalid {error.field}"
        case errors.NotFound():
            text = "Not found"
        case errors.Unauthenticated():
            text = "Unauthorized: Invalid or expired token"
        case errors.InsufficientCredits():
            text = f"Insufficient credits. Required: {error.required}, Remaining: {error.available}"
        case errors.TierRequired():
            text = f"This model requires a {error.tier} subscription"
            more = {
                "code": "MODEL_REQUIRES_SUBSCRIPTION",
                "model": error.model,
                "requiredTier": error.tier,
            }
        case _:
            text = str(error)
    return {"error": text, **more}


_ROUTES = (
    ("POST", "/api/v1/generate-image", GENERATE, generate, made),
    ("GET", "/api/v1/files/{path}", READ, open_file, to_file),
    ("GET", "/api/v1/files/{owner}/{folder}/{name}", READ, open_file, to_file),
)

DIALECT = Dialect(
    name="dalnulla",
    routes=open_routes(_ROUTES),
    credential=bearer,
    refuse=refuse,
    limits=x_rate_limits,
)
