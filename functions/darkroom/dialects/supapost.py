"""Supapost (https://developers.supapost.so): images, jobs, assets, influencers and models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from darkroom.dialects.bodies import Strict, notes, read_body, says_something
from darkroom.dialects.data import beside
from darkroom.dialects.reading import (
    a_reference,
    an_id,
    asked,
    by_id,
    cursor,
    number,
    open_routes,
    pictures,
    unknown,
    wait_applied,
    web_address,
)
from darkroom.dialects.statuses import headers_of, status_of, text_of, x_rate_limits
from darkroom.dialects.wire import (
    Desk,
    Dialect,
    Read,
    Request,
    Response,
    bearer,
    json_response,
    json_time,
)
from darkroom.domain import errors, operations
from darkroom.domain.api_key import GENERATE, MEDIA_WRITE, READ
from darkroom.domain.collection import MOST_GIVEN, Member
from darkroom.domain.field_names import FieldNames
from darkroom.domain.file_links import image_name
from darkroom.domain.image_request import CONTENT_TYPES, ImageRequest, Output, Reference
from darkroom.domain.job import Job, JobKind, JobStatus
from darkroom.domain.media import Media

Parameters = Mapping[str, str]
DATA = beside(__file__)
_FIELDS = FieldNames(DATA["fields"])
_IMAGE_JOB = "image_gen"
_Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
_Images = Annotated[list[str], Field(max_length=MOST_GIVEN)]
_Traits = Annotated[dict[str, Any], Field(max_length=50)]


class Generate(Strict):
    prompt: Annotated[str, StringConstraints(max_length=4000)] | None = None
    model: str = DATA["model"]
    aspectRatio: str = DATA["aspectRatio"]  # noqa: N815 - the vendor's names
    referenceImageUrl: str | None = None  # noqa: N815
    referenceStrength: Annotated[float, Field(ge=0, le=1)] | None = None  # noqa: N815
    influencerId: str | None = None  # noqa: N815


class Influencer(Strict):
    name: _Name
    description: _Text
    style: _Name = "realistic"
    model: str = DATA["model"]
    images: Annotated[_Images, Field(default_factory=list)]
    traits: Annotated[_Traits, Field(default_factory=dict)]


class InfluencerChange(Strict):
    name: _Name | None = None
    description: _Text | None = None
    style: _Name | None = None
    model: str | None = None
    images: _Images | None = None
    traits: _Traits | None = None


def generate(request: Request, _parameters: Parameters, desk: Desk) -> operations.SubmitJob:
    body, fingerprint = read_body(Generate, request.body, request.ignored)
    prompt = says_something("prompt", body.prompt)
    model = _model(body.model)
    if body.aspectRatio not in DATA["sizes"]:
        raise unknown("aspectRatio", DATA["sizes"])
    width, height = DATA["sizes"][body.aspectRatio]
    references: tuple[Reference, ...] = ()
    if body.referenceImageUrl is not None:
        url = web_address("referenceImageUrl", body.referenceImageUrl, desk)
        references = (Reference(url=url),)
    influencer = body.influencerId
    return operations.SubmitJob(
        dialect="supapost",
        request=ImageRequest(
            prompt=prompt,
            model=model["model"],
            width=width,
            height=height,
            n=1,
            seed=desk.fresh_seed,
            output=Output(format="jpeg"),
            references=references,
            # Without a reference there is nothing to be close to: documented as ignored.
            strength=body.referenceStrength if references else None,
        ),
        offer=operations.Offer(name=body.model, price=model["price"]),
        collection=a_reference("influencerId", influencer) if influencer is not None else None,
        fields=_FIELDS,
        fingerprint=fingerprint,
        **asked(request),
    )


def _model(name: str) -> Any:
    if name not in DATA["models"]:
        raise unknown("model", DATA["models"])
    return DATA["models"][name]


def read_job(job: str) -> operations.ReadJob:
    return operations.ReadJob(job=job, kind=JobKind.IMAGES)


def list_jobs(request: Request, _parameters: Parameters, _desk: Desk) -> operations.ListJobs:
    wanted = request.query.get("status")
    if wanted is not None and wanted not in _STATUSES:
        raise unknown("status", _STATUSES)
    statuses = _STATUSES[wanted] if wanted else ()
    return operations.ListJobs(limit=50, statuses=statuses, kind=JobKind.IMAGES)


def a_page(make: Callable[..., operations.Operation]) -> Read:
    def read(request: Request, _parameters: Parameters, _desk: Desk) -> operations.Operation:
        after, before = cursor(request, "starting_after"), cursor(request, "ending_before")
        if after and before:
            text = "Give starting_after or ending_before, not both."
            raise errors.InvalidRequest("ending_before", "conflicts", text)
        return make(limit=number(request, "limit", 15, 1, 100), after=after, before=before)

    return read


def create_influencer(
    request: Request, _parameters: Parameters, desk: Desk
) -> operations.CreateCollection:
    body, _ = read_body(Influencer, request.body, request.ignored)
    _model(body.model)
    return operations.CreateCollection(
        name=body.name,
        description=body.description,
        attributes={
            "style": body.style,
            "model": body.model,
            "traits": notes("traits", body.traits),
        },
        images=pictures("images", body.images, desk),
    )


def change_influencer(
    request: Request, parameters: Parameters, desk: Desk
) -> operations.ChangeCollection:
    body, _ = read_body(InfluencerChange, request.body, request.ignored)
    if body.model is not None:
        _model(body.model)
    traits = None if body.traits is None else notes("traits", body.traits)
    told = {"style": body.style, "model": body.model, "traits": traits}
    return operations.ChangeCollection(
        collection=an_id(parameters["id"], "influencer"),
        name=body.name,
        description=body.description,
        attributes={name: value for name, value in told.items() if value is not None},
        images=None if body.images is None else pictures("images", body.images, desk),
    )


_STATUSES = {
    "pending": (JobStatus.PENDING,),
    "processing": (JobStatus.PROCESSING,),
    "completed": (JobStatus.COMPLETED, JobStatus.PARTIAL),
    "failed": (JobStatus.FAILED, JobStatus.CANCELED),
}


def accepted(outcome: operations.Submitted, request: Request, _desk: Desk) -> Response:
    body = {"jobId": outcome.job.id, "status": "pending"}
    return json_response(202, body, wait_applied(request))


def job(outcome: Job, _request: Request, desk: Desk) -> Response:
    return json_response(200, _job(outcome, desk))


def jobs(outcome: operations.JobPage, request: Request, desk: Desk) -> Response:
    is_wanted = request.query.get("type", _IMAGE_JOB) == _IMAGE_JOB
    return json_response(200, [_job(one, desk) for one in outcome.jobs if is_wanted])


def _job(one: Job, desk: Desk) -> dict[str, Any]:
    status = next(name for name, statuses in _STATUSES.items() if one.status in statuses)
    result = error = None
    if status == "completed" and one.images:
        name, image = one.images[0]
        result = {
            "url": desk.file_url(image_name(name, image.format)),
            "width": image.width,
            "height": image.height,
            "contentType": CONTENT_TYPES[image.format],
        }
    elif status == "completed":
        error = "The image was deleted."
    elif status == "failed":
        failure = one.slots[0].failure
        error = failure.message if failure else "The image could not be made."
    return {
        "id": one.id,
        "type": _IMAGE_JOB,
        "status": status,
        "result": result,
        "error": error,
        "created_at": json_time(one.created_at),
        "updated_at": json_time(one.updated_at),
    }


def assets(outcome: operations.MediaPage, _request: Request, desk: Desk) -> Response:
    data = [_asset(media, desk) for media in outcome.media if media.format is not None]
    return _listed("/assets", data, has_more=outcome.has_more)


def _asset(media: Media, desk: Desk) -> dict[str, Any]:
    told = {"prompt": media.prompt, "model": media.model, "jobId": media.job}
    return {
        "id": media.id,
        "name": media.name or media.file,
        "url": desk.file_url(media.file),
        "content_type": CONTENT_TYPES[media.format] if media.format else None,
        "size_bytes": media.size,
        "width": media.width,
        "height": media.height,
        "source": media.source,
        "metadata": {name: value for name, value in told.items() if value is not None},
        "created_at": json_time(media.created_at),
    }


def _listed(path: str, data: list[Any], *, has_more: bool) -> Response:
    body = {"object": "list", "data": data, "has_more": has_more, "url": path}
    return json_response(200, body)


def influencer(outcome: operations.Gallery, _request: Request, desk: Desk) -> Response:
    return json_response(200, _influencer(outcome, desk))


def influencers(outcome: operations.GalleryPage, _request: Request, desk: Desk) -> Response:
    data = [_influencer(gallery, desk) for gallery in outcome.galleries]
    return _listed("/influencers", data, has_more=outcome.has_more)


def _influencer(gallery: operations.Gallery, desk: Desk) -> dict[str, Any]:
    one, images = gallery.collection, [_address(member, desk) for member in gallery.images]
    return {
        "id": one.id,
        "team_id": one.workspace,
        "name": one.name,
        "description": one.description,
        "style": one.attributes.get("style", "realistic"),
        "model": one.attributes.get("model", DATA["model"]),
        "avatar_url": images[0] if images else None,
        "images": images,
        "metadata": {"traits": one.attributes.get("traits", {})},
        "created_at": json_time(one.created_at),
        "updated_at": json_time(one.updated_at) if one.updated_at > one.created_at else None,
    }


def _address(member: Member, desk: Desk) -> str | None:
    return desk.file_url(member.file) if member.file else member.url


def deleted(_outcome: operations.Deleted, _request: Request, _desk: Desk) -> Response:
    return json_response(200, {"success": True})


def models(outcome: operations.Models, _request: Request, desk: Desk) -> Response:
    available = {model.name for model in outcome.models if model.is_available}
    data = [
        {
            "id": name,
            "name": row["name"],
            "credits": row["price"],
            "available": desk.catalogue.lookup(row["model"]).name in available,
        }
        for name, row in DATA["models"].items()
    ]
    return _listed("/models", data, has_more=False)


# What the core calls otherwise.
_NOUNS = {"collection": "influencer"}


def refuse(error: errors.DarkroomError | None, _request: Request) -> Response:
    text = text_of(error, _NOUNS)
    return json_response(status_of(error), {"success": False, "message": text}, headers_of(error))


_ROUTES = (
    ("POST", "/generate/image", GENERATE, generate, accepted),
    ("GET", "/jobs", READ, list_jobs, jobs),
    ("GET", "/jobs/{id}", READ, by_id("job", read_job), job),
    ("GET", "/assets", READ, a_page(partial(operations.ListMedia, only_ready=True)), assets),
    ("POST", "/influencers", MEDIA_WRITE, create_influencer, influencer),
    ("GET", "/influencers", READ, a_page(operations.ListCollections), influencers),
    ("GET", "/influencers/{id}", READ, by_id("influencer", operations.ReadCollection), influencer),
    ("PATCH", "/influencers/{id}", MEDIA_WRITE, change_influencer, influencer),
    (
        "DELETE",
        "/influencers/{id}",
        MEDIA_WRITE,
        by_id("influencer", operations.DeleteCollection),
        deleted,
    ),
    ("GET", "/models", READ, lambda *_: operations.ListModels(), models),
)

_PAGED = ("limit", "starting_after", "ending_before")
_TAKES = {
    "GET /jobs": ("status", "type"),
    "GET /assets": _PAGED,
    "GET /influencers": _PAGED,
}

DIALECT = Dialect(
    name="supapost",
    routes=open_routes(_ROUTES, _TAKES),
    credential=bearer,
    refuse=refuse,
    limits=x_rate_limits,
)
