"""CDK's command line, run on the packaged Node.

`npx` starts it by `#!/usr/bin/env node`, and it starts `python -m infra.app` by cdk.json: both are
looked for on PATH. The packaged Node and this environment's Python come first there, so that no
machine needs a Node or a `python` of its own, and none of its own is used by mistake.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.deploying.errors import DeploymentError
from infra.node import packaged_node

ROOT = Path(__file__).resolve().parents[2]
# A later major version cannot read what this library writes, nor an earlier one.
CDK = "aws-cdk@2.1148.x"


def run_cdk(command: str, words: Sequence[str], environment: Mapping[str, str]) -> int:
    """The exit code is the command line's own."""
    node = packaged_node()
    if node is None:
        raise DeploymentError("CDK needs the packaged Node: make setup installs it.")
    npx = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npx-cli.js"
    line = [str(node), str(npx), "--yes", CDK, command, *words]
    found = _with_path(environment, node.parent, Path(sys.executable).parent)
    return subprocess.run(line, cwd=ROOT, env=found, check=False).returncode


def _with_path(environment: Mapping[str, str], *first: Path) -> dict[str, str]:
    given = environment.get("PATH", os.defpath)
    return {
        # Usage data is the operator's to give: set it to false to send them.
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        **environment,
        "PATH": os.pathsep.join((*map(str, first), given)),
    }
