"""HTTP as dialects see it, and the shape that every dialect has."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from darkroom.domain.catalogue import Catalogue
from darkroom.domain.errors import DarkroomError, MethodNotAllowed, NotFound
from darkroom.domain.operations import Caller, FileAt, Operation, Standing
from darkroom.domain.web_addresses import WebPolicy

# A field of a request by its path, as answers may repeat it.
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,31}(\.[A-Za-z0-9_-]{1,64}){0,2}")


class Ignored:
    """The names of what a request sent and its dialect does not know, as one line of a header.

    A client chooses these names, so only those of a plain form are repeated, and only a few; the
    others are counted.
    """

    _MOST = 10

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def add(self, name: str) -> None:
        self._names[name] = None

    def __bool__(self) -> bool:
        return bool(self._names)

    def __str__(self) -> str:
        shown = [name for name in self._names if PLAIN_NAME.fullmatch(name)][: self._MOST]
        unnamed = len(self._names) - len(shown)
        return ", ".join([*shown, *([f"+{unnamed}"] if unnamed else [])])


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    path: str
    host: str
    scheme: str
    request_id: str
    client: str  # its network address
    at: datetime  # when it came in
    mount: str = ""  # where its dialect stands on this host: `/supapost`, or nothing
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""
    # One for all copies of a request, filled while a dialect reads it.
    ignored: Ignored = field(default_factory=Ignored, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


# A file's name → its signed address.
FileUrl = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a dialect may look at while it reads a request or writes an answer."""

    catalogue: Catalogue
    caller: Caller | None  # None on a route that asks for no key
    web: WebPolicy
    fresh_seed: int  # for a request that names none
    file_url: FileUrl

    @property
    def workspace(self) -> str:
        if self.caller is None:
            raise ValueError("this route asks for no key")
        return self.caller.workspace


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
    # What every answer says of how much may still be asked for.
    limits: Callable[[Standing], Mapping[str, str]]

    def knows(self, request: Request) -> bool:
        """Whether it has this path, whatever the method."""
        try:
            self.match(request)
        except NotFound:
            return False
        except MethodNotAllowed:
            return True
        return True

    def match(self, request: Request) -> tuple[Route, dict[str, str]]:
        """The route of a request. Raises NotFound, or MethodNotAllowed."""
        # What can be read can be asked about: HEAD is a GET whose body nobody wants.
        method = "GET" if request.method == "HEAD" else request.method
        # No path of ours has a line break, and gateways do not agree on whom one with it is for.
        if not request.path.isprintable():
            raise NotFound("route")
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


Read = Callable[[Request, Mapping[str, str], Desk], Operation]
Write = Callable[[Any, Request, Desk], Response]
# Method, path, scope, how the request is read and how the answer is written.
Table = Sequence[tuple[str, str, str | None, Read, Write]]


def routes_of(table: Table) -> tuple[Route, ...]:
    return tuple(
        Route(method=method, path=path, scope=scope, read=read, write=write)
        for method, path, scope, read, write in table
    )


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
    body: Mapping[str, Any] | Sequence[Any],
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(
        status=status, headers={"content-type": content_type, **(headers or {})}, body=text
    )


def to_file(outcome: FileAt, _request: Request, _desk: Desk) -> Response:
    # The address inside dies before any cache of ours would.
    headers = {"location": outcome.url, "cache-control": "private, no-store"}
    return Response(status=302, headers=headers)


def json_time(moment: datetime, timespec: str = "milliseconds") -> str:
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z")


def api_key_or_bearer(request: Request) -> str | None:
    return request.headers.get("x-api-key") or bearer(request)


def bearer(request: Request) -> str | None:
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else None
