"""A webhook's own headers: sent with every message, and shown to nobody again."""

import json
from io import StringIO

import pytest

SECRET = "canary-token-4711"


def made(system, url, **headers):
    return system.http("POST", "/v1/webhooks", {"url": url, "headers": headers})


def sent(system, receiver, place):
    system.http("POST", f"{place}/test")
    system.deliver()
    return receiver.arrived[-1].headers


def test_own_headers_are_sent_with_every_message(system, receiver):
    own = {"Authorization": f"Bearer {SECRET}", "X-Shop": "42"}
    answer = made(system, receiver.url, **own)
    assert answer.status == 201
    headers = sent(system, receiver, answer.headers["location"])
    assert (headers["authorization"], headers["x-shop"]) == (f"Bearer {SECRET}", "42")
    assert headers["content-type"] == "application/json"
    assert headers["webhook-signature"].startswith("v1,")


def test_their_values_are_shown_nowhere(system, receiver, monkeypatch):
    written = StringIO()
    for name in ("submit", "status", "relay", "webhook"):
        monkeypatch.setattr(system.handlers[name]._log.registered_handler, "stream", written)
    answer = made(system, receiver.url, authorization=SECRET)
    place = answer.headers["location"]
    receiver.answers = [410]
    tried = system.http("POST", f"{place}/test")
    system.deliver()
    system.relay()
    shown = [
        answer,
        system.http("GET", place),
        system.http("GET", "/v1/webhooks"),
        system.http("PATCH", place, {"description": "x"}),
        system.http("POST", f"{place}/rotate"),
        system.http("GET", tried.headers["location"]),
        system.http("GET", f"{place}/deliveries"),
    ]
    assert system.http("GET", place).json["headers"] == {"authorization": "***"}
    assert not [one.text for one in shown if SECRET in one.text]
    assert receiver.arrived[0].headers["authorization"] == SECRET
    assert SECRET not in written.getvalue()
    assert "webhook" in written.getvalue()


def test_headers_are_replaced_as_a_whole(system, receiver):
    place = made(system, receiver.url, **{"x-a": "1", "x-b": "2"}).headers["location"]
    system.http("PATCH", place, {"description": "the same"})
    assert sent(system, receiver, place)["x-b"] == "2"
    changed = system.http("PATCH", place, {"headers": {"x-a": "3"}})
    assert changed.json["headers"] == {"x-a": "***"}
    headers = sent(system, receiver, place)
    assert headers["x-a"] == "3"
    assert "x-b" not in headers
    assert system.http("PATCH", place, {"headers": {}}).json["headers"] == {}
    assert "x-a" not in sent(system, receiver, place)


def test_headers_do_not_follow_a_webhook_to_another_machine(system, receiver):
    """Whoever may change a webhook could otherwise read what nobody is shown."""
    place = made(system, receiver.url, authorization=SECRET).headers["location"]
    refused = system.http("PATCH", place, {"url": "https://elsewhere.example/"})
    assert (refused.status, refused.json["code"]) == (400, "headers.required")
    assert system.http("PATCH", place, {"url": f"{receiver.url}other"}).status == 200
    moved = system.http(
        "PATCH", place, {"url": "https://elsewhere.example/", "headers": {"authorization": "new"}}
    )
    assert moved.status == 200


@pytest.mark.parametrize(
    "name",
    [
        *("Host", "content-type", "Content-Length", "webhook-id", "WEBHOOK-SIGNATURE"),
        *("user-agent", "connection", "keep-alive", "transfer-encoding", "te", "trailer"),
        *("upgrade", "cookie", "expect", "proxy-authorization", "accept-encoding"),
        *("x-amz-date", "X-Amz-Security-Token", "x-aws-ec2-metadata-token", "x-forwarded-for"),
    ],
)
def test_a_name_that_is_not_its_owners_to_give_is_refused(shared_system, name):
    refused = made(shared_system, "https://shop.example/", **{name: "1"})
    assert (refused.status, refused.json["code"]) == (400, "headers.reserved")
    assert name in refused.json["detail"]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"x a": "1"}, "headers.malformed"),
        ({"": "1"}, "headers.malformed"),
        ({"x\r\ny": "1"}, "headers.malformed"),
        ({"é": "1"}, "headers.malformed"),
        ({"x" * 65: "1"}, "headers.malformed"),
        ({"x-a": "1\r\nhost: b"}, "headers.characters"),
        ({"x-a": "é"}, "headers.characters"),
        ({"x-a": " 1"}, "headers.characters"),
        ({"x-a": ""}, "headers.characters"),
        ({"x-a": "1" * 1025}, "headers.too_long"),
        ({"x-a": "1", "X-A": "2"}, "headers.duplicate"),
        ({f"x-{number}": "1" for number in range(11)}, "headers.too_many"),
        ({f"x-{number}": "1" * 1000 for number in range(5)}, "headers.too_long"),
        ({"x-a": 1}, "headers.x-a.wrong_type"),
        (
            {"authorization": "AWS4-HMAC-SHA256 Credential=a/20261128/eu/s3"},
            "headers.aws_signature",
        ),
        ({"authorization": "aws4-ecdsa-p256-sha256 Credential=a"}, "headers.aws_signature"),
        ({"Authorization": "AWS key:signature"}, "headers.aws_signature"),
    ],
)
def test_headers_that_cannot_be_sent_are_refused(shared_system, headers, code):
    refused = made(shared_system, "https://shop.example/", **headers)
    assert (refused.status, refused.json["code"]) == (400, code), json.dumps(refused.json)
    assert shared_system.messages("WEBHOOKS_QUEUE_URL") == []
