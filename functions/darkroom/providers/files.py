"""Pictures on their way to a provider: data URIs, base64, forms, and masks in its own polarity."""

from __future__ import annotations

import hashlib
import io
import math
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps

_MAGIC = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8", "image/jpeg"),
    (b"RIFF", "image/webp"),
)


def media_type(picture: bytes) -> str:
    """Of a picture of ours, which is one of the three."""
    return next((name for start, name in _MAGIC if picture.startswith(start)), "image/png")


def base64_of(picture: bytes) -> str:
    return b64encode(picture).decode()


def data_uri(picture: bytes) -> str:
    return f"data:{media_type(picture)};base64,{base64_of(picture)}"


def enlarged(picture: bytes, least_side: int, *, refused: str = "") -> bytes:
    """The picture, as it is where no side is shorter and its type is not refused."""
    with Image.open(io.BytesIO(picture)) as opened:
        grow = max(1.0, least_side / min(opened.size))
        if grow == 1 and media_type(picture) != refused:
            return picture
        sides = (math.ceil(opened.width * grow), math.ceil(opened.height * grow))
        return _png(opened.convert("RGB").resize(sides, Image.Resampling.LANCZOS))


def white_mask(mask: bytes, picture: bytes) -> bytes:
    """A mask of the picture's size, white where it is to change."""
    return _png(_opened(mask, picture))


def black_mask(mask: bytes, picture: bytes) -> bytes:
    """The same the other way round: black where it is to change."""
    return _png(ImageOps.invert(_opened(mask, picture)))


def clear_mask(mask: bytes, picture: bytes) -> bytes:
    """Transparent where it is to change, opaque elsewhere."""
    grey = _opened(mask, picture)
    clear = Image.new("RGBA", grey.size, (0, 0, 0, 255))
    clear.putalpha(ImageOps.invert(grey))
    return _png(clear)


def mask_of_all() -> bytes:
    """White everywhere, of any size."""
    return _png(Image.new("L", (8, 8), 255))


def _opened(mask: bytes, picture: bytes) -> Image.Image:
    """Both have been decoded and encoded by ourselves before."""
    with Image.open(io.BytesIO(picture)) as opened:
        size = opened.size
    with Image.open(io.BytesIO(mask)) as opened:
        grey = opened.convert("L")
    return grey if grey.size == size else grey.resize(size, Image.Resampling.BILINEAR)


def _png(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a form: a text, or a file with a name."""

    name: str
    body: bytes
    filename: str = ""
    media_type: str = ""


def field(name: str, value: object) -> Part:
    return Part(name=name, body=str(value).encode())


def file(name: str, picture: bytes) -> Part:
    kind = media_type(picture)
    extension = kind.removeprefix("image/")
    return Part(name=name, body=picture, filename=f"picture.{extension}", media_type=kind)


def form(parts: Sequence[Part]) -> tuple[str, bytes]:
    """The content type and the body of multipart/form-data. The same parts give the same bytes."""
    digest = hashlib.sha256(b"\0".join(part.body for part in parts)).hexdigest()
    boundary = f"darkroom-{digest[:32]}"
    body = b"".join(_written(part, boundary) for part in parts) + f"--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body


def _written(part: Part, boundary: str) -> bytes:
    head = f'--{boundary}\r\ncontent-disposition: form-data; name="{part.name}"'
    if part.filename:
        head += f'; filename="{part.filename}"\r\ncontent-type: {part.media_type}'
    return f"{head}\r\n\r\n".encode() + part.body + b"\r\n"
