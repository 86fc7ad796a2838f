"""Files: how one is asked for over HTTP, and the answer that carries it or leads to it."""

from __future__ import annotations

import re
from http import HTTPStatus

from darkroom.dialects.wire import Request, Response
from darkroom.domain.file_links import content_disposition
from darkroom.domain.library_operations import Download
from darkroom.domain.outcomes import FileContent, FileLocation

_TAG = re.compile(r'"[^"]*"|\*')


def download_of(request: Request) -> Download:
    return Download(
        only_head=request.method == "HEAD",
        only_part="range" in request.headers,
        # Whether a cache on the way took it for weak makes no difference here (RFC 9110, 13.1.2).
        known_tags=tuple(_TAG.findall(request.headers.get("if-none-match", ""))),
    )


def file_answer(outcome: FileContent | FileLocation) -> Response:
    if isinstance(outcome, FileLocation):
        # The address inside dies before any cache of ours would.
        headers = {"location": outcome.url, "cache-control": "private, no-store"}
        return Response(status=HTTPStatus.FOUND, headers=headers)
    headers = {
        "content-type": outcome.content_type,
        "content-disposition": content_disposition(outcome.name),
        "etag": outcome.tag,
        "accept-ranges": "bytes",
        "cache-control": f"private, max-age={outcome.seconds}, immutable"
        if outcome.seconds
        else "private, no-cache",
    }
    if outcome.is_not_modified:
        del headers["content-type"]
        return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    if outcome.body is None:
        return Response(
            status=HTTPStatus.OK, headers={**headers, "content-length": str(outcome.size)}
        )
    return Response(status=HTTPStatus.OK, headers=headers, body=outcome.body)
