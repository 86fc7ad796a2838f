"""The operator's proof: its report and its workspaces, however its run ends."""

from __future__ import annotations

import json
import os
from datetime import timedelta

import pytest

from darkroom.admin import prove
from darkroom.admin.proof.table import ProofCheck
from darkroom.bootstrap.admin import AdminServices
from darkroom.usecases.keys import KeyService

STACK = "darkroom-test"
OUTPUTS = {
    "TableName": "TABLE_NAME",
    "SigningSecretArn": "SIGNING_SECRET",
    "WebhookSecretArn": "WEBHOOK_SECRET",
    "BucketName": "BUCKET_NAME",
    "ImagesQueueUrl": "IMAGES_QUEUE_URL",
    "BacklogQueueUrl": "BACKLOG_QUEUE_URL",
}


def interrupt(_workspace):
    raise KeyboardInterrupt


RUNS = {"works": lambda _: {"number": 7}, "is interrupted": interrupt}


@pytest.fixture
def proof(operator, monkeypatch, tmp_path):
    """Types the command with these checks; the checks in the report, or None without one."""
    # What a suspended workspace was asked for just before has come to its end.
    monkeypatch.setattr("darkroom.usecases.delete_workspace._LAST_REQUESTS", timedelta())
    checks = [
        ProofCheck(name=name, shows="", run=run, usd=0, seconds=0) for name, run in RUNS.items()
    ]
    monkeypatch.setattr(prove, "CHECKS", checks)
    out = tmp_path / "proof.json"

    def typed(*names):
        only = [word for name in names for word in ("--only", name)]
        words = ("prove", "--yes", "--api", "https://api.test", "--out", out, *only)
        operator.type("--stack", STACK, *words)
        if not out.exists():
            return None
        return [row["name"] for row in json.loads(out.read_text())["report"]["checks"]]

    return typed


@pytest.fixture(autouse=True)
def stack(operator, monkeypatch):
    with_values = {output: os.environ[name] for output, name in OUTPUTS.items()}
    monkeypatch.setattr("darkroom.bootstrap.admin.stack_outputs", lambda *_: with_values)


def workspaces(operator):
    return [row["workspace"] for row in operator.type("workspace", "list")]


def test_its_workspaces_are_gone_at_the_end(operator, proof):
    assert proof("works") == ["works"]
    assert operator.last.exit_code == 0, operator.said
    assert workspaces(operator) == []


def test_the_report_is_there_and_the_other_workspace_gone_when_a_deletion_fails(
    operator, proof, monkeypatch
):
    delete = AdminServices.delete_workspace

    def failing(services, workspace):
        if not workspace.endswith("-b"):
            raise LookupError("the bucket is not there")
        return delete(services, workspace)

    monkeypatch.setattr(AdminServices, "delete_workspace", failing)
    assert proof("works") == ["works"]
    assert operator.last.exit_code != 0
    assert len(workspaces(operator)) == 1


def test_what_was_shown_before_an_interruption_is_in_the_report(operator, proof):
    assert proof() == ["works"]
    assert operator.last.exit_code != 0
    assert workspaces(operator) == []


@pytest.mark.parametrize(
    "step", [(AdminServices, "create_workspace"), (KeyService, "create")], ids=["account", "key"]
)
def test_of_workspaces_that_cannot_both_be_made_none_is_left(operator, proof, monkeypatch, step):
    owner, name = step
    original = getattr(owner, name)

    def failing(services, workspace, *given, **named):
        if workspace.endswith("-b"):
            raise LookupError("no more")
        return original(services, workspace, *given, **named)

    monkeypatch.setattr(owner, name, failing)
    assert proof("works") is None
    assert "no more" in operator.last.stderr
    assert workspaces(operator) == []


def test_a_report_that_has_no_place_is_refused_before_anything_is_run(operator, proof, tmp_path):
    out = tmp_path / "nowhere" / "proof.json"
    said = operator.refused("--stack", STACK, "prove", "--yes", "--out", out, "--api", "https://a")
    assert "no folder" in said
    assert operator.type("audit", "list") == []
