"""HTTP as dialects see it, and the shape that every dialect has."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from darkroom.domain.catalogue import Catalogue
from darkroom.domain.errors import DarkroomError, MethodNotAllowed, NotFound
from darkroom.domain.operations import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    path: str
    host: str
    scheme: str
    request_id: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a dialect may look at while it reads a request or writes an answer."""

    catalogue: Catalogue
    fresh_seed: int  # for a request that names none
    file_url: Callable[[str], str]  # a file's name → its signed address


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    method: str
    path: str  # `/v1/jobs/{id}`: a name in braces takes one segment
    scope: str | None  # None: no key is asked for
    read: Callable[[Request, Mapping[str, str], Desk], Operation]
    write: Callable[[Any, Request, Desk], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    name: str
    routes: tuple[Route, ...]
    credential: Callable[[Request], str | None]
    refuse: Callable[[DarkroomError | None, Request], Response]  # None: a fault of ours

    def match(self, request: Request) -> tuple[Route, dict[str, str]]:
        """The route of a request. Raises NotFound, or MethodNotAllowed."""
        # What can be read can be asked about: HEAD is a GET whose body nobody wants.
        method = "GET" if request.method == "HEAD" else request.method
        allowed = []
        for route in self.routes:
            parameters = _fit(route.path, request.path)
            if parameters is None:
                continue
            if route.method == method:
                return route, parameters
            allowed.append(route.method)
        if allowed:
            raise MethodNotAllowed(tuple(sorted(set(allowed))))
        raise NotFound("route")


def _fit(pattern: str, path: str) -> dict[str, str] | None:
    expected, given = pattern.split("/"), path.split("/")
    if len(expected) != len(given):
        return None
    parameters = {}
    for want, have in zip(expected, given, strict=True):
        if want.startswith("{"):
            if not have:
                return None
            parameters[want[1:-1]] = have
        elif want != have:
            return None
    return parameters


def json_response(
    status: int,
    body: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(
        status=status, headers={"content-type": content_type, **(headers or {})}, body=text
    )


def bearer(request: Request) -> str | None:
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else None
