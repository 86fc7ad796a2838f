"""Where ids stand in a request: of what kind each is, and how another takes its place."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from typing import Any

# The segment before an id, and what it is an id of.
_OF_PATH: Mapping[str, str] = {
    "jobs": "job",
    "captions": "caption",
    "media": "media",
    "collections": "collection",
    "influencers": "collection",
    "tasks": "task",
    "files": "file",
    "webhooks": "webhook",
    "deliveries": "delivery",
    "callbacks": "workspace",
}
# The name of a field, and what it names.
_OF_FIELD: Mapping[str, str] = {
    "media": "media",
    "media_ids": "media",
    "style_images": "media",
    "images": "media",
    "collection": "collection",
    "influencerId": "collection",
    "generation_id": "caption",
}
_NAMED = re.compile(r"{(\w+)}")
_DALNULLA = re.compile(r"/api/v1/files/")


def kinds_of_path(path: str) -> dict[str, str]:
    """The parameters of a path that name something of a workspace, and what."""
    if _DALNULLA.match(path):
        return dict.fromkeys(_NAMED.findall(path), "path")
    steps = path.split("/")
    found = {}
    for before, step in itertools.pairwise(steps):
        kind = _of_generation(path) if before == "generations" else _OF_PATH.get(before)
        named = _NAMED.fullmatch(step)
        if kind is not None and named:
            found[named[1]] = kind
    if path.endswith("/cancel"):
        found["id"] = "canceled"
    return found


def _of_generation(path: str) -> str:
    return "job" if "/images/" in path else "caption"


def spread(path: str, values: Mapping[str, str]) -> dict[str, Any]:
    """A path of files takes several parameters at once."""
    if not _DALNULLA.match(path):
        return dict(values)
    whole = next(iter(values.values()))
    names = list(values)
    if len(names) == 1:
        return {names[0]: whole.replace("/", "%2F")}
    return dict(zip(names, whole.split("/"), strict=True))


def with_ids(body: Any, named: Callable[[str], str | None], within: str = "") -> tuple[Any, int]:
    """The body with an id in each place for one, and how many there are."""
    if isinstance(body, dict):
        return _in_object(body, named, within)
    if isinstance(body, list):
        done = [with_ids(one, named, within) for one in body]
        return [one for one, _ in done], sum(count for _, count in done)
    kind = _OF_FIELD.get(within)
    put = named(kind) if kind is not None and isinstance(body, str) else None
    return (body, 0) if put is None else (put, 1)


def _in_object(
    body: dict[str, Any], named: Callable[[str], str | None], within: str
) -> tuple[dict[str, Any], int]:
    put, count = {}, 0
    for name, value in body.items():
        field = "generation_id" if (within, name) == ("caption", "id") else name
        put[name], more = with_ids(value, named, field)
        count += more
    return put, count
