"""Fetching from addresses that users give: the public web only, in little time and few bytes."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import httpcore

from darkroom.domain.media import LARGEST_UPLOAD
from darkroom.domain.tools import Unfetchable
from darkroom.domain.web_addresses import BadAddress, WebAddress, WebPolicy
from darkroom.fetching.network import CheckedNetwork, Deadline, Resolve, system_addresses

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
    def __init__(
        self,
        policy: WebPolicy,
        *,
        limits: FetchLimits | None = None,
        resolve: Resolve = system_addresses,
        network: httpcore.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policy = policy
        self._limits = limits or FetchLimits()
        self._resolve = resolve
        self._network = network or httpcore.SyncBackend()
        self._given_tls = tls
        self._now = now

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        # When first needed: it takes as long as the rest of a start.
        return self._given_tls or httpcore.default_ssl_context()

    def fetch(self, url: str) -> bytes:
        try:
            return self._fetched(url)
        except BadAddress as error:
            raise Unfetchable(error.reason) from error
        except httpcore.TimeoutException as error:
            raise Unfetchable("timeout") from error
        except httpcore.ProtocolError as error:
            raise Unfetchable("protocol") from error
        except (httpcore.NetworkError, OSError) as error:
            raise Unfetchable("unreachable") from error

    def _fetched(self, url: str) -> bytes:
        deadline = Deadline(self._limits.total_seconds, self._now)
        network = CheckedNetwork(self._policy, self._resolve, self._network, deadline)
        with httpcore.ConnectionPool(ssl_context=self._tls, network_backend=network) as pool:
            for _ in range(1 + self._limits.redirects):
                address = self._policy.check(url)
                answer = self._ask(pool, address)
                if isinstance(answer, bytes):
                    return answer
                url = address.join(answer)
        raise Unfetchable("redirects")

    def _ask(self, pool: httpcore.ConnectionPool, address: WebAddress) -> bytes | str:
        """The body, or where it is now."""
        with pool.stream(
            "GET",
            httpcore.URL(
                scheme=address.scheme, host=address.host, port=address.port, target=address.target
            ),
            headers={
                "Host": address.authority,
                "User-Agent": "Darkroom",
                "Accept": "image/png, image/jpeg, image/webp",
                # Neither the bytes that come nor what they grow to may be without bounds.
                "Accept-Encoding": "identity",
            },
            extensions={"timeout": self._timeouts()},
        ) as response:
            headers = {name.lower(): value for name, value in response.headers}
            if response.status in _REDIRECTS and b"location" in headers:
                return headers[b"location"].decode(errors="replace")
            if response.status != _OK:
                raise Unfetchable(f"status_{response.status}")
            if headers.get(b"content-encoding", b"identity").lower() != b"identity":
                raise Unfetchable("compressed")
            return self._body(response)

    def _body(self, response: httpcore.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_stream():
            body += chunk
            if len(body) > self._limits.bytes:
                raise Unfetchable("too_large")
        return bytes(body)

    def _timeouts(self) -> dict[str, float]:
        connect, read = self._limits.connect_seconds, self._limits.read_seconds
        return {"connect": connect, "pool": connect, "read": read, "write": read}
