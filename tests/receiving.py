"""Somebody else's web server, which takes webhooks, and the client who sends them there."""

from __future__ import annotations

import json
import random
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.running import Local, eventually

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
    """It can be away, and come back. `answers` are given in turn, the last for ever, after so many
    `seconds`; `arrived` is everything that was sent.
    """

    def __init__(self) -> None:
        self.answers = [204]
        self.seconds = 0
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
            time.sleep(receiver.seconds)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class Client:
    def __init__(self, local: Local, key: str) -> None:
        self.api, self.headers = local.api, {"Authorization": f"Bearer {key}"}

    def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        address = f"{self.api}{path}"
        return httpx.request(method, address, json=body, headers=self.headers, timeout=60)

    def given(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.ask(method, path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def hook(self, receiver: Receiver, *events: str) -> Any:
        return self.given("POST", "/v1/webhooks", {"url": receiver.url, "events": list(events)})

    def deliveries(self, webhook: str) -> Any:
        return self.given("GET", f"/v1/webhooks/{webhook}/deliveries")["deliveries"]

    def settled(self, webhook: str, delivery: str) -> Any:
        """A delivery that has come to its end."""

        def look() -> Any:
            seen = self.given("GET", f"/v1/webhooks/{webhook}/deliveries/{delivery}")
            return seen if seen["status"] != "pending" else None

        return eventually(look, ARRIVES_SECONDS, "the end of a delivery")


def genuine(secret: str, arrived: Arrived) -> bool:
    return Webhook(secret).verify(arrived.body, arrived.headers) == arrived.event


def is_signed_with(secret: str, arrived: Arrived) -> bool:
    try:
        Webhook(secret).verify(arrived.body, arrived.headers)
    except WebhookVerificationError:
        return False
    return True
