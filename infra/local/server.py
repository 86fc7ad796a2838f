"""The child process: MiniStack and the front, on sockets that the parent has already opened.

The parent speaks through standard input, a JSON object a line: {"api_id": "..."} opens the front,
{"save": true} writes the state to disk now. The end of that input is the order to stop, so that
the state is saved even if the parent was killed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config

from infra.local.proxy import Proxy

KEEP_ALIVE_SECONDS = 75
# How long requests in flight may take to end at a stop.
GRACE_SECONDS = 2
SAVE_EVERY_SECONDS = 60
# Saving holds up every request meanwhile: at most one part in so many of the time.
SAVE_SHARE = 100


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--aws-sockets", type=int, nargs="+", required=True)
    parser.add_argument("--api-sockets", type=int, nargs="+", required=True)
    parser.add_argument("--api-port", type=int, required=True)
    parser.add_argument("--running-mark", type=Path, required=True)
    options = parser.parse_args(arguments)
    _raise_file_limit()
    config = Config()
    config.keep_alive_timeout = KEEP_ALIVE_SECONDS
    config.loglevel = os.environ["LOG_LEVEL"]
    aws_sockets = [f"fd://{number}" for number in options.aws_sockets]
    api_sockets = [f"fd://{number}" for number in options.api_sockets]
    if "MINISTACK_SSL_CERT" in os.environ:
        # Only AWS itself: the API stays at http, where a browser asks for no exception.
        config.certfile = os.environ["MINISTACK_SSL_CERT"]
        config.keyfile = os.environ["MINISTACK_SSL_KEY"]
        config.bind, config.insecure_bind = aws_sockets, api_sockets
    else:
        config.bind = aws_sockets + api_sockets
    asyncio.run(_run(config, options.api_port, options.running_mark))


async def _run(config: Config, api_port: int, running_mark: Path) -> None:
    # MiniStack reads its whole environment and starts its logging when it is imported.
    from ministack.app import app as local_aws  # type: ignore[import-untyped]  # noqa: PLC0415

    proxy = Proxy(local_aws, {api_port})
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    # An event that never comes: its own way to stop is not used, see below.
    never = asyncio.Event()
    server = asyncio.create_task(serve(proxy, config, shutdown_trigger=never.wait))  # type: ignore[arg-type]
    saving = asyncio.create_task(_save_now_and_then())
    listening = asyncio.create_task(_obey_parent(proxy, stop))
    told = asyncio.create_task(stop.wait())
    await asyncio.wait({server, saving, listening, told}, return_when=asyncio.FIRST_COMPLETED)
    if not stop.is_set():
        sys.exit("The server ended without having been told to.")
    await proxy.close(GRACE_SECONDS)
    if proxy.started:
        # Before, it has nothing yet, and would write that over what is kept.
        _save()
    running_mark.unlink(missing_ok=True)  # noqa: ASYNC240 - nothing else is left to be done
    logging.shutdown()
    # Not by returning, nor by the server's own way: those wait for every thread, so for every
    # handler at work, and with TLS half a minute for each connection that a client keeps open.
    os._exit(0)


async def _obey_parent(proxy: Proxy, stop: asyncio.Event) -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        proxy.api_id = order.get("api_id", proxy.api_id)
        if order.get("save"):
            _save()
    stop.set()


async def _save_now_and_then() -> None:
    """MiniStack saves when it stops. A laptop that runs out of power never stops it."""
    pause = float(SAVE_EVERY_SECONDS)
    while True:
        await asyncio.sleep(pause)
        started = time.monotonic()
        _save()
        pause = max(SAVE_EVERY_SECONDS, SAVE_SHARE * (time.monotonic() - started))


def _save() -> None:
    from ministack import app  # type: ignore[import-untyped]  # noqa: PLC0415
    from ministack.core import persistence  # type: ignore[import-untyped]  # noqa: PLC0415

    # What it does itself when it stops; there is no public name for it.
    persistence.save_all(app._build_persistence_save_dict())  # noqa: SLF001


def _raise_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main(sys.argv[1:])
