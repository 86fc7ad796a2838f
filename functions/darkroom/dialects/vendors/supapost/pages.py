"""Lists, a page at a time: by the last id of the page before, or the first of the page after."""

from __future__ import annotations

from typing import Generic, Literal, TypedDict, TypeVar

from darkroom.dialects.context import RequestContext
from darkroom.dialects.parameters import Cursor, limit
from darkroom.domain.errors import InvalidRequest

Entry = TypeVar("Entry")

_LIMIT = limit(15, 100)
_AFTER = Cursor("starting_after", "The last id of the page before.")
_BEFORE = Cursor("ending_before", "The first id of the page after; not with the other.")
PAGE = (_LIMIT, _AFTER, _BEFORE)


class Page(TypedDict, Generic[Entry]):
    object: Literal["list"]
    data: list[Entry]
    has_more: bool
    url: str


class Position(TypedDict):
    limit: int
    after: str | None
    before: str | None


def page_of(context: RequestContext) -> Position:
    after, before = context.query(_AFTER), context.query(_BEFORE)
    if after and before:
        text = "Give starting_after or ending_before, not both."
        raise InvalidRequest("ending_before", "conflicts", text)
    return {"limit": context.query(_LIMIT), "after": after, "before": before}


def listed(path: str, data: list[Entry], *, has_more: bool) -> Page[Entry]:
    return {"object": "list", "data": data, "has_more": has_more, "url": path}
