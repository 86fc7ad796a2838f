"""A machine that deploys, with neither `node` nor `python` on its PATH and nothing but loopback.

In the place of CDK's command line stands a program that writes down how it was called.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from infra.deploying.cdk_cli import CDK
from tests.running import ROOT

TOOLS = ("sh", "env", "make", "awk", "date")
VERSION = CDK.removeprefix("aws-cdk@").replace("x", "0")
# In the place of the command line, from a registry on this machine.
STAND_IN = """#!/usr/bin/env node
const {execSync} = require("child_process");
const python = execSync("command -v python").toString().trim();
const seen = {node: process.execPath, python, words: process.argv.slice(2), env: process.env};
require("fs").appendFileSync(process.env.CALLS, JSON.stringify(seen) + "\\n");
process.exit(Number(process.env.EXIT_CODE || 0));
"""


def packed() -> bytes:
    about = {"name": "aws-cdk", "version": VERSION, "bin": {"cdk": "cdk.js"}}
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, text in {"package.json": json.dumps(about), "cdk.js": STAND_IN}.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size, entry.mode = len(text), 0o755
            archive.addfile(entry, io.BytesIO(text.encode()))
    return made.getvalue()


@contextmanager
def served_registry() -> Iterator[str]:
    """Has one package, and can be asked for nothing else."""
    tarball = packed()

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            manifest = {
                "name": "aws-cdk",
                "version": VERSION,
                "bin": {"cdk": "cdk.js"},
                "dist": {"tarball": f"{address}/aws-cdk/-/aws-cdk-{VERSION}.tgz"},
            }
            about = {
                "name": "aws-cdk",
                "dist-tags": {"latest": VERSION},
                "versions": {VERSION: manifest},
            }
            self.send_response(200)
            self.end_headers()
            self.wfile.write(tarball if self.path.endswith(".tgz") else json.dumps(about).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield address
        server.shutdown()


class Machine:
    def __init__(self, folder: Path, registry: str) -> None:
        self.calls_file = folder / "calls.jsonl"
        tools = folder / "tools"
        tools.mkdir()
        for name in TOOLS:
            (tools / name).symlink_to(shutil.which(name))
        self.variables = {
            "PATH": str(tools),
            "HOME": str(folder),
            "CALLS": str(self.calls_file),
            "AWS_EC2_METADATA_DISABLED": "true",
            "NPM_CONFIG_REGISTRY": registry,
        }

    def make(self, *words: str, typed: str = "", **variables: str):
        return subprocess.run(
            # The packages are there, or this would not run.
            [str(shutil.which("make")), "--old-file=.venv/installed", *words],
            cwd=ROOT,
            env={**self.variables, **variables},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def calls(self) -> list[dict]:
        if not self.calls_file.exists():
            return []
        return [json.loads(line) for line in self.calls_file.read_text().splitlines()]
