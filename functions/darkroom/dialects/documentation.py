"""What every dialect has beside its own routes: its documentation, for programs and for people."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from darkroom.dialects.context import RequestContext
from darkroom.dialects.dialect import Routes
from darkroom.dialects.wire import Response
from darkroom.domain.operations import ShowDescription
from darkroom.domain.outcomes import Description

# What the files have in place of the address that they are asked for at.
NOWHERE = "https://darkroom.example"
FOR_PROGRAMS, FOR_PEOPLE = "/openapi.json", "/docs"
ROUTES = Routes("documentation")


def mount_of(dialect: str) -> str:
    """Where the files have it stand."""
    return "" if dialect == "native" else f"/{dialect}"


def document(outcome: Description, context: RequestContext) -> Response:
    headers = {"content-type": "application/json"}
    return Response(status=200, headers=headers, body=_at_home(outcome, context))


def page(outcome: Description, context: RequestContext) -> Response:
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": _policy(outcome.text),
    }
    return Response(status=200, headers=headers, body=_at_home(outcome, context))


@ROUTES.get(FOR_PROGRAMS, None, answer=document, answer_type=dict[str, Any], takes_any_query=True)
def show_openapi(context: RequestContext) -> ShowDescription:
    """Retrieve this description

    OpenAPI 3.1, with the address that it was asked for at.
    """
    return ShowDescription(dialect=context.dialect, form="json")


@ROUTES.get(FOR_PEOPLE, None, answer=page, answer_type=str, takes_any_query=True)
def show_page(context: RequestContext) -> ShowDescription:
    """Retrieve this page"""
    return ShowDescription(dialect=context.dialect, form="html")


def _at_home(outcome: Description, context: RequestContext) -> str:
    request = context.request
    here = f"{request.scheme}://{request.host}"
    of_dialect = outcome.text.replace(NOWHERE + mount_of(context.dialect), here + request.mount)
    return of_dialect.replace(NOWHERE, here)


def _policy(page_text: str) -> str:
    """Nothing but the page itself: its style by its hash, no script, no other host, no frame."""
    style = page_text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
