"""The folders that become Lambda's code: made without Docker, kept by the hash of what they hold.

The dependencies come from requirements.lock, each verified by its hash, as wheels for the Lambda
that runs them and not for this machine. A second synthesis finds them in .build/ and takes no time;
when only our own code has changed, only that is put in anew.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from infra.compiling import compile_folder, find_interpreter
from infra.errors import SynthesisError
from infra.options import Bundle
from infra.pruning import SERVICES, prune

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "functions"
LOCK = ROOT / "requirements.lock"
BUILD = ROOT / ".build"

PYTHON = "3.13"
# Amazon Linux 2023, on which this Python runs in Lambda, has glibc 2.34.
PLATFORM = "aarch64-manylinux_2_28"

# A change of these makes other bundles of the same dependencies.
RECIPE = ("bundling.py", "compiling.py", "pruning.py")
# Each change of our own code makes new folders: of the old ones, only the last day's are kept.
KEPT_FOR_SECONDS = 24 * 3600
# The operator's command runs on the operator's machine.
OPERATORS_PACKAGE = "darkroom/admin/"
NOT_FOR_LAMBDA = frozenset(
    {
        "darkroom/domain/catalogue_retirements.py",
        "darkroom/bootstrap/admin.py",
        "darkroom/bootstrap/provider_keys.py",
        "darkroom/aws/audit_log.py",
        "darkroom/aws/workspace_contents.py",
        "darkroom/domain/audit_log.py",
        "darkroom/domain/workspace_contents.py",
        "darkroom/usecases/delete_workspace.py",
        "darkroom/usecases/filter_jobs.py",
        "darkroom/usecases/retry_job.py",
        "darkroom/usecases/secret_rotation.py",
        "darkroom/usecases/usage.py",
    }
)


class BundleError(SynthesisError):
    """A dependency could not be had for Lambda."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    name: str
    packages: tuple[str, ...]
    # Folders of our own code that its functions never import.
    leaves_out: tuple[str, ...] = ()
    # The services of AWS that its functions call.
    services: frozenset[str] = SERVICES


API = Dependencies(
    "api",
    ("aws-lambda-powertools", "botocore", "cryptography", "multipart", "pydantic", "pyjwt"),
    leaves_out=(
        "darkroom/fetching",
        "darkroom/imaging",
        "darkroom/providers",
        "painter",
        "writer",
    ),
)
SENDER = Dependencies(
    "sender",
    ("aws-lambda-powertools", "botocore", "httpcore", "pydantic"),
    leaves_out=(
        "darkroom/imaging",
        "darkroom/openapi",
        "darkroom/providers",
        "painter",
        "writer",
    ),
)
WORKER = Dependencies(
    "worker",
    (
        "aws-lambda-powertools",
        "botocore",
        # For the signature of a Google service account, loaded when there is one.
        "cryptography",
        "httpcore",
        "httpx",
        "pillow",
        "pydantic",
        "pyjwt",
    ),
    leaves_out=("darkroom/openapi",),
    services=SERVICES | {"bedrock-runtime"},
)


def asset_folder(dependencies: Dependencies, bundle: Bundle) -> Path:
    own = {name: path.read_bytes() for name, path in own_files()}
    if bundle is Bundle.CODE:
        return _kept("code", _digest(own, sys.version, *_recipe()), partial(_write_compiled, own))
    own = {name: content for name, content in own.items() if _is_for(dependencies, name)}
    interpreter = find_interpreter(PYTHON)
    installed = _installed(dependencies, interpreter)

    def assemble(folder: Path) -> None:
        shutil.copytree(installed, folder, dirs_exist_ok=True, copy_function=_link)
        _write(own, folder)
        if interpreter:
            for package in sorted({name.partition("/")[0] for name in own}):
                compile_folder(interpreter, folder, only=package)

    return _kept(dependencies.name, _digest(own, installed.name), assemble)


def _write_compiled(own: dict[str, bytes], folder: Path) -> None:
    """For this machine: the interpreter that runs this will run it."""
    _write(own, folder)
    compile_folder(Path(sys.executable), folder)


def _is_for(dependencies: Dependencies, name: str) -> bool:
    return not name.startswith(tuple(f"{folder}/" for folder in dependencies.leaves_out))


def own_files() -> Iterator[tuple[str, Path]]:
    """Our own packages, by name within the asset."""
    for path in sorted(SOURCE.rglob("*")):
        name = path.relative_to(SOURCE).as_posix()
        hidden = any(part.startswith((".", "__pycache__")) for part in Path(name).parts)
        if path.is_file() and not hidden and ".egg-info" not in name and not _is_operators(name):
            yield name, path


def _is_operators(name: str) -> bool:
    return name.startswith(OPERATORS_PACKAGE) or name in NOT_FOR_LAMBDA


def _installed(dependencies: Dependencies, interpreter: Path | None) -> Path:
    inputs = [LOCK.read_text("utf-8"), *dependencies.packages, *_recipe(), str(bool(interpreter))]

    def install(folder: Path) -> None:
        _install(dependencies.packages, folder)
        prune(folder, dependencies.services)
        if interpreter:
            compile_folder(interpreter, folder)

    return _kept(f"{dependencies.name}-dependencies", _digest({}, *inputs), install)


def _recipe() -> list[str]:
    return [(ROOT / "infra" / name).read_text("utf-8") for name in RECIPE]


def _install(packages: tuple[str, ...], folder: Path) -> None:
    command = [
        *(sys.executable, "-m", "uv", "pip", "install", "--quiet"),
        *("--target", str(folder), "--python", sys.executable),
        *("--python-version", PYTHON, "--python-platform", PLATFORM, "--only-binary", ":all:"),
        # The lock is the list of constraints; with its hashes required, nothing else gets in.
        *("--constraints", str(LOCK), "--require-hashes"),
        # Files are changed below, and would be changed in uv's cache too if they were links.
        *("--link-mode", "copy"),
        *(f"{package}=={locked_version(package)}" for package in packages),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        message = f"cannot bundle {', '.join(packages)} for Lambda:\n{result.stderr.strip()}"
        raise BundleError(message)


def locked_version(package: str) -> str:
    found = re.search(rf"^{re.escape(package)}==([^\s;]+)", LOCK.read_text("utf-8"), re.MULTILINE)
    if not found:
        message = f"{package} is not in {LOCK.name}: `make lock` writes it"
        raise BundleError(message)
    return found.group(1)


def _kept(name: str, digest: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name and content, made unless it is there. Whole, or not there at all."""
    kept = BUILD / f"{name}-{digest}"
    if kept.is_dir():
        return kept
    BUILD.mkdir(exist_ok=True)
    _forget_old(name)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix=f"{name}-making-") as temporary:
        made = Path(temporary) / "folder"
        made.mkdir()
        make(made)
        _open_to_all(made)
        try:
            made.rename(kept)
        except OSError:
            # Another synthesis was faster, with the same content.
            if not kept.is_dir():
                raise
    return kept


def _open_to_all(folder: Path) -> None:
    """Lambda runs as another user, and has the modes of these files: no umask may take them."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _forget_old(name: str) -> None:
    oldest = time.time() - KEPT_FOR_SECONDS
    for folder in BUILD.iterdir():
        if folder.name.rpartition("-")[0] == name and folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def _link(source: str, target: str) -> None:
    """The dependencies are the bulk of a bundle, and the same in all bundles of a day."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _write(files: dict[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _digest(files: dict[str, bytes], *others: str) -> str:
    digest = hashlib.sha256()
    for part in (*others, *(item for pair in files.items() for item in pair)):
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8) + content)
    return digest.hexdigest()[:16]
