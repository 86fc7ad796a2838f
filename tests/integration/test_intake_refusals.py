"""A refused request tells its own webhook, through the functions themselves."""

import json

from tests.integration.conftest import Operator
from tests.receiving import genuine


def take(system, workspace, hook, message="message-1", **request):
    body = {
        "workspace": workspace,
        "client_token": "order-1",
        "request": {"prompt": "a boat", "width": 64, "height": 64, "webhook": hook, **request},
    }
    record = {
        "messageId": message,
        "body": json.dumps(body),
        "attributes": {"SentTimestamp": "1795262400000"},
        "messageAttributes": {},
    }
    system.handlers["intake"].handler({"Records": [record]}, None)


def deliveries(system):
    return [item for item in system.items() if item["sk"]["S"].startswith("DELIVERY#")]


def kept(system):
    return len(system.messages("INTAKE_DEAD_LETTER_QUEUE_URL"))


def test_a_refusal_comes_signed_to_the_webhook_that_the_request_names(system, receiver):
    take(system, "acme", {"url": receiver.url}, colour="red")
    system.deliver()
    [arrived] = receiver.arrived
    secret = system.http("GET", "/v1/webhooks/default/secret").json["key"]
    assert genuine(secret, arrived)
    assert arrived.event["type"] == "darkroom.job.rejected"
    assert arrived.event["requestid"] == "message-1"
    assert arrived.event["data"]["client_token"] == "order-1"
    assert arrived.event["data"]["error"]["code"] == "colour.unknown_field"
    [seen] = system.http("GET", "/v1/webhooks/default/deliveries").json["deliveries"]
    assert (seen["status"], seen["event"]["type"]) == ("delivered", "job.rejected")
    assert kept(system) == 1


def test_its_events_say_whether_it_wants_to_hear_of_a_refusal(system, receiver):
    ends = {"url": receiver.url, "events": ["job.completed"]}
    take(system, "acme", ends, n=99)
    assert deliveries(system) == []
    both = {"url": receiver.url, "events": ["job.completed", "job.rejected"]}
    take(system, "acme", both, message="message-2", n=99)
    system.deliver()
    assert [one.event["requestid"] for one in receiver.arrived] == ["message-2"]
    assert kept(system) == 2


def test_over_http_such_a_webhook_is_taken_and_the_answer_is_the_refusal(system, receiver):
    hook = {"url": receiver.url, "events": ["job.rejected"]}
    assert system.submit(webhook=hook, width=64, height=64).status == 202
    assert system.submit(webhook=hook, n=99).status == 400
    assert deliveries(system) == []


WRONG = (
    {"url": "http://169.254.169.254/latest/meta-data"},
    {"url": "https://10.0.0.1/"},
    {"url": "https://\ud800.example/"},
    {"url": ""},
    {"url": 7},
    {},
    [],
    "https://shop.example/",
    {"url": "https://shop.example/", "events": ["job.forgotten"]},
    {"url": "https://shop.example/", "events": None},
    {"url": "https://shop.example/", "secret": "x"},
    {"url": "https://" + "x" * 3000},
)


def test_a_webhook_that_is_itself_wrong_is_told_nothing(system):
    for number, hook in enumerate(WRONG):
        take(system, "acme", hook, message=f"message-{number}", n=99)
    assert deliveries(system) == []
    assert kept(system) == len(WRONG)


def test_nothing_is_written_into_a_workspace_that_is_not_there(system, receiver):
    take(system, "nobody", {"url": receiver.url})
    take(system, "No Name!", {"url": receiver.url})
    assert deliveries(system) == []
    assert kept(system) == 2


def test_a_job_shows_its_own_webhook_to_whoever_asks_and_no_event_does(system, receiver):
    hook = {"url": f"{receiver.url}?secret=7", "events": ["job.completed"]}
    made = system.submit(width=64, height=64, webhook=hook).json
    written = {"prompt": "x", "post_types": ["x-post"], "webhook": {"url": hook["url"]}}
    captions = system.http("POST", "/v1/captions", written).json
    assert made["webhook"] == hook
    assert captions["webhook"] == {"url": hook["url"], "events": []}
    for place in (f"/v1/jobs/{made['id']}", f"/v1/jobs/{captions['id']}"):
        assert system.http("GET", place).json["webhook"]["url"] == hook["url"]
    for name in ("jobs", "captions"):
        listed = system.http("GET", f"/v1/{name}").json[name]
        assert {one["webhook"]["url"] for one in listed} == {hook["url"]}
    assert "webhook" not in system.submit(width=64, height=64).json
    system.work()
    system.relay()
    system.deliver()
    assert len(receiver.arrived) == 2
    assert all(b"secret=7" not in one.body for one in receiver.arrived)


def test_the_operator_finds_a_refused_request_by_the_id_of_its_events(system):
    take(system, "acme", None, message="message-7", n=99)
    [row] = Operator().type("rejected", "list")
    assert (row["id"], row["code"]) == ("message-7", "n.out_of_range")
