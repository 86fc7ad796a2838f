"""The parent's hold on the local AWS: starts it, speaks to it, stops it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from infra.local.sockets import port_of

# Saving and ending takes a second or two. Past this it hangs, and would hang for ever.
STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Child:
    process: subprocess.Popen[str]

    @classmethod
    def start(
        cls,
        *,
        aws_socket: socket.socket,
        api_sockets: Sequence[socket.socket],
        environment: Mapping[str, str],
        lock: int,
        running_mark: Path,
        log: Path,
        root: Path,
    ) -> Child:
        handed = [aws_socket, *api_sockets]
        running_mark.touch()
        command = [
            *(sys.executable, "-m", "infra.local.server"),
            *("--aws-sockets", str(aws_socket.fileno())),
            *("--api-sockets", *(str(api.fileno()) for api in api_sockets)),
            *("--api-port", str(port_of(api_sockets[0]))),
            *("--running-mark", str(running_mark)),
        ]
        with log.open("a") as output:
            process = subprocess.Popen(
                command,
                cwd=root,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                pass_fds=[lock, *(opened.fileno() for opened in handed)],
                # A Ctrl-C in the terminal is for the parent alone: the child is stopped by it.
                start_new_session=True,
            )
        for opened in handed:
            opened.close()
        return cls(process)

    def open_proxy(self, api_id: str) -> None:
        self._say({"api_id": api_id})

    def save(self) -> None:
        self._say({"save": True})

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> bool:
        """Whether it ended by itself, with its state saved."""
        with suppress(OSError):
            self._input.close()
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        # Handlers still at work have no one left to answer to.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGTERM)
        return code == 0

    def _say(self, order: Mapping[str, object]) -> None:
        print(json.dumps(order), file=self._input, flush=True)

    @property
    def _input(self) -> IO[str]:
        if self.process.stdin is None:
            message = "the child was started without an input"
            raise RuntimeError(message)
        return self.process.stdin
