"""What every dialect has beside its own routes: its documentation, for programs and for people."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Mapping
from typing import Any

from darkroom.dialects.context import RequestContext
from darkroom.dialects.routes import Routes
from darkroom.dialects.wire import FOR_PEOPLE, FOR_PROGRAMS, Response
from darkroom.domain.operations import ShowDescription
from darkroom.domain.outcomes import Description

# What the files have in place of the address that they are asked for at.
NOWHERE = "https://darkroom.example"
ROUTES = Routes("documentation")
_FAST = 5  # of gzip: nearly as small as the slowest


def mount_of(dialect: str) -> str:
    """Where the files have it stand."""
    return "" if dialect == "native" else f"/{dialect}"


def document(outcome: Description, context: RequestContext) -> Response:
    return _served(outcome, context, "application/json", {})


def page(outcome: Description, context: RequestContext) -> Response:
    policy = {"content-security-policy": _policy(outcome.text)}
    return _served(outcome, context, "text/html; charset=utf-8", policy)


def _served(
    outcome: Description, context: RequestContext, kind: str, headers: Mapping[str, str]
) -> Response:
    """Compressed where the client can read that, and not sent again where it has it already."""
    request = context.request
    text = _at_home(outcome, context)
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {
        **headers,
        "content-type": kind,
        "etag": tag,
        # It may change with each deployment: to be asked for again, and mostly not to be sent.
        "cache-control": "no-cache",
        "vary": "accept-encoding",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(text.encode(), _FAST, mtime=0)
        return Response(status=200, headers={**headers, "content-encoding": "gzip"}, body=body)
    return Response(status=200, headers=headers, body=text)


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
    """Nothing but the page itself: its style and its script by their hashes, calls to this host
    alone, no frame.
    """
    return (
        f"default-src 'none'; style-src {_hash_of('style', page_text)}; "
        f"script-src {_hash_of('script', page_text)}; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


def _hash_of(element: str, page_text: str) -> str:
    text = page_text.partition(f"<{element}>")[2].partition(f"</{element}>")[0]
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
