"""The embedded painter (functions/painter), as a provider like any other: one in this process."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace

from PIL import Image

from darkroom.domain.worker_ports import Pictures
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
from darkroom.providers.replies import by_status, is_success
from painter import Commission, cut_out, paint

# A name that no resolver knows: the sender has it answered by `answer`, below.
HOST = "painter.invalid"
CUTOUT = "painter-cutout"  # the model that paints nothing and takes the background away
_INVALID = 422


class Painter:
    def __init__(self, _account: Mapping[str, str]) -> None:
        """Without a key: it runs in this process."""

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        request = wanted.request
        commission = Commission(
            prompt=request.prompt,
            width=request.width,
            height=request.height,
            seed=wanted.seed,
            model=wanted.model,
            negative_prompt=request.negative_prompt or "",
            steps=request.steps,
            guidance=request.guidance,
            temperature=request.temperature,
            quality=request.quality,
            strength=request.strength,
        )
        payload = (commission, wanted.pictures)
        return HttpRequest(method="POST", url=f"https://{HOST}/v1/paintings", payload=payload)

    def read_start(self, reply: HttpReply) -> Started:
        return Images(bodies=(reply.body,)) if is_success(reply) else by_status(reply)

    def poll(self, handle: Handle) -> HttpRequest:
        raise LookupError(f"the painter paints at once, and knows no {handle.id}")

    def read_poll(self, reply: HttpReply) -> Polled:
        return Failed(kind=FailureKind.UNKNOWN, reason=f"status_{reply.status}")

    def cancel(self, _handle: Handle, /) -> HttpRequest | None:
        return None

    def check(self) -> HttpRequest | None:
        return None


def answer(request: HttpRequest) -> HttpReply:
    try:
        commission = _with_pictures(*request.payload)
    except OSError:  # of Pillow: a reference or mask that is no picture
        return HttpReply(status=_INVALID, headers={}, body=b"")
    if commission.model != CUTOUT:
        return _reply(paint(commission))
    if not commission.references:
        return HttpReply(status=_INVALID, headers={}, body=b"")
    return _reply(cut_out(commission.references[0], (commission.width, commission.height)))


def _with_pictures(commission: Commission, pictures: Pictures) -> Commission:
    return replace(
        commission,
        references=tuple(_opened(picture) for picture in pictures.references),
        mask=_opened(pictures.mask) if pictures.mask else None,
    )


def _opened(body: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(body), formats=("PNG", "JPEG", "WEBP"))
    picture.load()
    return picture


def _reply(painting: Image.Image) -> HttpReply:
    png = io.BytesIO()
    # It is decoded again a moment later: speed counts here, size does not.
    painting.save(png, "PNG", compress_level=1)
    return HttpReply(status=200, headers={"content-type": "image/png"}, body=png.getvalue())
