"""`make admin ARGS=doctor` on `make run`: green, and red with each fault that is planted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from darkroom.aws.records import job_item
from tests.builders import new_job
from tests.fakes.upstream import Upstream
from tests.fakes.vendors.openai import OpenAiVendor
from tests.running import Local


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    running = Local(tmp_path_factory.mktemp("doctor")).start()
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
        *("stack", "region", "version", "clock", "secret signing", "secret webhooks"),
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
