"""What all dialects read alike: ids, numbers, headers, addresses."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypedDict

from darkroom.dialects.wire import Desk, Read, Request, Route, Table, routes_of
from darkroom.domain.address_texts import why_refused
from darkroom.domain.errors import InvalidRequest, NotFound, UnknownReference
from darkroom.domain.image_request import Reference
from darkroom.domain.operations import Operation
from darkroom.domain.web_addresses import BadAddress

LONGEST_WAIT = 25
_LONGEST_IDEMPOTENCY_KEY = 255
_PREFERRED_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?([^\s,;\"]*)", re.IGNORECASE)
# More than any number here has; Python itself refuses to read thousands.
_DIGITS = 9
_WHOLE = re.compile(r"-?[0-9]+")


def only(request: Request, *known: str) -> None:
    for name in request.query:
        if name not in known:
            raise InvalidRequest(name, "unknown_field", f"This path takes no parameter {name}.")


def open_routes(
    table: Table, takes: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Route, ...]:
    """The routes of a vendor's table. Query parameters that `takes` does not name for a route,
    by its method and path, are passed over and named in the answer.
    """
    known = takes or {}
    return tuple(
        replace(route, read=_open(route.read, known.get(f"{route.method} {route.path}", ())))
        for route in routes_of(table)
    )


def _open(read: Read, known: tuple[str, ...]) -> Read:
    def noting(request: Request, parameters: Mapping[str, str], desk: Desk) -> Operation:
        for name in request.query:
            if name not in known:
                request.ignored.add(name)
        return read(request, parameters, desk)

    return noting


def takes_no_body(request: Request) -> None:
    if request.body.strip() not in {b"", b"{}"}:
        raise InvalidRequest("body", "unknown_field", "This request takes no body.")


def is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def an_id(text: str, kind: str) -> str:
    # A malformed id and somebody else's answer alike, and neither costs a look into the table.
    if not is_id(text):
        raise NotFound(kind)
    return text.lower()


def a_reference(field: str, text: str) -> str:
    """The id of what a field names; a malformed one is answered as an unknown one."""
    if not is_id(text):
        raise UnknownReference(field)
    return text.lower()


def references(field: str, given: Iterable[str]) -> tuple[Reference, ...]:
    """A list of ids of media."""
    return tuple(
        Reference(media=a_reference(f"{field}.{place}", name)) for place, name in enumerate(given)
    )


def cursor(request: Request, name: str) -> str | None:
    text = request.query.get(name)
    if text is not None and not is_id(text):
        raise InvalidRequest(name, "malformed", f"{name} must be one that a page gave.")
    return text and text.lower()


def number(request: Request, name: str, default: int, least: int, most: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    if not _WHOLE.fullmatch(text):
        raise InvalidRequest(name, "wrong_type", f"{name} must be a whole number.")
    read = int(text[:_DIGITS])
    if len(text) > _DIGITS or not least <= read <= most:
        raise InvalidRequest(name, "out_of_range", f"{name} must be {least} to {most}.")
    return read


def preferred_wait(request: Request) -> int:
    """RFC 7240. A preference for longer than we can wait is met as far as we can."""
    found = _PREFERRED_WAIT.search(request.headers.get("prefer", ""))
    if found is None:
        return 0
    seconds = found[1]
    if not (seconds.isascii() and seconds.isdigit()):
        raise InvalidRequest("prefer", "malformed", "Prefer: wait takes a whole number of seconds.")
    return LONGEST_WAIT if len(seconds) > _DIGITS else min(int(seconds), LONGEST_WAIT)


def preference_applied(seconds: int) -> dict[str, str]:
    """RFC 7240: how much of the preferred wait was granted."""
    return {"preference-applied": f"wait={seconds}"}


def wait_applied(request: Request) -> dict[str, str]:
    waited = preferred_wait(request)
    return preference_applied(waited) if waited else {}


def idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= _LONGEST_IDEMPOTENCY_KEY:
        raise InvalidRequest(
            "idempotency_key",
            "out_of_range",
            f"Idempotency-Key takes 1 to {_LONGEST_IDEMPOTENCY_KEY} characters.",
        )
    return key


def web_address(field: str, url: str, desk: Desk) -> str:
    """Judged as far as can be without asking anybody where it leads."""
    try:
        desk.web.check(url)
    except BadAddress as error:
        text = why_refused(field, error.reason, desk.web)
        raise InvalidRequest(field, "address", text) from None
    return url


def pictures(field: str, given: Iterable[str], desk: Desk) -> tuple[str, ...]:
    """Each is the id of a media, or an address on the web."""
    return tuple(
        image.lower() if is_id(image) else web_address(f"{field}.{index}", image, desk)
        for index, image in enumerate(given)
    )


class Asked(TypedDict):
    idempotency_key: str | None
    wait: float


def asked(request: Request) -> Asked:
    """What the headers of any submit may ask for."""
    return {"idempotency_key": idempotency_key(request), "wait": preferred_wait(request)}


def by_id(kind: str, make: Callable[[str], Operation]) -> Read:
    """The reading of a path that ends in an id, and of nothing else."""
    return lambda _request, parameters, _desk: make(an_id(parameters["id"], kind))


def unknown(field: str, choices: Iterable[str], why: str = "") -> InvalidRequest:
    text = f"{why}{field} must be one of {', '.join(choices)}."
    return InvalidRequest(field, "unknown", text)
