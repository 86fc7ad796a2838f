"""Connections to checked addresses only, for as long as the whole fetch may take."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from ipaddress import ip_address
from threading import Thread
from typing import Any

import httpcore

from darkroom.domain.web_addresses import WebPolicy
from darkroom.domain.worker_ports import FetchFailed

# As many bytes as are taken from the wire at once.
LARGEST_BITE = 1 << 16
Resolve = Callable[[str, int], Sequence[str]]


def system_addresses(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Deadline:
    def __init__(self, seconds: float, now: Callable[[], float]) -> None:
        self._now = now
        self._end = now() + seconds

    def hurry(self, seconds: float) -> None:
        """From now on there is no more time than this."""
        self._end = min(self._end, self._now() + seconds)

    def within(self, timeout: float | None) -> float:
        """The shorter of this timeout and what is left. Raises Unfetchable."""
        left = self._end - self._now()
        if left <= 0:
            raise FetchFailed("timeout")
        return left if timeout is None else min(left, timeout)


class CheckedNetwork(httpcore.NetworkBackend):
    def __init__(
        self,
        policy: WebPolicy,
        resolve: Resolve,
        network: httpcore.NetworkBackend,
        deadline: Deadline,
        bite: int,
    ) -> None:
        """`network` gets addresses and never names: there is no second look at what one means."""
        self._policy = policy
        self._resolve = resolve
        self._network = network
        self._deadline = deadline
        self._bite = bite

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        reason = "unreachable"
        for address in self._checked(host, port, timeout):
            try:
                stream = self._network.connect_tcp(
                    address, port, self._deadline.within(timeout), local_address, socket_options
                )
            except httpcore.ConnectError:
                continue
            except httpcore.ConnectTimeout:
                reason = "timeout"
                continue
            if ip_address(stream.get_extra_info("server_addr")[0]) != ip_address(address):
                stream.close()
                raise FetchFailed("denied")
            return _TimedStream(stream, self._deadline, self._bite)
        raise FetchFailed(reason)

    def _checked(self, host: str, port: int, timeout: float | None) -> Sequence[str]:
        try:
            addresses = self._resolved(host, port, self._deadline.within(timeout))
        except TimeoutError as error:
            raise FetchFailed("timeout") from error
        except socket.gaierror as error:
            is_nobody = error.errno == socket.EAI_NONAME
            raise FetchFailed("unknown_host" if is_nobody else "unreachable") from error
        except (OSError, UnicodeError) as error:
            raise FetchFailed("unreachable") from error
        # One bad address spoils them all: the next look would bring it to the front.
        if not all(self._policy.allows(host, address) for address in addresses):
            raise FetchFailed("denied")
        return addresses

    def _resolved(self, host: str, port: int, seconds: float) -> Sequence[str]:
        """Raises TimeoutError, and whatever the resolver raises."""
        found: Future[Sequence[str]] = Future()

        def resolve() -> None:
            try:
                found.set_result(self._resolve(host, port))
            except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                found.set_exception(error)

        # The system's resolver takes no timeout: it is left to itself when it is too late. Not in
        # a pool, whose threads are waited for when the process ends.
        Thread(target=resolve, daemon=True).start()
        return found.result(seconds)


class _TimedStream(httpcore.NetworkStream):
    """Each step within the deadline: a server that sends a byte now and then stays below every
    timeout of its own.
    """

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline, bite: int) -> None:
        self._stream = stream
        self._deadline = deadline
        self._bite = bite

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(min(max_bytes, self._bite), self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.within(timeout)
        try:
            secured = self._stream.start_tls(ssl_context, server_hostname, left)
        except httpcore.ConnectError as error:
            # Here and not outside: the pool takes the cause away.
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise FetchFailed("certificate") from error
            if isinstance(error.__cause__, ssl.SSLError):
                raise FetchFailed("tls") from error
            raise
        return _TimedStream(secured, self._deadline, self._bite)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
