"""The dialects by name, and which of them a request speaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from darkroom.dialects import native
from darkroom.dialects.dialect import Dialect
from darkroom.dialects.wire import FOR_PEOPLE, Request

# Stands at the root; the others stand under their names.
NATIVE = native.API
# Each is a package of its name, loaded with the first request for it. One that was deleted is not
# spoken any more, and nothing else changes.
_NAMES = ("supapost", "powerpost", "dalnulla", "posteverywhere", "qolaba")
MOUNTED = tuple(name for name in _NAMES if find_spec(f"{__package__}.vendors.{name}"))
# Native paths that answers of every dialect name: addresses of files, and a job that may have been
# created. They lead there whatever the host is called; no vendor has them.
_ON_EVERY_HOST = ("/v1/files/", "/v1/jobs/")


@cache
def dialect(name: str) -> Dialect:
    api: Dialect = import_module(f"{__package__}.vendors.{name}").API
    return api


def choose(
    request: Request,
    mounted: tuple[str, ...] = MOUNTED,
    load: Callable[[str], Dialect] = dialect,
) -> tuple[Dialect, Request]:
    """By the first label of the host, else by the first segment of the path, else native.

    A path that is not native and that exactly one dialect documents is that dialect's: a client
    that resolves `/api/v1/…` against a base with a path asks at the root. The request comes back
    with the path as the vendor documents it.
    """
    if request.path == f"{FOR_PEOPLE}/":
        request = replace(request, path=FOR_PEOPLE)
    if request.path.startswith(_ON_EVERY_HOST):
        return NATIVE, request
    label = request.host.partition(".")[0].lower()
    if label in mounted:
        return load(label), _under(request.path, request)
    first, slash, rest = request.path.lstrip("/").partition("/")
    if first in mounted:
        return load(first), replace(_under(slash + rest, request), mount=f"/{first}")
    if not NATIVE.has_path(request):
        # Few paths come here, so that few processes load all dialects.
        local = _under(request.path, request)
        known = [spoken for spoken in map(load, mounted) if spoken.has_path(local)]
        if len(known) == 1:
            return known[0], local
    return NATIVE, request


def _under(path: str, request: Request) -> Request:
    """Without slashes too many: vendors' frameworks forgive them, and so clients have them."""
    return replace(request, path="/" + "/".join(part for part in path.split("/") if part))
