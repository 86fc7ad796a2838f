"""A workspace's webhooks, `default` among them: read, tested, their secrets, their headers."""

import pytest

from tests.receiving import is_signed_with

DEFAULT = "/v1/webhooks/default"


def made(system, receiver, **body):
    return system.http("POST", "/v1/webhooks", {"url": receiver.url, **body})


def test_the_webhook_of_requests_is_read_and_listed_like_any_other(system, receiver):
    own = made(system, receiver).json["id"]
    shown = system.http("GET", DEFAULT)
    assert shown.status == 200
    assert (shown.json["id"], shown.json["enabled"]) == ("default", True)
    assert (shown.json["url"], shown.json["created_at"]) == (None, None)
    listed = system.http("GET", "/v1/webhooks").json["webhooks"]
    assert [one["id"] for one in listed] == [own, "default"]
    system.http("POST", f"{DEFAULT}/rotate")
    assert system.http("GET", DEFAULT).json == shown.json
    again = system.http("GET", "/v1/webhooks").json["webhooks"]
    assert again == listed


def test_the_webhook_of_requests_is_tested_at_an_address_that_the_test_names(system, receiver):
    tried = system.http("POST", f"{DEFAULT}/test", {"url": receiver.url})
    assert tried.status == 202
    system.deliver()
    [arrived] = receiver.arrived
    assert arrived.event["type"] == "darkroom.webhook.test"
    assert arrived.event["data"] == {"webhook": {"id": "default"}}
    assert is_signed_with(system.http("GET", f"{DEFAULT}/secret").json["key"], arrived)
    assert system.http("GET", tried.headers["location"]).json["status"] == "delivered"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, "url.required"),
        ({"url": "https://10.0.0.1/"}, "url.address"),
        ({"url": 7}, "url.wrong_type"),
        ({"uri": "https://shop.example/"}, "uri.unknown_field"),
    ],
)
def test_a_test_of_requests_webhook_is_refused_without_a_good_address(system, body, code):
    refused = system.http("POST", f"{DEFAULT}/test", body)
    assert (refused.status, refused.json["code"]) == (400, code)
    assert system.messages("WEBHOOKS_QUEUE_URL") == []


def test_a_webhook_with_an_address_of_its_own_is_tested_there_alone(system, receiver):
    place = made(system, receiver).headers["location"]
    refused = system.http("POST", f"{place}/test", {"url": "https://elsewhere.example/"})
    assert (refused.status, refused.json["code"]) == (400, "url.not_taken")


@pytest.mark.parametrize("answer", [204, 410, 500])
def test_a_webhook_that_is_off_is_tested_and_stays_as_it_is(system, receiver, answer):
    place = made(system, receiver, enabled=False).headers["location"]
    before = system.http("GET", place).json
    receiver.answers = [answer]
    tried = system.http("POST", f"{place}/test")
    assert tried.status == 202
    system.deliver()
    assert len(receiver.arrived) == 1
    shown = system.http("GET", tried.headers["location"]).json
    assert shown["attempts"][0]["status_code"] == answer
    after = system.http("GET", place).json
    assert {**after, "deliveries": None} == {**before, "deliveries": None}


def test_an_old_secret_ends_at_once_with_a_rotation_that_says_so(system, receiver):
    first = made(system, receiver)
    place, old = first.headers["location"], first.json["secret"]
    new = system.http("POST", f"{place}/rotate", {"expire_old": "now"}).json["secret"]
    system.http("POST", f"{place}/test")
    system.deliver()
    [arrived] = receiver.arrived
    assert is_signed_with(new, arrived)
    assert not is_signed_with(old, arrived)


def test_old_secrets_that_still_sign_are_ended_without_a_new_one(system, receiver):
    first = made(system, receiver)
    place, old = first.headers["location"], first.json["secret"]
    new = system.http("POST", f"{place}/rotate").json["secret"]
    system.http("POST", f"{place}/test")
    system.deliver()
    assert is_signed_with(old, receiver.arrived[0])
    assert system.http("DELETE", f"{place}/old-secrets").status == 204
    assert system.http("DELETE", f"{place}/old-secrets").status == 204
    system.http("POST", f"{place}/test")
    system.deliver()
    assert is_signed_with(new, receiver.arrived[1])
    assert not is_signed_with(old, receiver.arrived[1])


def test_the_secret_of_requests_ends_at_once_too(system, receiver):
    assert system.http("DELETE", f"{DEFAULT}/old-secrets").status == 204
    old = system.http("GET", f"{DEFAULT}/secret").json["key"]
    new = system.http("POST", f"{DEFAULT}/rotate", {"expire_old": "now"}).json["key"]
    system.http("POST", f"{DEFAULT}/test", {"url": receiver.url})
    system.deliver()
    assert is_signed_with(new, receiver.arrived[0])
    assert not is_signed_with(old, receiver.arrived[0])


def test_a_rotation_takes_no_other_end_of_the_old_secret(system, receiver):
    place = made(system, receiver).headers["location"]
    refused = system.http("POST", f"{place}/rotate", {"expire_old": "later"})
    assert (refused.status, refused.json["code"]) == (400, "expire_old.unknown")
