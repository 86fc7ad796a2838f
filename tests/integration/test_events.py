"""From a request to what the rest of the world is told of it, through the functions themselves."""

import json
from io import StringIO

import botocore.client
import pytest

from darkroom.bootstrap.admin import AdminServices
from darkroom.settings import AdminSettings
from tests.fakes.mailboxes import Mailbox, refusal


@pytest.fixture
def bus(system, monkeypatch):
    """What the bus takes, as it is sent to it: moto tells nobody of it."""
    told = []
    call = botocore.client.BaseClient._make_api_call

    def heard(client, operation, arguments):
        answer = call(client, operation, arguments)
        if operation == "PutEvents":
            told.extend(json.loads(entry["Detail"]) for entry in arguments["Entries"])
        return answer

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", heard)
    return told


def types(messages):
    return [message["type"].removeprefix("darkroom.") for message in messages]


def test_a_job_is_told_of_from_its_request_to_its_end(system, bus):
    job = system.submit(width=64, height=64, metadata={"order": "7"}).json
    system.work()
    system.relay()
    told = [one for one in bus if one["subject"] == f"jobs/{job['id']}"]
    assert types(told) == ["job.accepted", "job.started", "image.stored", "job.completed"]
    assert {one["requestid"] for one in told} == {"req-1"}
    last = told[-1]["data"]["job"]
    assert last["metadata"] == {"order": "7"}
    assert last["images"][0]["url"].startswith("/v1/files/")
    assert last == {**system.http("GET", f"/v1/jobs/{job['id']}").json, "images": last["images"]}


def test_the_address_in_an_event_opens_the_image(system, bus):
    system.submit(width=64, height=64)
    system.work()
    system.relay()
    url = bus[-1]["data"]["job"]["images"][0]["url"]
    path, _, query = url.partition("?")
    pairs = dict(pair.split("=") for pair in query.split("&"))
    assert system.http("GET", path, key="", query=pairs).status == 200


def test_told_twice_each_event_has_one_id_and_each_message_is_one(system, bus, receiver):
    system.http("POST", "/v1/webhooks", {"url": receiver.url})
    system.submit(width=64, height=64)
    system.work()
    system.relay()
    system.relay()
    system.deliver()
    assert len(bus) == 2 * len({one["id"] for one in bus})
    assert sorted(types(one.event for one in receiver.arrived)) == sorted(set(types(bus)))


def test_a_webhook_is_made_changed_tried_and_deleted(system, bus, receiver):
    made = system.http("POST", "/v1/webhooks", {"url": receiver.url, "events": ["job.completed"]})
    assert made.status == 201
    place = made.headers["location"]
    assert made.json["secret"].startswith("whsec_")
    assert "secret" not in system.http("GET", place).json
    listed = system.http("GET", "/v1/webhooks").json["webhooks"][0]
    counts = {"pending": 0, "failed_last_day": 0, "has_more": False}
    assert system.http("GET", place).json == {**listed, "deliveries": counts}

    tried = system.http("POST", f"{place}/test")
    assert tried.status == 202
    system.deliver()
    [arrived] = receiver.arrived
    assert arrived.event["type"] == "darkroom.webhook.test"
    shown = system.http("GET", tried.headers["location"]).json
    assert (shown["status"], shown["attempts"][0]["status_code"]) == ("delivered", 204)
    assert shown["event"] == {"id": arrived.id, "type": "webhook.test"}
    assert shown["body"].encode() == arrived.body

    changed = system.http("PATCH", place, {"enabled": False, "description": "later"})
    assert (changed.json["enabled"], changed.json["description"]) == (False, "later")
    assert changed.json["url"] == receiver.url
    rotated = system.http("POST", f"{place}/rotate")
    assert rotated.json["secret"] not in {"", made.json["secret"]}
    assert system.http("DELETE", place).status == 204
    assert system.http("GET", place).status == 404
    assert bus == []


def test_a_failed_delivery_is_seen_and_delivered_again(system, receiver):
    place = system.http("POST", "/v1/webhooks", {"url": receiver.url}).headers["location"]
    receiver.answers = [500]
    tried = system.http("POST", f"{place}/test").headers["location"]
    system.deliver()
    shown = system.http("GET", tried).json
    assert (shown["status"], shown["attempts"][0]["outcome"]) == ("pending", "status_500")
    assert shown["next_attempt_at"] > shown["attempts"][0]["at"]
    assert system.http("GET", place).json["failing_since"] is not None

    receiver.answers = [204]
    again = system.http("POST", f"{tried}/redeliver")
    assert again.status == 202
    system.deliver()
    page = system.http("GET", f"{place}/deliveries").json
    assert [one["status"] for one in page["deliveries"]] == ["delivered"]
    assert len({one.id for one in receiver.arrived}) == 1
    assert system.http("GET", place).json["failing_since"] is None


def test_deliveries_are_found_by_their_state_their_event_and_their_job(system, bus, receiver):
    place = system.http("POST", "/v1/webhooks", {"url": receiver.url}).headers["location"]
    job = system.submit(width=64, height=64).json["id"]
    system.relay()
    receiver.answers = [410, 204]
    system.deliver()
    system.http("PATCH", place, {"enabled": True})
    system.http("POST", f"{place}/test")

    def found(**query):
        page = system.http("GET", f"{place}/deliveries", query=query).json
        return [(one["event"]["type"], one["status"]) for one in page["deliveries"]]

    accepted, tried = ("job.accepted", "failed"), ("webhook.test", "pending")
    assert found() == [tried, accepted]
    assert found(status="failed") == found(job=job.upper()) == [accepted]
    assert found(event="webhook.test") == found(status="pending") == [tried]
    assert found(job=job, status="delivered") == []
    newest, oldest = system.http("GET", f"{place}/deliveries").json["deliveries"]
    assert oldest["job"] == job
    assert "job" not in newest
    shown = system.http("GET", f"{place}/deliveries/{oldest['id']}").json
    assert shown["job"] == job


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"status": "lost"}, "status.unknown"),
        ({"status": ""}, "status.unknown"),
        ({"event": "job.ended"}, "event.unknown"),
        ({"job": "7"}, "job.malformed"),
        ({"before": "2026-11-21T12:00:00Z"}, "before.unknown_field"),
    ],
)
def test_a_wrong_question_for_deliveries_names_what_is_wrong(system, wrong, code):
    refused = system.http("GET", "/v1/webhooks/default/deliveries", query=wrong)
    assert (refused.status, refused.json["code"]) == (400, code)


def test_what_a_receiver_says_is_shown_and_what_failed_is_sent_again(system, bus, receiver):
    with Mailbox(lambda _request: refusal(b"no\nroom", "410 Gone")) as mailbox:
        place = system.http("POST", "/v1/webhooks", {"url": mailbox.url}).headers["location"]
        tried = system.http("POST", f"{place}/test").headers["location"]
        system.deliver()
    attempt = system.http("GET", tried).json["attempts"][0]
    assert (attempt["outcome"], attempt["answer"]) == ("status_410", "no room")

    again = f"{place}/redeliver"
    off = system.http("POST", again)
    assert (off.status, off.json["code"]) == (409, "webhook.not_ready")
    system.http("PATCH", place, {"enabled": True, "url": receiver.url})
    assert system.http("POST", again, {"event": "job.failed"}).json["redelivered"] == 0
    done = system.http("POST", again)
    assert done.status == 202
    assert done.json == {"redelivered": 1, "has_more": False, "cursor": None}
    system.deliver()
    shown = system.http("GET", tried).json
    assert [one["outcome"] for one in shown["attempts"]] == ["status_410", "delivered"]
    assert "answer" not in shown["attempts"][1]
    assert system.http("POST", again, {}).json["redelivered"] == 0


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"since": "yesterday"}, "since.malformed"),
        ({"since": "2026-11-21"}, "since.malformed"),
        ({"since": "2026-11-21T12:00:00"}, "since.malformed"),
        ({"since": 1795262400}, "since.wrong_type"),
        ({"event": "job.ended"}, "event.unknown"),
        ({"job": "7"}, "job.malformed"),
        ({"cursor": "7"}, "cursor.malformed"),
        ({"status": "waiting"}, "status.unknown"),
        ({"state": "failed"}, "state.unknown_field"),
    ],
)
def test_a_wrong_wish_to_send_again_names_what_is_wrong(system, wrong, code):
    refused = system.http("POST", "/v1/webhooks/default/redeliver", wrong)
    assert (refused.status, refused.json["code"]) == (400, code)


@pytest.mark.parametrize(
    "since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-21T12:00:00Z"]
)
def test_any_time_may_be_asked_for(system, since):
    done = system.http("POST", "/v1/webhooks/default/redeliver", {"since": since})
    assert (done.status, done.json["redelivered"]) == (202, 0)


def test_a_webhook_may_be_made_switched_off(system, bus, receiver):
    body = {"url": receiver.url, "enabled": False}
    made = system.http("POST", "/v1/webhooks", body)
    assert made.json["enabled"] is False
    assert "disabled_because" not in made.json
    system.submit(width=64, height=64)
    system.relay()
    system.deliver()
    assert receiver.arrived == []
    assert system.http("PATCH", made.headers["location"], {"enabled": True}).json["enabled"]


def test_a_request_names_its_own_webhook(system, bus, receiver):
    hook = {"url": f"{receiver.url}done", "events": ["image.stored", "job.completed"]}
    system.submit(width=64, height=64, webhook=hook)
    system.work()
    system.relay()
    system.deliver()
    assert sorted(types(one.event for one in receiver.arrived)) == ["image.stored", "job.completed"]
    key = system.http("GET", "/v1/webhooks/default/secret").json["key"]
    assert system.http("POST", "/v1/webhooks/default/rotate").json["key"] != key
    listed = system.http("GET", "/v1/webhooks").json["webhooks"]
    assert [one["id"] for one in listed] == ["default"]
    deliveries = system.http("GET", "/v1/webhooks/default/deliveries").json["deliveries"]
    assert {(one["status"], one["url"]) for one in deliveries} == {("delivered", hook["url"])}


def test_a_key_that_only_reads_does_not_see_who_else_is_told(system):
    hook = {"url": "https://shop.example/done?token=secret", "events": ["job.completed"]}
    place = system.submit(width=64, height=64, webhook=hook).headers["location"]
    reads, _ = AdminServices(AdminSettings.from_environment()).key_service.create(
        "acme", scopes=("read",)
    )
    assert system.http("GET", place).json["webhook"] == hook
    assert "webhook" not in system.http("GET", place, key=reads).json
    assert "webhook" not in system.http("GET", "/v1/jobs", key=reads).json["jobs"][0]


def test_captions_are_told_of_too(system, bus, receiver):
    body = {"prompt": "x", "post_types": ["x-post"], "webhook": {"url": receiver.url}}
    system.http("POST", "/v1/captions", body)
    system.work()
    system.relay()
    system.deliver()
    assert types(bus) == ["job.accepted", "job.started", "job.completed"]
    [arrived] = receiver.arrived
    assert arrived.event["data"]["job"]["captions"]["x-post"]["text"]


def test_what_is_deleted_and_what_runs_low_is_told_of(system, bus):
    admin = AdminServices(AdminSettings.from_environment())
    low = admin.accounts.get("acme").low_credits
    assert low == 100
    system.submit(n=1, width=64, height=64)
    system.work()
    media = system.http("GET", "/v1/media").json["media"][0]["id"]
    system.http("DELETE", f"/v1/media/{media}")
    for _ in range(10):
        system.submit(model="gpt-image-1", n=10, resolution="1K")
    system.relay()
    [deleted] = [one for one in bus if one["type"] == "darkroom.media.deleted"]
    assert deleted["data"]["media"]["id"] == media
    [warned] = [one for one in bus if one["type"] == "darkroom.credits.low"]
    assert warned["data"]["credits"]["balance"] < low


def take(system, body, message="message-1", tries=0):
    record = {
        "messageId": message,
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {"SentTimestamp": "1795262400000"},
        "messageAttributes": {"tries": {"stringValue": str(tries)}} if tries else {},
    }
    system.handlers["intake"].handler({"Records": [record]}, None)


def jobs(system):
    return system.http("GET", "/v1/jobs").json["jobs"]


def test_a_request_by_the_queue_is_a_job_once(system, bus):
    sent = {
        "workspace": "acme",
        "client_token": "order-1",
        "request": {"prompt": "a boat", "width": 64, "height": 64},
    }
    take(system, sent)
    take(system, sent, message="message-2")
    take(system, {"id": "e-1", "detail-type": "SubmitImageJob", "detail": sent}, message="m-3")
    [job] = jobs(system)
    system.work()
    system.relay()
    assert types(bus)[-1] == "job.completed"
    assert {one["requestid"] for one in bus} == {"message-1"}
    spent = system.http("GET", "/v1/account").json["credits"]["spent"]
    assert spent == job["credits"]["price"]


def test_a_request_by_the_queue_that_cannot_be_served_is_kept_with_its_reason(system, bus):
    body = json.dumps({"workspace": "acme", "request": {"prompt": "", "colour": "red"}})
    take(system, body)
    take(system, {"workspace": "nobody", "request": {"prompt": "x"}})
    assert types(bus) == ["job.rejected", "job.rejected"]
    assert bus[0]["data"]["error"]["code"] == "colour.unknown_field"
    assert bus[1]["data"]["error"]["code"] == "workspace.not_found"
    sqs, url = system.clients["sqs"], system.environment["INTAKE_DEAD_LETTER_QUEUE_URL"]
    kept = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])[
        "Messages"
    ]
    assert body in {message["Body"] for message in kept}
    codes = {message["MessageAttributes"]["code"]["StringValue"] for message in kept}
    assert codes == {"colour.unknown_field", "workspace.not_found"}
    assert jobs(system) == []


def test_a_record_that_cannot_be_read_is_put_aside_and_the_rest_is_told(system, bus):
    system.submit(width=64, height=64)
    records = system.changes()
    broken = json.loads(json.dumps(records[0]))
    broken["dynamodb"]["Keys"] = {"sk": {"S": "JOB#x"}}
    broken["dynamodb"]["NewImage"] = {"id": {"S": "x"}}
    system.handlers["relay"].handler({"Records": [broken, *records]}, None)
    assert types(bus) == ["job.accepted"]
    [failed_records] = system.messages("SET_ASIDE_QUEUE_URL")
    assert json.loads(failed_records["Body"])["record"] == broken


def test_what_expires_is_not_told_as_deleted(system, bus):
    system.submit(width=64, height=64)
    system.work()
    media = system.http("GET", "/v1/media").json["media"][0]["id"]
    system.http("DELETE", f"/v1/media/{media}")
    records = system.changes()
    for record in records:
        if record["eventName"] == "REMOVE":
            principal = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
            record["userIdentity"] = principal
    system.handlers["relay"].handler({"Records": records}, None)
    assert "media.deleted" not in types(bus)


def test_one_id_leads_from_the_request_to_its_webhook_through_every_log(
    system, bus, receiver, monkeypatch
):
    written = StringIO()
    for name in ("submit", "worker", "relay", "webhook"):
        log = system.handlers[name]._log
        monkeypatch.setattr(log.registered_handler, "stream", written)
    system.submit(width=64, height=64, webhook={"url": receiver.url})
    system.work()
    system.relay()
    system.deliver()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    found = [line["service"] for line in lines if line.get("request_id") == "req-1"]
    # Each function's every line, but for the relay's one about its whole batch.
    rest = [line["message"] for line in lines if line.get("request_id") != "req-1"]
    assert list(dict.fromkeys(found)) == ["submit", "worker", "relay", "webhook"]
    assert set(rest) == {"relayed"}
    assert receiver.arrived[0].event["requestid"] == "req-1"
    assert {one["requestid"] for one in bus} == {"req-1"}
