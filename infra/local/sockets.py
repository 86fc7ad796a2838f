"""Loopback sockets, opened here and handed to the child, so that a taken port is known at once."""

from __future__ import annotations

import errno
import socket

from infra.local.errors import LocalRunError

BACKLOG = 128


def open_api_sockets(port: int) -> list[socket.socket]:
    """Both loopback addresses: `localhost` is the one or the other, as the client prefers."""
    try:
        first = _listening(socket.AF_INET, "127.0.0.1", port)
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        why = "taken by another program" if error.errno == errno.EADDRINUSE else "not allowed"
        another = port + 1 if port > 1024 else 8700  # noqa: PLR2004 - below are the privileged
        message = f"Port {port} is {why}.\nChoose another one: make run PORT={another}"
        raise LocalRunError(message) from None
    try:
        return [first, _listening(socket.AF_INET6, "::1", port_of(first))]
    except OSError:
        return [first]


def open_aws_socket(preferred: int) -> socket.socket:
    """The port of the last time, so that addresses noted down keep working, or any other."""
    try:
        return _listening(socket.AF_INET, "127.0.0.1", preferred)
    except OSError:
        return _listening(socket.AF_INET, "127.0.0.1", 0)


def port_of(opened: socket.socket) -> int:
    port: int = opened.getsockname()[1]
    return port


def _listening(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        # Or the port stays taken for a minute after a stop.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.bind((address, port))
        # Who comes before the child is ready waits, rather than being refused.
        opened.listen(BACKLOG)
    except OSError:
        opened.close()
        raise
    return opened
