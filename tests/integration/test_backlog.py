"""A workspace with more images on their way than its share of the first queue."""

import json
from datetime import UTC, datetime, timedelta

import botocore.client
import pytest

from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.records import account_key, job_key
from darkroom.aws.table import Table
from darkroom.bootstrap.admin import AdminServices
from darkroom.domain.api_key import SCOPES
from darkroom.domain.job import Lease
from darkroom.settings import AdminSettings
from darkroom.usecases.create_workspace import Limits

FIRST, BACKLOG = "IMAGES_QUEUE_URL", "BACKLOG_QUEUE_URL"
SHARE = 5


def orders(messages):
    return [json.loads(message["Body"]) for message in messages]


@pytest.fixture
def flooded(system):
    """Its share is on its way, and two images more."""
    system.submit(n=SHARE, width=64, height=64)
    system.job = system.submit(n=2, width=64, height=64).json["id"]
    return system


def test_what_is_beyond_the_share_lies_in_a_queue_of_its_own(flooded):
    assert len(flooded.messages(FIRST)) == SHARE
    assert {order["job"] for order in orders(flooded.messages(BACKLOG))} == {flooded.job}


def test_another_workspaces_small_job_is_in_the_first_queue(flooded):
    flooded.messages(FIRST)
    admin = AdminServices(AdminSettings.from_environment())
    admin.create_workspace("small", 10, Limits(), "free")
    key, _ = admin.key_service.create("small", scopes=SCOPES)
    job = flooded.http("POST", "/v1/jobs", {"prompt": "a mill"}, key=key).json["id"]
    assert [order["job"] for order in orders(flooded.messages(FIRST))] == [job]


def test_once_its_images_are_done_a_workspace_is_within_its_share_again(flooded):
    flooded.work(flooded.messages(FIRST))
    flooded.work(flooded.messages(BACKLOG))
    flooded.submit()
    assert len(flooded.messages(FIRST)) == 1
    assert flooded.http("GET", f"/v1/jobs/{flooded.job}").json["status"] == "completed"


def test_a_message_within_the_share_is_one_that_older_code_understands(flooded):
    known = {"workspace", "job", "slot", "held", "request_id"}
    assert all(order.keys() == known for order in orders(flooded.messages(FIRST)))
    assert all(order["backlog"] for order in orders(flooded.messages(BACKLOG)))


def test_one_that_another_worker_is_at_comes_back_to_the_backlog(flooded):
    first, _ = flooded.messages(BACKLOG)
    order = json.loads(first["Body"])
    now = datetime.now(UTC)
    lease = Lease(token="another", until=now + timedelta(seconds=9))
    DynamoJobs(Table(flooded.clients["dynamodb"], flooded.environment["TABLE_NAME"])).lease(
        order["workspace"], order["job"], order["slot"], lease, now
    )
    assert flooded.work([first]) == [first["MessageId"]]


def test_a_job_of_older_code_is_done_all_the_same(flooded):
    """It knows no backlog, and writes jobs anew without it."""
    flooded.clients["dynamodb"].update_item(
        TableName=flooded.environment["TABLE_NAME"],
        Key=job_key("acme", flooded.job),
        UpdateExpression="REMOVE backlog",
    )
    assert flooded.work(flooded.messages(BACKLOG)) == []
    assert flooded.http("GET", f"/v1/jobs/{flooded.job}").json["status"] == "completed"


def test_one_that_meets_others_which_take_up_the_share_is_backlog(system, monkeypatch):
    """Each has read that nothing was on its way, and DynamoDB lets one after the other through."""
    honest = botocore.client.BaseClient._make_api_call

    def conflicting(client, operation, parameters):
        if operation == "TransactWriteItems":
            monkeypatch.undo()
            honest(
                client,
                "UpdateItem",
                {
                    "TableName": system.environment["TABLE_NAME"],
                    "Key": account_key("acme"),
                    "UpdateExpression": "SET in_flight = :share",
                    "ExpressionAttributeValues": {":share": {"N": str(SHARE)}},
                },
            )
            reasons = {"CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]}
            error = {"Error": {"Code": "TransactionCanceledException"}} | reasons
            raise client.exceptions.TransactionCanceledException(error, operation)
        return honest(client, operation, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", conflicting)
    answer = system.submit()
    assert answer.status == 202
    assert [order["job"] for order in orders(system.messages(BACKLOG))] == [answer.json["id"]]
