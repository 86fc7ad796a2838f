"""Requests by the queue or by the bus, and what becomes of those that cannot be served."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.receiving import ARRIVES_SECONDS, Client, Receiver, genuine
from tests.running import ROOT, eventually

WORKSPACE = "intake"


def test_the_script_of_the_docs_gets_an_image_by_the_queue_and_one_by_the_bus(local):
    script = ROOT / "docs" / "examples" / "events_locally.py"
    done = subprocess.run(
        [sys.executable, str(script), str(local.folder / "local.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for way in ("the queue", "the bus"):
        assert f"completed, asked for by {way}: {local.api}/v1/files/" in done.stdout
    known = local.request("GET", "/v1/webhooks").json()["webhooks"]
    assert [one["id"] for one in known] == ["default"]


class Intake:
    def __init__(self, local):
        self.queues, outputs = local.aws.client("sqs"), local.outputs
        self.queue, self.dead = outputs["IntakeQueueUrl"], outputs["IntakeDeadLetterQueueUrl"]

    def send(self, body):
        self.queues.send_message(QueueUrl=self.queue, MessageBody=body)

    def refused(self, body):
        """The reason that lies beside this message."""

        def look():
            found = self.queues.receive_message(
                QueueUrl=self.dead,
                MessageAttributeNames=["All"],
                MaxNumberOfMessages=10,
                VisibilityTimeout=0,
            )
            for message in found.get("Messages", ()):
                if message["Body"] == body:
                    attributes = message["MessageAttributes"].items()
                    return {name: value["StringValue"] for name, value in attributes}
            return None

        return eventually(look, ARRIVES_SECONDS, "the refused message")


@pytest.fixture
def receiver():
    receiver = Receiver().start()
    yield receiver
    receiver.stop()


def test_what_cannot_be_served_is_told_of_and_lies_among_the_dead_letters(local, receiver):
    client = Client(local, local.new_workspace(WORKSPACE, 1000))
    hook = client.hook(receiver, "job.rejected")
    intake = Intake(local)
    request = {
        "workspace": WORKSPACE,
        "client_token": "order-7",
        "request": {"prompt": "x", "n": 99},
    }
    intake.send(body := json.dumps(request))
    [arrived] = receiver.wait_for("job.rejected")
    assert genuine(hook["secret"], arrived)
    assert arrived.event["subject"] == f"requests/{arrived.event['requestid']}"
    told = arrived.event["data"]
    assert (told["client_token"], told["error"]["field"]) == ("order-7", "n")
    reason = intake.refused(body)
    error = told["error"]
    assert reason == {
        "code": error["code"],
        "detail": error["detail"],
        "workspace": WORKSPACE,
        "request_id": arrived.event["requestid"],
    }
    for _ in range(2):
        shown = local.admin("rejected", "list")
        assert shown.returncode == 0, shown.stderr
        rows = [json.loads(line) for line in shown.stdout.splitlines()]
        [row] = [row for row in rows if row["body"] == body]
        assert (row["workspace"], row["code"]) == (WORKSPACE, reason["code"])


def test_a_refused_request_tells_the_webhook_that_it_names(local, receiver):
    client = Client(local, local.new_workspace("intake-hook", 1000))
    request = {"prompt": "x", "n": 99, "webhook": {"url": receiver.url}}
    Intake(local).send(json.dumps({"workspace": "intake-hook", "request": request}))
    [arrived] = receiver.wait_for("job.rejected")
    assert genuine(client.given("GET", "/v1/webhooks/default/secret")["key"], arrived)
    [delivery] = client.deliveries("default")
    client.settled("default", delivery["id"])
    rows = map(json.loads, local.admin("webhooks", "list", "intake-hook").stdout.splitlines())
    assert [(row["id"], row["pending"]) for row in rows] == [("default", 0)]


def test_what_cannot_even_be_read_lies_among_the_dead_letters(local):
    intake = Intake(local)
    intake.send("not JSON at all")
    assert intake.refused("not JSON at all")["code"] == "body.not_json"
