"""Dalnulla (https://www.dalnulla.com/docs/api): images made while the caller waits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, NotRequired, TypedDict
from uuid import UUID

from darkroom.dialects.bodies import Body, says_something
from darkroom.dialects.context import RequestContext
from darkroom.dialects.data import data_of
from darkroom.dialects.dialect import Dialect
from darkroom.dialects.downloads import download_of, file_answer
from darkroom.dialects.fields import AnyInteger, Uuid, between, length, one_of
from darkroom.dialects.headers import LONGEST_WAIT, bearer
from darkroom.dialects.refusals import Errors, Refusal, x_rate_limits
from darkroom.dialects.routes import Answer, Routes
from darkroom.domain import errors
from darkroom.domain.api_key import GENERATE, READ
from darkroom.domain.field_names import FieldNames
from darkroom.domain.image_request import MAX_SEED, ImageRequest, Output
from darkroom.domain.job import Job, Slot
from darkroom.domain.library_operations import OpenMedia
from darkroom.domain.operations import Offer, SubmitJob
from darkroom.domain.outcomes import Submitted

DATA = data_of(__file__)
ROUTES = Routes("images")
_FIELDS = FieldNames(DATA["fields"])
_GRAIN = 8
# The digits are those of the job's id and the media's, as one number: before the job's end the
# media is found by its job. Earlier paths had the media's alone.
_FILE = re.compile(r"(?P<owner>[^/]+)/generated/generated_ref_(?P<number>[0-9]{1,78})\.png")
_IDS = 1 << 128
_EXAMPLE_NAME = f"generated_ref_{UUID('019aa6c5-4c00-7b42-8e1f-6c8d2a3f4b51').int}.png"


class Result(TypedDict):
    filePath: str
    """For `GET /api/v1/files/{path}`."""
    prompt: str
    provider: str


class Images(Result):
    results: list[Result]
    """All of them; the first one stands beside this list, too."""


class ImagesInProgress(Images):
    """They take longer than a gateway waits, and will be at these paths."""

    status: str
    jobId: Uuid


class Error(TypedDict):
    error: str
    code: NotRequired[str]
    model: NotRequired[str]
    """The one that is unknown, or not for this tier."""
    requiredTier: NotRequired[str]


def images(
    outcome: Submitted,
) -> Answer[Images] | Answer[ImagesInProgress] | Answer[Error]:
    job = outcome.job
    results: list[Result] = [
        {
            "filePath": _path(job, slot),
            "prompt": job.picture.prompt,
            "provider": DATA["models"][job.picture.model]["provider"],
        }
        for slot in job.slots
        if slot.image is not None or not job.status.is_terminal
    ]
    if not results:
        refused = next((slot.failure for slot in job.slots if slot.failure), None)
        if refused is not None and refused.code == "refused":
            return _failed(HTTPStatus.BAD_REQUEST, refused.message)
        return _failed(HTTPStatus.INTERNAL_SERVER_ERROR, _ERRORS.fault_text)
    answer: Images = {**results[0], "results": results}
    if job.status.is_terminal:
        return Answer(HTTPStatus.OK, answer)
    in_progress: ImagesInProgress = {**answer, "status": "processing", "jobId": job.id}
    return Answer(HTTPStatus.ACCEPTED, in_progress, {"retry-after": "1"})


def _failed(status: int, text: str) -> Answer[Error]:
    return Answer(status, {"error": text})


def _path(job: Job, slot: Slot) -> str:
    number = UUID(job.id).int * _IDS + UUID(slot.media_id).int
    return f"{job.workspace}/generated/generated_ref_{number}.png"


class Generate(Body):
    prompt: Annotated[str, length(4000)] | None = None
    """What the images show. Required."""
    model: Annotated[str, one_of(DATA["models"])] = DATA["model"]
    aspectRatio: Annotated[str, one_of(DATA["ratios"])] = DATA["aspectRatio"]  # noqa: N815 - the vendor's names
    resolution: Annotated[str, one_of(DATA["resolutions"])] = DATA["resolution"]
    count: Annotated[int, between(1, 4)] = 1
    negativePrompt: Annotated[str, length(2000)] | None = None  # noqa: N815
    seed: AnyInteger | None = None


@ROUTES.post(
    "/api/v1/generate-image",
    GENERATE,
    answer=images,
    body=Generate,
    is_synchronous=True,
    example={"prompt": "a pier at dawn", "aspectRatio": "16:9", "count": 2},
    raises=(
        errors.InvalidRequest("model", "unknown", "nano-melon"),
        errors.TierRequired("flux-2-pro", "Pro"),
    ),
)
def generate_image(body: Generate, context: RequestContext) -> SubmitJob:
    """Generate images"""
    prompt = says_something("prompt", body.prompt)
    if body.model not in DATA["models"]:
        raise errors.InvalidRequest("model", "unknown", body.model)
    for field, choices in (("aspectRatio", "ratios"), ("resolution", "resolutions")):
        if getattr(body, field) not in DATA[choices]:
            raise errors.InvalidRequest(field, "unknown", field)
    model = DATA["models"][body.model]
    width, height = _pixels(body.aspectRatio, DATA["resolutions"][body.resolution])
    return SubmitJob(
        request=ImageRequest(
            prompt=prompt,
            model=body.model,
            width=width,
            height=height,
            n=body.count,
            seed=context.fresh_seed if body.seed is None else body.seed % (MAX_SEED + 1),
            output=Output(format="png"),
            negative_prompt=body.negativePrompt,
        ),
        offer=Offer(
            name=body.model,
            price=model["price"] * context.catalogue.factor(width, height),
            tier=model.get("tier"),
        ),
        fields=_FIELDS,
        **context.submission(wait=LONGEST_WAIT),
    )


def _pixels(ratio: str, long_side: int) -> tuple[int, int]:
    across, down = map(int, ratio.split(":"))
    scale = long_side / max(across, down) / _GRAIN
    return round(across * scale) * _GRAIN, round(down * scale) * _GRAIN


@ROUTES.get(
    "/api/v1/files/{owner}/{folder}/{name}",
    READ,
    answer=file_answer,
    answer_type=bytes,
    path_examples={"owner": "acme", "folder": "generated", "name": _EXAMPLE_NAME},
)
def open_file(context: RequestContext) -> OpenMedia:
    """Download an image

    The path is a `filePath` of an answer.
    """
    return _opened(context)


@ROUTES.get(
    "/api/v1/files/{path}",
    READ,
    answer=file_answer,
    answer_type=bytes,
    path_examples={"path": f"acme%2Fgenerated%2F{_EXAMPLE_NAME}"},
)
def open_escaped_file(context: RequestContext) -> OpenMedia:
    """Download an image by its escaped path

    The path is a `filePath` of an answer, with its slashes escaped.
    """
    return _opened(context)


def _opened(context: RequestContext) -> OpenMedia:
    found = _FILE.fullmatch("/".join(context.path.values()))
    if found is None or found["owner"] != context.workspace or int(found["number"]) >= _IDS * _IDS:
        raise errors.NotFound("file")
    job, media = divmod(int(found["number"]), _IDS)
    return OpenMedia(
        media=str(UUID(int=media)),
        download=download_of(context.request),
        job=str(UUID(int=job)) if job else None,
        wait=LONGEST_WAIT,
    )


def error(refusal: Refusal) -> Error | Answer[Error]:
    match refusal.error:
        case errors.NotReady():
            # No success: a client would keep its body as the file.
            body: Error = {"error": "The image is still being made"}
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE, body, {"retry-after": "1"})
        case errors.InvalidRequest() as invalid:
            return _invalid(invalid)
        case errors.TierRequired(tier=tier, model=model):
            return {
                "error": f"This model requires a {tier} subscription",
                "code": "MODEL_REQUIRES_SUBSCRIPTION",
                "model": model,
                "requiredTier": tier,
            }
        case errors.InsufficientCredits(required=required, available=available):
            text = f"Insufficient credits. Required: {required}, Remaining: {available}"
            return {"error": text}
        case _:
            return {"error": _TEXTS.get(type(refusal.error), refusal.text)}


_TEXTS: Mapping[type, str] = {
    errors.NotFound: "Not found",
    errors.Unauthenticated: "Unauthorized: Invalid or expired token",
}


def _invalid(error: errors.InvalidRequest) -> Error:
    if error.field == "model" and error.reason == "unknown":
        return {"error": "Unknown model", "model": error.message}
    if error.field == "prompt" and error.reason in {"required", "empty"}:
        return {"error": "Prompt is required"}
    if error.reason in {"unavailable", "unknown_field", "too_large"}:
        return {"error": error.message}
    return {"error": f"Invalid {error.field}"}


_ERRORS = Errors(fault_text="Failed to generate image")
API = Dialect(
    name="dalnulla",
    title="Darkroom, as Dalnulla",
    description="Dalnulla's API, answered by Darkroom: images made while the caller waits.",
    credential=bearer,
    errors=_ERRORS,
    error=error,
    limits=x_rate_limits,
    sections=(ROUTES,),
)
