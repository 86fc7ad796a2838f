"""Requests in their order against the functions on moto, each with its answer, made comparable.

An exchange is plain data, so that one that was recorded can be sent again by later code:

    {"name": "submitJob", "send": {"method": "POST", "path": "/v1/jobs", "body": {…}},
     "keep": {"job": "/id"}}

`${job}` in a later request is what was kept, `${x*300}` is three hundred times x. In place of
`send`, `do` names what happens between requests: `work`, `deliver`, `upload`.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from tests.conformance.vendors import an_image, site
from tests.integration.conftest import Operator, System, running_system
from tests.recordings.normal import Names

Exchange = dict[str, Any]
# Models have an end, and so the recording has a day of its own.
DAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
# Each request has a minute of its own: what is left of a limit is the same at each run.
STEP = timedelta(minutes=1)
CLOCK = "darkroom.clock_and_ids.SystemClock"
QUEUES = (
    "IMAGES_QUEUE_URL",
    "BACKLOG_QUEUE_URL",
    "WEBHOOKS_QUEUE_URL",
    "SLOW_WEBHOOKS_QUEUE_URL",
)
SCOPES = ("read", "generate", "media:write", "ai", "webhooks", "admin")
# Of the right shape, and of no workspace.
UNKNOWN_KEY = "dk_test_000000000000000000000000000000000000"
_VARIABLE = re.compile(r"\$\{(?:(\w+)|(.)\*(\d+))\}")
_BOUNDARY = "a-boundary-of-the-recording"


class Replay:
    """A system of its own for each dialect: the fewer items, the faster its table."""

    def __init__(self, system: System, place: Any, later: Callable[[timedelta], None]) -> None:
        self.system = system
        self.place = place
        self._later = later
        self._keys: dict[str, str] = {}
        self._variables: dict[str, str] = {}
        self._names = Names({})
        self.received: list[dict[str, Any]] = []
        # What was to be kept of an answer and is not in it.
        self.missing: list[str] = []
        self.now = DAY
        # Whether a request that waits for a job has its image made meanwhile.
        self.works = True

    def of(self, dialect: str, exchanges: list[Exchange]) -> Iterator[Any]:
        """The answer of each."""
        self._open(f"recorded-{dialect}")
        for exchange in exchanges:
            self._later(STEP)
            if "do" in exchange:
                yield self._do(exchange)
            else:
                yield self._send(exchange)

    def _open(self, workspace: str) -> None:
        operated(
            *("workspace", "create", workspace, "--credits", 1_000_000, "--tier", "pro"),
            *("--requests-per-minute", 100_000, "--max-in-flight", 100_000),
        )
        self._keys = {"none": "", "unknown": UNKNOWN_KEY}
        for name, scopes in (("all", SCOPES), *((scope, (scope,)) for scope in SCOPES)):
            options = [f"--scope={scope}" for scope in scopes]
            self._keys[name] = operated("key", "create", workspace, *options)["key"]
        self._variables = {
            "site": self.place.address,
            "workspace": workspace,
            # What no request of the list has kept is still a good id.
            "nothing": "01900000-0000-7000-8000-000000000000",
        }
        self._names = Names({self.place.address: "<site>"})
        self.works = True

    def _do(self, exchange: Exchange) -> Any:
        match exchange["do"]:
            case "work":
                self.work()
            case "stop_working":
                self.works = False
                # moto copies every change with each transaction, and no test reads them any more.
                table = self.system.environment["TABLE_NAME"]
                dynamodb_backends[ACCOUNT_ID]["us-east-1"].tables[table].stream_shard = None
            case "upload":
                # As the client of a presigned address does.
                self.system.clients["s3"].put_object(
                    Bucket=self.system.environment["BUCKET_NAME"],
                    Key=f"uploads/{self._variables[exchange['media']]}",
                    Body=an_image(),
                    ContentType="image/png",
                )
            case "deliver":
                return self._delivered()
        return None

    def work(self) -> None:
        """Until there is nothing to do, the failed tries again."""
        for queue in QUEUES[:2]:
            messages = self.system.messages(queue)
            back = self.system.work(messages)
            self._delete(queue, [one for one in messages if one["MessageId"] not in back])

    def _delete(self, queue: str, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            self.system.clients["sqs"].delete_message(
                QueueUrl=self.system.environment[queue], ReceiptHandle=message["ReceiptHandle"]
            )

    def _delivered(self) -> list[Any]:
        """What the relay and the function of webhooks send to the client, this once."""
        self.system.relay()
        for queue in QUEUES[2:]:
            self.system.deliver(queue)
        return [self._names.normal(one) for one in self.received]

    def _send(self, exchange: Exchange) -> dict[str, Any]:
        sent = self._given(exchange["send"])
        headers = {"host": "darkroom.test", **sent.get("headers", {})}
        key = self._keys[exchange.get("key", "all")]
        if key and not headers.keys() & {"authorization", "x-api-key"}:
            headers["authorization"] = f"Bearer {key}"
        raw, kind = _body(sent)
        if kind:
            headers.setdefault("content-type", kind)
        event = {
            "rawPath": unquote(sent["path"]),
            "headers": headers,
            "queryStringParameters": sent.get("query", {}),
            "requestContext": {
                "http": {"method": sent["method"], "sourceIp": "203.0.113.7"},
                "requestId": "req-1",
                "domainName": "darkroom.test",
                "timeEpoch": int(self.now.timestamp() * 1000),
            },
            "body": base64.b64encode(raw).decode(),
            "isBase64Encoded": True,
        }
        reads = sent["method"] in {"GET", "HEAD"}
        function = self.system.handlers["status" if reads else "submit"]
        answer = function.handler(event, None)
        body = "<file>" if answer["isBase64Encoded"] else _read(answer["body"])
        for name, pointer in exchange.get("keep", {}).items():
            try:
                self._variables |= _kept(name, _at(body, pointer))
            except (LookupError, TypeError):
                # A difference that the comparison shows, with all that follows from it.
                self.missing.append(f"{exchange['name']}: {pointer} in {body}")
        told = {"status": answer["statusCode"], "headers": answer["headers"]}
        if not exchange.get("without_body"):
            told["body"] = body
        normal: dict[str, Any] = self._names.normal(told)
        return normal

    def _given(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._given(name): self._given(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._given(one) for one in value]
        if isinstance(value, str):
            return _VARIABLE.sub(self._variable, value)
        return value

    def _variable(self, found: re.Match[str]) -> str:
        name, text, times = found.groups()
        return self._variables.get(name, name) if name else text * int(times)


def operated(*words: object) -> dict[str, Any]:
    """What the operator's command shows."""
    operator = Operator()
    shown: list[dict[str, Any]] = operator.type(*words)
    assert operator.last.exit_code == 0, operator.said
    return shown[0]


def _body(sent: Mapping[str, Any]) -> tuple[bytes, str]:
    if "form" in sent:
        return _form(sent["form"]), f"multipart/form-data; boundary={_BOUNDARY}"
    if "raw" in sent:
        return sent["raw"].encode(), "application/json"
    if "body" in sent:
        return json.dumps(sent["body"]).encode(), "application/json"
    return b"", ""


def _form(fields: Mapping[str, str]) -> bytes:
    """A value of `<picture>` is a file, a picture of its own."""
    parts = []
    for name, value in fields.items():
        head, content = f'Content-Disposition: form-data; name="{name}"', value.encode()
        if value == "<picture>":
            head += '; filename="pier.png"\r\nContent-Type: image/png'
            content = an_image()
        parts.append(f"--{_BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _at(body: Any, pointer: str) -> Any:
    for step in pointer.strip("/").split("/"):
        body = body[int(step)] if isinstance(body, list) else body[step]
    return body


def _kept(name: str, value: str) -> dict[str, str]:
    """Of an address its path and its signature, too."""
    if not value.startswith("http"):
        return {name: value, f"{name}_encoded": value.replace("/", "%2F")}
    address = urlsplit(value)
    query = {f"{name}_{key}": values[0] for key, values in parse_qs(address.query).items()}
    return {name: value, f"{name}_path": address.path, **query}


@contextmanager
def replaying(**settings: str) -> Iterator[Replay]:
    """The functions with a clock that goes on by itself, ids that are made in order, and a web
    server of a client.
    """
    with (
        pytest.MonkeyPatch.context() as patch,
        site() as place,
        running_system(**settings) as system,
    ):
        numbers = count(1)
        patch.setattr(secrets, "randbits", lambda _: next(numbers))
        patch.setattr(secrets, "randbelow", Random(1).randrange)  # noqa: S311 - the same each time

        def later(by: timedelta) -> None:
            replay.now += by

        def sleep(_clock: Any, seconds: float) -> None:
            # No worker runs: one look is as good as thirty.
            later(timedelta(seconds=seconds if replay.works else seconds * 600))
            if replay.works:
                replay.work()

        patch.setattr(f"{CLOCK}.now", lambda _: replay.now)
        patch.setattr(f"{CLOCK}.sleep", sleep)
        replay = Replay(system, place, later)
        # Not a line for each request.
        patch.setattr(logging.root.manager, "disable", logging.INFO)
        place.serve("/pier.png", an_image())
        place.answers = defaultdict(lambda: replay_receives(replay))
        yield replay


def replay_receives(replay: Replay) -> Callable[[bytes], bytes]:
    def receive(body: bytes) -> bytes:
        replay.received.append(json.loads(body))
        return b""

    return receive
