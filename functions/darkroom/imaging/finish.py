"""The last step of an image: exactly the pixels asked for, in the format asked for."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from darkroom.domain.image_request import Format, Output
from darkroom.domain.worker_ports import CleanImage, FinishedImage, Origin
from darkroom.imaging.decode import FROM_ANYONE, FROM_PROVIDERS, decode, decoded, strip
from darkroom.imaging.provenance import xmp

_THUMBNAIL_SIDE = 384
_THUMBNAIL_QUALITY = 80


class PillowFinisher:
    def finish(
        self, body: bytes, *, width: int, height: int, output: Output, origin: Origin
    ) -> FinishedImage:
        picture = decode(body)
        if picture.size != (width, height):
            # Fills the frame and trims the longer side: nothing is stretched, no bars are added.
            picture = ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
        return FinishedImage(
            body=_SAVE[output.format](picture, output.quality, xmp(origin)),
            thumbnail=_thumbnail(picture),
        )

    def thumbnail(self, body: bytes) -> bytes:
        return _thumbnail(decode(body))

    def clean(self, body: bytes) -> CleanImage:
        file = strip(body, FROM_ANYONE)
        picture = decoded(file)
        # First: it needs as much memory for a moment as the encoded picture does from then on.
        thumbnail = _thumbnail(picture)
        kind, options = _CLEAN[file.format]
        return CleanImage(
            body=_encoded(picture, kind, **options),
            format=file.format,
            width=picture.width,
            height=picture.height,
            thumbnail=thumbnail,
        )

    def measure(self, body: bytes) -> tuple[int, int]:
        return decode(body).size

    def reduce(self, body: bytes, longest_side: int) -> bytes:
        file = strip(body, FROM_PROVIDERS)
        if max(file.width, file.height) <= longest_side:
            return body
        kind, options = _CLEAN[file.format]
        return _encoded(_reduced(decoded(file), longest_side), kind, **options)


def _thumbnail(picture: Image.Image) -> bytes:
    """At most 384 pixels on the longer side; a smaller picture stays as it is."""
    small = (
        picture.copy()
        if max(picture.size) <= _THUMBNAIL_SIDE
        else _reduced(picture, _THUMBNAIL_SIDE)
    )
    return _encoded(_flat(small), "JPEG", quality=_THUMBNAIL_QUALITY)


def _reduced(picture: Image.Image, longest_side: int) -> Image.Image:
    scale = longest_side / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2)


def _flat(picture: Image.Image) -> Image.Image:
    """On white: JPEG knows no transparency."""
    if picture.mode == "RGB":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _png(picture: Image.Image, _quality: int, packet: bytes) -> bytes:
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet.decode())
    # Level 4: a tenth larger than the usual one, in less than half of its time.
    return _encoded(picture, "PNG", compress_level=4, pnginfo=info)


def _jpeg(picture: Image.Image, quality: int, packet: bytes) -> bytes:
    return _encoded(_flat(picture), "JPEG", quality=quality, xmp=packet)


def _webp(picture: Image.Image, quality: int, packet: bytes) -> bytes:
    # Method 2: within a few percent of the smallest file in a third of its time.
    return _encoded(picture, "WEBP", quality=quality, method=2, xmp=packet)


_SAVE: dict[Format, Callable[[Image.Image, int, bytes], bytes]] = {
    "png": _png,
    "jpeg": _jpeg,
    "webp": _webp,
}

_CLEAN: dict[Format, tuple[str, dict[str, int]]] = {
    # Level 1: within a few percent of the usual one's size in a quarter of its time.
    "png": ("PNG", {"compress_level": 1}),
    "jpeg": ("JPEG", {"quality": 92}),
    "webp": ("WEBP", {"quality": 90, "method": 2}),
}


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
