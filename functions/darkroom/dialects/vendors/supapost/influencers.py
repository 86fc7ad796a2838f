"""Influencers: our collections, with a style and traits."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

from darkroom.dialects.bodies import Body, notes
from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import AlwaysTrue, Limits, OwnJson, Time, Uuid, length
from darkroom.dialects.routes import Routes
from darkroom.dialects.vendors.supapost.images import DATA, model_row
from darkroom.dialects.vendors.supapost.pages import PAGE, Page, listed, page_of
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
from darkroom.domain.outcomes import CollectionContents, CollectionPage, Deleted

ROUTES = Routes("influencers")
_Name = Annotated[str, length(200, least=1)]
_Text = Annotated[str, length(2000, least=1)]
_Images = Annotated[list[str], Limits(max_length=MOST_GIVEN)]
_Traits = Annotated[dict[str, Any], Limits(max_length=50)]


class Notes(TypedDict):
    traits: OwnJson


class InfluencerAnswer(TypedDict):
    id: Uuid
    team_id: str
    """The workspace."""
    name: str
    description: str
    style: str
    model: str
    avatar_url: str | None
    """The first of the images."""
    images: list[str | None]
    metadata: Notes
    created_at: Time
    updated_at: Time | None


class Deletion(TypedDict):
    success: AlwaysTrue


def influencer(outcome: CollectionContents, context: RequestContext) -> InfluencerAnswer:
    one, images = outcome.collection, [_address(member, context) for member in outcome.images]
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


def _address(member: Member, context: RequestContext) -> str | None:
    return context.file_url(member.file) if member.file else member.url


def influencers(outcome: CollectionPage, context: RequestContext) -> Page[InfluencerAnswer]:
    data = [influencer(contents, context) for contents in outcome.collections]
    return listed("/influencers", data, has_more=outcome.has_more)


def deleted(_outcome: Deleted) -> Deletion:
    return {"success": True}


class Influencer(Body):
    name: _Name
    description: _Text
    style: _Name = "realistic"
    model: str = DATA["model"]
    images: _Images = []  # noqa: RUF012 - pydantic copies it for each body
    """Ids of media, or addresses on the web."""
    traits: _Traits = {}  # noqa: RUF012
    """Yours: kept, and given back as they were."""


class InfluencerChange(Body):
    name: _Name | None = None
    description: _Text | None = None
    style: _Name | None = None
    model: str | None = None
    images: _Images | None = None
    traits: _Traits | None = None


@ROUTES.post(
    "/influencers",
    MEDIA_WRITE,
    answer=influencer,
    body=Influencer,
    example={
        "name": "Mara",
        "description": "A sailor in her forties",
        "images": ["https://example.com/pier.png"],
        "traits": {"hair": "grey"},
    },
)
def create_influencer(body: Influencer, context: RequestContext) -> CreateCollection:
    """Create an influencer"""
    model_row(body.model)
    traits = notes("traits", body.traits)
    return CreateCollection(
        name=body.name,
        description=body.description,
        attributes={"style": body.style, "model": body.model, "traits": traits},
        images=context.images("images", body.images),
    )


@ROUTES.get("/influencers", READ, answer=influencers, query=PAGE)
def list_influencers(context: RequestContext) -> ListCollections:
    """List influencers"""
    return ListCollections(**page_of(context))


@ROUTES.get("/influencers/{id}", READ, answer=influencer)
def retrieve_influencer(context: RequestContext) -> ReadCollection:
    """Retrieve an influencer"""
    return ReadCollection(context.id("influencer"))


@ROUTES.patch(
    "/influencers/{id}",
    MEDIA_WRITE,
    answer=influencer,
    body=InfluencerChange,
    example={"style": "watercolour"},
)
def update_influencer(body: InfluencerChange, context: RequestContext) -> ChangeCollection:
    """Update an influencer

    Fields that are left out stay as they are.
    """
    if body.model is not None:
        model_row(body.model)
    traits = None if body.traits is None else notes("traits", body.traits)
    changes = {"style": body.style, "model": body.model, "traits": traits}
    return ChangeCollection(
        collection=context.id("influencer"),
        name=body.name,
        description=body.description,
        attributes={name: value for name, value in changes.items() if value is not None},
        images=None if body.images is None else context.images("images", body.images),
    )


@ROUTES.delete("/influencers/{id}", MEDIA_WRITE, answer=deleted)
def delete_influencer(context: RequestContext) -> DeleteCollection:
    """Delete an influencer

    Its images stay.
    """
    return DeleteCollection(context.id("influencer"))
