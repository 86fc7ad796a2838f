"""The functions as they are deployed, on moto: real handlers, real adapters, real painter."""

from __future__ import annotations

import base64
import importlib
import json
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import botocore.client
import pytest
from typer.testing import CliRunner

from darkroom.admin.command import app
from darkroom.bootstrap.admin import AdminServices
from darkroom.domain.api_key import SCOPES
from darkroom.settings import AdminSettings
from darkroom.usecases.create_workspace import Limits
from tests.conftest import HARMLESS
from tests.moto_world import moto_world
from tests.receiving import Receiver
from tests.stream_filter import wakes_the_relay


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class System:
    environment: dict[str, str]
    key: str
    handlers: Any
    clients: Any
    calls: Counter = field(default_factory=Counter)

    def http(self, method, path, body=None, *, key=None, query=None, headers=None) -> Answer:
        credential = self.key if key is None else key
        sent = {"host": "darkroom.test", **(headers or {})}
        if credential:
            sent["authorization"] = f"Bearer {credential}"
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
        event = {
            "rawPath": path,
            "headers": sent,
            "queryStringParameters": query or {},
            "requestContext": {
                "http": {"method": method},
                "requestId": "req-1",
                "domainName": "darkroom.test",
                "timeEpoch": int(time.time() * 1000),
            },
            "body": base64.b64encode(raw).decode(),
            "isBase64Encoded": True,
        }
        function = self.handlers["status" if method in {"GET", "HEAD"} else "submit"]
        answer = function.handler(event, None)
        return Answer(answer["statusCode"], answer["headers"], answer["body"])

    def submit(self, **body) -> Answer:
        return self.http("POST", "/v1/jobs", {"prompt": "a red boat", **body})

    def messages(self, queue="IMAGES_QUEUE_URL") -> list[dict[str, Any]]:
        sqs, url = self.clients["sqs"], self.environment[queue]
        found = []
        while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found += batch
        return found

    def work(self, messages=None) -> list[str]:
        """Give each message to the worker, one an event; gives the ids that come back."""
        back = []
        for message in self.messages() if messages is None else messages:
            record = {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
            }
            answer = self.handlers["worker"].handler({"Records": [record]}, None)
            back += [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
        return back

    def deliver(self, queue="WEBHOOKS_QUEUE_URL") -> None:
        """Each message for a receiver of webhooks, to the function that posts it."""
        for message in self.messages(queue):
            record = {
                "messageId": message["MessageId"],
                "body": message["Body"],
                "eventSourceARN": f"arn:aws:sqs:::{self.environment[queue].rpartition('/')[2]}",
            }
            self.handlers["webhook"].handler({"Records": [record]}, None)

    def changes(self) -> list[dict[str, Any]]:
        """Every record of the table's stream, from the first."""
        streams, table = self.clients["dynamodbstreams"], self.environment["TABLE_NAME"]
        [stream] = streams.list_streams(TableName=table)["Streams"]
        description = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]
        [shard] = description["Shards"]
        iterator = streams.get_shard_iterator(
            StreamArn=stream["StreamArn"],
            ShardId=shard["ShardId"],
            ShardIteratorType="TRIM_HORIZON",
        )["ShardIterator"]
        found = []
        while records := (answer := streams.get_records(ShardIterator=iterator))["Records"]:
            found += records
            iterator = answer["NextShardIterator"]
        for record in found:
            at = record["dynamodb"]["ApproximateCreationDateTime"]
            record["dynamodb"]["ApproximateCreationDateTime"] = at.timestamp()
        return found

    def relay(self) -> None:
        """With what its filter lets through."""
        records = [one for one in self.changes() if wakes_the_relay(one)]
        self.handlers["relay"].handler({"Records": records}, None)

    def items(self) -> list[dict[str, Any]]:
        return self.clients["dynamodb"].scan(TableName=self.environment["TABLE_NAME"])["Items"]

    def files(self) -> list[str]:
        listing = self.clients["s3"].list_objects_v2(Bucket=self.environment["BUCKET_NAME"])
        return [entry["Key"] for entry in listing.get("Contents", [])]


@pytest.fixture
def system():
    with running_system() as system:
        yield system


@pytest.fixture(scope="module")
def shared_system():
    """For tests that leave nothing behind, and say so."""
    with running_system() as system:
        yield system


@contextmanager
def running_system(**settings):
    """With these variables of functions in place of the usual ones."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in HARMLESS.items():
            patch.setenv(name, value)
        with moto_world() as environment:
            yield _started(patch, environment | settings)


def _started(patch, environment):
    boto3.client("dynamodb").update_table(
        TableName=environment["TABLE_NAME"],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    for name, value in environment.items():
        patch.setenv(name, value)
    admin = AdminServices(AdminSettings.from_environment())
    admin.create_workspace("acme", 1000, Limits(max_in_flight=1000), "free")
    handlers = {
        name: importlib.reload(importlib.import_module(f"darkroom.handlers.{name}"))
        for name in ("submit", "status", "worker", "sweeper", "relay", "webhook", "intake")
    }
    services = ("dynamodb", "dynamodbstreams", "events", "secretsmanager", "sqs", "s3")
    clients = {name: boto3.client(name) for name in services}
    system = System(
        environment, admin.key_service.create("acme", scopes=SCOPES)[0], handlers, clients
    )
    _count_calls(patch, system.calls)
    return system


def _count_calls(patch, calls: Counter) -> None:
    call = botocore.client.BaseClient._make_api_call

    def counted(client, operation, arguments):
        calls[operation] += 1
        return call(client, operation, arguments)

    patch.setattr(botocore.client.BaseClient, "_make_api_call", counted)


class Operator:
    """Types commands; `last` is the latest result, `said` all that was ever said."""

    said = ""

    def type(self, *words, piped=""):
        self.last = CliRunner().invoke(app, [str(word) for word in words], input=piped)
        self.said += f"{self.last.stdout}{self.last.stderr}{self.last.exception!r}"
        lines = self.last.stdout.splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def refused(self, *words, piped=""):
        self.type(*words, piped=piped)
        assert self.last.exit_code != 0
        return self.last.stderr


@pytest.fixture
def passed_time(monkeypatch):
    """How long the functions have slept: nobody works meanwhile, so the clock goes on by itself."""
    passed = [timedelta()]

    def sleep(_clock, seconds):
        passed[0] += timedelta(seconds=seconds)

    monkeypatch.setattr("darkroom.clock_and_ids.SystemClock.sleep", sleep)
    monkeypatch.setattr(
        "darkroom.clock_and_ids.SystemClock.now", lambda _: datetime.now(UTC) + passed[0]
    )
    return passed


@pytest.fixture
def operator(monkeypatch):
    for name, value in HARMLESS.items():
        monkeypatch.setenv(name, value)
    with moto_world() as environment:
        for name in (
            "TABLE_NAME",
            "SIGNING_SECRET",
            "WEBHOOK_SECRET",
            "INTAKE_DEAD_LETTER_QUEUE_URL",
            "BUCKET_NAME",
            "IMAGES_QUEUE_URL",
            "BACKLOG_QUEUE_URL",
        ):
            monkeypatch.setenv(name, environment[name])
        yield Operator()


@pytest.fixture
def receiver():
    receiver = Receiver().start()
    yield receiver
    receiver.stop()


@pytest.fixture
def published(monkeypatch):
    """The events that the bus takes: type and subject."""
    events = []
    call = botocore.client.BaseClient._make_api_call

    def recorded(client, operation, arguments):
        if operation == "PutEvents":
            details = [json.loads(entry["Detail"]) for entry in arguments["Entries"]]
            events.extend((one["type"], one["subject"]) for one in details)
        return call(client, operation, arguments)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", recorded)
    return events
