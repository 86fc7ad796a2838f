"""What earlier versions have stored and sent (tests/recordings/upgrade.py) is read and carried on.

The tests of a recording share one system and go through what was on its way, in order: what is
left in the end is swept, and then the books agree.
"""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import botocore.client
import pytest
from standardwebhooks.webhooks import Webhook

from tests.conformance.vendors import Site, an_image
from tests.integration.conftest import System
from tests.receiving import Receiver
from tests.recordings.replay import DAY, Replay, operated
from tests.recordings.upgrade_files import FOLDER
from tests.recordings.upgrade_system import (
    ASYNCHRONOUS,
    deliver,
    intake_record,
    keep_account,
    message_of,
    recorded_system,
    with_addresses,
)

RECORDINGS = sorted(folder.name for folder in FOLDER.iterdir())
QUEUES = ("IMAGES_QUEUE_URL", "BACKLOG_QUEUE_URL")
TABLES = {"TABLE_NAME": ("pk", "sk"), "WAITS_TABLE_NAME": ("pk",)}


@dataclass
class Upgraded:
    """A system that finds the recording, some minutes later."""

    system: System
    place: Site
    receiver: Receiver
    replay: Replay
    files: dict[str, Any]

    @property
    def known(self):
        return self.files["known"]

    def sent(self, name, *queues):
        sent = [one for queue in queues or QUEUES for one in self.files["queues"][queue]]
        found = [one for one in sent if name in one["body"]]
        assert found
        return found

    def work(self, name):
        """What was sent for it, to the worker, twice: a message may come again."""
        for one in self.sent(self.known[name]) * 2:
            assert self.system.work([message_of(one)]) == []

    def get(self, path, **given):
        answer = self.system.http("GET", path, **given)
        assert answer.status == 200, answer
        return answer.json

    def job(self, name):
        return self.get(f"/v1/jobs/{self.known[name]}")

    def settled(self, name):
        """The kinds of the ledger's entries of this job."""
        begin = f"LEDGER#{self.known[name]}#"
        found = [one["sk"]["S"] for one in self.system.items() if one["sk"]["S"].startswith(begin)]
        return sorted(one.removeprefix(begin) for one in found)


@pytest.fixture(scope="module", params=RECORDINGS)
def upgraded(request):
    with recorded_system() as (system, place, receiver, replay):
        folder = FOLDER / request.param
        files = {
            file.stem: json.loads(with_addresses(file.read_text(), system, place, receiver))
            for file in folder.glob("*.json")
        }
        loaded(system, files)
        keep_account(system, place)
        replay.now = DAY + timedelta(minutes=3)
        client = replace(system, key=files["known"]["key"])
        yield Upgraded(client, place, receiver, replay, files)


def loaded(system, files):
    dynamodb, environment = system.clients["dynamodb"], system.environment
    for table, keys in TABLES.items():
        name = environment[table]
        for item in dynamodb.scan(TableName=name)["Items"]:
            dynamodb.delete_item(TableName=name, Key={key: item[key] for key in keys})
        for item in files["table"][table]:
            dynamodb.put_item(TableName=name, Item=item)
    for key in files["bucket"]:
        system.clients["s3"].put_object(
            Bucket=environment["BUCKET_NAME"], Key=key, Body=an_image(), ContentType="image/png"
        )
    # What the operator's command and the sweeper fetch for themselves.
    for queue in ("DEAD_LETTER_QUEUE_URL", "INTAKE_DEAD_LETTER_QUEUE_URL"):
        for one in files["queues"][queue]:
            system.clients["sqs"].send_message(
                QueueUrl=environment[queue],
                MessageBody=one["body"],
                MessageAttributes=one.get("attributes", {}),
            )


def test_every_kind_of_item_was_recorded(upgraded):
    keys = [(item["pk"]["S"], item["sk"]["S"]) for item in upgraded.files["table"]["TABLE_NAME"]]
    kinds = {second.partition("#")[0] for first, second in keys if first.startswith("WS#")}
    assert kinds == {
        *("JOB", "ACCOUNT", "LEDGER", "IDEM", "MEDIA", "COLLECTION", "MEMBER"),
        *("WEBHOOK", "WEBHOOKS", "DELIVERY", "COURIERS", "APIKEY"),
    }
    others = {first.partition("#")[0] for first, _ in keys if not first.startswith("WS#")}
    assert others == {"KEY", "ROUTE", "DEPLOYMENT"}
    assert upgraded.files["table"]["WAITS_TABLE_NAME"]


def test_ended_jobs_are_read_and_listed(upgraded):
    completed = upgraded.job("completed")
    assert completed["status"] == "completed"
    assert {one["status"] for one in completed["images"]} == {"stored"}
    failed = upgraded.job("failed")
    assert (failed["status"], failed["images"][0]["error"]["code"]) == ("failed", "refused")
    assert upgraded.job("canceled")["status"] == "canceled"
    captions = upgraded.get(f"/v1/captions/{upgraded.known['captions']}")
    assert captions["status"] == "completed"
    assert captions["captions"]["x-post"]
    listed = [one["id"] for one in upgraded.get("/v1/jobs", query={"limit": "40"})["jobs"]]
    names = ("completed", "failed", "canceled", "queued", "lost", "interrupted", "at_provider")
    assert {upgraded.known[name] for name in names} <= set(listed)


def test_an_image_of_before_has_an_address_that_opens_it(upgraded):
    url = upgraded.job("completed")["images"][0]["url"]
    path, _, query = url.removeprefix("https://darkroom.test").partition("?")
    parameters = dict(pair.split("=", 1) for pair in query.split("&"))
    assert upgraded.system.http("GET", path, query=parameters, key="").status == 200


def test_media_and_collections_are_listed(upgraded):
    listed = {one["id"]: one["status"] for one in upgraded.get("/v1/media")["media"]}
    assert listed[upgraded.known["media"]] == "ready"
    shown = upgraded.get(f"/v1/media/{upgraded.known['upload']}")
    assert shown["status"] == "awaited"
    [shelf] = upgraded.get("/v1/collections")["collections"]
    assert (shelf["id"], shelf["name"]) == (upgraded.known["collection"], "Piers")
    made = [one["id"] for one in upgraded.job("completed")["images"]]
    shown = upgraded.get(f"/v1/collections/{shelf['id']}")["images"]
    assert {one["media"] for one in shown} == {upgraded.known["media"], *made}


def test_the_keys_of_before_open_and_aliases_hold(upgraded):
    rotated = upgraded.known["rotated_key"]
    assert upgraded.system.http("GET", "/v1/account", key=rotated).status == 200
    upgraded.replay.now += timedelta(hours=25)
    assert upgraded.system.http("GET", "/v1/account", key=rotated).status == 401
    upgraded.replay.now -= timedelta(hours=25)
    for model in ("wan-2-6-image", "midjourney-v7"):
        job = upgraded.system.submit(model=model, width=64, height=64)
        assert job.headers["x-darkroom-served-by"] == "painter"


def test_an_idempotency_key_of_before_is_answered_with_its_job(upgraded):
    sent = {"headers": {"idempotency-key": "order-1"}}
    again = upgraded.system.http("POST", "/v1/jobs", upgraded.known["idempotent_body"], **sent)
    before = upgraded.known["idempotent_answer"]
    assert lasting(again.json) == lasting(before)
    other = {**upgraded.known["idempotent_body"], "seed": 8}
    assert upgraded.system.http("POST", "/v1/jobs", other, **sent).status == 422


def lasting(value):
    """Without addresses, which end, and without what the workspace has left."""
    if isinstance(value, dict):
        return {
            name: lasting(one)
            for name, one in value.items()
            if not name.endswith("url") and name != "balance"
        }
    return [lasting(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ["queued", "interrupted"])
def test_a_message_of_a_slot_becomes_an_image_and_is_paid_for_once(upgraded, name):
    assert upgraded.settled(name) == ["hold"]
    upgraded.work(name)
    assert upgraded.job(name)["status"] == "completed"
    assert upgraded.settled(name) == ["capture", "hold"]


def test_the_backlog_is_worked_off(upgraded):
    assert upgraded.sent(upgraded.known["backlog"], "BACKLOG_QUEUE_URL")
    upgraded.work("backlog")
    job = upgraded.job("backlog")
    assert (job["status"], job["credits"]["charged"]) == ("completed", 6)
    assert upgraded.settled("backlog") == ["capture", "hold"]


def test_captions_that_were_asked_for_are_written(upgraded):
    upgraded.work("queued_captions")
    shown = upgraded.get(f"/v1/captions/{upgraded.known['queued_captions']}")
    assert shown["status"] == "completed"


@pytest.mark.parametrize("name", ["at_provider", "called_back"])
def test_what_a_provider_makes_is_asked_after_and_stored(upgraded, name):
    """By the next look that was sent, and by the provider's own signed word."""
    upgraded.work(name)
    job = upgraded.job(name)
    assert (job["status"], job["images"][0]["provider"]) == ("completed", ASYNCHRONOUS)
    assert upgraded.settled(name) == ["capture", "hold"]


def test_a_file_on_its_way_into_the_library_is_taken_in(upgraded):
    upgraded.work("import")
    assert upgraded.get(f"/v1/media/{upgraded.known['import']}")["status"] == "ready"


def test_a_delivery_arrives_signed_with_the_secret_of_before(upgraded):
    [sent] = upgraded.sent(upgraded.known["undelivered"], "WEBHOOKS_QUEUE_URL")
    deliver(upgraded.system, sent)
    [arrived] = upgraded.receiver.arrived
    signed = Webhook(upgraded.known["webhook_secret"]).sign(
        arrived.id, upgraded.replay.now, arrived.body.decode()
    )
    assert signed in arrived.headers["webhook-signature"].split()
    place = f"/v1/webhooks/{upgraded.known['webhook']}/deliveries/{upgraded.known['undelivered']}"
    assert upgraded.get(place)["status"] == "delivered"


def test_the_secrets_of_webhooks_stay(upgraded):
    shown = upgraded.get("/v1/webhooks/default/secret")
    assert shown["key"] == upgraded.known["default_secret"]


def test_a_request_in_the_queue_is_accepted_and_one_that_was_put_off_too(upgraded):
    [first, put_off] = upgraded.files["queues"]["INTAKE_QUEUE_URL"]
    for one in upgraded.sent('"small"'):
        upgraded.system.work([message_of(one)])
    for queue in QUEUES:
        upgraded.system.messages(queue)
    for number, one in enumerate((first, put_off)):
        record = intake_record(
            one["body"], f"came-{number}", upgraded.replay.now, one.get("attributes")
        )
        upgraded.system.handlers["intake"].handler({"Records": [record]}, None)
    sent = [json.loads(one["Body"]) for queue in QUEUES for one in upgraded.system.messages(queue)]
    # The one that was put off is known by the id that it came with.
    assert {(one["workspace"], one["request_id"]) for one in sent} == {
        ("acme", "came-0"),
        ("small", put_off["attributes"]["id"]["StringValue"]),
    }


def test_a_rejected_request_is_shown_to_the_operator(upgraded):
    assert operated("rejected", "list")["code"] == "prompt.wrong_type"


def test_a_change_of_the_table_is_told_as_it_was(upgraded):
    records, before = upgraded.files["stream"], upgraded.files["bus"]
    with pytest.MonkeyPatch.context() as patch:
        put = noted_events(patch)
        upgraded.system.handlers["relay"].handler({"Records": records}, None)
    assert put
    known = {(one["DetailType"], one["Detail"]) for one in before}
    assert {(one["DetailType"], one["Detail"]) for one in put} <= known


def noted_events(patch):
    call, put = botocore.client.BaseClient._make_api_call, []

    def noted(client, operation, given):
        put.extend(given["Entries"] if operation == "PutEvents" else [])
        return call(client, operation, given)

    patch.setattr(botocore.client.BaseClient, "_make_api_call", noted)
    return put


def test_what_is_due_is_swept_and_then_the_books_agree(upgraded):
    """A message that was lost, a dead letter, and a delivery to be tried again."""
    upgraded.replay.now += timedelta(minutes=3)
    arrived = len(upgraded.place.asked)
    repairs = upgraded.system.handlers["sweeper"].handler({}, None)
    assert repairs
    upgraded.replay.work()
    assert upgraded.job("lost")["status"] == "completed"
    dead = upgraded.job("dead")
    assert (dead["status"], dead["credits"]["refunded"]) == ("failed", 1)
    assert upgraded.settled("dead") == ["hold", "release"]
    upgraded.system.deliver()
    assert "/away" in upgraded.place.asked[arrived:]
    for _ in range(3):
        upgraded.replay.now += timedelta(minutes=3)
        upgraded.system.handlers["sweeper"].handler({}, None)
        upgraded.replay.work()
    assert operated("reconcile") == {"workspaces": 2, "differences": 0}
