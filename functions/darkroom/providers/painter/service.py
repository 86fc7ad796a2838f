"""The painter's side of the wire: a commission in, a PNG out."""

from __future__ import annotations

import io
import json
from base64 import b64decode
from typing import Any

from PIL import Image

from darkroom.providers.interface import HttpReply, HttpRequest
from darkroom.providers.painter.cutout import cut_out
from darkroom.providers.painter.paint import Commission, paint

CUTOUT = "painter-cutout"  # the model that paints nothing and takes the background away
_INVALID = 422


def answer(request: HttpRequest) -> HttpReply:
    try:
        commission = _read(json.loads(request.body))
    except OSError:  # of Pillow: a reference or mask that is no picture
        return _refusal("a picture cannot be read")
    if commission.model != CUTOUT:
        return _picture(paint(commission))
    if not commission.references:
        return _refusal("there is no picture to cut out of")
    return _picture(cut_out(commission.references[0], (commission.width, commission.height)))


def _read(sent: dict[str, Any]) -> Commission:
    references = tuple(_opened(code) for code in sent.pop("references"))
    mask = sent.pop("mask")
    return Commission(**sent, references=references, mask=_opened(mask) if mask else None)


def _opened(code: str) -> Image.Image:
    picture = Image.open(io.BytesIO(b64decode(code)), formats=("PNG", "JPEG", "WEBP"))
    picture.load()
    return picture


def _picture(finished: Image.Image) -> HttpReply:
    png = io.BytesIO()
    # It is decoded again a moment later: speed counts here, size does not.
    finished.save(png, "PNG", compress_level=1)
    return HttpReply(status=200, headers={"content-type": "image/png"}, body=png.getvalue())


def _refusal(reason: str) -> HttpReply:
    body = json.dumps({"error": reason}).encode()
    return HttpReply(status=_INVALID, headers={"content-type": "application/json"}, body=body)
