"""Web servers that take posts and answer with any bytes, at any pace."""

from __future__ import annotations

import re

from tests.fakes.web import LOOPBACK, Server

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


class Mailbox(Server):
    """`requests` are those that came, each with all of its body."""

    @property
    def url(self):
        return f"http://{LOOPBACK}:{self.port}/"

    def _reply(self, connection):
        request = b""
        while not _is_whole(request):
            part = connection.recv(1000)
            if not part:
                return
            request += part
        self.requests.append(request.decode())
        for part in self._answer(request.decode()):
            connection.sendall(part)


def _is_whole(request):
    head, _, body = request.partition(b"\r\n\r\n")
    length = _LENGTH.search(head + b"\r\n")
    return length is not None and len(body) >= int(length[1])


def refusal(body, status="500 Internal Server Error"):
    head = f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n"
    return [head.encode() + body]
