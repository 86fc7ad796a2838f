"""Somebody else's web server, which takes webhooks; it can be away, and come back."""

from __future__ import annotations

import json
import random
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.running import eventually

# A receiver is retried 5 s after a first failure; the rest is for a busy machine.
ARRIVES_SECONDS = 40
# Below the ports that the system gives to others, so that nobody has it while we are away.
PORTS = range(20_000, 30_000)


@dataclass(frozen=True)
class Arrived:
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)


class Receiver:
    """`answers` are given in turn, the last for ever; `arrived` is everything that was sent."""

    def __init__(self) -> None:
        self.answers = [204]
        self.arrived: list[Arrived] = []
        self.port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> Receiver:
        ports = [self.port] if self.port else random.sample(PORTS, 20)
        self._server = _first_free(ports, _handler(self))
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """From here on whoever connects is refused."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def of(self, name: str) -> list[Arrived]:
        return [one for one in self.arrived if one.event["type"] == f"darkroom.{name}"]

    def wait_for(self, name: str, count: int = 1) -> list[Arrived]:
        def all_of_them() -> list[Arrived] | None:
            found = self.of(name)
            return found if len(found) >= count else None

        return eventually(all_of_them, ARRIVES_SECONDS, f"{count} × {name}")


def _first_free(ports: list[int], handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    *others, last = ports
    for port in others:
        try:
            return _Server(("127.0.0.1", port), handler)
        except OSError:
            continue
    return _Server(("127.0.0.1", last), handler)


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answers = receiver.answers
            status = answers.pop(0) if len(answers) > 1 else answers[0]
            receiver.arrived.append(Arrived(headers, body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler
