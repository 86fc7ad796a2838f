"""The system as `make run` starts it: the same command, with a folder and ports of its own."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from darkroom.admin.command import app
from infra.local.aws import Aws
from infra.local.environment import clean_environment, operator_environment
from infra.local.folder import Folder

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 90
STOP_SECONDS = 40
# A job of one image takes under a second; this is for a busy machine.
JOB_SECONDS = 30
LOOK_EVERY_SECONDS = 0.05
# The runner of commands takes the process's output and variables for itself.
_one_command = threading.Lock()
STACK = "darkroom-local"


def eventually(look: Callable[[], Any], seconds: float, what: str) -> Any:
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(LOOK_EVERY_SECONDS)
    return seen


@dataclass
class Local:
    """`make run` in a folder of its own. What it printed is in `printed`."""

    given_folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    root: Path = ROOT  # of the project

    @property
    def folder(self) -> Path:
        return self.given_folder / "iam" if "ENFORCE_IAM" in self.variables else self.given_folder

    @property
    def file(self) -> dict[str, Any]:
        try:
            return json.loads((self.folder / "local.json").read_text())
        except FileNotFoundError:
            return {}

    @property
    def printed(self) -> str:
        return (self.given_folder / "printed.txt").read_text()

    @property
    def api(self) -> str:
        return self.file["api"]

    @property
    def aws(self) -> Aws:
        certificate = self.folder / "tls" / "local.pem"
        return Aws(self.file["aws"], certificate if "ENFORCE_IAM" in self.variables else None)

    @property
    def outputs(self) -> dict[str, str]:
        stack = self.aws.cloudformation().describe_stacks(StackName=STACK)["Stacks"][0]
        return {entry["OutputKey"]: entry["OutputValue"] for entry in stack["Outputs"]}

    def launch(self, **variables: str) -> subprocess.Popen[bytes]:
        self.given_folder.mkdir(parents=True, exist_ok=True)
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "DARKROOM_DIR": str(self.given_folder),
            "PORT": "0",
            # Whoever has keys in a file of theirs does not pay for tests.
            "ENV_FILE": os.devnull,
            **self.variables,
            **variables,
        }
        with (self.given_folder / "printed.txt").open("wb") as printed:
            return subprocess.Popen(
                [sys.executable, "-m", "infra.local"],
                cwd=self.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start(self, **variables: str) -> Local:
        self.process = process = self.launch(**variables)

        def ready() -> bool:
            assert process.poll() is None, self.printed
            return self.file.get("pid") == process.pid and "Ctrl-C stops" in self.printed

        eventually(ready, START_SECONDS, "the start")
        return self

    def stop(self, number: int = signal.SIGINT) -> int:
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def restart(self) -> Local:
        # The same port, as it would be for a person.
        port = str(self.file["port"])
        assert self.stop() == 0, self.printed
        return self.start(PORT=port)

    def kill(self) -> None:
        """As a power cut does: the command and the local AWS at once."""
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for pid in [self.process.pid, *map(int, children.split())]:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def client(self, **given: Any) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.file['key']}"}
        return httpx.Client(base_url=self.api, headers=headers, timeout=60, **given)

    def request(self, method: str, path: str, **given: Any) -> httpx.Response:
        with self.client() as client:
            return client.request(method, path, **given)

    def admin(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The operator's command, in this process: two of Python's starts are seconds."""
        folder, certificate = Folder(self.folder), self.folder / "tls" / "local.pem"
        environment = operator_environment(
            clean_environment({}, folder),
            ROOT,
            self.file["aws"],
            certificate if "ENFORCE_IAM" in self.variables else None,
            self.api,
        )
        with _one_command:
            done = CliRunner().invoke(app, words, env=environment)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    def make_admin(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The operator's command, as `make admin` runs it."""
        environment = {"PATH": os.environ["PATH"], "DARKROOM_DIR": str(self.given_folder)}
        return subprocess.run(
            [sys.executable, "-m", "infra.local", "admin", *words],
            cwd=ROOT,
            env=environment | self.variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def new_workspace(self, name: str, credits_granted: int, **options: int | str) -> str:
        """A workspace of its own; gives its key."""
        words = [f"--{option.replace('_', '-')}={value}" for option, value in options.items()]
        opened = self.admin("workspace", "create", name, f"--credits={credits_granted}", *words)
        assert opened.returncode == 0, opened.stderr
        return json.loads(self.admin("key", "create", name).stdout)["key"]

    def entries(self, message: str) -> list[dict[str, Any]]:
        """What the handlers logged under this message so far."""
        lines = (self.folder / "logs" / "functions.log").read_text().splitlines()
        parsed = [json.loads(line) for line in lines if line.startswith("{")]
        return [entry for entry in parsed if entry.get("message") == message]

    def let_workers(self, *, work: bool) -> None:
        """Hold the workers of both queues of images back, or let them go on."""
        lambdas = self.aws.client("lambda")
        found = lambdas.list_event_source_mappings(FunctionName=f"{STACK}-worker")
        for mapping in found["EventSourceMappings"]:
            lambdas.update_event_source_mapping(UUID=mapping["UUID"], Enabled=work)

    @contextmanager
    def held_workers(self) -> Iterator[None]:
        """What is submitted within this waits for its end."""
        self.let_workers(work=False)
        try:
            yield
        finally:
            self.let_workers(work=True)

    def make(self, prompt: str) -> dict[str, Any]:
        """A job that has come to its end."""
        answer = self.request(
            "POST", "/v1/jobs", json={"prompt": prompt}, headers={"Prefer": "wait=20"}
        )
        assert answer.status_code in {200, 202}, answer.text
        return self.ended(answer.json()["id"])

    def ended(self, job: str, seconds: float = JOB_SECONDS) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            answer = self.request("GET", f"/v1/jobs/{job}")
            if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
                return None  # whoever looks this often is told so after half a minute
            seen = answer.json()
            return seen if seen["status"] not in {"pending", "processing"} else None

        return eventually(look, seconds, f"the end of job {job}")

    def download(self, url: str) -> httpx.Response:
        """As a browser would; a large file lies with S3, which knows nothing of our key."""
        answer = httpx.get(url)
        if answer.status_code != httpx.codes.FOUND:
            return answer
        certificate = self.aws.certificate
        return httpx.get(
            answer.headers["location"], verify=_trusting(certificate) if certificate else True
        )


def _trusting(certificate: Path) -> Any:
    return ssl.create_default_context(cafile=str(certificate))
