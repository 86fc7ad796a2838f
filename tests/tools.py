"""Large tools that only a few tests use, each in an environment of its own below .build/.

They are not among our packages: their own packages would be at odds with ours. Where one cannot be
installed, its tests are skipped and say so.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.running import ROOT


@cache
def tool(requirement: str) -> Path:
    """The folder of the commands of a package that is named with its version."""
    kept = ROOT / ".build" / "tools" / requirement.replace("==", "-")
    commands = kept / "bin"
    ready = kept / "ready"
    if not ready.exists():
        uv = (sys.executable, "-m", "uv")
        _run(*uv, "venv", "--quiet", "--clear", "--python", sys.executable, kept)
        _run(*uv, "pip", "install", "--quiet", "--python", commands / "python", requirement)
        ready.touch()
    return commands


def _run(*command: str | Path) -> None:
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        pytest.skip(f"{command[-1]} cannot be installed here: {done.stderr[-300:]}")


def run_tool(requirement: str, name: str, *words: str | Path, cwd: Path, **variables: str):
    commands = tool(requirement)
    environment = {**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", **variables}
    return subprocess.run(
        [str(commands / name), *map(str, words)],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
