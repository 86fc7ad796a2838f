"""Collections: images that belong together, like those of one person or one campaign."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# What a collection may be given at once; jobs append as many as they make.
MOST_GIVEN = 100
# Of its attributes, in bytes of JSON.
LARGEST_NOTES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    id: str
    workspace: str
    name: str
    description: str
    created_at: datetime
    updated_at: datetime
    # The owner's own notes on it: kept and given back, never acted upon.
    attributes: Mapping[str, Any]
    filled_by: str = ""  # what has given it its images last, all at once: in their places
    version: int = 0  # one that was stored before there were versions has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One image of a collection: of the library, or on the web."""

    place: str  # later ones sort after earlier ones
    media: str | None = None
    file: str | None = None  # of that media
    url: str | None = None


def place_of(source: str, number: int) -> str:
    """The place of one of several that come at once: by the id of what brings them, then in order.

    Ids of their own would not do: those of one millisecond follow in no order.
    """
    return f"{source}.{number:03}"


def size_of(notes: Mapping[str, Any]) -> int:
    """Raises ValueError for what is no plain JSON, and RecursionError for what is too deep."""
    return len(json.dumps(notes, allow_nan=False, ensure_ascii=False).encode())
