"""The operator's command: the providers' keys."""

import json
from types import SimpleNamespace

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError

from darkroom.admin import providers as admin_providers
from darkroom.bootstrap.providers import Adapters
from darkroom.providers.registry import providers
from tests.fakes.upstream import Upstream
from tests.fakes.vendors.gemini import GeminiVendor
from tests.fakes.vendors.openai import OpenAiVendor

PREFIX = "darkroom/"
KEY = "sk-never-to-be-seen"


@pytest.fixture
def secrets(operator):
    return boto3.client("secretsmanager")


def kept(secrets, name):
    try:
        return json.loads(secrets.get_secret_value(SecretId=PREFIX + name)["SecretString"])
    except secrets.exceptions.ResourceNotFoundException:
        return None


def keep(secrets, name, **account):
    secrets.create_secret(Name=PREFIX + name, SecretString=json.dumps(account))


def checked(operator, name):
    rows = {row["name"]: row for row in operator.type("providers", "list", "--check")}
    assert operator.last.exit_code == 0, operator.last.output
    assert all(row["check"] is None for row in rows.values() if not row["key"])
    return rows[name]["check"]


@pytest.fixture(params=[OpenAiVendor, GeminiVendor], ids=lambda vendor: vendor.name)
def upstream(request):
    with Upstream(request.param()) as upstream:
        yield upstream
        assert upstream.wrong == []


def test_providers_are_listed_with_what_is_known_of_them_here(operator, secrets, monkeypatch):
    monkeypatch.setenv("PROVIDERS", "openai,fal")
    keep(secrets, "openai", key=KEY)
    keep(secrets, "bfl", key=KEY)
    secrets.create_secret(Name=f"{PREFIX}xai", SecretString=KEY)
    secrets.create_secret(Name=f"{PREFIX}runway", SecretString=" ")
    rows = {row["name"]: row for row in operator.type("providers", "list")}
    assert rows.keys() == {name for name, row in providers().items() if not row.keyless}
    assert {name for name, row in rows.items() if row["key"]} == {"openai", "bfl", "xai"}
    assert {name for name, row in rows.items() if row["enabled"]} == {"openai", "fal"}
    assert {row["check"] for row in rows.values()} == {None}
    assert rows["bfl"]["title"] == "Black Forest Labs"
    assert KEY not in operator.said


def test_a_good_key_is_told_from_a_wrong_one(operator, secrets, upstream):
    name = upstream.vendor.name
    keep(secrets, name, **upstream.account)
    assert checked(operator, name) == "good"
    secrets.put_secret_value(
        SecretId=PREFIX + name, SecretString=json.dumps({"key": KEY, "base_url": upstream.url})
    )
    # Gemini says 400 to a wrong key.
    assert checked(operator, name) == "unauthorized"
    assert {asked.method for asked in upstream.asked} == {"GET"}
    assert KEY not in operator.said


def test_a_provider_that_is_not_there_is_told(operator, secrets):
    with Upstream(OpenAiVendor()) as upstream:
        keep(secrets, "openai", **upstream.account)
    assert checked(operator, "openai") == "no answer: ConnectError"
    assert upstream.account["key"] not in operator.said


def test_an_address_with_nothing_behind_it_is_told(operator, secrets, monkeypatch):
    with Upstream(OpenAiVendor()) as upstream:
        keep(secrets, "openai", **upstream.account)
        monkeypatch.setattr(
            upstream.vendor, "answer", lambda _: upstream.vendor.trouble("model_gone")
        )
        assert checked(operator, "openai") == "nothing at this address"


@pytest.mark.parametrize(
    ("name", "account", "said"),
    [
        ("kling", {"key": KEY}, "no secret"),
        ("azure", {"key": KEY}, "no address"),
        ("openai", {"base_url": "http://127.0.0.1:9"}, "no key"),
        ("ideogram", {"base_url": "http://127.0.0.1:9"}, "no key"),
        ("ideogram", {"key": KEY}, "no harmless request is known"),
        ("openai", {"key": f"“{KEY}”", "base_url": "http://127.0.0.1:9"}, "unsendable"),
    ],
)
def test_an_account_that_lacks_something_does_not_hide_the_others(
    operator, secrets, name, account, said
):
    keep(secrets, name, **account)
    assert said in checked(operator, name)
    assert KEY not in operator.said


def test_secrets_that_cannot_be_looked_at_are_not_taken_for_missing_ones(operator, monkeypatch):
    def call(*_):
        raise EndpointConnectionError(endpoint_url="https://secretsmanager")

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", call)
    assert "cannot be read" in operator.refused("providers", "list")


def test_a_key_from_a_pipe_is_kept_and_used(operator, secrets, monkeypatch):
    # A prompt would read from the terminal instead.
    monkeypatch.setattr(admin_providers.typer, "prompt", lambda *_, **__: pytest.fail("was asked"))
    [said] = operator.type("providers", "set", "openai", piped=f"{KEY}\n")
    assert said == {"provider": "openai", "kept": ["key"]}
    assert kept(secrets, "openai") == {"key": KEY}
    assert Adapters(lambda: secrets, PREFIX).of("openai").account == {"key": KEY}
    operator.type("providers", "set", "openai", piped="sk-2")
    assert kept(secrets, "openai") == {"key": "sk-2"}
    assert KEY not in operator.said


def test_fields_that_are_no_secret_are_options(operator, secrets):
    operator.type(
        *("providers", "set", "azure", "--field", "base_url=https://me.test/v1?a=b"), piped=KEY
    )
    assert kept(secrets, "azure") == {"key": KEY, "base_url": "https://me.test/v1?a=b"}


def test_an_account_of_several_secrets_is_piped_as_an_object(operator, secrets):
    account = {"key": KEY, "secret": f"{KEY}-2"}
    operator.type("providers", "set", "kling", piped=json.dumps(account))
    assert kept(secrets, "kling") == account
    assert KEY not in operator.said


def test_a_server_that_asks_for_no_key_needs_an_address_only(operator, secrets):
    address = "base_url=http://127.0.0.1:7860"
    operator.type("providers", "set", "automatic1111", "--field", address)
    assert kept(secrets, "automatic1111") == {"base_url": "http://127.0.0.1:7860"}


def test_at_a_terminal_each_secret_is_asked_for(operator, secrets, monkeypatch):
    terminal = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr(admin_providers, "sys", SimpleNamespace(stdin=terminal))
    operator.type("providers", "set", "kling", piped=f" {KEY} \n{KEY}-2\n")
    assert operator.last.exit_code == 0, operator.last.output
    asked = [word for word in ("Key:", "Secret:", "Token:") if word in operator.last.stderr]
    assert asked == ["Key:", "Secret:"]
    assert kept(secrets, "kling") == {"key": KEY, "secret": f"{KEY}-2"}
    operator.type("providers", "set", "vertex", piped=f"{KEY}\n\n")
    assert kept(secrets, "vertex") == {"key": KEY}
    assert KEY not in operator.said


@pytest.mark.parametrize(
    ("words", "piped", "sentence"),
    [
        (("midjourney",), KEY, "There is no provider midjourney that asks for a key."),
        (("painter",), KEY, "There is no provider painter that asks for a key."),
        (("openai", "--field", "colour=red"), KEY, "OpenAI has no colour; it has base_url, key."),
        (("openai", "--field", "base_url"), KEY, "A field is given as name=value."),
        (("openai", "--field", f"key={KEY}"), "", "key: asked for, or read from a pipe"),
        (("kling", "--field", f"secret={KEY}"), KEY, "secret: asked for, or read from a pipe"),
        (("openai",), "", "OpenAI cannot be asked with this: no key. Nothing is kept."),
        (("openai",), " \n", "no key. Nothing is kept."),
        (("ideogram",), "", "no key. Nothing is kept."),
        (("kling",), KEY, "Kling cannot be asked with this: no secret. Nothing is kept."),
        (("azure",), KEY, "no address. Nothing is kept."),
        (("openai",), f"“{KEY}”", "key has a character that cannot be sent."),
        (("openai",), f"{KEY}\n{KEY}", "key has a character that cannot be sent."),
        (("openai",), f'{{"key": "{KEY}"', "is a key, or a JSON object."),
    ],
)
def test_an_account_that_cannot_be_meant_is_refused_in_a_sentence_and_not_kept(
    operator, secrets, words, piped, sentence
):
    name = words[0]
    keep(secrets, name, key="the-one-before")
    said = operator.refused("providers", "set", *words, piped=piped)
    assert (sentence in said, operator.last.exit_code, said.count("\n")) == (True, 1, 1), said
    assert kept(secrets, name) == {"key": "the-one-before"}
    assert KEY not in operator.said
    assert operator.last.stdout == ""


def test_a_secret_that_may_not_be_written_is_told_in_a_sentence(operator, monkeypatch):
    original = BaseClient._make_api_call

    def call(client, operation, arguments):
        if operation != "PutSecretValue":
            return original(client, operation, arguments)
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not yours"}}, operation)

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", call)
    said = operator.refused("providers", "set", "openai", piped=KEY)
    assert said.endswith("the PutSecretValue operation: not yours\n")
    assert operator.last.exit_code == 1
    assert KEY not in operator.said
