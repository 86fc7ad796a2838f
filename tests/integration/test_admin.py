"""The operator's command, as it is typed."""

import boto3

from tests.moto_world import TABLE


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
