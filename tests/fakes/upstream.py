"""A provider on loopback: real HTTP, in the vendor's own shapes, and every way to go wrong.

A vendor's module says how that vendor answers; what any network can do (no answer, half an
answer, HTML) is here.
"""

from __future__ import annotations

import io
import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from tests.fakes.descriptions import complaints

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> list[tuple[str, str, bytes]]:
        """(name, file name, body) of each part."""
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        message = message_from_bytes(head + self.body, policy=HTTP)
        return [
            (
                str(part.get_param("name", header="content-disposition")),
                part.get_filename() or "",
                part.get_payload(decode=True),
            )
            for part in message.iter_parts()
        ]


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int = 200
    body: Any = b""  # bytes as they are, anything else as JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Wrong(AssertionError):  # noqa: N818 - a verdict
    """What was sent is not what the vendor documents."""


class Vendor(ABC):
    """One provider. `upstream` is set before anything is asked.

    `account` is what its adapter is given beside base_url; `model` is one that takes what most
    tests ask for.
    """

    name: ClassVar[str]
    account: ClassVar[Mapping[str, str]] = {"key": "the-right-key"}
    model: ClassVar[str]
    # Of what `trouble` knows; what a vendor has no way to say is left out.
    troubles: ClassVar[tuple[str, ...]] = (
        "moderation",
        "invalid",
        "rate_limited",
        "no_funds",
        "unauthorized",
        "model_gone",
        "transient",
    )
    # The file of the vendor's own description, where there is one.
    description: ClassVar[str] = ""
    # How often an asynchronous one is asked after an image before it is ready.
    polls = 2

    def __init__(self) -> None:
        self.upstream: Upstream
        # What the next requests that start an image are answered with, in the vendor's way.
        self.script: list[str] = []
        # How many images the next answer holds.
        self.images = 1
        # How many requests were held against the vendor's own description.
        self.described = 0

    @abstractmethod
    def answer(self, asked: Asked) -> Answer:
        """Raises Wrong for a request that the vendor does not document."""

    @abstractmethod
    def trouble(self, kind: str) -> Answer:
        """An error as this vendor tells it."""

    def conforms(self, schema: str, body: Any) -> None:
        """Hold a body against a component schema of the description, where that is at hand."""
        found = complaints(self.description, schema, body)
        require(not found, f"{schema}: {found}")
        self.described += found is not None

    def next_trouble(self) -> Answer | None:
        """What the script says, for a vendor to give in place of a success."""
        return self.trouble(self.script.pop(0)) if self.script else None


def picture(width: int = 64, height: int = 48, colour: str = "teal", form: str = "PNG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(written, form)
    return written.getvalue()


def require(holds: object, what: str) -> None:
    if not holds:
        raise Wrong(what)


class Upstream:
    """Serves one vendor. `faults` are what happens to the next requests that start an image:

    silent     the request is taken, and nothing is answered
    truncated  half of the answer
    html       200 and a page of a proxy
    """

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        vendor.upstream = self
        self.asked: list[Asked] = []
        self.wrong: list[str] = []
        self.faults: list[str] = []
        self.files: dict[str, bytes] = {}
        self.released = threading.Event()
        self._server = ThreadingHTTPServer((LOOPBACK, 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.url = f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def account(self) -> dict[str, str]:
        return {**self.vendor.account, "base_url": self.url}

    def keep(self, body: bytes, name: str = "") -> str:
        """Where this file can be had from now on."""
        name = name or f"{len(self.files)}.png"
        self.files[name] = body
        return f"{self.url}/files/{name}"

    def answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/files/"):
            body = self.files.get(asked.path.removeprefix("/files/"))
            return Answer(status=404) if body is None else Answer(body=body)
        self.asked.append(asked)
        try:
            return self.vendor.answer(asked)
        except (Wrong, LookupError, ValueError, TypeError) as error:
            # Told by the test that asked, and not in a thread of its own.
            self.wrong.append(f"{asked.method} {asked.path}: {error!r}")
            return Answer(status=400, body={"error": str(error)})


def _handler(upstream: Upstream) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer in one piece: in two, the second waits 40 ms for the first to be acknowledged.
        wbufsize = -1

        def _serve(self) -> None:
            fault = ""
            if upstream.faults and self.command == "POST":
                fault = upstream.faults.pop(0)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if fault == "silent":
                upstream.released.wait(30)
                self.close_connection = True
                return
            address = urlsplit(self.path)
            answer = upstream.answer(
                Asked(
                    method=self.command,
                    path=address.path,
                    query={name: value[0] for name, value in parse_qs(address.query).items()},
                    headers={name.lower(): value for name, value in self.headers.items()},
                    body=body,
                )
            )
            self._give(answer, fault)

        def _give(self, answer: Answer, fault: str) -> None:
            body, headers, status = answer.bytes, dict(answer.headers), answer.status
            if fault == "html":
                status, body = 200, b"<html><body>Please come back later.</body></html>"
                headers = {"content-type": "text/html"}
            self.send_response(status)
            headers.setdefault("content-type", "application/json")
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body[: len(body) // 2] if fault == "truncated" else body)
            if fault == "truncated":
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the base class's names

        def log_message(self, *_: object) -> None:
            pass

    return Handler
