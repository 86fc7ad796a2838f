"""The commands of docs/deploying.md, typed in a fresh copy of the repository without credentials.

The machine has neither `node` nor `python` on its PATH.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploying_machine import Machine
from tests.running import ROOT

FIRST_STEPS = "From an empty account to the first picture"
UPGRADE = "Upgrade"
NO_PROFILE = "The config profile (mine) could not be found"


def commands_under(heading: str) -> list[str]:
    """The indented lines of a part of the page: those of a list item are indented further."""
    page = (ROOT / "docs/deploying.md").read_text("utf-8")
    part = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [line.strip() for line in re.findall(r"^(?: {4}| {7})(?! )\S.*$", part, re.MULTILINE)]


@pytest.fixture
def clone(tmp_path) -> Path:
    """What git knows of, and what it would add: no state of this machine."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("this is no repository of git")
    files = subprocess.run(
        [str(shutil.which("git")), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    folder = tmp_path / "darkroom"
    for name in files:
        if name and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path, "http://127.0.0.1:9")  # no registry answers there


def typed(machine: Machine, folder: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", "\n".join(lines)],
        cwd=folder,
        env=machine.variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_steps_are_three_commands():
    export, bootstrap, deploy = commands_under(FIRST_STEPS)
    assert export.startswith("export AWS_PROFILE=mine AWS_REGION=")
    assert bootstrap == "make bootstrap"
    assert deploy.startswith("make deploy ARGS=")


def test_without_credentials_each_step_ends_where_aws_is_asked_first(machine, clone):
    (clone / ".venv").symlink_to(ROOT / ".venv")  # making it takes long; the next test does
    export, *steps = commands_under(FIRST_STEPS)
    upgrade = [line for line in commands_under(UPGRADE) if line.startswith("make ")]
    # In its place any context key may stand.
    steps += [line.replace(" …", "") for line in upgrade if "setup" not in line]
    assert len(steps) == 4
    for step in steps:
        done = typed(machine, clone, export, step)
        assert done.returncode, step
        assert NO_PROFILE in done.stderr, (step, done.stderr)
        assert "Traceback" not in done.stderr
        assert "not found" not in done.stderr.replace(NO_PROFILE, "")
    without = typed(machine, clone, "export AWS_REGION=eu-west-1", steps[0])
    assert "No AWS credentials found. Set AWS_PROFILE" in without.stderr
    assert machine.calls == []


@pytest.mark.slow
def test_a_fresh_clone_installs_what_it_needs_first(machine, clone):
    tools = Path(machine.variables["PATH"])
    (tools / "touch").symlink_to(shutil.which("touch"))
    python = tools / "python3"
    python.write_text(f'#!/bin/sh\nexec {sys._base_executable} "$@"\n')
    python.chmod(0o755)
    # How this machine reaches its package index.
    index = {
        name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "SSL_", "UV_"))
    }
    machine.variables |= index
    export, bootstrap, _ = commands_under(FIRST_STEPS)
    done = typed(machine, clone, export, bootstrap)
    assert "Installing packages into .venv" in done.stdout
    assert NO_PROFILE in done.stderr, done.stderr
