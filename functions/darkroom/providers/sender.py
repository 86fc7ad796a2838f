"""The one place that speaks HTTP to providers: deadlines, byte caps, and failures as facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import httpx

from darkroom.providers.exchange import HttpReply, HttpRequest, NoAnswer

_TIMEOUT = httpx.Timeout(connect=5, read=100, write=20, pool=5)
# A 4096 × 4096 PNG of noise is some 50 MB; nothing honest is larger.
_MOST_BYTES = 64 * 1024 * 1024


class InProcess(httpx.BaseTransport):
    """An upstream that lives in this process: bytes in, a reply out."""

    def __init__(self, answer: Callable[[bytes], HttpReply]) -> None:
        self._answer = answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = self._answer(request.read())
        return httpx.Response(reply.status, headers=dict(reply.headers), content=reply.body)


class HttpSender:
    def __init__(self, in_process: Mapping[str, Callable[[bytes], HttpReply]]) -> None:
        """`in_process` gives the hosts that are answered here rather than on the network."""
        self._client = httpx.Client(
            timeout=_TIMEOUT,
            trust_env=False,
            mounts={f"all://{host}": InProcess(answer) for host, answer in in_process.items()},
        )

    def send(self, request: HttpRequest) -> HttpReply:
        try:
            with self._client.stream(
                request.method,
                request.url,
                headers=dict(request.headers),
                content=request.body,
            ) as response:
                return HttpReply(
                    status=response.status_code,
                    headers=dict(response.headers),
                    body=_capped(response),
                )
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from error


def _capped(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise NoAnswer("too_many_bytes")
    return bytes(body)
