"""Decoding in a process of its own: a picture that takes it over finds no key there.

The worker holds the providers' keys and its role's credentials, and what it decodes comes from
strangers. So it decodes nothing itself: its decoder does, which was started without its environment
and may not look into its memory. A picture that kills the decoder, or keeps it for a minute, is one
that cannot be read; the next picture has a new decoder.
"""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from darkroom.domain.image_request import Output
from darkroom.domain.worker_ports import CleanImage, FinishedImage, Origin, UnreadableImage
from darkroom.imaging.frames import Closed, receive, send

_SECONDS = 60
_STOP_SECONDS = 5
# A decoder may have died of something else than its picture, so that picture is tried once more.
_TRIES = 2
_PR_SET_DUMPABLE = 4


class DecoderFaultError(RuntimeError):
    """A fault of ours in the decoder, with its traceback."""


class IsolatedFinisher:
    """A Finisher that gives each picture to the decoder. Starts it with the first picture."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """`environment` is all that the decoder gets of this process's."""
        self._environment = environment
        self._decoder: _Decoder | None = None

    def finish(
        self, body: bytes, *, width: int, height: int, output: Output, origin: Origin
    ) -> FinishedImage:
        values = {
            "width": width,
            "height": height,
            "output": asdict(output),
            "origin": asdict(origin),
        }
        _, (finished, thumbnail) = self._ask("finish", body, values)
        return FinishedImage(body=finished, thumbnail=thumbnail)

    def clean(self, body: bytes) -> CleanImage:
        sides, (cleaned, thumbnail) = self._ask("clean", body)
        return CleanImage(
            body=cleaned,
            format=sides["format"],
            width=sides["width"],
            height=sides["height"],
            thumbnail=thumbnail,
        )

    def thumbnail(self, body: bytes) -> bytes:
        _, (thumbnail,) = self._ask("thumbnail", body)
        return thumbnail

    def measure(self, body: bytes) -> tuple[int, int]:
        sides, _ = self._ask("measure", body)
        return sides["width"], sides["height"]

    def reduce(self, body: bytes, longest_side: int) -> bytes:
        _, (reduced,) = self._ask("reduce", body, {"longest_side": longest_side})
        return reduced

    def close(self) -> None:
        if self._decoder is not None:
            self._decoder.stop()
            self._decoder = None

    def _ask(
        self, task: str, body: bytes, values: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Any], Sequence[bytes]]:
        """Raises UnreadableImage, and DecoderFaultError."""
        for _ in range(_TRIES):
            self._decoder = self._decoder or _Decoder(self._environment)
            try:
                header, blobs = self._decoder.ask({"task": task, "values": values or {}}, body)
            except (Closed, ConnectionError):
                self.close()
            except TimeoutError:
                self.close()
                raise UnreadableImage("it took too long") from None
            else:
                if "unreadable" in header:
                    raise UnreadableImage(header["unreadable"])
                if "fault" in header:
                    raise DecoderFaultError(header["fault"])
                return header["values"], blobs
        raise UnreadableImage("the decoder died of it")


class _Decoder:
    def __init__(self, environment: Mapping[str, str]) -> None:
        keep_out_of_memory()
        self._socket, theirs = socket.socketpair()
        self._socket.settimeout(_SECONDS)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - nothing of a request is in it
                [sys.executable, "-m", "darkroom.imaging.decoder", str(theirs.fileno())],
                env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        # A decoder whose worker is gone ends by itself: its socket is closed.
        self.stop = weakref.finalize(self, _stop, self._process, self._socket)

    def ask(self, header: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], Sequence[bytes]]:
        send(self._socket, header, [body])
        return receive(self._socket)


def _stop(process: subprocess.Popen[bytes], talk: socket.socket) -> None:
    talk.close()
    process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)


def keep_out_of_memory() -> None:
    """No other process of this user may read this one's memory or environment (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
