"""The workflows of .github: they parse, run what exists, and need no secret."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.running import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def read(path):
    # YAML 1.1 takes the word `on` for a truth value.
    document = yaml.safe_load(path.read_text("utf-8"))
    return {("on" if key is True else key): value for key, value in document.items()}


def steps(path):
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def test_there_are_workflows():
    assert [path.name for path in FILES] == ["ci.yml"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_workflow_has_what_github_wants_of_it(path):
    workflow = read(path)
    assert workflow.keys() <= {"name", "on", "permissions", "concurrency", "jobs"}
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert {"runs-on", "timeout-minutes", "steps"} == job.keys()
    for step in steps(path):
        assert ("run" in step) != ("uses" in step)
        assert step.keys() <= {"run", "uses", "with", "env", "if"}
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_target_of_make_that_it_runs_exists(path):
    runs = "\n".join(step.get("run", "") for step in steps(path))
    named = re.findall(r"\bmake (?:-C \S+ )?([a-z-]+)", runs)
    assert len(named) >= 5
    assert set(named) <= TARGETS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_fork_needs_no_secret_and_runs_no_text_of_a_pull_request(path):
    assert "secrets." not in path.read_text("utf-8")
    # What others wrote gets into a command by a variable of the environment only.
    assert not any("${{" in step.get("run", "") for step in steps(path))


def test_updates_of_dependencies_come_together():
    dependabot = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text("utf-8"))
    assert [one["package-ecosystem"] for one in dependabot["updates"]] == ["pip", "github-actions"]
    for update in dependabot["updates"]:
        [group] = update["groups"].values()
        assert group["patterns"] == ["*"]
