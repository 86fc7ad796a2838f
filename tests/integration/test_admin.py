"""The operator's command, as it is typed."""

import json
import os
import uuid
from datetime import UTC, datetime
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from typer.testing import CliRunner

from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
from darkroom.bootstrap.providers import Adapters
from darkroom.domain.delivery import Delivery, DeliveryStatus
from darkroom.domain.webhook import Webhook
from darkroom.handlers import admin_providers
from darkroom.handlers.admin import app
from darkroom.providers.registry import providers
from tests.builders import NOW
from tests.conftest import HARMLESS
from tests.fakes.upstream import Upstream
from tests.fakes.vendors.gemini import GeminiVendor
from tests.fakes.vendors.openai import OpenAiVendor
from tests.moto_world import TABLE, moto_world

PREFIX = "darkroom/"
KEY = "sk-never-to-be-seen"


class Operator:
    """Types commands; `last` is the latest result, `said` all that was ever said."""

    said = ""

    def type(self, *words, piped=""):
        self.last = CliRunner().invoke(app, [str(word) for word in words], input=piped)
        self.said += f"{self.last.stdout}{self.last.stderr}{self.last.exception!r}"
        lines = self.last.stdout.splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def refused(self, *words, piped=""):
        self.type(*words, piped=piped)
        assert self.last.exit_code != 0
        return self.last.stderr


@pytest.fixture
def operator(monkeypatch):
    for name, value in HARMLESS.items():
        monkeypatch.setenv(name, value)
    with moto_world() as environment:
        for name in ("TABLE_NAME", "SIGNING_SECRET", "INTAKE_DEAD_LETTER_QUEUE_URL"):
            monkeypatch.setenv(name, environment[name])
        yield Operator()


def test_a_workspace_is_opened_once_and_listed(operator):
    [opened] = operator.type("workspace", "create", "acme", "--credits", 50, "--tier", "pro")
    assert (opened["balance"], opened["tier"]) == (50, "pro")
    assert "exists already" in operator.refused("workspace", "create", "acme")
    assert [row["workspace"] for row in operator.type("workspace", "list")] == ["acme"]


def test_a_key_is_shown_once_listed_rotated_and_revoked(operator):
    operator.type("workspace", "create", "acme")
    [cut] = operator.type("key", "create", "acme", "--scope", "read", "--label", "shop")
    assert cut["key"].startswith("dk_live_")
    [new] = operator.type("key", "rotate", "acme", cut["id"], "--overlap-hours", 2)
    operator.type("key", "revoke", "acme", new["id"])
    listed = {row["id"]: row for row in operator.type("key", "list", "acme")}
    assert listed.keys() == {cut["id"], new["id"]}
    assert listed[cut["id"]]["scopes"] == listed[new["id"]]["scopes"] == ["read"]
    assert all(row["expires_at"] for row in listed.values())
    assert cut["key"] not in operator.last.stdout
    assert "hash" not in operator.last.stdout


def test_what_cannot_be_meant_is_refused_in_a_sentence(operator):
    operator.type("workspace", "create", "acme")
    assert "no such workspace" in operator.refused("key", "create", "nobody")
    assert "no scope everything" in operator.refused(
        "key", "create", "acme", "--scope", "everything"
    )
    assert "no such key" in operator.refused("key", "revoke", "acme", "unknown")
    assert "no such workspace" in operator.refused("grant", "nobody", 5, "--reference", "r")
    assert "no workspace nobody" in operator.refused("reconcile", "nobody")


def test_credits_are_granted_once_a_reference_and_stand_in_the_ledger(operator):
    operator.type("workspace", "create", "acme", "--credits", 50)
    operator.type("grant", "acme", 25, "--reference", "invoice 7")
    assert "granted before" in operator.refused("grant", "acme", 25, "--reference", "invoice 7")
    ledger = operator.type("ledger", "acme")
    assert [(row["amount"], row["reference"]) for row in ledger] == [
        (50, "opening"),
        (25, "invoice 7"),
    ]


def test_books_in_order_reconcile_and_one_credit_planted_wrong_is_found(operator):
    operator.type("workspace", "create", "acme", "--credits", 50)
    operator.type("workspace", "create", "other", "--credits", 10)
    assert operator.type("reconcile") == [{"workspaces": 2, "differences": 0}]
    boto3.client("dynamodb").update_item(
        TableName=TABLE["TableName"],
        Key={"pk": {"S": "WS#acme"}, "sk": {"S": "ACCOUNT"}},
        UpdateExpression="SET balance = balance + :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
    sentence = operator.refused("reconcile")
    assert "acme: balance is 51 on the account and 50 by the ledger" in sentence
    assert operator.type("reconcile", "other") == [{"workspaces": 1, "differences": 0}]


def test_a_missing_variable_is_named(operator, monkeypatch):
    monkeypatch.delenv("TABLE_NAME")
    assert "TABLE_NAME" in operator.refused("workspace", "list")


def test_of_a_workspace_what_is_given_changes_and_nothing_else(operator):
    [before] = operator.type("workspace", "create", "acme", "--credits", 50)
    [changed] = operator.type("workspace", "change", "acme", "--low-credits", 7, "--tier", "pro")
    assert changed == {**before, "low_credits": 7, "tier": "pro"}
    limits = ("--requests-per-minute", 5, "--max-in-flight", 2)
    [changed] = operator.type("workspace", "change", "acme", *limits)
    assert (changed["requests_per_minute"], changed["max_in_flight"]) == (5, 2)
    assert operator.type("workspace", "list") == [changed]
    assert operator.type("reconcile") == [{"workspaces": 1, "differences": 0}]


def test_a_change_of_nothing_or_of_nobody_is_refused_in_a_sentence(operator):
    assert "no such workspace" in operator.refused("workspace", "change", "acme", "--tier", "pro")
    assert operator.type("workspace", "list") == []
    operator.type("workspace", "create", "acme")
    assert "--low-credits" in operator.refused("workspace", "change", "acme")
    assert operator.refused("workspace", "change", "acme", "--max-in-flight", 0)


# Requests that were refused, and what goes out.


def refuse(body, **reason):
    boto3.client("sqs").send_message(
        QueueUrl=os.environ["INTAKE_DEAD_LETTER_QUEUE_URL"],
        MessageBody=body,
        MessageAttributes={
            name: {"DataType": "String", "StringValue": text} for name, text in reason.items()
        },
    )


def test_refused_requests_are_listed_and_stay_where_they_are(operator):
    sent = json.dumps({"workspace": "acme", "request": {"prompt": "x" * 500}})
    refuse(sent, code="prompt.too_long", detail="prompt may have 400 characters.")
    refuse("not json")
    first = operator.type("rejected", "list")
    by_code = {row["code"]: row for row in first}
    assert by_code.keys() == {"prompt.too_long", ""}
    told = by_code["prompt.too_long"]
    assert told["workspace"] == "acme"
    assert told["detail"] == "prompt may have 400 characters."
    assert told["body"] == sent[:200]
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
        due_at=None,
        since=NOW,
        status=status,
    )


def test_webhooks_are_listed_with_what_waits_for_them(operator):
    operator.type("workspace", "create", "acme")
    dynamodb = boto3.client("dynamodb")
    webhooks = DynamoWebhooks(dynamodb, TABLE["TableName"])
    hook = Webhook(id="hook-1", workspace="acme", url="https://a.example", created_at=NOW)
    webhooks.add(hook)
    webhooks.add(
        hook.changed(id="hook-2", enabled=False, disabled_because="failing", failing_since=NOW)
    )
    deliveries = DynamoDeliveries(dynamodb, TABLE["TableName"])
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
    }
    off = rows["hook-2"]
    assert (off["enabled"], off["disabled_because"], off["pending"]) == (False, "failing", 0)
    assert off["failing_since"] == NOW.isoformat()
    assert (rows["default"]["url"], rows["default"]["pending"]) == ("", 1)
    assert "no workspace nobody" in operator.refused("webhooks", "list", "nobody")


# The providers' keys.


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
    def call(_client, operation, _arguments):
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not yours"}}, operation)

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", call)
    said = operator.refused("providers", "set", "openai", piped=KEY)
    assert said.endswith("the PutSecretValue operation: not yours\n")
    assert operator.last.exit_code == 1
    assert KEY not in operator.said
