"""What every dialect has beside its own routes: itself described, for programs and for people."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from functools import partial
from typing import Literal

from darkroom.dialects.wire import Desk, Dialect, Read, Request, Response, routes_of
from darkroom.domain.operations import Description, ShowDescription

# What the files have in place of the address that they are asked for at.
NOWHERE = "https://darkroom.example"
FOR_PROGRAMS, FOR_PEOPLE = "/openapi.json", "/docs"


def described(spoken: Dialect) -> Dialect:
    def show(form: Literal["json", "html"]) -> Read:
        return lambda *_: ShowDescription(dialect=spoken.name, form=form)

    table = (
        ("GET", FOR_PROGRAMS, None, show("json"), partial(_document, spoken.name)),
        ("GET", FOR_PEOPLE, None, show("html"), partial(_page, spoken.name)),
    )
    return replace(spoken, routes=(*spoken.routes, *routes_of(table)))


def mount_of(dialect: str) -> str:
    """Where the files have it stand."""
    return "" if dialect == "native" else f"/{dialect}"


def _document(dialect: str, outcome: Description, request: Request, _desk: Desk) -> Response:
    headers = {"content-type": "application/json"}
    return Response(status=200, headers=headers, body=_at_home(dialect, outcome, request))


def _page(dialect: str, outcome: Description, request: Request, _desk: Desk) -> Response:
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": _policy(outcome.text),
    }
    return Response(status=200, headers=headers, body=_at_home(dialect, outcome, request))


def _at_home(dialect: str, outcome: Description, request: Request) -> str:
    here = f"{request.scheme}://{request.host}"
    of_dialect = outcome.text.replace(NOWHERE + mount_of(dialect), here + request.mount)
    return of_dialect.replace(NOWHERE, here)


def _policy(page: str) -> str:
    """Nothing but the page itself: its style by its hash, no script, no other host, no frame."""
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
