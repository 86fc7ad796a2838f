"""The embedded painter, as an upstream like any other."""

from __future__ import annotations

import json
from base64 import b64encode

from darkroom.domain.image_request import ImageRequest
from darkroom.domain.tools import Pictures
from darkroom.providers.exchange import Failed, HttpReply, HttpRequest, Images, Refused

# A name that no resolver knows: the sender answers it in this process.
HOST = "painter.invalid"
_OK, _INVALID = 200, 422


class PainterAdapter:
    def start(
        self, request: ImageRequest, slot: int, model: str, pictures: Pictures
    ) -> HttpRequest:
        commission = {
            "prompt": request.prompt,
            "width": request.width,
            "height": request.height,
            "seed": request.seed_of(slot),
            "model": model,
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

    def read_start(self, reply: HttpReply) -> Images | Refused | Failed:
        if reply.status == _OK:
            return Images(bodies=(reply.body,))
        if reply.status == _INVALID:
            return Refused(message="The painter cannot paint this.")
        return Failed(reason=f"status_{reply.status}")
