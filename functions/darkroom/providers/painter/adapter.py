"""The embedded painter, as an upstream like any other."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping

from darkroom.providers.interface import (
    Failed,
    FailureKind,
    Handle,
    HttpReply,
    HttpRequest,
    Images,
    Polled,
    ProviderRequest,
    Started,
)
from darkroom.providers.replies import by_status

# A name that no resolver knows: the sender answers it in this process.
HOST = "painter.invalid"
_OK = 200


class PainterAdapter:
    def __init__(self, account: Mapping[str, str]) -> None:
        del account  # it asks nobody for a key

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        request, pictures = wanted.request, wanted.pictures
        commission = {
            "prompt": request.prompt,
            "width": request.width,
            "height": request.height,
            "seed": wanted.seed,
            "model": wanted.model,
            "negative_prompt": request.negative_prompt or "",
            "steps": request.steps,
            "guidance": request.guidance,
            "temperature": request.temperature,
            "quality": request.quality,
            "strength": request.strength,
            "references": [b64encode(picture).decode() for picture in pictures.references],
            "mask": b64encode(pictures.mask).decode() if pictures.mask else None,
        }
        return HttpRequest(
            method="POST",
            url=f"https://{HOST}/v1/paintings",
            headers={"content-type": "application/json"},
            body=json.dumps(commission).encode(),
        )

    def read_start(self, reply: HttpReply) -> Started:
        return Images(bodies=(reply.body,)) if reply.status == _OK else by_status(reply)

    def poll(self, handle: Handle) -> HttpRequest:
        raise LookupError(f"the painter paints at once, and knows no {handle.id}")

    def read_poll(self, reply: HttpReply) -> Polled:
        return Failed(kind=FailureKind.UNKNOWN, reason=f"status_{reply.status}")

    def cancel(self, handle: Handle) -> HttpRequest | None:
        del handle
        return None

    def check(self) -> HttpRequest | None:
        return None
