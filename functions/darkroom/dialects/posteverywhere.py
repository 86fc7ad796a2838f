"""PostEverywhere (https://developers.posteverywhere.ai): AI images and the media library."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from darkroom.dialects.bodies import Strict, read_body, says_something
from darkroom.dialects.data import beside
from darkroom.dialects.reading import (
    LONGEST_WAIT,
    an_id,
    by_id,
    cursor,
    idempotency_key,
    number,
    open_routes,
    web_address,
)
from darkroom.dialects.statuses import headers_of, status_of, text_of, x_rate_limits
from darkroom.dialects.wire import (
    Desk,
    Dialect,
    Request,
    Response,
    bearer,
    json_response,
    json_time,
    to_file,
)
from darkroom.domain import errors, operations
from darkroom.domain.api_key import AI, MEDIA_WRITE, READ
from darkroom.domain.field_names import FieldNames
from darkroom.domain.image_request import CONTENT_TYPES, ImageRequest, Output
from darkroom.domain.media import LARGEST_UPLOAD, Media, MediaStatus

Parameters = Mapping[str, str]
DATA = beside(__file__)
_FIELDS = FieldNames(DATA["fields"])
# The reference and the guides of this vendor name its paths differently.
_PREFIXES = ("", "/v1", "/api/v1")
_NOT_WORD = re.compile(r"[^a-z0-9]")
_Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Generate(Strict):
    prompt: Annotated[str, StringConstraints(max_length=2000)] | None = None
    aspect_ratio: str = DATA["aspect_ratio"]
    model: str = DATA["model"]


class Upload(Strict):
    filename: _Name
    content_type: Literal["image/png", "image/jpeg", "image/webp"]
    size: Annotated[int, Field(ge=1, le=LARGEST_UPLOAD)]
    # What the vendor prepares a file for. Ours is looked at, and is as large as it is.
    platforms: Sequence[str] | None = None
    width: int | None = None
    height: int | None = None


class FromUrl(Strict):
    url: str
    filename: _Name | None = None


def generate(request: Request, _parameters: Parameters, desk: Desk) -> operations.SubmitJob:
    body, fingerprint = read_body(Generate, request.body, request.ignored)
    prompt = says_something("prompt", body.prompt)
    if body.aspect_ratio not in DATA["sizes"]:
        raise _invalid("aspect ratio", DATA["sizes"])
    if body.model not in DATA["models"]:
        raise _invalid("model", DATA["models"])
    model, (width, height) = DATA["models"][body.model], DATA["sizes"][body.aspect_ratio]
    return operations.SubmitJob(
        dialect="posteverywhere",
        request=ImageRequest(
            prompt=prompt,
            model=model["model"],
            width=width,
            height=height,
            n=1,
            seed=desk.fresh_seed,
            output=Output(format="jpeg", quality=92),
        ),
        offer=operations.Offer(name=body.model, price=model["price"]),
        fields=_FIELDS,
        terms={"aspect_ratio": body.aspect_ratio, "model": body.model},
        fingerprint=fingerprint,
        idempotency_key=idempotency_key(request),
        wait=LONGEST_WAIT,
    )


def _invalid(what: str, choices: Mapping[str, Any]) -> errors.InvalidRequest:
    text = f"Invalid {what}. Must be one of: {', '.join(choices)}"
    return errors.InvalidRequest(what.replace(" ", "_"), "unknown", text)


def begin_upload(request: Request, _parameters: Parameters, _desk: Desk) -> operations.BeginUpload:
    body, _ = read_body(Upload, request.body, request.ignored)
    return operations.BeginUpload(
        name=body.filename, content_type=body.content_type, size=body.size
    )


def upload_from_url(
    request: Request, _parameters: Parameters, desk: Desk
) -> operations.ImportMedia:
    body, _ = read_body(FromUrl, request.body, request.ignored)
    url = web_address("url", body.url, desk)
    return operations.ImportMedia(name=body.filename, url=url, wait=LONGEST_WAIT)


def _complete(media: str) -> operations.CompleteUpload:
    return operations.CompleteUpload(media=media, wait=LONGEST_WAIT)


def list_media(request: Request, _parameters: Parameters, _desk: Desk) -> operations.ListMedia:
    limit = number(request, "limit", 20, 1, 100)
    return operations.ListMedia(limit=limit, after=cursor(request, "cursor"))


def open_media(request: Request, parameters: Parameters, _desk: Desk) -> operations.OpenMedia:
    media = an_id(parameters["id"], "media")
    return operations.OpenMedia(media=media, only_head=request.method == "HEAD")


def made(outcome: operations.Submitted, request: Request, _desk: Desk) -> Response:
    job, slot = outcome.job, outcome.job.slots[0]
    if job.status.is_terminal and slot.image is None:
        text = slot.failure.message if slot.failure else "The image could not be made."
        if slot.failure is not None and slot.failure.code == "refused":
            return _failed(request, HTTPStatus.BAD_REQUEST, "validation_error", text)
        return _failed(request, HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", text)
    data = {
        "media_id": slot.media_id,
        "media_ids": [slot.media_id],
        "type": "image",
        "width": job.picture.width,
        "height": job.picture.height,
        "aspect_ratio": job.terms["aspect_ratio"],
        "ai": {"model": job.terms["model"], "prompt": job.picture.prompt},
        "credits_used": job.total,
        "credits_remaining": outcome.balance,
        "created_at": json_time(job.finished_at or job.created_at),
        "next_step": (
            "Image generated. Attach it to a post by passing "
            f'"media_ids": ["{slot.media_id}"] to POST /v1/posts.'
        ),
    }
    if job.status.is_terminal:
        return _data(request, HTTPStatus.CREATED, data)
    # It takes longer than a gateway waits; the id is good as soon as the image is made.
    return _data(request, HTTPStatus.ACCEPTED, data | {"status": "processing"})


def media(status: int) -> Callable[[Media, Request, Desk], Response]:
    return lambda outcome, request, _desk: _data(request, status, _media(outcome))


def media_page(outcome: operations.MediaPage, request: Request, _desk: Desk) -> Response:
    last = outcome.media[-1].id if outcome.has_more else None
    listed = [_media(one) for one in outcome.media]
    data = {"media": listed, "has_more": outcome.has_more, "next_cursor": last}
    return _data(request, HTTPStatus.OK, data)


_STATUSES = {
    MediaStatus.READY: "ready",
    MediaStatus.AWAITED: "processing",
    MediaStatus.PROCESSING: "processing",
    MediaStatus.FAILED: "failed",
}


def _media(one: Media) -> dict[str, Any]:
    return {
        "media_id": one.id,
        "media_ids": [one.id],
        "status": _STATUSES[one.status],
        "type": "image",
        "filename": one.name or (one.file if one.format else None),
        "content_type": CONTENT_TYPES[one.format] if one.format else None,
        "size": one.size,
        "width": one.width,
        "height": one.height,
        "duration": None,
        "created_at": json_time(one.created_at),
    }


def invited(outcome: operations.UploadTo, request: Request, _desk: Desk) -> Response:
    name = outcome.media.id
    data = {
        "media_id": name,
        "media_ids": [name],
        "upload_url": outcome.url,
        "upload_method": {
            "method": "POST",
            "content_type": "multipart/form-data",
            "field_name": "file",
            "fields": dict(outcome.fields),
        },
        "expires_in": outcome.seconds,
        "max_size": LARGEST_UPLOAD,
        "next_step": f"POST the file with these fields, then call POST /v1/media/{name}/complete.",
    }
    return _data(request, HTTPStatus.CREATED, data)


def deleted(outcome: operations.Deleted, request: Request, _desk: Desk) -> Response:
    return _data(request, HTTPStatus.OK, {"media_id": outcome.id, "deleted": True})


_CODES: Mapping[type[errors.DarkroomError], str] = {
    errors.Unauthenticated: "unauthorized",
    errors.Forbidden: "unauthorized",
    errors.NotFound: "not_found",
    errors.MethodNotAllowed: "method_not_allowed",
    errors.InsufficientCredits: "insufficient_credits",
    errors.RateLimited: "rate_limit_exceeded",
    errors.TooManyInFlight: "rate_limit_exceeded",
    errors.TooManyToday: "rate_limit_exceeded",
    errors.Unavailable: "internal_error",
    errors.OutcomeUnknown: "internal_error",
}
# What the vendor does not list is answered as the nearest that it does.
_INSTEAD = {
    HTTPStatus.FORBIDDEN: HTTPStatus.UNAUTHORIZED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: HTTPStatus.BAD_REQUEST,
    HTTPStatus.SERVICE_UNAVAILABLE: HTTPStatus.INTERNAL_SERVER_ERROR,
}


def refuse(error: errors.DarkroomError | None, request: Request) -> Response:
    status, details = HTTPStatus(status_of(error)), None
    text = text_of(error, {}) if error else "Internal server error"
    code = "internal_error" if error is None else _CODES.get(type(error), "validation_error")
    if isinstance(error, errors.InsufficientCredits):
        needed, there = error.required, error.available
        text = (
            f"Not enough credits. This model costs {needed} credits but you have {there} available."
        )
        details = {"credits_required": needed, "credits_available": there, "model": error.model}
    answer = _failed(request, _INSTEAD.get(status, status), code, text, details)
    return replace(answer, headers={**answer.headers, **headers_of(error)})


def _failed(
    request: Request, status: int, code: str, text: str, details: Mapping[str, Any] | None = None
) -> Response:
    error = {"message": text, "code": code, **({"details": details} if details else {})}
    return json_response(status, {"data": None, "error": error, "meta": _meta(request)})


def _data(request: Request, status: int, data: Mapping[str, Any]) -> Response:
    return json_response(status, {"data": data, "error": None, "meta": _meta(request)})


def _meta(request: Request) -> dict[str, str]:
    short = _NOT_WORD.sub("", request.request_id.lower())[:8]
    return {"request_id": short, "timestamp": json_time(request.at)}


_ROUTES = (
    ("POST", "/ai/generate-image", AI, generate, made),
    ("POST", "/media/upload", MEDIA_WRITE, begin_upload, invited),
    ("POST", "/media/upload-from-url", MEDIA_WRITE, upload_from_url, media(HTTPStatus.CREATED)),
    ("POST", "/media/{id}/complete", MEDIA_WRITE, by_id("media", _complete), media(HTTPStatus.OK)),
    ("GET", "/media", READ, list_media, media_page),
    ("GET", "/media/{id}", READ, by_id("media", operations.ReadMedia), media(HTTPStatus.OK)),
    ("GET", "/media/{id}/content", READ, open_media, to_file),
    ("DELETE", "/media/{id}", MEDIA_WRITE, by_id("media", operations.DeleteMedia), deleted),
)

_TAKES = {"GET /media": ("limit", "cursor")}

DIALECT = Dialect(
    name="posteverywhere",
    routes=tuple(
        replace(route, path=prefix + route.path)
        for prefix in _PREFIXES
        for route in open_routes(_ROUTES, _TAKES)
    ),
    credential=bearer,
    refuse=refuse,
    limits=x_rate_limits,
)
