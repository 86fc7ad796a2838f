"""`python -m darkroom.imaging.decoder <descriptor>`: the process in which pictures are decoded.

It is started without the function's environment, so that it holds no credentials, and calls no
service: one picture after the other comes by its socket, until that is closed.
"""

from __future__ import annotations

import resource
import socket
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from darkroom.domain.image_request import Output
from darkroom.domain.worker_ports import Origin, UnreadableImage
from darkroom.imaging.finish import PillowFinisher
from darkroom.imaging.frames import Closed, receive, send

# Of address space: the largest picture takes a third of it. What wants more is no picture.
_MOST_MEMORY = 1536 * 1024 * 1024

Reply = tuple[Mapping[str, Any], Sequence[bytes]]


def finish(finisher: PillowFinisher, body: bytes, values: Mapping[str, Any]) -> Reply:
    finished = finisher.finish(
        body,
        width=values["width"],
        height=values["height"],
        output=Output(**values["output"]),
        origin=Origin(**values["origin"]),
    )
    return {}, (finished.body, finished.thumbnail)


def clean(finisher: PillowFinisher, body: bytes, _values: Mapping[str, Any]) -> Reply:
    image = finisher.clean(body)
    sides = {"format": image.format, "width": image.width, "height": image.height}
    return sides, (image.body, image.thumbnail)


def thumbnail(finisher: PillowFinisher, body: bytes, _values: Mapping[str, Any]) -> Reply:
    return {}, (finisher.thumbnail(body),)


def measure(finisher: PillowFinisher, body: bytes, _values: Mapping[str, Any]) -> Reply:
    width, height = finisher.measure(body)
    return {"width": width, "height": height}, ()


def reduce(finisher: PillowFinisher, body: bytes, values: Mapping[str, Any]) -> Reply:
    return {}, (finisher.reduce(body, values["longest_side"]),)


_TASKS: Mapping[str, Callable[[PillowFinisher, bytes, Mapping[str, Any]], Reply]] = {
    "finish": finish,
    "clean": clean,
    "thumbnail": thumbnail,
    "measure": measure,
    "reduce": reduce,
}


def serve(worker: socket.socket) -> None:
    finisher = PillowFinisher()
    while True:
        try:
            header, (body,) = receive(worker)
        except Closed:
            return
        try:
            values, blobs = _TASKS[header["task"]](finisher, body, header["values"])
        except UnreadableImage as error:
            send(worker, {"unreadable": str(error)})
        except Exception:  # noqa: BLE001 - the worker raises it as its own
            send(worker, {"fault": traceback.format_exc()})
        else:
            send(worker, {"values": values}, blobs)


if __name__ == "__main__":
    if sys.platform == "linux":
        # Elsewhere the limit counts what a program reserves and never uses, and is refused.
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    serve(socket.socket(fileno=int(sys.argv[1])))
