"""The deployment's own secrets are replaced while API keys, addresses and webhooks live by them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from darkroom.aws import secrets as adapter
from darkroom.aws.webhooks import DynamoWebhooks
from tests.integration.conftest import Operator
from tests.receiving import is_signed_with


@pytest.fixture
def system(system, monkeypatch):
    # What functions read again after five minutes they read again at once here.
    monkeypatch.setattr(adapter, "REMEMBERED", timedelta(0))
    return system


@pytest.fixture
def operator(system):
    return Operator()


def picture(system, key=None):
    job = system.http("POST", "/v1/jobs", {"prompt": "x", "width": 64, "height": 64}, key=key)
    system.work()
    shown = system.http("GET", f"/v1/jobs/{job.json['id']}", key=key).json
    return shown["images"][0]["url"].removeprefix("https://darkroom.test")


def opened(system, url):
    path, _, query = url.partition("?")
    return system.http(
        "GET", path, query=dict(pair.split("=") for pair in query.split("&")), key=""
    )


def new_key(operator):
    [key] = operator.type("key", "create", "acme")
    return key["key"]


def lives(operator, secret):
    return {
        row["generation"]: (row["api_keys"], row["webhooks"])
        for row in operator.type("secret", "list")
        if row["secret"] == secret
    }


def test_old_keys_and_addresses_are_good_after_a_rotation_and_new_ones_live_by_the_new_secret(
    system, operator
):
    old = picture(system)
    operator.type("secret", "rotate", "signing", "--after-minutes", "0")
    assert opened(system, old).status == 200
    key = new_key(operator)
    new = picture(system, key)
    assert "kid=1" in old
    assert "kid=2" in new
    assert opened(system, new).status == 200
    assert system.http("GET", "/v1/account").status == 200
    assert lives(operator, "signing") == {1: ({"acme": 1}, {}), 2: ({"acme": 1}, {})}


def test_nothing_lives_by_a_generation_before_every_function_knows_it(system, operator):
    [rotated] = operator.type("secret", "rotate", "signing")
    begins = datetime.fromisoformat(rotated["signs_from"]) - datetime.now(UTC)
    assert adapter.REMEMBERED < timedelta(minutes=9) < begins < timedelta(minutes=11)
    assert "kid=1" in picture(system)
    assert system.http("GET", "/v1/account", key=new_key(operator)).status == 200
    assert lives(operator, "signing") == {1: ({"acme": 2}, {}), 2: ({}, {})}
    # A third before the second signs would be one that functions still have to learn.
    assert "does not sign yet" in operator.refused("secret", "rotate", "signing")


def test_an_old_generation_is_taken_away_when_nothing_lives_by_it(system, operator):
    old = picture(system)
    operator.type("secret", "rotate", "signing", "--after-minutes", "0")
    assert "is needed" in operator.refused("secret", "retire", "signing", "1")
    assert opened(system, old).status == 200
    assert "signs" in operator.refused("secret", "retire", "signing", "2")
    assert "no such" in operator.refused("secret", "retire", "signing", "7")


def test_after_a_leak_the_operator_ends_what_lives_by_it(system, operator):
    old = picture(system)
    operator.type("secret", "rotate", "signing", "--after-minutes", "0")
    key = new_key(operator)
    new = picture(system, key)
    [retired] = operator.type("secret", "retire", "signing", "1", "--force")
    assert retired["api_keys"] == {"acme": 1}
    assert opened(system, old).status == 404
    assert opened(system, new).status == 200
    assert system.http("GET", "/v1/account").status == 401
    assert system.http("GET", "/v1/account", key=key).status == 200
    assert lives(operator, "signing") == {2: ({"acme": 1}, {})}


def arrived(system, receiver):
    system.submit(width=64, height=64)
    system.work()
    system.relay()
    system.deliver()
    return receiver.arrived[-1]


def test_receivers_know_messages_by_the_secret_that_they_have(system, operator, receiver):
    hook = system.http("POST", "/v1/webhooks", {"url": receiver.url}).json
    by_default = system.http("GET", "/v1/webhooks/default/secret").json["key"]
    operator.type("secret", "rotate", "webhooks", "--after-minutes", "0")
    assert is_signed_with(hook["secret"], arrived(system, receiver))
    # That of requests, which nobody has written down, stays as well.
    assert system.http("GET", "/v1/webhooks/default/secret").json["key"] == by_default
    assert lives(operator, "webhooks") == {1: ({}, {"acme": 2}), 2: ({}, {})}
    # Its owner moves it to the new secret, and for a day both sign.
    rotated = system.http("POST", f"/v1/webhooks/{hook['id']}/rotate").json["secret"]
    message = arrived(system, receiver)
    assert is_signed_with(hook["secret"], message)
    assert is_signed_with(rotated, message)
    assert lives(operator, "webhooks") == {1: ({}, {"acme": 2}), 2: ({}, {"acme": 1})}


def test_a_leaked_secret_of_webhooks_signs_nothing_any_more(system, operator, receiver):
    hook = system.http("POST", "/v1/webhooks", {"url": receiver.url}).json
    by_default = system.http("GET", "/v1/webhooks/default/secret").json["key"]
    operator.type("secret", "rotate", "webhooks", "--after-minutes", "0")
    [retired] = operator.type("secret", "retire", "webhooks", "1", "--force")
    assert retired["webhooks"] == {"acme": 2}
    assert not is_signed_with(hook["secret"], arrived(system, receiver))
    assert system.http("GET", "/v1/webhooks/default/secret").json["key"] != by_default
    rotated = system.http("POST", f"/v1/webhooks/{hook['id']}/rotate").json["secret"]
    assert is_signed_with(rotated, arrived(system, receiver))
    assert lives(operator, "webhooks") == {2: ({}, {"acme": 2})}


def test_a_generation_stays_while_a_webhook_cannot_be_moved_from_it(system, operator, monkeypatch):
    system.http("POST", "/v1/webhooks", {"url": "https://shop.example"})
    operator.type("secret", "rotate", "webhooks", "--after-minutes", "0")
    monkeypatch.setattr(DynamoWebhooks, "change", lambda *_: False)
    assert operator.refused("secret", "retire", "webhooks", "1", "--force")
    assert lives(operator, "webhooks")[1] == ({}, {"acme": 2})


def test_functions_go_on_with_what_they_know_while_the_secret_cannot_be_read(system, monkeypatch):
    url = picture(system)
    own = system.handlers["status"]._api.ports.secrets

    def unreadable(**_arguments):
        raise KeyError("SecretString")

    monkeypatch.setattr(own._client, "get_secret_value", unreadable)
    assert opened(system, url).status == 200


def test_no_secret_is_ever_shown(system, operator):
    operator.type("secret", "rotate", "signing")
    operator.type("secret", "list")
    kept = system.clients["secretsmanager"].get_secret_value(
        SecretId=system.environment["SIGNING_SECRET"]
    )["SecretString"]
    texts = [row["secret"] for row in json.loads(kept)["generations"]]
    assert len(texts) == 2
    assert not any(text in operator.said for text in texts)
