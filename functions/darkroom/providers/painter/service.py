"""The painter's side of the wire: a commission in, a PNG out."""

from __future__ import annotations

import io
import json

from darkroom.providers.exchange import HttpReply
from darkroom.providers.painter.paint import Commission, paint


def answer(body: bytes) -> HttpReply:
    painting = paint(Commission(**json.loads(body)))
    png = io.BytesIO()
    # It is decoded again a moment later: speed counts here, size does not.
    painting.save(png, "PNG", compress_level=1)
    return HttpReply(status=200, headers={"content-type": "image/png"}, body=png.getvalue())
