"""PNG: chunks, each with a length, a kind, a body and a checksum."""

from __future__ import annotations

from darkroom.domain.worker_ports import UnreadableImage
from darkroom.imaging.exif import orientation_of
from darkroom.imaging.stripped import StrippedImage

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_PIXELS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_FRAME = b"fdAT"  # of an animation, each beyond the picture that every viewer shows
# Encoders write 8 KB of pixels or more into each.
_MOST_CHUNKS = 20_000


def strip_png(body: bytes) -> StrippedImage:
    kept, exif = [PNG_MAGIC], b""
    at = len(PNG_MAGIC)
    for index in range(_MOST_CHUNKS):
        kind = body[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(body[at : at + 4])
        if end > len(body):
            raise UnreadableImage("a PNG that ends too early")
        if (kind == b"IHDR") != (index == 0):
            raise UnreadableImage("a PNG needs one header, at its start")
        if kind == _FRAME:
            raise UnreadableImage("more than one frame")
        if kind in _PIXELS:
            kept.append(body[at:end])
        if kind == b"eXIf":
            exif = body[at + 8 : end - 4]
        if kind == b"IEND":
            break
        at = end
    else:
        raise UnreadableImage("a PNG of too many chunks")
    return StrippedImage(
        body=b"".join(kept),
        format="png",
        width=int.from_bytes(body[16:20]),
        height=int.from_bytes(body[20:24]),
        orientation=orientation_of(exif),
    )
