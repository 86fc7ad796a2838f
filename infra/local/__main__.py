"""The command behind `make run` and `make reset`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local.admin import run_admin
from infra.local.errors import LocalRunError
from infra.local.folder import Folder, reset
from infra.local.signals import StopRequested, StopSignals
from infra.local.terminal import Colour, Terminal

if TYPE_CHECKING:
    from infra.local.system import System

DEFAULT_PORT = 8700
HIGHEST_PORT = 65535
LOOK_EVERY_SECONDS = 0.4
ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str], environment: MutableMapping[str, str]) -> int:
    terminal = Terminal.for_stream(sys.stdout, environment)
    folder = Folder(_folder(environment))
    try:
        if list(arguments) == ["reset"]:
            reset(folder)
            terminal.line(f"Removed {folder.state}: the next start begins with nothing.")
        elif list(arguments[:1]) == ["admin"]:
            return run_admin(
                ROOT, folder, environment, arguments[1:], tls=_enforces_iam(environment)
            )
        else:
            _run(folder, terminal, environment)
    except LocalRunError as problem:
        Terminal.for_stream(sys.stderr, environment).line(str(problem), Colour.RED)
        return 1
    return 0


def _run(folder: Folder, terminal: Terminal, environment: MutableMapping[str, str]) -> None:
    # Not at the top: `make reset` runs before any package is installed.
    from infra.local.environment import clean_environment  # noqa: PLC0415
    from infra.local.system import Choices, System  # noqa: PLC0415

    choices = Choices(
        root=ROOT,
        folder=folder,
        port=_port(environment.get("PORT") or str(DEFAULT_PORT)),
        enforce_iam=_enforces_iam(environment),
        context=environment.get("CONTEXT", ""),
    )
    outer = dict(environment)
    # boto3 reads profiles and proxies from here, whatever it is given besides.
    environment.clear()
    environment.update(clean_environment(outer, folder))
    stop = StopSignals()
    started = time.monotonic()
    try:
        with System(choices, terminal, outer) as system:
            stop.only_note()
            _banner(terminal, system, folder, time.monotonic() - started)
            system.resume()
            _show_logs_until_it_ends(system, stop)
    except StopRequested:
        pass
    terminal.line("Stopped. Everything is kept for the next start.")


def _show_logs_until_it_ends(system: System, stop: StopSignals) -> None:
    while not stop.asked.wait(LOOK_EVERY_SECONDS):
        if not system.is_alive():
            message = f"The local AWS ended by itself; see {system.choices.folder.aws_log}"
            raise LocalRunError(message)
        system.logs.show_new()


def _folder(environment: Mapping[str, str]) -> Path:
    folder = Path(environment.get("DARKROOM_DIR") or ROOT / ".darkroom").resolve()
    # MiniStack knows queues by their address, which with TLS is another one.
    return folder / "iam" if _enforces_iam(environment) else folder


def _enforces_iam(environment: Mapping[str, str]) -> bool:
    return environment.get("ENFORCE_IAM", "") not in {"", "0"}


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        message = f"PORT must be a number up to {HIGHEST_PORT}, not {text!r}."
        raise LocalRunError(message)
    return int(text)


def _banner(terminal: Terminal, system: System, folder: Folder, seconds: float) -> None:
    local = system.local
    curl = (
        f"curl {local.api}/v1/jobs -H 'Authorization: Bearer {local.key}' -H 'Prefer: wait=20'"
        """ -d '{"prompt": "a lighthouse at dusk"}'"""
    )
    terminal.line()
    terminal.line(f"Darkroom is ready ({seconds:.1f} s)", Colour.BOLD, Colour.GREEN)
    for name, value in {
        "API": local.api,
        "Docs": f"{local.api}/docs#key={local.key}",
        "Key": f"{local.key}  (workspace {local.workspace})",
        "Asks": ", ".join(system.providers) or "no provider: the painter makes all, without keys",
        "State": str(folder.root),
        "AWS": f"{local.aws}  (the local one, for any AWS client)",
    }.items():
        terminal.line(f"  {terminal.paint(f'{name:<6}', Colour.DIM)} {value}")
    terminal.line()
    terminal.line(f"  {curl}", Colour.CYAN)
    terminal.line()
    terminal.line("Ctrl-C stops and keeps everything.", Colour.DIM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
