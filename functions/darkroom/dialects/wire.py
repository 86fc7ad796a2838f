"""HTTP as dialects see it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

# Where each dialect has its documentation.
FOR_PROGRAMS, FOR_PEOPLE = "/openapi.json", "/docs"
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
    body: str | bytes = ""


def json_response(
    status: int,
    body: object,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(
        status=status, headers={"content-type": content_type, **(headers or {})}, body=text
    )


def json_time(moment: datetime, timespec: str = "milliseconds") -> str:
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z")
