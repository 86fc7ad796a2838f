"""The media library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Literal, TypedDict

from darkroom.dialects.bodies import Body
from darkroom.dialects.context import RequestContext
from darkroom.dialects.downloads import download_of, file_answer
from darkroom.dialects.fields import (
    AlwaysTrue,
    Count,
    Pixels,
    Schema,
    Time,
    Url,
    Uuid,
    between,
    length,
)
from darkroom.dialects.headers import LONGEST_WAIT
from darkroom.dialects.parameters import CURSOR, limit
from darkroom.dialects.routes import Routes
from darkroom.dialects.vendors.posteverywhere.envelope import Envelope, enveloped
from darkroom.dialects.wire import json_time
from darkroom.domain.api_key import MEDIA_WRITE, READ
from darkroom.domain.image_request import CONTENT_TYPES, ContentType
from darkroom.domain.library_operations import (
    BeginUpload,
    CompleteUpload,
    DeleteMedia,
    ImportMedia,
    ListMedia,
    OpenMedia,
    ReadMedia,
)
from darkroom.domain.media import LARGEST_UPLOAD, Media, MediaStatus
from darkroom.domain.outcomes import Deleted, MediaPage, UploadTarget

ROUTES = Routes("media")
_LIMIT = limit(20, 100)
_Name = Annotated[str, length(200, least=1)]
Status = Literal["ready", "processing", "failed"]
_STATUSES: Mapping[MediaStatus, Status] = {
    MediaStatus.READY: "ready",
    MediaStatus.AWAITED: "processing",
    MediaStatus.PROCESSING: "processing",
    MediaStatus.FAILED: "failed",
}


class MediaAnswer(TypedDict):
    media_id: Uuid
    media_ids: list[Uuid]
    """The same, as a list."""
    status: Status
    type: Literal["image"]
    filename: str | None
    content_type: ContentType | None
    size: Count | None
    width: Pixels | None
    height: Pixels | None
    duration: None
    created_at: Time


class MediaList(TypedDict):
    media: list[MediaAnswer]
    has_more: bool
    next_cursor: Uuid | None


class UploadMethod(TypedDict):
    method: Literal["POST"]
    content_type: Literal["multipart/form-data"]
    field_name: Literal["file"]
    fields: dict[str, str]
    """Sent in the same form, before the file."""


class Upload(TypedDict):
    media_id: Uuid
    media_ids: list[Uuid]
    upload_url: Url
    upload_method: UploadMethod
    expires_in: Count
    """Seconds."""
    max_size: Count
    next_step: str


class Deletion(TypedDict):
    media_id: Uuid
    deleted: AlwaysTrue


def media(outcome: Media, context: RequestContext) -> Envelope[MediaAnswer]:
    return enveloped(context.request, _media(outcome))


def page(outcome: MediaPage, context: RequestContext) -> Envelope[MediaList]:
    last = outcome.media[-1].id if outcome.has_more else None
    return enveloped(
        context.request,
        {
            "media": [_media(one) for one in outcome.media],
            "has_more": outcome.has_more,
            "next_cursor": last,
        },
    )


def _media(one: Media) -> MediaAnswer:
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


def upload(outcome: UploadTarget, context: RequestContext) -> Envelope[Upload]:
    name = outcome.media.id
    return enveloped(
        context.request,
        {
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
            "next_step": f"POST the file with these fields, then call "
            f"POST /v1/media/{name}/complete.",
        },
    )


def deleted(outcome: Deleted, context: RequestContext) -> Envelope[Deletion]:
    return enveloped(context.request, {"media_id": outcome.id, "deleted": True})


class UploadRequest(Body):
    filename: _Name
    content_type: ContentType
    size: Annotated[int, between(1, LARGEST_UPLOAD)]
    """Bytes."""
    # What the vendor prepares a file for. Ours is looked at, and is as large as it is.
    platforms: Sequence[str] | None = None
    """Taken, and without effect."""
    width: int | None = None
    """Taken, and without effect: the image itself says it."""
    height: int | None = None
    """Taken, and without effect: the image itself says it."""


class FromUrl(Body):
    url: Annotated[str, Schema(format="uri")]
    """Of a PNG, JPEG or WebP: https, on the public web."""
    filename: _Name | None = None


@ROUTES.post(
    "/media/upload",
    MEDIA_WRITE,
    answer=upload,
    status=HTTPStatus.CREATED,
    body=UploadRequest,
    example={"filename": "pier.png", "content_type": "image/png", "size": 90112},
)
def create_upload(body: UploadRequest) -> BeginUpload:
    """Create an upload"""
    return BeginUpload(name=body.filename, content_type=body.content_type, size=body.size)


@ROUTES.post(
    "/media/upload-from-url",
    MEDIA_WRITE,
    answer=media,
    status=HTTPStatus.CREATED,
    body=FromUrl,
    example={"url": "https://example.com/pier.png"},
)
def upload_from_url(body: FromUrl, context: RequestContext) -> ImportMedia:
    """Upload from a URL"""
    url = context.web_address("url", body.url)
    return ImportMedia(name=body.filename, url=url, wait=LONGEST_WAIT)


@ROUTES.post("/media/{id}/complete", MEDIA_WRITE, answer=media)
def complete_upload(context: RequestContext) -> CompleteUpload:
    """Complete an upload"""
    return CompleteUpload(media=context.id("media"), wait=LONGEST_WAIT)


@ROUTES.get("/media", READ, answer=page, query=(_LIMIT, CURSOR))
def list_media(context: RequestContext) -> ListMedia:
    """List media

    Newest first.
    """
    return ListMedia(limit=context.query(_LIMIT), after=context.query(CURSOR))


@ROUTES.get("/media/{id}", READ, answer=media)
def retrieve_media(context: RequestContext) -> ReadMedia:
    """Retrieve media"""
    return ReadMedia(context.id("media"))


@ROUTES.get("/media/{id}/content", READ, answer=file_answer, answer_type=bytes)
def open_media(context: RequestContext) -> OpenMedia:
    """Download media

    Answers with the bytes, and of a large file with a redirect to them.
    """
    return OpenMedia(media=context.id("media"), download=download_of(context.request))


@ROUTES.delete("/media/{id}", MEDIA_WRITE, answer=deleted)
def delete_media(context: RequestContext) -> DeleteMedia:
    """Delete media"""
    return DeleteMedia(context.id("media"))
