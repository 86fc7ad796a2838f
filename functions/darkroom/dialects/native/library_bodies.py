"""The bodies of writes to the library, to collections, and of captions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from darkroom.dialects.bodies import UUID, Strict, notes, read_body
from darkroom.dialects.native.hook_body import HookBody, read_hook
from darkroom.dialects.reading import LONGEST_WAIT, pictures, web_address
from darkroom.dialects.wire import Desk
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.captions import POST_TYPES
from darkroom.domain.collection import MOST_GIVEN
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.image_request import Reference
from darkroom.domain.media import LARGEST_UPLOAD
from darkroom.domain.operations import (
    BeginUpload,
    ChangeCollection,
    CreateCollection,
    ImportMedia,
    Offer,
    SubmitJob,
)

_MOST_ATTRIBUTES = 50
_Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_Text = Annotated[str, StringConstraints(max_length=2000)]
_Id = Annotated[str, StringConstraints(pattern=UUID)]
_Attributes = Annotated[dict[str, Any], Field(max_length=_MOST_ATTRIBUTES, default_factory=dict)]
_Images = Annotated[list[str], Field(max_length=MOST_GIVEN)]


class ImportBody(Strict):
    url: str
    name: _Name | None = None


class UploadBody(Strict):
    name: _Name
    content_type: Literal["image/png", "image/jpeg", "image/webp"]
    size: Annotated[int, Field(ge=1, le=LARGEST_UPLOAD)]


class CollectionBody(Strict):
    name: _Name
    description: _Text = ""
    attributes: _Attributes
    images: Annotated[_Images, Field(default_factory=list)]


class CollectionChangeBody(Strict):
    name: _Name | None = None
    description: _Text | None = None
    attributes: _Attributes
    images: _Images | None = None


class CaptionsBody(Strict):
    prompt: _Text = ""
    media: Annotated[list[_Id], Field(max_length=10, default_factory=list)]
    post_types: Annotated[list[str], Field(min_length=1, max_length=len(POST_TYPES))]
    research_mode: Literal["regular", "deep"] = "regular"
    dry_run: bool = False
    webhook: HookBody | None = None


def read_import(body: bytes, desk: Desk) -> ImportMedia:
    sent, _ = read_body(ImportBody, body)
    return ImportMedia(name=sent.name, url=web_address("url", sent.url, desk), wait=LONGEST_WAIT)


def read_upload(body: bytes) -> BeginUpload:
    sent, _ = read_body(UploadBody, body)
    return BeginUpload(name=sent.name, content_type=sent.content_type, size=sent.size)


def read_collection(body: bytes, desk: Desk) -> CreateCollection:
    sent, _ = read_body(CollectionBody, body)
    return CreateCollection(
        name=sent.name,
        description=sent.description,
        attributes=notes("attributes", sent.attributes),
        images=pictures("images", sent.images, desk),
    )


def read_collection_change(body: bytes, collection: str, desk: Desk) -> ChangeCollection:
    sent, _ = read_body(CollectionChangeBody, body)
    return ChangeCollection(
        collection=collection,
        name=sent.name,
        description=sent.description,
        attributes=notes("attributes", sent.attributes),
        images=None if sent.images is None else pictures("images", sent.images, desk),
    )


def read_captions(
    body: bytes, desk: Desk, *, wait: float, idempotency_key: str | None
) -> SubmitJob:
    sent, fingerprint = read_body(CaptionsBody, body)
    return SubmitJob(
        dialect="native",
        request=caption_request(sent.prompt, sent.media, sent.post_types, sent.research_mode),
        offer=Offer(name="captions", price=desk.catalogue.captions[sent.research_mode]),
        webhook=read_hook(sent.webhook, desk) if sent.webhook else None,
        fingerprint=fingerprint,
        dry_run=sent.dry_run,
        wait=wait,
        idempotency_key=idempotency_key,
    )


def caption_request(
    prompt: str, media: list[str], post_types: list[str], research_mode: str
) -> CaptionRequest:
    if not prompt.strip() and not media:
        raise InvalidRequest("prompt", "required", "Give a prompt, or media, or both.")
    for index, post_type in enumerate(post_types):
        if post_type not in POST_TYPES:
            text = f"post_types.{index} must be one of {', '.join(POST_TYPES)}."
            raise InvalidRequest(f"post_types.{index}", "unknown", text)
    return CaptionRequest(
        prompt=prompt,
        post_types=tuple(dict.fromkeys(post_types)),
        research_mode=research_mode,
        media=tuple(Reference(media=name) for name in media),
    )
