"""The public web behind addresses that users give: checked connections, within a time."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property

import httpcore

from darkroom.domain.web_addresses import BadAddress, WebAddress, WebPolicy
from darkroom.domain.worker_ports import FetchFailed
from darkroom.fetching.network import (
    LARGEST_BITE,
    CheckedNetwork,
    Deadline,
    Resolve,
    system_addresses,
)


class PublicWeb:
    def __init__(
        self,
        policy: WebPolicy,
        *,
        resolve: Resolve = system_addresses,
        network: httpcore.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policy = policy
        self._resolve = resolve
        self._network = network or httpcore.SyncBackend()
        self._given_tls = tls
        self._now = now

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        # When first needed: it takes as long as the rest of a start.
        return self._given_tls or httpcore.default_ssl_context()

    def check(self, url: str) -> WebAddress:
        """Raises BadAddress."""
        return self._policy.check(url)

    def deadline(self, seconds: float) -> Deadline:
        return Deadline(seconds, self._now)

    @contextmanager
    def within(
        self, deadline: Deadline, bite: int = LARGEST_BITE
    ) -> Iterator[httpcore.ConnectionPool]:
        """Everything that goes wrong in here is Unfetchable."""
        network = CheckedNetwork(self._policy, self._resolve, self._network, deadline, bite)
        try:
            with httpcore.ConnectionPool(ssl_context=self._tls, network_backend=network) as pool:
                yield pool
        except BadAddress as error:
            raise FetchFailed(error.reason) from error
        except httpcore.TimeoutException as error:
            raise FetchFailed("timeout") from error
        except httpcore.ProtocolError as error:
            raise FetchFailed("protocol") from error
        except (httpcore.NetworkError, OSError) as error:
            raise FetchFailed("unreachable") from error


def target_of(address: WebAddress) -> httpcore.URL:
    return httpcore.URL(
        scheme=address.scheme, host=address.host, port=address.port, target=address.target
    )


def timeouts(connect: float, read: float) -> dict[str, float]:
    return {"connect": connect, "pool": connect, "read": read, "write": read}
