"""The one place that speaks HTTP to providers: deadlines, byte caps, and failures as facts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import httpx

from darkroom.providers.interface import HttpReply, HttpRequest, NoAnswer
from darkroom.providers.tokens import Tokens

# A 4096 × 4096 PNG of noise is some 50 MB; nothing honest is larger.
_MOST_BYTES = 64 * 1024 * 1024
_REQUEST = "darkroom.request"

# The request did not get there whole: the provider cannot have begun anything.
_NEVER_ARRIVED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.LocalProtocolError,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.WriteError,
    httpx.WriteTimeout,
)


class InProcess(httpx.BaseTransport):
    """An upstream in this process: it is handed the adapter's request as it is."""

    def __init__(self, answer: Callable[[HttpRequest], HttpReply]) -> None:
        self._answer = answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = self._answer(request.extensions[_REQUEST])
        return httpx.Response(reply.status, headers=dict(reply.headers), content=reply.body)


class HttpSender:
    def __init__(
        self,
        in_process: Mapping[str, Callable[[HttpRequest], HttpReply]],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`in_process` gives the hosts that are answered here rather than on the network."""
        self._now = now
        self._tokens = Tokens(self._send, now)
        self._client = httpx.Client(
            trust_env=False,
            mounts={f"all://{host}": InProcess(answer) for host, answer in in_process.items()},
        )

    def send(self, request: HttpRequest, within: float) -> HttpReply:
        if request.token_from is not None:
            return self._tokens.send(request, request.token_from, within)
        return self._send(request, within)

    def _send(self, request: HttpRequest, within: float) -> HttpReply:
        end = self._now() + within
        try:
            with self._client.stream(
                request.method,
                request.url,
                headers=dict(request.headers),
                content=request.body,
                timeout=httpx.Timeout(connect=5, read=within, write=20, pool=5),
                extensions={_REQUEST: request},
            ) as response:
                return HttpReply(
                    status=response.status_code,
                    headers=dict(response.headers),
                    body=self._body(response, end),
                )
        # From none of these: the chain would lead to the request, and that holds the key.
        except (httpx.InvalidURL, UnicodeError):
            # An address or a key that cannot be sent: HTTP knows few characters.
            raise NoAnswer("unsendable", arrived=False) from None
        except _NEVER_ARRIVED as error:
            raise NoAnswer(type(error).__name__, arrived=False) from None
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from None

    def close(self) -> None:
        self._client.close()

    def _body(self, response: httpx.Response, end: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            # A body that drips stays below the timeout of every single read.
            if self._now() > end:
                raise NoAnswer("timeout")
            body += chunk
            if len(body) > _MOST_BYTES:
                raise NoAnswer("too_many_bytes")
        return bytes(body)
