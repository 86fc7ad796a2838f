"""Sending to addresses that users give: the same web as for fetching, and nothing is followed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

import httpcore

from darkroom.domain.event_ports import Answer
from darkroom.domain.worker_ports import FetchFailed
from darkroom.fetching.network import Deadline
from darkroom.fetching.web import PublicWeb, target_of, timeouts

# Standard Webhooks gives receivers 15 to 30 s; a slower one works before it answers.
_TOTAL_SECONDS = 15
_CONNECT_SECONDS = 5
# What a refusal says beside its status could be without end, and is only for people to read.
_BEGINNING = 2000
_BEGINNING_SECONDS = 0.5
_BITE = 1000
_BROKEN_OFF = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


class SafeWebhookSender:
    def __init__(self, web: PublicWeb) -> None:
        self._web = web

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        deadline = self._web.deadline(_TOTAL_SECONDS)
        with self._web.within(deadline, _BITE) as pool:
            address = self._web.check(url)
            with pool.stream(
                "POST",
                target_of(address),
                headers=[
                    ("Host", address.authority),
                    ("User-Agent", "Darkroom"),
                    # What it says beside its status is for people to read, as it comes.
                    ("Accept-Encoding", "identity"),
                    ("Content-Length", str(len(body))),
                    *headers.items(),
                ],
                content=body,
                extensions={"timeout": timeouts(_CONNECT_SECONDS, _TOTAL_SECONDS)},
            ) as response:
                named = {name.lower(): value for name, value in response.headers}
                return Answer(
                    status=response.status,
                    retry_after=named.get(b"retry-after", b"").decode(errors="replace"),
                    beginning=_beginning(response, deadline),
                )


def _beginning(response: httpcore.Response, deadline: Deadline) -> bytes:
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        return b""
    deadline.hurry(_BEGINNING_SECONDS)
    read = bytearray()
    # The answer is there: whatever becomes of the rest, it counts.
    with suppress(FetchFailed, OSError, *_BROKEN_OFF):
        for part in response.iter_stream():
            read += part
            if len(read) >= _BEGINNING:
                break
    return bytes(read[:_BEGINNING])
