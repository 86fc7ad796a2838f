"""`make admin`: the operator's command, against the system that runs in this folder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.local.environment import clean_environment, operator_environment
from infra.local.errors import LocalRunError
from infra.local.folder import Folder


def run_admin(
    root: Path, folder: Folder, outer: Mapping[str, str], words: Sequence[str], *, tls: bool
) -> int:
    local = folder.read_local()
    if local is None or local.pid is None:
        message = "Nothing runs here: `make run` starts it, in another terminal."
        raise LocalRunError(message)
    certificate = folder.certificate / "local.pem" if tls else None
    environment = operator_environment(
        clean_environment(outer, folder), root, local.aws, certificate, local.api
    )
    command = [sys.executable, "-m", "darkroom.admin.command", *words]
    return subprocess.run(command, env=environment, check=False).returncode
