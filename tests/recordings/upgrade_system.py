"""The system of a recording, when it is made and when it is carried on: what its clients and its
asynchronous provider are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import botocore.client
import pytest

from tests.conformance.vendors import Site
from tests.integration.conftest import System
from tests.receiving import Receiver
from tests.recordings.replay import Replay, replaying

# What makes images in its own time, as the site plays it.
ASYNCHRONOUS, ITS_MODEL = "replicate", "flux-schnell"
ITS_PLACE = "/models/black-forest-labs/flux-schnell/predictions"
ITS_SECRET = "whsec_" + "c2VjcmV0" * 4
PREDICTION = "a-prediction"
SETTINGS = {"PROVIDERS": f"painter,{ASYNCHRONOUS}", "STAND_IN": ""}
QUEUES = (
    "IMAGES_QUEUE_URL",
    "BACKLOG_QUEUE_URL",
    "DEAD_LETTER_QUEUE_URL",
    "WEBHOOKS_QUEUE_URL",
    "SLOW_WEBHOOKS_QUEUE_URL",
    "INTAKE_QUEUE_URL",
    "INTAKE_DEAD_LETTER_QUEUE_URL",
    "SET_ASIDE_QUEUE_URL",
)


@contextmanager
def recorded_system() -> Iterator[tuple[System, Site, Receiver, Replay]]:
    with replaying(**SETTINGS) as replay:
        replay.works = False
        receiver = Receiver().start()
        try:
            yield replay.system, replay.place, receiver, replay
        finally:
            receiver.stop()


def message_of(sent: dict[str, Any]) -> dict[str, Any]:
    """As the worker is handed it."""
    return {"MessageId": "m-1", "ReceiptHandle": "r-1", "Body": sent["body"]}


def deliver(system: System, sent: dict[str, Any]) -> None:
    arn = f"arn:aws:sqs:::{system.environment['WEBHOOKS_QUEUE_URL'].rpartition('/')[2]}"
    record = {"messageId": "m-1", "body": sent["body"], "eventSourceARN": arn}
    system.handlers["webhook"].handler({"Records": [record]}, None)


def intake_record(body: str, name: str, at: datetime, attributes: Any = None) -> dict[str, Any]:
    """As the intake function is handed a message."""
    given = {
        key: {"dataType": "String", "stringValue": one["StringValue"]}
        for key, one in (attributes or {}).items()
    }
    return {
        "messageId": name,
        "receiptHandle": "r-1",
        "body": body,
        "attributes": {"SentTimestamp": str(int(at.timestamp() * 1000))},
        "messageAttributes": given,
    }


def answer_of(status: str, **more: Any) -> Callable[[bytes], bytes]:
    return lambda _: json.dumps({"id": PREDICTION, "status": status, **more}).encode()


def keep_account(system: System, place: Site) -> None:
    """Of the asynchronous provider, which the site plays; the image is ready at the first look."""
    account = {"key": "not-a-real-key", "base_url": place.address}
    system.clients["secretsmanager"].create_secret(
        Name=f"darkroom/test/{ASYNCHRONOUS}", SecretString=json.dumps(account)
    )
    place.serve("/webhooks/default/secret", json.dumps({"key": ITS_SECRET}).encode())
    output = [f"{place.address}/pier.png"]
    done = {"id": PREDICTION, "status": "succeeded", "output": output}
    place.serve(f"/predictions/{PREDICTION}", json.dumps(done).encode())


def with_addresses(text: str, system: System, place: Site, receiver: Receiver) -> str:
    """A recorded file, as if it had been recorded of this system."""
    for placeholder, address in addresses(system, place, receiver):
        text = text.replace(placeholder, address)
    return text


def addresses(system: System, place: Site, receiver: Receiver) -> tuple[tuple[str, str], ...]:
    return (
        ("${site}", place.address),
        ("${receiver}", receiver.url),
        *((f"${{{name}}}", system.environment[name]) for name in QUEUES),
    )


def fail(patch: pytest.MonkeyPatch, operation: str) -> None:
    call = botocore.client.BaseClient._make_api_call

    def failing(client: Any, name: str, given: dict[str, Any]) -> Any:
        if name == operation:
            raise OSError(f"{name} is away")
        return call(client, name, given)

    patch.setattr(botocore.client.BaseClient, "_make_api_call", failing)
