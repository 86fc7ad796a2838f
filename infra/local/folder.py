"""The folder .darkroom: what lies where, who holds it, and whether it is whole.

Standard library only: `make reset` runs this without any package installed.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from infra.local.errors import LocalRunError

# How long a start waits for the local AWS of a killed one to save and end.
SAVING_SECONDS = 20
LOOK_EVERY_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """What local.json says. `pid` is the running command's, and null once it has stopped."""

    api: str
    key: str
    workspace: str
    port: int
    pid: int | None
    aws: str


@dataclass(frozen=True, slots=True)
class Folder:
    root: Path

    @property
    def local_json(self) -> Path:
        return self.root / "local.json"

    @property
    def state(self) -> Path:
        """Everything that is kept from one run to the next, and that `make reset` throws away."""
        return self.root / "state"

    @property
    def services(self) -> Path:
        return self.state / "services"

    @property
    def objects(self) -> Path:
        return self.state / "objects"

    @property
    def running_mark(self) -> Path:
        """Exists while the local AWS runs: found at a start: the last run did not stop."""
        return self.state / "running"

    @property
    def temporary(self) -> Path:
        return self.root / "tmp"

    @property
    def assembly(self) -> Path:
        return self.root / "cdk.out"

    @property
    def certificate(self) -> Path:
        return self.root / "tls"

    @property
    def aws_log(self) -> Path:
        return self.root / "logs" / "aws.log"

    @property
    def functions_log(self) -> Path:
        return self.root / "logs" / "functions.log"

    def prepare(self) -> None:
        # Jobs, keys' hashes and the signing secret lie here: only for the user of this machine.
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        for folder in (self.services, self.objects, self.aws_log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self.clean_temporary()
        self._forget_places_in_streams()
        for log in (self.aws_log, self.functions_log):
            log.write_text("")

    def _forget_places_in_streams(self) -> None:
        """MiniStack keeps how far a table's stream was read, and not what is in it: after a start
        it would pass over as many new changes as it has ever seen.
        """
        file = self.services / "lambda.json"
        if file.exists():
            kept = json.loads(file.read_text())
            kept["payload"].pop("dynamodb_stream_positions", None)
            saved_at = file.stat().st_mtime_ns
            file.write_text(json.dumps(kept))
            # The time of the last save: the next start tells its user what was lost since.
            os.utime(file, ns=(saved_at, saved_at))

    def clean_temporary(self) -> None:
        # The local AWS leaves a folder here for each environment of each function, with all of its
        # code: some ten thousand files after a busy day, too many to wait for.
        for number in itertools.count():
            old = self.root / f"tmp.{number}.old"
            if not old.exists():
                break
        with suppress(FileNotFoundError):
            self.temporary.rename(old)
        self.temporary.mkdir(parents=True)
        olds = [str(one) for one in self.root.glob("tmp.*.old")]
        if olds:
            os.posix_spawn("/bin/rm", ["rm", "-rf", *olds], os.environ)

    def read_local(self) -> LocalFile | None:
        try:
            return LocalFile(**json.loads(self.local_json.read_text()))
        except (OSError, ValueError, TypeError):
            # Absent, of another version, or edited: none of its contents is worth a failure.
            return None

    def write_local(self, local: LocalFile) -> None:
        """In one step, so that a reader sees the old or the new one, never a half."""
        staging = self.local_json.with_suffix(".new")
        # It holds a key.
        with os.fdopen(os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(local), file, indent=2)
            file.write("\n")
        staging.replace(self.local_json)

    def damaged(self) -> list[Path]:
        """MiniStack only logs a file that it cannot read, and later writes over it."""
        return [file for file in sorted(self.services.glob("*.json")) if not _is_whole(file)]

    @contextmanager
    def held(self) -> Iterator[int]:
        """The lock, as a descriptor, which goes with the process: it never lies as a pid may.

        The local AWS gets it too, and so holds it while it saves after its parent was killed.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as file:
            deadline = time.monotonic() + SAVING_SECONDS
            while not _lock(file):
                if self._holder_lives() or time.monotonic() > deadline:
                    raise LocalRunError(self._held_by())
                time.sleep(LOOK_EVERY_SECONDS)
            yield file.fileno()

    def _holder_lives(self) -> bool:
        """No process known to live may be one that was stopped in the middle of its start."""
        other = self.read_local()
        return other is not None and other.pid is not None and _is_alive(other.pid)

    def _held_by(self) -> str:
        other = self.read_local()
        where = f" at {other.api} (process {other.pid})" if other and other.pid else ""
        return (
            f"Darkroom already runs from this folder{where}.\n"
            "Use that one, or stop it with Ctrl-C where it runs."
        )


def reset(folder: Folder) -> None:
    with folder.held():
        shutil.rmtree(folder.state, ignore_errors=True)
        # The key in it opens nothing any more.
        folder.local_json.unlink(missing_ok=True)


def _lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_whole(file: Path) -> bool:
    try:
        return "payload" in json.loads(file.read_text())
    except (OSError, ValueError, TypeError):
        return False
