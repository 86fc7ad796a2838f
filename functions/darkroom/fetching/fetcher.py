"""Fetching from addresses that users give: the public web only, in little time and few bytes."""

from __future__ import annotations

from dataclasses import dataclass

import httpcore

from darkroom.domain.media import LARGEST_UPLOAD
from darkroom.domain.web_addresses import WebAddress
from darkroom.domain.worker_ports import FetchFailed
from darkroom.fetching.web import PublicWeb, target_of, timeouts

_OK = 200
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    bytes: int = LARGEST_UPLOAD
    redirects: int = 3
    connect_seconds: float = 5
    read_seconds: float = 10
    total_seconds: float = 20


class SafeFetcher:
    def __init__(self, web: PublicWeb, *, limits: FetchLimits | None = None) -> None:
        self._web = web
        self._limits = limits or FetchLimits()

    def fetch(self, url: str) -> bytes:
        with self._web.within(self._web.deadline(self._limits.total_seconds)) as pool:
            for _ in range(1 + self._limits.redirects):
                address = self._web.check(url)
                answer = self._ask(pool, address)
                if isinstance(answer, bytes):
                    return answer
                url = address.join(answer)
        raise FetchFailed("redirects")

    def _ask(self, pool: httpcore.ConnectionPool, address: WebAddress) -> bytes | str:
        """The body, or where it is now."""
        with pool.stream(
            "GET",
            target_of(address),
            headers={
                "Host": address.authority,
                "User-Agent": "Darkroom",
                "Accept": "image/png, image/jpeg, image/webp",
                # Neither the bytes that come nor what they grow to may be without bounds.
                "Accept-Encoding": "identity",
            },
            extensions={
                "timeout": timeouts(self._limits.connect_seconds, self._limits.read_seconds)
            },
        ) as response:
            headers = {name.lower(): value for name, value in response.headers}
            if response.status in _REDIRECTS and b"location" in headers:
                return headers[b"location"].decode(errors="replace")
            if response.status != _OK:
                raise FetchFailed(f"status_{response.status}")
            if headers.get(b"content-encoding", b"identity").lower() != b"identity":
                raise FetchFailed("compressed")
            return self._body(response)

    def _body(self, response: httpcore.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_stream():
            body += chunk
            if len(body) > self._limits.bytes:
                raise FetchFailed("too_large")
        return bytes(body)
