"""The demo workspace and its key, made by the operator's own command, as on AWS."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from infra.local.errors import LocalRunError

WORKSPACE = "demo"
CREDITS = "10000"


def seed(root: Path, environment: Mapping[str, str]) -> str:
    """The new key. The workspace may be there already, when its key was lost."""
    created = _operate(root, environment, "workspace", "create", WORKSPACE, "--credits", CREDITS)
    issued = _operate(root, environment, "key", "create", WORKSPACE)
    if issued.returncode:
        said = "\n".join(text.strip() for text in (created.stderr, issued.stderr) if text.strip())
        message = f"The demo workspace could not be made:\n{said}"
        raise LocalRunError(message)
    key: str = json.loads(issued.stdout.strip().splitlines()[-1])["key"]
    return key


def opens(api: str, key: str) -> bool:
    """Whether the API knows this key: any answer but 401 to a question about no job at all."""
    address = urlsplit(api)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    try:
        headers = {"Authorization": f"Bearer {key}"}
        connection.request("GET", "/v1/jobs/none", headers=headers)
        return connection.getresponse().status != HTTPStatus.UNAUTHORIZED
    finally:
        connection.close()


def _operate(
    root: Path, environment: Mapping[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "darkroom.admin.command", *arguments],
        cwd=root,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
