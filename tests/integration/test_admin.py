"""The operator's command, as it is typed."""

import subprocess
import sys

import boto3
import pytest

from darkroom.admin import output
from tests.moto_world import TABLE
from tests.running import ROOT


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


def test_a_recount_of_stored_bytes_is_recorded_for_each_account_and_a_look_is_not(operator):
    operator.type("workspace", "create", "acme")
    operator.type("workspace", "create", "other")
    before = operator.type("audit", "list")
    operator.type("reconcile")
    assert operator.type("audit", "list") == before
    operator.type("reconcile", "--recount-storage")
    of_one, of_other = operator.type("audit", "list")[: -len(before)]
    assert {of_one["workspace"], of_other["workspace"]} == {"acme", "other"}
    assert of_one["action"] == of_other["action"] == "reconcile --recount-storage"
    assert of_one["state"] == of_other["state"] == "done"


def test_a_missing_variable_is_named(operator, monkeypatch):
    monkeypatch.delenv("TABLE_NAME")
    assert "TABLE_NAME" in operator.refused("workspace", "list")


def test_of_a_workspace_what_is_given_changes_and_nothing_else(operator):
    [before] = operator.type("workspace", "create", "acme", "--credits", 50)
    [changed] = operator.type("workspace", "change", "acme", "--low-credits", 7, "--tier", "pro")
    of_tier = {
        "storage_bytes": 100_000_000_000,
        "uploads_a_day": 40_000,
        "redeliveries_a_day": 40_000,
    }
    assert changed == {**before, "low_credits": 7, "tier": "pro", **of_tier}
    limits = ("--requests-per-minute", 5, "--max-in-flight", 2)
    [changed] = operator.type("workspace", "change", "acme", *limits)
    assert (changed["requests_per_minute"], changed["max_in_flight"]) == (5, 2)
    assert operator.type("workspace", "list") == [changed]
    assert operator.type("reconcile") == [{"workspaces": 1, "differences": 0}]


def test_a_change_of_nothing_or_of_nobody_is_refused_in_a_sentence(operator):
    assert "no such workspace" in operator.refused("workspace", "change", "acme", "--tier", "pro")
    assert operator.type("workspace", "list") == []
    operator.type("workspace", "create", "acme")
    sentence = operator.refused("workspace", "change", "acme")
    assert "--low-credits" in sentence
    assert "suspended" not in sentence
    assert operator.refused("workspace", "change", "acme", "--max-in-flight", 0)


def test_on_a_terminal_answers_are_tables_and_json_where_it_is_asked_for(operator, monkeypatch):
    operator.type("workspace", "create", "acme", "--credits", 50)
    operator.type("workspace", "create", "b", "--credits", 5)
    operator.type("key", "create", "b", "--label", "a\x1b[2Jb" + "c" * 60, "--scope", "read")
    monkeypatch.setattr(output, "is_terminal", lambda: True)
    assert operator.type("workspace", "list") == []
    heading, *rows = operator.last.stdout.splitlines()
    assert heading.split()[:3] == ["WORKSPACE", "TIER", "BALANCE"]
    assert [row.split()[:3] for row in rows] == [["acme", "free", "50"], ["b", "free", "5"]]
    place = heading.index("BALANCE")
    assert [row[place : place + 2] for row in rows] == ["50", "5 "]
    operator.type("key", "list", "b")
    [_, row] = operator.last.stdout.splitlines()
    assert "a [2Jb" in row
    assert "…" in row
    assert "\x1b" not in row
    operator.type("workspace", "change", "b", "--tier", "pro")
    named = dict(line.split(maxsplit=1) for line in operator.last.stdout.splitlines())
    assert (named["workspace"], named["tier"], named["suspended_at"]) == ("b", "pro", "-")
    operator.type("audit", "list", "b")
    assert operator.last.stdout.splitlines()[1].endswith("tier=pro")
    assert len(operator.type("--json", "workspace", "list")) == 2
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("workspace", "list"), "There is no workspace."),
        (("models", "aliases"), "There is no alias."),
        (("rejected", "list"), "No request was refused."),
        (("audit", "list"), "No change is recorded."),
        (("usage",), "Nothing was used in 30 days."),
    ],
)
def test_an_empty_list_says_so_beside_the_output(operator, words, sentence):
    assert operator.type(*words) == []
    assert (operator.last.exit_code, operator.last.stdout) == (0, "")
    assert operator.last.stderr == f"{sentence}\n"


@pytest.mark.parametrize(
    "words", [(), ("--help",), ("jobs",), ("jobs", "--help"), ("jobs", "retry", "--help")]
)
def test_help_is_no_error(operator, words):
    operator.type(*words)
    assert (operator.last.exit_code, operator.last.stderr) == (0, "")
    assert "Usage: " in operator.last.stdout


def test_a_deployed_system_is_found_by_its_stacks_name(operator, monkeypatch):
    outputs = {
        "TableName": TABLE["TableName"],
        "SigningSecretArn": "darkroom-test-secret",
        "WebhookSecretArn": "darkroom-test-webhooks",
    }
    asked = []

    def found(_client, stack):
        asked.append(stack)
        return outputs

    monkeypatch.setattr("darkroom.bootstrap.admin.stack_outputs", found)
    monkeypatch.delenv("TABLE_NAME")
    [made] = operator.type("--stack", "darkroom-prod", "workspace", "create", "acme")
    [key] = operator.type("--stack", "darkroom-prod", "key", "create", "acme")
    assert (made["workspace"], key["key"][:8]) == ("acme", "dk_prod_")
    assert set(asked) == {"darkroom-prod"}
    # Not a variable's empty value, but a sentence.
    assert "Which queue?" in operator.refused("--stack", "darkroom-prod", "rejected", "list")
    said = operator.refused("--stack", "darkroom-prod", "workspace", "delete", "acme", "--yes")
    assert "Which bucket?" in said


@pytest.mark.parametrize(
    ("given", "missing"),
    [({}, "Set AWS_REGION"), ({"AWS_REGION": "eu-west-1"}, "Set AWS_PROFILE")],
)
def test_without_a_region_or_credentials_it_says_what_to_set(tmp_path, given, missing):
    said = subprocess.run(
        [sys.executable, "-m", "darkroom.admin.command", "--stack=darkroom-prod", "doctor"],
        cwd=ROOT,
        env={"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true", **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, missing in said.stderr) == (1, True), said.stderr


@pytest.mark.parametrize(
    ("variables", "command"),
    [
        ((), ".venv/bin/python -m infra.local admin jobs list acme"),
        (("STACK=darkroom-prod",), ".venv/bin/darkroom-admin --stack darkroom-prod jobs list acme"),
    ],
)
def test_make_admin_reaches_the_local_system_or_a_stack(variables, command):
    words = ["make", "-n", "-o", ".venv/installed", "admin", "ARGS=jobs list acme", *variables]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.strip() == command
