"""Media: the images of a workspace, generated or uploaded."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from darkroom.dialects.bodies import Body
from darkroom.dialects.context import RequestContext
from darkroom.dialects.downloads import download_of, file_answer
from darkroom.dialects.fields import (
    Count,
    File,
    FileUrl,
    Pixels,
    Schema,
    Time,
    Url,
    Uuid,
    between,
    given,
    length,
)
from darkroom.dialects.forms import Form
from darkroom.dialects.headers import LONGEST_WAIT
from darkroom.dialects.parameters import CURSOR, limit
from darkroom.dialects.routes import Answer, Routes
from darkroom.dialects.wire import json_time
from darkroom.domain.api_key import MEDIA_WRITE, READ
from darkroom.domain.file_links import thumbnail_name
from darkroom.domain.image_request import CONTENT_TYPES, ContentType
from darkroom.domain.library_operations import (
    BeginUpload,
    CompleteUpload,
    DeleteMedia,
    ImportMedia,
    ListMedia,
    OpenMedia,
    ReadMedia,
    UploadMedia,
)
from darkroom.domain.media import LARGEST_UPLOAD, Media, MediaStatus, Source
from darkroom.domain.outcomes import MediaPage, UploadTarget

ROUTES = Routes("media")
_LIMIT = limit(20, 100)
_Name = Annotated[str, length(200, least=1)]

# `from` is a word of Python.
_Origin = TypedDict("_Origin", {"from": NotRequired[str]})


class MediaAnswer(_Origin):
    id: Uuid
    status: MediaStatus
    source: Source
    name: str | None
    """Of the file that was uploaded."""
    created_at: Time
    url: NotRequired[FileUrl]
    """Once it is ready."""
    thumbnail_url: NotRequired[FileUrl]
    content_type: NotRequired[ContentType]
    width: NotRequired[Pixels]
    height: NotRequired[Pixels]
    bytes: NotRequired[Count]
    job: NotRequired[Uuid]
    """The job that generated it."""
    model: NotRequired[str]
    prompt: NotRequired[str]
    collection: NotRequired[Uuid]
    failure: NotRequired[str]
    """Why it could not be imported."""


class MediaList(TypedDict):
    media: list[MediaAnswer]
    cursor: Uuid | None
    """For the next page; null on the last one."""


class UploadTargetAnswer(TypedDict):
    method: Literal["POST"]
    url: Url
    fields: dict[str, str]
    """Sent in the same form, before the file."""
    file_field: Literal["file"]
    most_bytes: Count
    expires_in: Count
    """Seconds."""


class Upload(TypedDict):
    id: Uuid
    status: MediaStatus
    upload: UploadTargetAnswer
    complete: str
    """The path to call once the file is uploaded."""


def imported(outcome: Media, context: RequestContext) -> Answer[MediaAnswer]:
    status = 201 if outcome.status is MediaStatus.READY else 202
    return Answer(status, media(outcome, context), {"location": f"/v1/media/{outcome.id}"})


def upload_target(outcome: UploadTarget) -> Upload:
    return {
        "id": outcome.media.id,
        "status": outcome.media.status,
        "upload": {
            "method": "POST",
            "url": outcome.url,
            "fields": dict(outcome.fields),
            "file_field": "file",
            "most_bytes": LARGEST_UPLOAD,
            "expires_in": outcome.seconds,
        },
        "complete": f"/v1/media/{outcome.media.id}/complete",
    }


def page(outcome: MediaPage, context: RequestContext) -> MediaList:
    last = outcome.media[-1].id if outcome.has_more else None
    return {"media": [media(one, context) for one in outcome.media], "cursor": last}


def media(outcome: Media, context: RequestContext) -> MediaAnswer:
    return {
        "id": outcome.id,
        "status": outcome.status,
        "source": outcome.source,
        "name": outcome.name,
        "created_at": json_time(outcome.created_at),
        **_file_of(outcome, context),
        **given(
            job=outcome.job,
            model=outcome.model,
            prompt=outcome.prompt,
            collection=outcome.collection,
            **{"from": outcome.url},
            failure=outcome.failure,
        ),
    }


def _file_of(one: Media, context: RequestContext) -> Any:
    if one.format is None:
        return {}
    return {
        "url": context.file_url(one.file),
        "thumbnail_url": context.file_url(thumbnail_name(one.id)),
        "content_type": CONTENT_TYPES[one.format],
        "width": one.width,
        "height": one.height,
        "bytes": one.size,
    }


class Import(Body):
    url: Annotated[str, Schema(format="uri")]
    """Of a PNG, JPEG or WebP: https, on the public web."""
    name: _Name | None = None


class ImageForm(TypedDict):
    file: File


class UploadRequest(Body):
    name: _Name
    content_type: ContentType
    size: Annotated[int, between(1, LARGEST_UPLOAD)]
    """Bytes."""


@ROUTES.post(
    "/v1/media",
    MEDIA_WRITE,
    answer=imported,
    form=ImageForm,
    body=Import,
    example={"url": "https://example.com/pier.png", "name": "pier.png"},
)
def upload_media(sent: Import | Form, context: RequestContext) -> UploadMedia | ImportMedia:
    """Upload media

    A file of up to 4.5 MB as a form, or its address as JSON. PNG, JPEG or WebP; the image is
    encoded anew, and only its pixels are kept.
    """
    if isinstance(sent, Form):
        return UploadMedia(name=sent.name, body=sent.body, wait=context.wait(LONGEST_WAIT))
    url = context.web_address("url", sent.url)
    return ImportMedia(name=sent.name, url=url, wait=context.wait(LONGEST_WAIT))


@ROUTES.post(
    "/v1/media/uploads",
    MEDIA_WRITE,
    answer=upload_target,
    status=201,
    body=UploadRequest,
    example={"name": "pier.png", "content_type": "image/png", "size": 90112},
)
def create_upload(body: UploadRequest) -> BeginUpload:
    """Create an upload

    For files of up to 25 MB. Send a form to `upload.url`: first all of `upload.fields`, then the
    file; then call `complete`.
    """
    return BeginUpload(name=body.name, content_type=body.content_type, size=body.size)


@ROUTES.post("/v1/media/{id}/complete", MEDIA_WRITE, answer=imported)
def complete_upload(context: RequestContext) -> CompleteUpload:
    """Complete an upload"""
    return CompleteUpload(media=context.id("media"), wait=context.wait(LONGEST_WAIT))


@ROUTES.get("/v1/media", READ, answer=page, query=(_LIMIT, CURSOR))
def list_media(context: RequestContext) -> ListMedia:
    """List media

    Newest first.
    """
    return ListMedia(limit=context.query(_LIMIT), after=context.query(CURSOR))


@ROUTES.get("/v1/media/{id}", READ, answer=media)
def retrieve_media(context: RequestContext) -> ReadMedia:
    """Retrieve media"""
    return ReadMedia(media=context.id("media"))


@ROUTES.get("/v1/media/{id}/content", READ, answer=file_answer, answer_type=bytes)
def open_media(context: RequestContext) -> OpenMedia:
    """Download media

    Answers with the bytes, and of a large file with a redirect to them.
    """
    return OpenMedia(media=context.id("media"), download=download_of(context.request))


@ROUTES.delete("/v1/media/{id}", MEDIA_WRITE, status=204)
def delete_media(context: RequestContext) -> DeleteMedia:
    """Delete media

    The image, its thumbnail, its entry and all of their addresses.
    """
    return DeleteMedia(media=context.id("media"))
