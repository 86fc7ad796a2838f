"""The SAM CLI, with the samconfig.toml of this repository, on the template as it is synthesized."""

from __future__ import annotations

import shutil

import pytest

from infra.app import ROOT, synthesize
from tests.tools import run_tool

SAM = "aws-sam-cli==1.170.0"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """After `make synth`, in a folder of its own."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "samconfig.toml", folder)
    shutil.copytree(ROOT / "events", folder / "events")
    synthesize({"bundle": "code"}, str(folder / "cdk.out"))
    return folder


def sam(project, *words):
    return run_tool(SAM, "sam", *words, cwd=project, SAM_CLI_TELEMETRY="0", HOME=str(project))


def test_sam_validate_has_nothing_to_say(project):
    done = sam(project, "validate", "--lint")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is a valid SAM Template" in done.stdout


def test_sam_local_invoke_finds_the_template_and_asks_for_no_more_than_a_container(project):
    done = sam(project, "local", "invoke", "status", "--event", "events/status/get-health.json")
    said = done.stdout + done.stderr
    assert "Template file not found" not in said
    assert done.returncode == 0 or "requires a container runtime" in said, said
