"""Events and webhooks, as a client of the running system and its receiver see them."""

from __future__ import annotations

import json

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.receiving import ARRIVES_SECONDS, Client, Receiver, genuine
from tests.running import eventually

SMALL = {"prompt": "a red boat", "width": 64, "height": 64}
OF_ONE_IMAGE = ("job.accepted", "job.started", "image.stored", "job.completed")
NOBODY = "01890000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def client(local):
    return Client(local, local.new_workspace("events", 1000, requests_per_minute=100_000))


@pytest.fixture(scope="module")
def stranger(local):
    return Client(local, local.new_workspace("strangers", 1000))


@pytest.fixture
def receiver():
    receiver = Receiver().start()
    yield receiver
    receiver.stop()


@pytest.fixture
def hook(client, receiver):
    made = client.hook(receiver)
    yield made
    client.ask("DELETE", f"/v1/webhooks/{made['id']}")


def test_whoever_is_named_in_a_request_is_told_of_its_end(client, receiver):
    told = {"webhook": {"url": receiver.url}}
    job = client.given("POST", "/v1/jobs", SMALL | told)["id"]
    [arrived] = receiver.wait_for("job.completed")
    assert arrived.event["subject"] == f"jobs/{job}"
    assert len(receiver.arrived) == 1  # the ends of a job, unless events are named
    secret = client.given("GET", "/v1/webhooks/default/secret")["key"]
    assert genuine(secret, arrived)
    assert arrived.id == arrived.event["id"]


def test_whoever_is_named_in_a_request_may_be_told_of_more(client, receiver):
    told = {"webhook": {"url": receiver.url, "events": ["job.accepted", "image.stored"]}}
    client.given("POST", "/v1/jobs", SMALL | told)
    receiver.wait_for("image.stored")
    receiver.wait_for("job.accepted")
    assert {one.event["type"] for one in receiver.arrived} == {
        "darkroom.job.accepted",
        "darkroom.image.stored",
    }


def test_what_arrives_is_as_the_schema_says_that_it_names(client, receiver, hook):
    client.given("POST", "/v1/jobs", SMALL)
    client.given("POST", f"/v1/webhooks/{hook['id']}/test")
    for name in (*OF_ONE_IMAGE, "webhook.test"):
        event = receiver.wait_for(name)[0].event
        schema = httpx.get(event["dataschema"]).json()
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(event)


def test_a_test_event_arrives_and_its_delivery_is_listed(client, receiver, hook):
    sent = client.given("POST", f"/v1/webhooks/{hook['id']}/test")
    [arrived] = receiver.wait_for("webhook.test")
    assert genuine(hook["secret"], arrived)
    assert arrived.event["data"] == {"webhook": {"id": hook["id"]}}
    seen = client.settled(hook["id"], sent["id"])
    assert (seen["status"], seen["event"]["id"]) == ("delivered", arrived.id)
    assert seen["body"] == arrived.body.decode()
    assert [one["id"] for one in client.deliveries(hook["id"])] == [sent["id"]]


def test_a_message_that_is_delivered_again_has_the_same_id(client, receiver, hook):
    sent = client.given("POST", f"/v1/webhooks/{hook['id']}/test")
    client.settled(hook["id"], sent["id"])
    client.given("POST", f"/v1/webhooks/{hook['id']}/deliveries/{sent['id']}/redeliver")
    first, second = receiver.wait_for("webhook.test", 2)
    assert (first.id, first.body) == (second.id, second.body)
    assert genuine(hook["secret"], second)
    attempts = client.settled(hook["id"], sent["id"])["attempts"]
    assert [one["outcome"] for one in attempts] == ["delivered"] * 2


def test_a_receiver_that_fails_is_told_again_with_the_same_id(client, receiver, hook):
    receiver.answers = [500, 204]
    sent = client.given("POST", f"/v1/webhooks/{hook['id']}/test")
    first, second = receiver.wait_for("webhook.test", 2)
    assert first.id == second.id
    attempts = client.settled(hook["id"], sent["id"])["attempts"]
    assert [one["status_code"] for one in attempts] == [500, 204]


def test_a_receiver_that_is_gone_is_switched_off_and_others_hear_of_it(client, receiver, hook):
    gone = Receiver().start()
    gone.answers = [410]
    old = client.hook(gone)["id"]
    client.given("POST", f"/v1/webhooks/{old}/test")
    [told] = receiver.wait_for("webhook.disabled")
    assert told.event["data"]["webhook"] == {"id": old, "url": gone.url, "reason": "gone"}
    seen = client.given("GET", f"/v1/webhooks/{old}")
    assert (seen["enabled"], seen["disabled_because"]) == (False, "gone")
    client.ask("DELETE", f"/v1/webhooks/{old}")
    gone.stop()


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "https://hooks.example.com:8443/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_leads_inside_is_refused_by_its_field(client, hook, url):
    for method, path, body, field in (
        ("POST", "/v1/webhooks", {"url": url}, "url"),
        ("PATCH", f"/v1/webhooks/{hook['id']}", {"url": url}, "url"),
        ("POST", "/v1/jobs", SMALL | {"webhook": {"url": url}}, "webhook.url"),
    ):
        refused = client.ask(method, path, body)
        assert refused.status_code == httpx.codes.BAD_REQUEST, refused.text
        assert refused.json()["field"] == field
        assert "image" not in refused.json()["detail"]


def test_while_a_secret_is_rotated_both_sign(client, receiver, hook):
    rotated = client.given("POST", f"/v1/webhooks/{hook['id']}/rotate")
    assert rotated["secret"] != hook["secret"]
    client.given("POST", f"/v1/webhooks/{hook['id']}/test")
    [arrived] = receiver.wait_for("webhook.test")
    assert len(arrived.headers["webhook-signature"].split()) == 2
    assert genuine(rotated["secret"], arrived)
    assert genuine(hook["secret"], arrived)


def test_a_secret_is_shown_once(client, hook):
    seen = client.given("GET", f"/v1/webhooks/{hook['id']}")
    listed = client.given("GET", "/v1/webhooks")["webhooks"]
    changed = client.given("PATCH", f"/v1/webhooks/{hook['id']}", {"description": "ours"})
    described = {name: value for name, value in seen.items() if name != "deliveries"}
    assert described in listed
    assert changed == described | {"description": "ours"}
    assert "secret" not in seen


def test_another_workspaces_key_finds_nothing(client, stranger, receiver, hook):
    delivery = client.given("POST", f"/v1/webhooks/{hook['id']}/test")["id"]
    known = stranger.given("GET", "/v1/webhooks")["webhooks"]
    assert [one["id"] for one in known] == ["default"]
    for method, rest, body in (
        ("GET", "", None),
        ("PATCH", "", {"enabled": False}),
        ("DELETE", "", None),
        ("POST", "/rotate", None),
        ("POST", "/test", None),
        ("GET", "/deliveries", None),
        ("GET", f"/deliveries/{delivery}", None),
        ("POST", f"/deliveries/{delivery}/redeliver", None),
    ):
        theirs, nobodys = (
            stranger.ask(method, f"/v1/webhooks/{name}{rest}", body)
            for name in (hook["id"], NOBODY)
        )
        assert theirs.status_code == nobodys.status_code == httpx.codes.NOT_FOUND, (method, rest)
        assert _without_id(theirs) == _without_id(nobodys)
    assert client.given("GET", f"/v1/webhooks/{hook['id']}")["enabled"]
    secrets = {one.given("GET", "/v1/webhooks/default/secret")["key"] for one in (client, stranger)}
    assert len(secrets) == 2
    stranger.given("POST", "/v1/jobs", {**SMALL, "webhook": {"url": receiver.url}})
    receiver.wait_for("job.completed")
    assert [
        one for one in client.deliveries(hook["id"]) if one["event"]["type"][:4] == "job."
    ] == []


def _without_id(answer):
    return {name: value for name, value in answer.json().items() if name != "request_id"}


def test_one_id_finds_a_request_in_the_lines_of_every_function(local, client, receiver):
    asked = client.ask("POST", "/v1/jobs", SMALL | {"webhook": {"url": receiver.url}})
    wanted = asked.headers["x-request-id"]
    [arrived] = receiver.wait_for("job.completed")
    assert arrived.event["requestid"] == wanted

    def services():
        lines = (local.folder / "logs" / "functions.log").read_text().splitlines()
        found = [json.loads(line) for line in lines if wanted in line]
        return {one["service"] for one in found if one["request_id"] == wanted} == {
            "submit",
            "worker",
            "relay",
            "webhook",
        }

    eventually(services, ARRIVES_SECONDS, "a line of each")
