"""The cloud assembly: what CDK makes of infra/, or what it made of the same inputs before."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from infra.local.environment import STAGE
from infra.local.errors import LocalRunError

# Which port the API gets is known only when it is open. Until then this stands in the template: one
# for each port would be a synthesis for each port.
STANDING_ADDRESS = "http://127.0.0.1:0"

# The context of this deployment; everything else is as it is on AWS, or as CONTEXT says.
STANDING_CONTEXT = {
    "stage": STAGE,
    # Handlers run on this machine's interpreter, which has their dependencies.
    "bundle": "code",
    "keep_data": "false",
    # With the paths of requests that found nothing.
    "log_level": "DEBUG",
    # The painter needs seconds. The shorter this is, the sooner an image goes on that a stop or a
    # crash has interrupted.
    "worker_timeout": "60",
    # Each is a process of its own here: more of them than this only wait for each other.
    "worker_concurrency": str(max(2, 2 * (os.cpu_count() or 1))),
    "webhook_concurrency": "4",
    # There are no keys here: the painter makes everything, and says so.
    "stand_in": "true",
    # Addresses of this machine may be fetched from, and get webhooks, on this machine.
    "fetch_from": "localhost,127.0.0.1",
    "public_url": STANDING_ADDRESS,
    # Alarms and dashboards: of no use here, and some are types that MiniStack refuses.
    "observability": "false",
}
KEPT_FOR_SECONDS = 24 * 3600


def assembly(root: Path, environment: Mapping[str, str], given: str = "") -> Path:
    """The folder of the assembly, named by its inputs, so that nothing stale is ever deployed."""
    folder = root / ".darkroom" / "assemblies"
    context = STANDING_CONTEXT | _parsed(given)
    wanted = folder / _fingerprint(root, context)
    if wanted.is_dir():
        return wanted
    folder.mkdir(parents=True, exist_ok=True)
    _forget_old(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix="making-") as making:
        made = Path(making) / "cdk.out"
        _synthesize(root, made, environment, context)
        try:
            made.rename(wanted)
        except OSError:
            # Someone else made the same at the same time.
            if not wanted.is_dir():
                raise
    return wanted


def _parsed(given: str) -> dict[str, str]:
    """`key=value key=value`, as CDK's -c takes them."""
    pairs = [part.partition("=") for part in given.split()]
    for key, equals, _ in pairs:
        if not equals:
            message = f"CONTEXT takes key=value, and {key} is none."
            raise LocalRunError(message)
        if key in {"stage", "bundle"}:
            message = f"CONTEXT cannot change {key}: it is what makes this the local system."
            raise LocalRunError(message)
    return {key: value for key, _, value in pairs}


def _synthesize(
    root: Path, output: Path, environment: Mapping[str, str], context: Mapping[str, str]
) -> None:
    words = [part for key, value in context.items() for part in ("-c", f"{key}={value}")]
    command = [sys.executable, str(root / "infra" / "app.py"), "-o", str(output), *words]
    done = subprocess.run(
        command,
        cwd=root,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        message = f"The template could not be made (python infra/app.py):\n{said}"
        raise LocalRunError(message)


def _fingerprint(root: Path, context: Mapping[str, str]) -> str:
    digest = hashlib.sha256(json.dumps([dict(context), sys.version], sort_keys=True).encode())
    for file in _inputs(root):
        digest.update(f"\0{file.relative_to(root)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


def _inputs(root: Path) -> Iterator[Path]:
    local = root / "infra" / "local"
    yield root / "cdk.json"
    # Another version of CDK makes another template.
    yield root / "requirements.lock"
    for folder in (root / "infra", root / "functions"):
        for file in sorted(folder.rglob("*")):
            if not file.is_file() or "__pycache__" in file.parts or local in file.parents:
                continue
            if any(part.endswith(".egg-info") for part in file.parts):
                continue
            yield file


def _forget_old(folder: Path) -> None:
    """A change of code makes a new one each time, a few hundred kB each."""
    oldest = time.time() - KEPT_FOR_SECONDS
    for old in folder.iterdir():
        if old.stat().st_mtime < oldest:
            shutil.rmtree(old, ignore_errors=True)
