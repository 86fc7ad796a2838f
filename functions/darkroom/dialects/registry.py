"""The dialects by name, and which of them a request speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from darkroom.dialects import native
from darkroom.dialects.wire import Dialect, Request

# Stands at the root; the others stand under their names.
NATIVE = native.DIALECT
MOUNTED: Mapping[str, Dialect] = {}


def choose(request: Request, mounted: Mapping[str, Dialect] = MOUNTED) -> tuple[Dialect, Request]:
    """By the first label of the host, else by the first segment of the path, else native.

    The request comes back with the path as the vendor documents it.
    """
    by_host = mounted.get(request.host.partition(".")[0])
    if by_host is not None:
        return by_host, request
    first, slash, rest = request.path.lstrip("/").partition("/")
    by_path = mounted.get(first)
    if by_path is not None:
        return by_path, replace(request, path=slash + rest or "/")
    return NATIVE, request
