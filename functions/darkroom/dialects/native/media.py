"""The library, natively: bring in, look through, open, delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.dialects.forms import read_form
from darkroom.dialects.reading import LONGEST_WAIT, an_id, cursor, number, only
from darkroom.dialects.wire import Desk, Request, Response, json_response, json_time
from darkroom.domain.file_links import thumbnail_name
from darkroom.domain.image_request import CONTENT_TYPES
from darkroom.domain.media import LARGEST_UPLOAD, Media, MediaStatus
from darkroom.domain.operations import (
    BeginUpload,
    CompleteUpload,
    Deleted,
    DeleteMedia,
    ImportMedia,
    ListMedia,
    MediaPage,
    OpenMedia,
    ReadMedia,
    UploadMedia,
    UploadTo,
)

Parameters = Mapping[str, str]
_DEFAULT_PAGE, _LARGEST_PAGE = 20, 100


def bring_in(request: Request, _parameters: Parameters, desk: Desk) -> UploadMedia | ImportMedia:
    only(request)
    # As on every other route, JSON is taken for what it is, whatever it is called.
    is_form = request.headers.get("content-type", "").startswith("multipart/")
    if not is_form and request.body.lstrip().startswith(b"{"):
        from darkroom.dialects.native.library_bodies import read_import  # noqa: PLC0415

        return read_import(request.body, desk)
    form = read_form(request)
    return UploadMedia(name=form.name, body=form.body, wait=LONGEST_WAIT)


def begin(request: Request, _parameters: Parameters, _desk: Desk) -> BeginUpload:
    from darkroom.dialects.native.library_bodies import read_upload  # noqa: PLC0415

    only(request)
    return read_upload(request.body)


def complete(request: Request, parameters: Parameters, _desk: Desk) -> CompleteUpload:
    only(request)
    return CompleteUpload(media=an_id(parameters["id"], "media"), wait=LONGEST_WAIT)


def list_all(request: Request, _parameters: Parameters, _desk: Desk) -> ListMedia:
    only(request, "limit", "cursor")
    limit = number(request, "limit", _DEFAULT_PAGE, 1, _LARGEST_PAGE)
    return ListMedia(limit=limit, after=cursor(request, "cursor"))


def read(request: Request, parameters: Parameters, _desk: Desk) -> ReadMedia:
    only(request)
    return ReadMedia(media=an_id(parameters["id"], "media"))


def open_content(request: Request, parameters: Parameters, _desk: Desk) -> OpenMedia:
    only(request)
    is_head = request.method == "HEAD"
    return OpenMedia(media=an_id(parameters["id"], "media"), only_head=is_head)


def delete(request: Request, parameters: Parameters, _desk: Desk) -> DeleteMedia:
    only(request)
    return DeleteMedia(media=an_id(parameters["id"], "media"))


def brought(outcome: Media, _request: Request, desk: Desk) -> Response:
    is_ready = outcome.status is MediaStatus.READY
    headers = {"location": f"/v1/media/{outcome.id}"}
    return json_response(201 if is_ready else 202, describe(outcome, desk), headers)


def invited(outcome: UploadTo, _request: Request, _desk: Desk) -> Response:
    media = outcome.media
    body = {
        "id": media.id,
        "status": media.status,
        "upload": {
            "method": "POST",
            "url": outcome.url,
            "fields": dict(outcome.fields),
            "file_field": "file",
            "most_bytes": LARGEST_UPLOAD,
            "expires_in": outcome.seconds,
        },
        "complete": f"/v1/media/{media.id}/complete",
    }
    return json_response(201, body)


def page(outcome: MediaPage, _request: Request, desk: Desk) -> Response:
    last = outcome.media[-1].id if outcome.has_more else None
    media = [describe(one, desk) for one in outcome.media]
    return json_response(200, {"media": media, "cursor": last})


def one(outcome: Media, _request: Request, desk: Desk) -> Response:
    return json_response(200, describe(outcome, desk))


def deleted(_outcome: Deleted, _request: Request, _desk: Desk) -> Response:
    return Response(status=204)


def describe(media: Media, desk: Desk) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": media.id,
        "status": media.status,
        "source": media.source,
        "name": media.name,
        "created_at": json_time(media.created_at),
    }
    if media.format is not None:
        shown |= {
            "url": desk.file_url(media.file),
            "thumbnail_url": desk.file_url(thumbnail_name(media.id)),
            "content_type": CONTENT_TYPES[media.format],
            "width": media.width,
            "height": media.height,
            "bytes": media.size,
        }
    told = {
        "job": media.job,
        "model": media.model,
        "prompt": media.prompt,
        "collection": media.collection,
        "from": media.url,
        "failure": media.failure,
    }
    return shown | {name: value for name, value in told.items() if value is not None}
