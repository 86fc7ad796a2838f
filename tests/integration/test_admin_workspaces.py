"""The operator's command: a workspace is suspended, and deleted with all that it owns."""

from datetime import timedelta

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from darkroom.dialects.vendors import dalnulla
from darkroom.domain.quotas import TIERS
from darkroom.providers.interface import Failed, FailureKind
from tests.integration.conftest import Operator
from tests.integration.test_quotas import png


@pytest.fixture
def operator(system):
    return Operator()


@pytest.fixture
def full(system, operator, passed_time):
    """A workspace with something of each kind, and another that is not to lose anything."""
    operator.type("workspace", "create", "other", "--credits", 50)
    [row] = operator.type("key", "create", "other")
    for key in (system.key, row["key"]):
        hook = {"url": "https://93.184.215.14/hook"}
        assert system.http("POST", "/v1/webhooks", hook, key=key).status == 201
        collection = system.http("POST", "/v1/collections", {"name": "c"}, key=key).json["id"]
        body = {"prompt": "a", "n": 2, "width": 64, "height": 64, "collection": collection}
        once = {"idempotency-key": "once"}
        assert system.http("POST", "/v1/jobs", body, key=key, headers=once).status == 202
        upload = {"name": "a.png", "content_type": "image/png", "size": 1000}
        begun = system.http("POST", "/v1/media/uploads", upload, key=key).json
        system.clients["s3"].put_object(
            Bucket=system.environment["BUCKET_NAME"], Key=f"uploads/{begun['id']}", Body=png()
        )
    system.work()
    system.relay()
    return system


def kinds_of(system, workspace):
    items = [one for one in system.items() if one["pk"]["S"] == f"WS#{workspace}"]
    return {item["sk"]["S"].partition("#")[0] for item in items}


def everything_but_records(system):
    items = [item for item in system.items() if item["pk"]["S"] != "DEPLOYMENT"]
    return sorted(map(str, items)), sorted(system.files())


def test_a_suspended_workspace_is_so_since_the_first_time_until_it_is_resumed(system, operator):
    [row] = operator.type("workspace", "suspend", "acme")
    assert row["suspended_at"]
    assert system.submit(width=64, height=64).json["code"] == "workspace.suspended"
    [again] = operator.type("workspace", "suspend", "acme")
    assert again["suspended_at"] == row["suspended_at"]
    [row] = operator.type("workspace", "resume", "acme")
    assert row["suspended_at"] == ""
    assert system.submit(width=64, height=64).status == 202
    assert "no such workspace" in operator.refused("workspace", "suspend", "nobody")


def test_only_a_suspended_workspace_at_rest_is_deleted(system, operator):
    assert "no such workspace" in operator.refused("workspace", "delete", "nobody", "--yes")
    assert "Suspend it first" in operator.refused("workspace", "delete", "acme", "--yes")
    system.submit(width=64, height=64)
    operator.type("workspace", "suspend", "acme")
    before = everything_but_records(system)
    said = operator.refused("workspace", "delete", "acme", "--yes")
    assert "1 jobs of acme have not ended" in said
    assert everything_but_records(system) == before
    operator.type("jobs", "cancel", "acme", "--filter", "status=pending")
    assert "Say --yes." in operator.refused("workspace", "delete", "acme")
    assert operator.type("workspace", "list")


def test_a_job_whose_worker_may_still_write_holds_the_deletion_up(
    system, operator, passed_time, monkeypatch
):
    name = system.submit(width=64, height=64).json["id"]

    def cancel(*_arguments):
        # While the worker has its lease.
        operator.type("jobs", "cancel", "acme", name)
        return Failed(kind=FailureKind.NO_FUNDS, reason="theirs")

    with monkeypatch.context() as patch:
        patch.setattr("darkroom.providers.vendors.painter.Painter.read_start", cancel)
        system.work()
    operator.type("workspace", "suspend", "acme")
    said = operator.refused("workspace", "delete", "acme", "--yes")
    assert "wait for the sweeper" in said
    passed_time[0] += timedelta(hours=1)
    system.handlers["sweeper"].handler({}, None)
    [row] = operator.type("workspace", "delete", "acme", "--yes")
    assert row["left"] == {}


def test_a_workspace_is_deleted_with_all_that_it_owns_and_no_more(full, operator):
    others = [item for item in full.items() if "other" in str(item)]
    assert kinds_of(full, "acme") >= {
        *("ACCOUNT", "APIKEY", "COLLECTION", "DELIVERY", "IDEM", "JOB", "LEDGER"),
        *("MEDIA", "MEMBER", "WEBHOOK", "WEBHOOKS"),
    }
    files = full.files()
    assert len(files) == 10
    operator.type("workspace", "suspend", "acme")
    before = everything_but_records(full)
    [plan] = operator.type("workspace", "delete", "acme", "--dry-run")
    assert everything_but_records(full) == before
    [done] = operator.type("workspace", "delete", "acme", "--yes")
    assert done["deleted"] == plan["would_delete"]
    assert (done["deleted"]["file"], done["deleted"]["key"], done["left"]) == (5, 1, {})
    assert not [item for item in full.items() if "acme" in str(item) and "AUDIT#" not in str(item)]
    remaining = [item for item in full.items() if "other" in str(item)]
    assert sorted(map(str, remaining)) == sorted(map(str, others))
    assert len(full.files()) == 5
    assert full.http("GET", "/v1/account").status in {401, 404}
    assert operator.type("reconcile") == [{"workspaces": 1, "differences": 0}]
    [record, *_] = operator.type("audit", "list", "acme")
    assert (record["action"], record["details"]["left"]) == ("workspace delete", {})
    assert "no such workspace" in operator.refused("workspace", "delete", "acme", "--yes")


def test_a_deletion_that_is_killed_anywhere_is_ended_by_a_repeat(full, operator, monkeypatch):
    operator.type("workspace", "suspend", "acme")
    others = sorted(str(item) for item in full.items() if "other" in str(item))
    calls = killed = 0
    original = BaseClient._make_api_call

    def call(client, operation, arguments):
        nonlocal calls, killed
        if operation in {"BatchWriteItem", "DeleteObjects"}:
            calls += 1
            if calls > killed:
                killed += 1
                raise KeyboardInterrupt
        return original(client, operation, arguments)

    with monkeypatch.context() as patch:
        patch.setattr("botocore.client.BaseClient._make_api_call", call)
        for _ in range(20):
            calls = 0
            done = operator.type("workspace", "delete", "acme", "--yes")
            if operator.last.exit_code == 0:
                break
    assert killed >= 4
    assert done[0]["left"] == {}
    assert len(full.files()) == 5
    assert sorted(str(item) for item in full.items() if "other" in str(item)) == others
    states = [row["state"] for row in operator.type("audit", "list", "acme")]
    assert (states[0], set(states[1:killed])) == ("done", {"failed"})


def test_a_file_that_the_bucket_refuses_to_delete_is_an_error_and_the_rest_stays(
    full, operator, monkeypatch
):
    operator.type("workspace", "suspend", "acme")
    original = BaseClient._make_api_call

    def call(client, operation, arguments):
        if operation == "DeleteObjects":
            key = arguments["Delete"]["Objects"][0]["Key"]
            return {"Errors": [{"Key": key, "Code": "AccessDenied", "Message": "no"}]}
        return original(client, operation, arguments)

    with monkeypatch.context() as patch:
        patch.setattr("botocore.client.BaseClient._make_api_call", call)
        operator.refused("workspace", "delete", "acme", "--yes")
    assert {"ACCOUNT", "JOB", "MEDIA"} <= kinds_of(full, "acme")
    [record, *_] = operator.type("audit", "list", "acme")
    assert record["state"] == "failed"
    operator.type("workspace", "delete", "acme", "--yes")
    assert operator.last.exit_code == 0


def test_what_comes_in_while_it_is_deleted_is_counted_and_makes_the_command_fail(
    full, operator, monkeypatch
):
    operator.type("workspace", "suspend", "acme")
    original = BaseClient._make_api_call
    late = {"pk": {"S": "WS#acme"}, "sk": {"S": "DELIVERY#late"}}

    def call(client, operation, arguments):
        answer = original(client, operation, arguments)
        if operation == "BatchWriteItem":
            item = {"TableName": full.environment["TABLE_NAME"], "Item": late}
            original(client, "PutItem", item)
        return answer

    with monkeypatch.context() as patch:
        patch.setattr("botocore.client.BaseClient._make_api_call", call)
        said = operator.refused("workspace", "delete", "acme", "--yes")
    assert "There is left: 1 × delivery. Repeat the command." in said
    [done] = operator.type("workspace", "delete", "acme", "--yes")
    assert (done["deleted"], done["left"]) == ({"delivery": 1}, {})


def test_an_unknown_tier_is_refused_and_every_dialect_asks_for_known_ones(operator):
    sentence = "There is no tier gold: free, pro."
    assert sentence in operator.refused("workspace", "create", "rich", "--tier", "gold")
    assert sentence in operator.refused("workspace", "change", "acme", "--tier", "gold")
    asked = {model["tier"].lower() for model in dalnulla.DATA["models"].values() if "tier" in model}
    assert asked
    assert asked <= set(TIERS)


def test_an_error_of_aws_ends_a_command_with_a_sentence(operator, monkeypatch):
    def call(*_):
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not yours"}}, "Query")

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", call)
    assert "not yours" in operator.refused("workspace", "delete", "acme", "--yes")
