"""Compiled files for Lambda's Python: they save half the CPU of a cold start's imports.

The sources stay beside them. A traceback without its lines is worth little, and together they are
far below Lambda's limit of 250 MB.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

# Where Lambda unpacks the asset. Compiled in, so that tracebacks are right and builds repeatable.
LAMBDA_ROOT = "/var/task"


@cache
def find_interpreter(version: str) -> Path | None:
    """An interpreter of that version, if this machine has one: only it can write its own format."""
    for candidate in _candidates(version):
        if _runs(candidate, version):
            return candidate
    sys.stderr.write(
        f"warning: no Python {version} on this machine, so the bundle has no compiled files and "
        f"starts slower; `uv python install {version}` helps\n"
    )
    return None


def compile_folder(interpreter: Path, folder: Path, *, only: str = ".") -> None:
    """Write the compiled files, valid whatever the time of their sources.

    CDK gives all files of an asset one and the same time. Compiled files that are checked against
    the time of their source, as is the default, would never match and be compiled at each start.
    """
    command = [
        *(str(interpreter), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"),
        *("-s", str(folder), "-p", LAMBDA_ROOT, str(folder / only)),
    ]
    subprocess.run(command, check=True)


def _candidates(version: str) -> Iterator[Path]:
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        yield Path(sys.executable)
    for folder in os.get_exec_path():
        found = shutil.which(f"python{version}", path=folder)
        if found:
            yield Path(found)
    uv = _output(sys.executable, "-m", "uv", "python", "find", "--no-python-downloads", version)
    if uv:
        yield Path(uv)
    # pyenv's commands on PATH refuse to start a version that it has, but has not selected.
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{version}*/bin/python{version}"))


def _runs(interpreter: Path, version: str) -> bool:
    code = "import sys; print('{}.{}'.format(*sys.version_info))"
    return _output(str(interpreter), "-c", code) == version


def _output(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.stdout.strip() if result.returncode == 0 else ""
