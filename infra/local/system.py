"""Starts the whole system in order, and stops it so that nothing is lost."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from infra.local.aws import Aws
from infra.local.certificate import make_certificate
from infra.local.child import Child
from infra.local.cors import allow_origins
from infra.local.deploy import Deployment, deploy
from infra.local.environment import (
    STACK,
    clean_environment,
    operator_environment,
    server_environment,
)
from infra.local.errors import LocalRunError
from infra.local.folder import Folder, LocalFile
from infra.local.logs import Logs
from infra.local.provider_keys import found_keys, keep_keys
from infra.local.roles import grant_local_names
from infra.local.seed import WORKSPACE, opens, seed
from infra.local.sockets import open_api_sockets, open_aws_socket, port_of
from infra.local.synth import assembly
from infra.local.terminal import Colour, Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    root: Path
    folder: Folder
    port: int
    enforce_iam: bool
    context: str = ""


@dataclass(slots=True)
class System:
    """Enter it to start, leave it to stop."""

    choices: Choices
    terminal: Terminal
    outer_environment: Mapping[str, str]
    local: LocalFile = field(init=False)
    logs: Logs = field(init=False)
    providers: tuple[str, ...] = field(init=False)  # those that there are keys for
    _child: Child = field(init=False)
    _aws: Aws = field(init=False)
    _started_at: datetime = field(init=False)
    _is_later_start: bool = field(init=False)
    _cleanup: ExitStack = field(init=False, default_factory=ExitStack)

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._cleanup.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._cleanup.close()

    def is_alive(self) -> bool:
        return self._child.is_alive()

    def _start(self) -> None:
        folder, cleanup = self.choices.folder, self._cleanup
        lock = cleanup.enter_context(folder.held())
        before = folder.read_local()
        self._is_later_start = before is not None
        self._started_at = datetime.now(UTC)
        _refuse_damaged(folder)
        api_sockets = open_api_sockets(self.choices.port)
        for opened in api_sockets:
            cleanup.callback(opened.close)
        port = port_of(api_sockets[0])
        aws_socket = open_aws_socket(urlsplit(before.aws).port or 0 if before else 0)
        cleanup.callback(aws_socket.close)
        folder.prepare()
        cleanup.callback(folder.clean_temporary)
        if folder.running_mark.exists():
            self.terminal.line(_what_was_lost(folder), Colour.YELLOW)

        self.terminal.line("Starting; the first time it takes half a minute ...", Colour.DIM)
        clean = clean_environment(self.outer_environment, folder)
        certificate = make_certificate(folder.certificate) if self.choices.enforce_iam else None
        scheme = "https" if certificate else "http"
        aws = self._aws = Aws(f"{scheme}://127.0.0.1:{port_of(aws_socket)}", certificate)
        self._child = Child.start(
            aws_socket=aws_socket,
            api_sockets=api_sockets,
            environment=server_environment(clean, folder, aws.endpoint, certificate),
            lock=lock,
            running_mark=folder.running_mark,
            log=folder.aws_log,
            root=self.choices.root,
        )
        cleanup.callback(self._stop_child)

        accounts = found_keys(self.choices.root, self.outer_environment)
        api = f"http://127.0.0.1:{port}"
        deployment = self._deploy(aws, clean, tuple(accounts), api)
        keep_keys(aws, deployment.outputs["ProviderSecrets"], accounts)
        self.providers = tuple(accounts)
        self._child.open_proxy(deployment.outputs["ApiId"])
        key = self._key(api, before, clean, aws)
        self._child.save()
        self.local = LocalFile(
            api=api,
            key=key,
            workspace=WORKSPACE,
            port=port,
            pid=os.getpid(),
            aws=aws.endpoint,
        )
        folder.write_local(self.local)
        cleanup.callback(self._mark_stopped)
        self.logs = Logs(aws, self.terminal, f"{STACK}-", folder.functions_log, folder.aws_log)
        self.logs.skip()

    def resume(self) -> None:
        """Let the images go on that the last stop has interrupted."""
        if not self._is_later_start:
            return
        event = {"workers_stopped_at": self._started_at.isoformat()}
        answer = self._aws.client("lambda").invoke(
            FunctionName=f"{STACK}-sweeper", Payload=json.dumps(event).encode()
        )
        jobs = json.loads(answer["Payload"].read()).get("interrupted", 0)
        if jobs:
            what = "A job goes on that was" if jobs == 1 else f"{jobs} jobs go on that were"
            self.terminal.line(f"{what} interrupted by the last stop.", Colour.YELLOW)

    def _deploy(
        self, aws: Aws, clean: Mapping[str, str], providers: Sequence[str], api: str
    ) -> Deployment:
        started = time.monotonic()
        # CDK keeps what it unpacks below the user's own home, once for all projects.
        home = self.outer_environment.get("HOME") or clean["HOME"]
        given = self.choices.context
        if providers:
            given = f"providers={','.join(providers)} {given}"
        made = assembly(self.choices.root, {**clean, "HOME": home}, given)
        deployment = deploy(aws, made, STACK, api)
        allow_origins(aws, STACK, deployment.outputs["ApiId"])
        if self.choices.enforce_iam:
            grant_local_names(aws)
        seconds = time.monotonic() - started
        self.terminal.line(f"Stack {STACK} {deployment.change} in {seconds:.1f} s", Colour.DIM)
        return deployment

    def _key(
        self,
        api: str,
        before: LocalFile | None,
        clean: Mapping[str, str],
        aws: Aws,
    ) -> str:
        if before and opens(api, before.key):
            return before.key
        environment = operator_environment(clean, self.choices.root, aws.endpoint, aws.certificate)
        return seed(self.choices.root, environment)

    def _stop_child(self) -> None:
        self.terminal.line("\nStopping, and saving the state ...", Colour.DIM)
        if not self._child.stop():
            log = self.choices.folder.aws_log
            message = f"The local AWS did not end well; its last words are in {log}"
            self.terminal.line(message, Colour.RED)

    def _mark_stopped(self) -> None:
        """The key stays, for the next start; the pid must not lie."""
        self.choices.folder.write_local(replace(self.local, pid=None))


def _refuse_damaged(folder: Folder) -> None:
    damaged = folder.damaged()
    if damaged:
        names = ", ".join(file.name for file in damaged)
        message = (
            f"The kept state cannot be read: {names} in {folder.services}\n"
            "Put back a copy if you have one, or start anew without jobs and images: make reset"
        )
        raise LocalRunError(message)


def _what_was_lost(folder: Folder) -> str:
    saved = [file.stat().st_mtime for file in folder.services.glob("*.json")]
    if not saved:
        return (
            "Darkroom was killed before it saved anything: jobs and keys are gone, the image files"
            " are still there."
        )
    when = datetime.fromtimestamp(max(saved), UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return (
        f"Darkroom was killed last time. It goes on from what was saved at {when}: jobs since then"
        " are gone, the image files are still there."
    )
