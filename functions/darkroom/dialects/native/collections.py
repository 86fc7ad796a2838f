"""Collections of images, with a description that prompts can use."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypedDict

from darkroom.dialects.bodies import Body, notes
from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import Limits, OwnJson, Time, Uuid, length
from darkroom.dialects.parameters import CURSOR, limit
from darkroom.dialects.routes import Answer, Routes
from darkroom.dialects.wire import json_time
from darkroom.domain.api_key import MEDIA_WRITE, READ
from darkroom.domain.collection import MOST_GIVEN, Member
from darkroom.domain.library_operations import (
    ChangeCollection,
    CreateCollection,
    DeleteCollection,
    ListCollections,
    ReadCollection,
)
from darkroom.domain.outcomes import CollectionContents, CollectionPage

ROUTES = Routes("collections")
_LIMIT = limit(20, 50)
_Name = Annotated[str, length(200, least=1)]
_Text = Annotated[str, length(2000)]
_Attributes = Annotated[dict[str, Any], Limits(max_length=50)]
_Images = Annotated[list[str], Limits(max_length=MOST_GIVEN)]


class MemberAnswer(TypedDict):
    media: NotRequired[Uuid]
    url: str


class CollectionAnswer(TypedDict):
    id: Uuid
    name: str
    description: str
    attributes: OwnJson
    images: list[MemberAnswer]
    created_at: Time
    updated_at: Time


class Collections(TypedDict):
    collections: list[CollectionAnswer]
    cursor: Uuid | None
    """For the next page; null on the last one."""


def created(outcome: CollectionContents, context: RequestContext) -> Answer[CollectionAnswer]:
    headers = {"location": f"/v1/collections/{outcome.collection.id}"}
    return Answer(201, collection(outcome, context), headers)


def page(outcome: CollectionPage, context: RequestContext) -> Collections:
    last = outcome.collections[-1].collection.id if outcome.has_more else None
    return {
        "collections": [collection(one, context) for one in outcome.collections],
        "cursor": last,
    }


def collection(outcome: CollectionContents, context: RequestContext) -> CollectionAnswer:
    one = outcome.collection
    return {
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "attributes": dict(one.attributes),
        "images": [_member(member, context) for member in outcome.images],
        "created_at": json_time(one.created_at),
        "updated_at": json_time(one.updated_at),
    }


def _member(member: Member, context: RequestContext) -> MemberAnswer:
    if member.file is None:
        return {"url": member.url or ""}
    return {"media": member.media or "", "url": context.file_url(member.file)}


class CollectionBody(Body):
    name: _Name
    description: _Text = ""
    """Added to the prompt of each job that names the collection."""
    attributes: _Attributes = {}  # noqa: RUF012 - pydantic copies it for each body
    """Yours: kept, and given back as they were."""
    images: _Images = []  # noqa: RUF012
    """Ids of media, or https addresses of images on the public web."""


class CollectionChange(Body):
    name: _Name | None = None
    description: _Text | None = None
    attributes: _Attributes = {}  # noqa: RUF012
    """Those given are changed, the others stay."""
    images: _Images | None = None
    """Ids of media, or https addresses of images on the public web. Replaces all of them."""


@ROUTES.post(
    "/v1/collections",
    MEDIA_WRITE,
    answer=created,
    body=CollectionBody,
    example={"name": "Piers", "images": ["https://example.com/pier.png"]},
)
def create_collection(body: CollectionBody, context: RequestContext) -> CreateCollection:
    """Create a collection"""
    return CreateCollection(
        name=body.name,
        description=body.description,
        attributes=notes("attributes", body.attributes),
        images=context.images("images", body.images),
    )


@ROUTES.get("/v1/collections", READ, answer=page, query=(_LIMIT, CURSOR))
def list_collections(context: RequestContext) -> ListCollections:
    """List collections

    Newest first, with the first ten images of each.
    """
    return ListCollections(limit=context.query(_LIMIT), after=context.query(CURSOR))


@ROUTES.get("/v1/collections/{id}", READ, answer=collection)
def retrieve_collection(context: RequestContext) -> ReadCollection:
    """Retrieve a collection

    With its first 500 images.
    """
    return ReadCollection(collection=context.id("collection"))


@ROUTES.patch(
    "/v1/collections/{id}",
    MEDIA_WRITE,
    answer=collection,
    body=CollectionChange,
    example={"name": "Piers and bridges", "attributes": {"season": "winter"}},
)
def update_collection(body: CollectionChange, context: RequestContext) -> ChangeCollection:
    """Update a collection

    Fields that are left out stay as they are.
    """
    return ChangeCollection(
        collection=context.id("collection"),
        name=body.name,
        description=body.description,
        attributes=notes("attributes", body.attributes),
        images=None if body.images is None else context.images("images", body.images),
    )


@ROUTES.delete("/v1/collections/{id}", MEDIA_WRITE, status=204)
def delete_collection(context: RequestContext) -> DeleteCollection:
    """Delete a collection

    Its images stay in the library.
    """
    return DeleteCollection(collection=context.id("collection"))
