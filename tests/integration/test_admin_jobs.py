"""The operator's command: jobs are found, canceled and retried, and each change is recorded."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from darkroom.providers.interface import Failed, FailureKind
from darkroom.providers.vendors.painter import Painter
from tests.integration.conftest import Operator


@pytest.fixture
def operator(system):
    return Operator()


@pytest.fixture
def no_provider(monkeypatch):
    """Every image fails while it is in use."""
    failed = Failed(kind=FailureKind.NO_FUNDS, reason="theirs")
    with monkeypatch.context() as patch:
        patch.setattr(Painter, "read_start", lambda *_: failed)
        patch.setattr("darkroom.usecases.process_slot.MAX_LEASES", 1)
        yield patch


def submitted(system, **body):
    answer = system.submit(**{"width": 64, "height": 64, **body})
    assert answer.status == 202, answer.text
    return answer.json["id"]


def failed_job(system, **body):
    name = submitted(system, **body)
    system.work()
    return name


def account(operator):
    [row] = operator.type("workspace", "list")
    return {name: row[name] for name in ("balance", "held", "spent", "in_flight")}


def found(operator, *filters):
    words = [word for text in filters for word in ("--filter", text)]
    return [row["id"] for row in operator.type("jobs", "list", "acme", *words)]


def test_jobs_are_listed_newest_first_and_by_each_filter(system, operator, no_provider):
    assert found(operator) == []
    assert "no such job" in operator.last.stderr
    first = failed_job(system, n=2, model="flux-2-pro")
    second = submitted(system)
    assert found(operator) == [second, first]
    assert found(operator, "status=failed") == found(operator, "code=provider_failed") == [first]
    assert found(operator, "status=failed", "status=pending") == [second, first]
    assert found(operator, "status=failed", "status=pending", "code=provider_failed") == [first]
    assert found(operator, "model=flux-2-pro") == [first]
    assert found(operator, "kind=captions") == found(operator, "dialect=qolaba") == []
    assert found(operator, "dialect=native", "newer=1m") == [second, first]
    assert found(operator, "older=1m") == []
    [row] = operator.type("jobs", "list", "acme", "--limit", 1)
    assert row["id"] == second
    assert "There are more" in operator.last.stderr


MEANINGLESS = [
    (("list", "acme", "--filter", "status"), "name=value"),
    (("list", "acme", "--filter", "status=lost"), "no status lost: pending, processing"),
    (("list", "acme", "--filter", "colour=red"), "no filter colour"),
    (("list", "acme", "--filter", "older=soon"), "90s, 15m"),
    (("list", "acme", "--filter", "older=99999d"), "90s, 15m"),
    (("list", "nobody"), "There is no workspace nobody."),
    (("show", "acme", "gone"), "no such job gone"),
    (("cancel", "acme"), "Name the jobs, or give a --filter."),
    (("retry", "acme", "one", "--filter", "status=failed"), "not both"),
    (("retry", "acme", "gone"), "no such job gone"),
]


def test_what_cannot_be_meant_is_refused_and_not_recorded(operator):
    for words, sentence in MEANINGLESS:
        assert sentence in operator.refused("jobs", *words), words
    assert operator.type("audit", "list") == []
    assert "No change is recorded." in operator.last.stderr


def test_a_job_is_shown_as_it_is_stored_without_tokens(system, operator):
    name = submitted(system)
    [message] = system.messages()
    [shown] = operator.type("jobs", "show", "acme", name)
    assert (shown["id"], shown["price"], shown["request"]["prompt"]) == (name, 1, "a red boat")
    system.work([message])
    [shown] = operator.type("jobs", "show", "acme", name)
    assert shown["status"] == "completed"
    assert "token" not in operator.said


def test_a_canceled_job_is_refunded_and_a_finished_one_is_refused(system, operator):
    done = submitted(system)
    system.work()
    open_one = submitted(system, n=2)
    assert operator.type("jobs", "cancel", "acme", "--filter", "newer=1h", "--dry-run")
    assert account(operator)["in_flight"] == 2
    [row] = operator.type("jobs", "cancel", "acme", "--filter", "newer=1h")
    assert (row["id"], row["status"], row["now"]) == (open_one, "canceled", open_one)
    assert account(operator) == {"balance": 999, "held": 0, "spent": 1, "in_flight": 0}
    assert "1 of 1 jobs were not changed" in operator.refused("jobs", "cancel", "acme", done)
    assert operator.type("reconcile") == [{"workspaces": 1, "differences": 0}]


def test_a_retry_is_a_new_job_that_is_charged_anew_and_once(system, operator, no_provider):
    name = failed_job(system, n=2, metadata={"order": "42"}, seed=7)
    assert account(operator) == {"balance": 1000, "held": 0, "spent": 0, "in_flight": 0}
    [row] = operator.type("jobs", "retry", "acme", "--filter", "status=failed")
    assert (row["id"], row["status"]) == (name, "pending")
    assert account(operator) == {"balance": 998, "held": 2, "spent": 0, "in_flight": 2}
    # Killed before its answer, and repeated: the same job.
    [again] = operator.type("jobs", "retry", "acme", name)
    assert again["now"] == row["now"] != name
    assert len(system.messages()) == 0
    no_provider.undo()
    system.work(system.messages("BACKLOG_QUEUE_URL"))
    old, new = (system.http("GET", f"/v1/jobs/{one}").json for one in (name, row["now"]))
    assert (old["status"], new["status"]) == ("failed", "completed")
    for field in ("model", "prompt", "seed", "metadata", "cost"):
        assert new.get(field) == old.get(field)
    assert account(operator) == {"balance": 998, "held": 0, "spent": 2, "in_flight": 0}
    assert operator.type("reconcile") == [{"workspaces": 1, "differences": 0}]
    said = operator.refused("jobs", "retry", "acme", row["now"])
    assert "1 of 1 jobs were not changed" in said
    assert "only failed" in operator.last.stdout


def test_a_retry_needs_credits_and_an_open_workspace(system, operator, no_provider):
    name = failed_job(system, n=1)
    operator.type("workspace", "suspend", "acme")
    operator.refused("jobs", "retry", "acme", name)
    assert "suspended" in operator.last.stdout
    operator.type("workspace", "resume", "acme")
    boto3.client("dynamodb").update_item(
        TableName=system.environment["TABLE_NAME"],
        Key={"pk": {"S": "WS#acme"}, "sk": {"S": "ACCOUNT"}},
        UpdateExpression="SET balance = :none",
        ExpressionAttributeValues={":none": {"N": "0"}},
    )
    operator.refused("jobs", "retry", "acme", name)
    assert "credits" in operator.last.stdout


def test_more_than_the_limit_are_changed_only_with_a_yes(system, operator):
    names = [submitted(system) for _ in range(3)]
    words = ("jobs", "cancel", "acme", "--filter", "status=pending", "--limit", 2)
    assert "Cancel 3 jobs? Say --yes." in operator.refused(*words)
    assert account(operator)["in_flight"] == 3
    assert {row["id"] for row in operator.type(*words, "--dry-run")} == set(names)
    assert {row["now"] for row in operator.type(*words, "--yes")} == set(names)
    assert account(operator)["in_flight"] == 0


def test_more_named_jobs_than_are_changed_at_once_are_refused(system, operator):
    """A repeat would begin with the same ones again."""
    names = [submitted(system)] * 1001
    for verb in ("cancel", "retry"):
        assert "1000" in operator.refused("jobs", verb, "acme", *names, "--yes")
    assert account(operator)["in_flight"] == 1


def test_each_change_is_recorded_with_who_when_and_what(system, operator, no_provider):
    name = failed_job(system)
    [row] = operator.type("jobs", "retry", "acme", "--filter", "status=failed")
    operator.type("key", "create", "acme", "--label", "shop")
    secret = operator.last.stdout.partition('"key": "')[2].partition('"')[0]
    operator.refused("grant", "nobody", 5, "--reference", "r")
    grant, key, retry = operator.type("audit", "list")
    assert [one["action"] for one in (grant, key, retry)] == ["grant", "key create", "jobs retry"]
    assert [one["state"] for one in (grant, key, retry)] == ["failed", "done", "done"]
    assert (retry["details"]["jobs"], retry["details"]["new_jobs"]) == ([name], [row["now"]])
    assert retry["details"]["filters"] == ["status=failed"]
    assert retry["arn"].startswith("arn:aws:")
    assert retry["user"]
    assert datetime.now(UTC) - datetime.fromisoformat(retry["at"]) < timedelta(minutes=1)
    # The new job's lines in the logs lead back to who asked for it.
    [new] = operator.type("jobs", "show", "acme", row["now"])
    assert new["request_id"] == retry["id"]
    assert secret.startswith("dk_")
    assert secret not in str(operator.type("audit", "list"))
    assert operator.type("audit", "list", "nobody") == [grant]


def test_what_cannot_be_recorded_is_not_done(system, operator, monkeypatch):
    def unknown(_):
        raise LookupError("nobody knows you")

    monkeypatch.setattr("darkroom.bootstrap.admin.AdminServices.caller_arn", unknown)
    assert "nobody knows you" in operator.refused("workspace", "suspend", "acme")
    assert operator.type("workspace", "list")[0]["suspended_at"] == ""


def test_usage_adds_up_jobs_images_and_credits_by_model(system, operator, no_provider):
    assert operator.type("usage") == []
    assert "Nothing was used in 30 days." in operator.last.stderr
    failed_job(system, n=2)
    no_provider.undo()
    submitted(system, n=3)
    system.work()
    submitted(system, n=1, model="flux-2-pro")
    painter, other = sorted(operator.type("usage", "acme"), key=lambda row: -row["jobs"])
    assert (painter["jobs"], painter["stored"], painter["failed"]) == (2, 3, 2)
    assert (painter["charged"], painter["refunded"], painter["on_the_way"]) == (3, 2, 0)
    assert (other["model"], other["on_the_way"], other["charged"]) == ("flux-2-pro", 1, 0)
    assert "no workspace nobody" in operator.refused("usage", "nobody")
