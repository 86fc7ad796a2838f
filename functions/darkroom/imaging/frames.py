"""What the worker and its decoder say to each other: a header in JSON, and bytes after it.

Nothing here can become code on the other side, as a pickle could: the decoder reads what strangers
sent, and is not believed more than they are.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from socket import socket
from typing import Any

_LENGTH = struct.Struct(">I")
# Larger than any picture that is taken in or handed out.
_MOST_BYTES = 512 * 1024 * 1024
_MOST_PARTS = 2  # an image and its thumbnail


class Closed(Exception):  # noqa: N818 - what happened
    """The other side is gone."""


def send(to: socket, header: Mapping[str, Any], blobs: Iterable[bytes] = ()) -> None:
    parts = list(blobs)
    text = json.dumps({"header": header, "sizes": [len(part) for part in parts]}).encode()
    to.sendall(_LENGTH.pack(len(text)) + text)
    for part in parts:
        to.sendall(part)


def receive(of: socket) -> tuple[dict[str, Any], Sequence[bytes]]:
    """Raises Closed, also for what cannot be read."""
    (length,) = _LENGTH.unpack(_exactly(of, _LENGTH.size))
    try:
        frame = json.loads(_exactly(of, length))
        header, sizes = frame["header"], [int(size) for size in frame["sizes"]]
    except (ValueError, KeyError, TypeError):
        raise Closed from None
    if len(sizes) > _MOST_PARTS or sum(sizes) > _MOST_BYTES:
        raise Closed
    return header, [_exactly(of, size) for size in sizes]


def _exactly(of: socket, count: int) -> bytes:
    if not 0 <= count <= _MOST_BYTES:
        raise Closed
    body = bytearray(count)
    view, had = memoryview(body), 0
    while had < count:
        read = of.recv_into(view[had:])
        if not read:
            raise Closed
        had += read
    return bytes(body)
