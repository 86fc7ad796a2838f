"""What the suites of all vendors share: a workspace and its key, seen as a vendor's client does."""

from __future__ import annotations

import io
import json
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from PIL import Image

from tests.running import STACK, Local, eventually

SCOPES = ("read", "generate", "media:write", "ai")
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# The time for one image, or for a few that are made side by side.
SECONDS = 60
# All of it is plain HTTP: nobody needs to load certificates.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """A client of one dialect, with a key. A header that is given as None is left out."""

    local: Local
    dialect: str
    workspace: str
    key: str
    headers: Mapping[str, str]

    @classmethod
    def opened(
        cls,
        local: Local,
        dialect: str,
        workspace: str,
        credits_granted: int = 10_000,
        *,
        headers: Callable[[str, str], Mapping[str, str]],
        scopes: tuple[str, ...] = SCOPES,
        **options: Any,
    ) -> Vendor:
        """In a workspace of its own; `headers` makes them of the key and the workspace's id.

        Options are the operator's: tier="pro", requests_per_minute=3.
        """
        limits = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        made = local.admin(
            "workspace", "create", workspace, f"--credits={credits_granted}", *limits
        )
        assert made.returncode == 0, made.stderr
        key = new_key(local, workspace, scopes)
        return cls(
            local=local,
            dialect=dialect,
            workspace=workspace,
            key=key,
            headers=headers(key, workspace),
        )

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.local.file['port']}"

    @property
    def base(self) -> str:
        """What stands in place of the vendor's own address."""
        return f"http://{self.host}/{self.dialect}"

    def with_headers(self, **headers: str) -> Vendor:
        return replace(self, headers={**self.headers, **headers})

    def request(self, method: str, path: str, **given: Any) -> httpx.Response:
        sent = {**self.headers, **given.pop("headers", {})}
        headers = {name: value for name, value in sent.items() if value is not None}
        base = given.pop("base", self.base)
        with httpx.Client(verify=_NO_TLS, timeout=60) as client:
            return client.request(method, base + path, headers=headers, **given)

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.request("GET", path, **given)

    def post(self, path: str, body: Any = None, **given: Any) -> httpx.Response:
        return self.request("POST", path, **({"json": body} if body is not None else {}), **given)

    def native(self, path: str) -> dict[str, Any]:
        """What the native dialect, which tells more, says of the same workspace's things."""
        answer = self.get(path, base=f"http://{self.host}", headers=bearer_of(self.key))
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    def account(self) -> dict[str, Any]:
        """The workspace's row, as the operator sees it: balance, held, spent, granted, ..."""
        rows = map(json.loads, self.local.admin("workspace", "list").stdout.splitlines())
        return next(row for row in rows if row["workspace"] == self.workspace)


def new_key(local: Local, workspace: str, scopes: tuple[str, ...] = SCOPES) -> str:
    options = [f"--scope={scope}" for scope in scopes]
    made = local.admin("key", "create", workspace, *options)
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)["key"]


def bearer_of(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def fetched(url: str) -> httpx.Response:
    """A file by the address that was given out, as a browser has it: no key, redirects followed."""
    with httpx.Client(verify=_NO_TLS, timeout=60, follow_redirects=True) as client:
        return client.get(url)


def curl(*arguments: str) -> tuple[int, Any]:
    """The real curl; gives the status and what the JSON of the answer says."""
    command = shutil.which("curl")
    assert command, "there is no curl on this machine"
    done = subprocess.run(
        [command, "--silent", "--show-error", "--write-out", "\n%{http_code}", *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    body, _, status = done.stdout.rpartition("\n")
    return int(status), json.loads(body)


def assert_is_image(body: bytes, kind: str, width: int, height: int) -> Image.Image:
    """`kind` as Pillow calls it: WEBP, JPEG, PNG."""
    picture = Image.open(io.BytesIO(body))
    picture.load()
    assert (picture.format, picture.size) == (kind, (width, height))
    return picture


def an_image(kind: str = "PNG", color: str = "red", size: tuple[int, int] = (96, 64)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, kind)
    return file.getvalue()


class Worker:
    """The worker of a running system, which can be held back, and one of whose images can fail."""

    def __init__(self, local: Local) -> None:
        self._local = local
        self._lambdas, self._queues = local.aws.client("lambda"), local.aws.client("sqs")
        self._dead_letters = local.outputs["DeadLetterQueueUrl"]

    @contextmanager
    def held(self) -> Iterator[Worker]:
        """What is submitted within this waits for its end."""
        with self._local.held_workers():
            yield self

    def give_up(self, workspace: str, job: str, slot: int = 0) -> None:
        """One image, as AWS gives up on it: its message has become a dead letter.

        Held back by the caller, and `job` the system's own id.
        """
        order = json.dumps({"workspace": workspace, "job": job, "slot": slot})
        self._queues.send_message(QueueUrl=self._dead_letters, MessageBody=order)

        def is_swept() -> bool:
            self._lambdas.invoke(FunctionName=f"{STACK}-sweeper", Payload=b"{}")
            counted = self._queues.get_queue_attributes(
                QueueUrl=self._dead_letters, AttributeNames=["All"]
            )["Attributes"]
            # The sweeper of the schedule may have it, and not be done with it.
            return (
                counted["ApproximateNumberOfMessages"]
                == "0"
                == (counted["ApproximateNumberOfMessagesNotVisible"])
            )

        eventually(is_swept, SECONDS, "the dead letter's end")


@contextmanager
def settings(local: Local, functions: tuple[str, ...], **variables: str) -> Iterator[None]:
    """Functions with these variables, as a deployment with other options has them."""
    lambdas = local.aws.client("lambda")
    names = [f"{STACK}-{function}" for function in functions]
    before = {
        name: lambdas.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        for name in names
    }

    def give(name: str, given: Mapping[str, str]) -> None:
        lambdas.update_function_configuration(FunctionName=name, Environment={"Variables": given})

    try:
        for name in names:
            give(name, before[name] | variables)
        yield
    finally:
        for name in names:
            give(name, before[name])


class Site:
    """A small web server of the test's own: what it serves, and who asked for what."""

    def __init__(self) -> None:
        self.pages: dict[str, Callable[[], bytes | None]] = {}
        # To a POST, by path: from the body that came to the one that goes back.
        self.answers: dict[str, Callable[[bytes], bytes]] = {}
        self.asked: list[str] = []
        self.address = ""

    def serve(self, path: str, body: bytes | Callable[[], bytes | None]) -> str:
        """The address of it. A function is asked each time; None is a 404."""
        self.pages[path] = body if callable(body) else lambda: body
        return self.address + path


@contextmanager
def site() -> Iterator[Site]:
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            self.answer(served.pages.get(self.path, lambda: None)())

        def do_POST(self) -> None:
            served.asked.append(self.path)
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(served.answers[self.path](sent))

        def answer(self, body: bytes | None) -> None:
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
