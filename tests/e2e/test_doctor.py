"""`make admin ARGS=doctor` and `prove` on `make run`: green, and red with each planted fault."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from darkroom.admin.proof.table import CHECKS
from darkroom.aws.records import job_item
from tests.builders import new_job
from tests.fakes.upstream import Upstream
from tests.fakes.vendors.openai import OpenAiVendor
from tests.running import Local

ORIGIN = "https://shop.example"
# Outputs that say nothing of whose account it is.
NAMELESS = {"Version", "Providers", "MediaDays", "ConcurrencyNeeded"}


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    context = {"CONTEXT": f"cors_origins={ORIGIN}"}
    running = Local(tmp_path_factory.mktemp("doctor"), context).start()
    yield running
    running.stop()


def examined(local):
    """The exit code, and what was found by subject."""
    done = local.admin("doctor")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.stderr == ""
    return done.returncode, {row["subject"]: (row["health"], row["text"]) for row in rows}


def bad_ones(found):
    return {subject for subject, (health, _) in found.items() if health == "bad"}


def test_it_is_green_on_a_system_that_is_well(local):
    done = local.make_admin("doctor")
    assert done.returncode == 0, done.stdout
    code, found = examined(local)
    assert (code, bad_ones(found)) == (0, set())
    aws_alone = {subject for subject, finding in found.items() if finding[1] == "needs AWS"}
    assert aws_alone == {"alarms", "functions at once"}
    assert {subject for subject, (health, _) in found.items() if health == "good"} >= {
        *("stack", "version", "clock", "secret signing", "secret webhooks"),
        *("stuck jobs", "providers", "queue ImagesToMakeQueue", "dead letters IntakeDeadLetters"),
        *("dead letters WebhooksDeadLetters", "dead letters SetAside"),
    }


def test_a_stuck_job_is_red(local):
    client, table = local.aws.client("dynamodb"), local.outputs["TableName"]
    past = datetime.now(UTC) - timedelta(hours=1)
    job = new_job(workspace="nobody")  # without an account the sweeper cannot end it
    item = job_item(job) | {
        "deadline": {"S": past.isoformat(timespec="microseconds")},
        "due_at": {"N": str(past.timestamp())},
    }
    client.put_item(TableName=table, Item=item)
    try:
        code, found = examined(local)
    finally:
        client.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})
    assert (code, bad_ones(found)) == (1, {"stuck jobs"})
    assert f"1 past their deadline: nobody {job.id}" in found["stuck jobs"][1]


def test_a_dead_letter_is_red(local):
    client, url = local.aws.client("sqs"), local.outputs["IntakeDeadLetterQueueUrl"]
    client.send_message(QueueUrl=url, MessageBody="{}")
    try:
        code, found = examined(local)
    finally:
        client.purge_queue(QueueUrl=url)
    assert (code, bad_ones(found)) == (1, {"dead letters IntakeDeadLetters"})
    assert found["dead letters IntakeDeadLetters"][1] == "1 messages: see the runbooks"


def test_a_wrong_key_of_a_provider_is_red_and_a_right_one_green(local):
    client, name = local.aws.client("secretsmanager"), "darkroom/local/openai"
    with Upstream(OpenAiVendor()) as upstream:
        client.create_secret(Name=name, SecretString=json.dumps(upstream.account))
        try:
            code, right = examined(local)
            assert (code, right["provider openai"]) == (0, ("good", "its key: good"))
            wrong = {**upstream.account, "key": "sk-wrong"}
            client.put_secret_value(SecretId=name, SecretString=json.dumps(wrong))
            code, found = examined(local)
        finally:
            client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        assert {asked.method for asked in upstream.asked} == {"GET"}
    assert (code, bad_ones(found)) == (1, {"provider openai"})
    assert found["provider openai"][1] == "its key: unauthorized"


@pytest.fixture
def no_minute(monkeypatch):
    """No request came just before the proof's workspaces were suspended."""
    monkeypatch.setattr("darkroom.usecases.delete_workspace._LAST_REQUESTS", timedelta())


def test_all_of_the_proof_that_can_run_here_runs_and_the_rest_says_that_it_needs_aws(
    local, tmp_path, no_minute
):
    before = {row["workspace"] for row in rows(local.admin("workspace", "list"))}
    out = tmp_path / "proof.json"
    done = local.admin("prove", "--yes", "--origin", ORIGIN, "--out", str(out))
    report = json.loads(out.read_text())["report"]
    results = {check["name"]: (check["result"], check["reason"]) for check in report["checks"]}
    here = {check.name for check in CHECKS if not check.needs_aws}
    assert {name for name, (result, _) in results.items() if result == "shown"} == here, results
    assert {results[check.name] for check in CHECKS if check.needs_aws} == {("open", "needs AWS")}
    assert done.returncode == 0, done.stderr
    assert {row["workspace"] for row in rows(local.admin("workspace", "list"))} == before
    # Nothing in it says whose account it was.
    text = out.read_text()
    names = [value for name, value in local.outputs.items() if value and name not in NAMELESS]
    naming = ("000000000000", "arn:", "127.0.0.1", "http", "darkroom-", *names)
    assert [one for one in naming if one in text] == []
    assert local.admin("prove", "--verify", str(out)).returncode == 0
    out.write_text(text.replace('"shown"', '"wrong"', 1))
    done = local.admin("prove", "--verify", str(out))
    assert (done.returncode, "was changed" in done.stderr) == (1, True)


def test_a_dry_run_of_the_proof_lists_checks_with_cost_and_time_and_makes_nothing(local):
    before = rows(local.admin("audit", "list"))
    listed = rows(local.admin("prove", "--dry-run"))
    assert [row["name"] for row in listed] == [check.name for check in CHECKS]
    assert sum(row["usd"] for row in listed) < 1
    assert sum(row["seconds"] for row in listed) <= 3600
    assert rows(local.admin("audit", "list")) == before
    assert "Say --yes." in local.admin("prove").stderr
    assert "no check mail: image, paths" in local.admin("prove", "--only", "mail").stderr


def rows(done):
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
