"""Assets, which are the images of a workspace, and models."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict, cast

from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import Count, FileUrl, Pixels, Time, Uuid, given
from darkroom.dialects.routes import Routes
from darkroom.dialects.vendors.supapost.images import DATA
from darkroom.dialects.vendors.supapost.pages import PAGE, Page, listed, page_of
from darkroom.dialects.wire import json_time
from darkroom.domain.api_key import READ
from darkroom.domain.image_request import CONTENT_TYPES, ContentType
from darkroom.domain.library_operations import ListMedia
from darkroom.domain.media import Media, Source
from darkroom.domain.operations import ListModels
from darkroom.domain.outcomes import MediaPage, Models

ASSETS = Routes("assets")
MODELS = Routes("models")


class Origin(TypedDict):
    prompt: NotRequired[str]
    model: NotRequired[str]
    jobId: NotRequired[Uuid]


class Asset(TypedDict):
    id: Uuid
    name: str
    url: FileUrl
    content_type: ContentType
    size_bytes: Count
    width: Pixels
    height: Pixels
    source: Source
    metadata: Origin
    """How an image was generated; empty for one that was uploaded."""
    created_at: Time


class Model(TypedDict):
    id: str
    """The value of `model` in a request."""
    name: str
    credits: Count
    """The price of an image."""
    available: bool


def assets(outcome: MediaPage, context: RequestContext) -> Page[Asset]:
    data = [_asset(media, context) for media in outcome.media if media.format is not None]
    return listed("/assets", data, has_more=outcome.has_more)


def _asset(media: Media, context: RequestContext) -> Asset:
    asset: Any = {
        "id": media.id,
        "name": media.name or media.file,
        "url": context.file_url(media.file),
        "content_type": CONTENT_TYPES[media.format] if media.format else None,
        "size_bytes": media.size,
        "width": media.width,
        "height": media.height,
        "source": media.source,
        "metadata": given(prompt=media.prompt, model=media.model, jobId=media.job),
        "created_at": json_time(media.created_at),
    }
    return cast(Asset, asset)


def models(outcome: Models, context: RequestContext) -> Page[Model]:
    available = {model.name for model in outcome.models if model.is_available}
    data: list[Model] = [
        {
            "id": name,
            "name": row["name"],
            "credits": row["price"],
            "available": context.catalogue.lookup(row["model"]).name in available,
        }
        for name, row in DATA["models"].items()
    ]
    return listed("/models", data, has_more=False)


@ASSETS.get("/assets", READ, answer=assets, query=PAGE)
def list_assets(context: RequestContext) -> ListMedia:
    """List assets

    All images of the workspace that are ready, newest first.
    """
    return ListMedia(only_ready=True, **page_of(context))


@MODELS.get("/models", READ, answer=models)
def list_models() -> ListModels:
    """List models"""
    return ListModels()
