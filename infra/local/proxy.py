"""Puts the API at the root of a port of its own, as it stands on a domain of its own on AWS.

MiniStack serves an API below /_aws/execute-api/<id>/<stage>/, or on a custom domain, which needs a
dot in its name and so cannot be localhost. This stands before MiniStack in the same process: it
names the API in front of the path, sets the headers that API Gateway sets, and passes everything
else on untouched, the bodies as they stream.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from infra.local.access import may_use_aws

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

POLICY_VIOLATION = 1008
# API Gateway says these itself: what a client sends under these names is not passed on.
OWN_HEADERS = frozenset({b"x-forwarded-proto", b"x-forwarded-port"})


class Proxy:
    def __init__(self, local_aws: Application, api_ports: Collection[int]) -> None:
        self._local_aws = local_aws
        self._api_ports = api_ports
        self.api_id: str | None = None
        # Whether MiniStack has read its state.
        self.started = False
        self._in_flight = 0
        self._nobody_inside = asyncio.Event()
        self._nobody_inside.set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._local_aws(scope, receive, self._noting_the_start(send))
        elif scope["server"][1] not in self._api_ports:
            if may_use_aws(scope):
                await self._local_aws(scope, receive, send)
            else:
                await _answer(
                    send, 403, "The local AWS takes signed requests, and none of web pages."
                )
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        elif self.api_id is None:
            message = "Darkroom is starting or stopping. Try again in a moment."
            await _answer(send, 503, message, (b"retry-after", b"1"))
        else:
            self._in_flight += 1
            self._nobody_inside.clear()
            try:
                await self._local_aws(_addressed_to(self.api_id, scope), receive, send)
            finally:
                self._in_flight -= 1
                if not self._in_flight:
                    self._nobody_inside.set()

    def _noting_the_start(self, send: Send) -> Send:
        async def note(message: Message) -> None:
            self.started = self.started or message["type"] == "lifespan.startup.complete"
            await send(message)

        return note

    async def close(self, grace_seconds: float) -> None:
        """Accept no new connection, and give the open ones a moment to end."""
        self.api_id = None
        with suppress(TimeoutError):
            await asyncio.wait_for(self._nobody_inside.wait(), grace_seconds)


def _addressed_to(api_id: str, scope: Message) -> Message:
    prefix = f"/_aws/execute-api/{api_id}/$default"
    raw_path = _cut_at_question_mark(scope.get("raw_path") or scope["path"].encode())
    return {
        **scope,
        "path": prefix + unquote(raw_path.decode("ascii", "replace")),
        "raw_path": prefix.encode() + raw_path,
        "headers": _gateway_headers(scope),
    }


def _cut_at_question_mark(raw_path: bytes) -> bytes:
    """HTTP APIs decode the path (MiniStack does, too) and end it at a question mark that was
    escaped. The query stays as it was sent.
    """
    return re.split(b"%3[Ff]", raw_path, maxsplit=1)[0]


def _gateway_headers(scope: Message) -> list[tuple[bytes, bytes]]:
    client = (scope.get("client") or ("127.0.0.1",))[0].encode()
    kept = [(name, value) for name, value in scope["headers"] if name.lower() not in OWN_HEADERS]
    # MiniStack joins repeated headers with a comma: what API Gateway does with this one.
    return [
        *kept,
        (b"x-forwarded-for", client),
        (b"x-forwarded-proto", b"http"),
        (b"x-forwarded-port", str(scope["server"][1]).encode()),
    ]


async def _answer(send: Send, status: int, message: str, *more: tuple[bytes, bytes]) -> None:
    body = json.dumps({"message": message}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
