"""The operator's command: requests that were refused, and webhooks."""

import json
import os
import uuid
from datetime import UTC, datetime

import boto3

from darkroom.aws.table import Table
from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
from darkroom.domain.delivery import Delivery, DeliveryStatus
from darkroom.domain.webhook import Webhook
from tests.builders import NOW
from tests.moto_world import TABLE


def refuse(body, **reason):
    boto3.client("sqs").send_message(
        QueueUrl=os.environ["INTAKE_DEAD_LETTER_QUEUE_URL"],
        MessageBody=body,
        MessageAttributes={
            name: {"DataType": "String", "StringValue": text} for name, text in reason.items()
        },
    )


def test_refused_requests_are_listed_and_stay_where_they_are(operator):
    sent = json.dumps({"workspace": "acme", "request": {"prompt": "x" * 6000}})
    too_long = {"code": "prompt.too_long", "detail": "prompt may have 400 characters."}
    refuse(sent, workspace="acme", **too_long)
    refuse("not json")
    first = operator.type("rejected", "list")
    by_code = {row["code"]: row for row in first}
    assert by_code.keys() == {"prompt.too_long", ""}
    told = by_code["prompt.too_long"]
    assert told["workspace"] == "acme"
    assert told["detail"] == "prompt may have 400 characters."
    assert told["body"] == sent[:5000]
    assert datetime.fromisoformat(told["at"]) <= datetime.now(UTC)
    assert (by_code[""]["workspace"], by_code[""]["body"]) == ("", "not json")

    def in_order(rows):
        return sorted(rows, key=lambda row: row["id"])

    assert in_order(operator.type("rejected", "list")) == in_order(first)


def test_of_many_refused_requests_a_hundred_are_listed_each_once(operator):
    for number in range(103):
        refuse(str(number), code="body.wrong_type", detail="no")
    for _ in range(2):
        rows = operator.type("rejected", "list")
        assert len({row["id"] for row in rows}) == len(rows) == 100
    attributes = boto3.client("sqs").get_queue_attributes(
        QueueUrl=os.environ["INTAKE_DEAD_LETTER_QUEUE_URL"], AttributeNames=["All"]
    )["Attributes"]
    assert attributes["ApproximateNumberOfMessages"] == "103"


def test_no_queue_of_refused_requests_is_said_in_a_sentence(operator, monkeypatch):
    monkeypatch.delenv("INTAKE_DEAD_LETTER_QUEUE_URL")
    assert "Which queue" in operator.refused("rejected", "list")


def a_delivery(webhook, status):
    return Delivery(
        id=str(uuid.uuid4()),
        workspace="acme",
        webhook=webhook,
        url="https://a.example",
        event=str(uuid.uuid4()),
        name="job.completed",
        body="{}",
        created_at=NOW,
        next_at=NOW,
        due_at=NOW if status is DeliveryStatus.PENDING else None,
        since=NOW,
        status=status,
    )


def test_webhooks_are_listed_with_what_waits_for_them(operator):
    operator.type("workspace", "create", "acme")
    dynamodb = boto3.client("dynamodb")
    webhooks = DynamoWebhooks(Table(dynamodb, TABLE["TableName"]))
    hook = Webhook(id="hook-1", workspace="acme", url="https://a.example", created_at=NOW)
    webhooks.add(hook)
    webhooks.add(
        hook.changed(id="hook-2", enabled=False, disabled_because="failing", failing_since=NOW)
    )
    deliveries = DynamoDeliveries(Table(dynamodb, TABLE["TableName"]))
    for webhook, status in (
        ("hook-1", DeliveryStatus.PENDING),
        ("hook-1", DeliveryStatus.PENDING),
        ("hook-1", DeliveryStatus.DELIVERED),
        ("hook-2", DeliveryStatus.FAILED),
        ("default", DeliveryStatus.PENDING),
    ):
        deliveries.add(a_delivery(webhook, status))
    rows = {row["id"]: row for row in operator.type("webhooks", "list", "acme")}
    assert rows.keys() == {"hook-1", "hook-2", "default"}
    assert rows["hook-1"] == {
        "id": "hook-1",
        "url": "https://a.example",
        "enabled": True,
        "disabled_because": "",
        "failing_since": None,
        "pending": 2,
        "failed_last_day": 0,
        "has_more": False,
    }
    off = rows["hook-2"]
    assert (off["enabled"], off["disabled_because"], off["pending"]) == (False, "failing", 0)
    assert off["failing_since"] == NOW.isoformat()
    assert (rows["default"]["url"], rows["default"]["pending"]) == ("", 1)
    assert "no workspace nobody" in operator.refused("webhooks", "list", "nobody")
