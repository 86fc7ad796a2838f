"""Collections, natively."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.dialects.reading import an_id, cursor, number, only
from darkroom.dialects.wire import Desk, Request, Response, json_response, json_time
from darkroom.domain.collection import Member
from darkroom.domain.operations import (
    ChangeCollection,
    CreateCollection,
    DeleteCollection,
    Deleted,
    Gallery,
    GalleryPage,
    ListCollections,
    ReadCollection,
)

Parameters = Mapping[str, str]
_DEFAULT_PAGE, _LARGEST_PAGE = 20, 50


def create(request: Request, _parameters: Parameters, desk: Desk) -> CreateCollection:
    from darkroom.dialects.native.library_bodies import read_collection  # noqa: PLC0415

    only(request)
    return read_collection(request.body, desk)


def change(request: Request, parameters: Parameters, desk: Desk) -> ChangeCollection:
    from darkroom.dialects.native.library_bodies import read_collection_change  # noqa: PLC0415

    only(request)
    return read_collection_change(request.body, an_id(parameters["id"], "collection"), desk)


def read(request: Request, parameters: Parameters, _desk: Desk) -> ReadCollection:
    only(request)
    return ReadCollection(collection=an_id(parameters["id"], "collection"))


def list_all(request: Request, _parameters: Parameters, _desk: Desk) -> ListCollections:
    only(request, "limit", "cursor")
    limit = number(request, "limit", _DEFAULT_PAGE, 1, _LARGEST_PAGE)
    return ListCollections(limit=limit, after=cursor(request, "cursor"))


def delete(request: Request, parameters: Parameters, _desk: Desk) -> DeleteCollection:
    only(request)
    return DeleteCollection(collection=an_id(parameters["id"], "collection"))


def created(outcome: Gallery, _request: Request, desk: Desk) -> Response:
    headers = {"location": f"/v1/collections/{outcome.collection.id}"}
    return json_response(201, describe(outcome, desk), headers)


def one(outcome: Gallery, _request: Request, desk: Desk) -> Response:
    return json_response(200, describe(outcome, desk))


def page(outcome: GalleryPage, _request: Request, desk: Desk) -> Response:
    last = outcome.galleries[-1].collection.id if outcome.has_more else None
    shown = [describe(gallery, desk) for gallery in outcome.galleries]
    return json_response(200, {"collections": shown, "cursor": last})


def deleted(_outcome: Deleted, _request: Request, _desk: Desk) -> Response:
    return Response(status=204)


def describe(gallery: Gallery, desk: Desk) -> dict[str, Any]:
    collection = gallery.collection
    return {
        "id": collection.id,
        "name": collection.name,
        "description": collection.description,
        "attributes": dict(collection.attributes),
        "images": [_member(member, desk) for member in gallery.images],
        "created_at": json_time(collection.created_at),
        "updated_at": json_time(collection.updated_at),
    }


def _member(member: Member, desk: Desk) -> dict[str, Any]:
    if member.file is None:
        return {"url": member.url}
    return {"media": member.media, "url": desk.file_url(member.file)}
