"""WebP: a RIFF of chunks, each with a kind, a length and a body padded to even length."""

from __future__ import annotations

from darkroom.domain.worker_ports import UnreadableImage
from darkroom.imaging.exif import orientation_of
from darkroom.imaging.stripped import StrippedImage

_START = 12
_PICTURES = (b"VP8 ", b"VP8L")
_FRAME = b"ANMF"
_HAS_ALPHA = b"\x10\0\0\0"
_MOST_CHUNKS = 1_000


def strip_webp(body: bytes) -> StrippedImage:
    chunks = _chunks(body)
    kinds = [kind for kind in _PICTURES if kind in chunks]
    if len(kinds) != 1 or _FRAME in chunks:
        raise UnreadableImage("a WebP needs exactly one picture")
    picture = chunks[kinds[0]]
    size = _lossy_size(picture) if kinds[0] == b"VP8 " else _lossless_size(picture)
    kept = _chunk(kinds[0], picture)
    if canvas := chunks.get(b"VP8X", b"")[4:10]:
        if (_number(canvas, 0, 3) + 1, _number(canvas, 3, 3) + 1) != size:
            raise UnreadableImage("a WebP whose canvas is of another size")
        if b"ALPH" in chunks:
            kept = _chunk(b"VP8X", _HAS_ALPHA + canvas) + _chunk(b"ALPH", chunks[b"ALPH"]) + kept
    return StrippedImage(
        body=_chunk(b"RIFF", b"WEBP" + kept),
        format="webp",
        width=size[0],
        height=size[1],
        orientation=orientation_of(chunks.get(b"EXIF", b"")),
        costly=True,
    )


def _chunks(body: bytes) -> dict[bytes, bytes]:
    chunks: dict[bytes, bytes] = {}
    at, end = _START, min(8 + _number(body, 4, 4), len(body))
    while at < end:
        kind, length = body[at : at + 4], _number(body, at + 4, 4)
        content = body[at + 8 : min(at + 8 + length, end)]
        if len(content) < length:
            raise UnreadableImage("a WebP that ends too early")
        if kind in chunks or len(chunks) == _MOST_CHUNKS:
            raise UnreadableImage("a WebP with too much in it")
        chunks[kind] = content
        at += 8 + length + length % 2
    return chunks


def _chunk(kind: bytes, content: bytes) -> bytes:
    padding = b"\0" * (len(content) % 2)
    return kind + len(content).to_bytes(4, "little") + content + padding


def _lossy_size(content: bytes) -> tuple[int, int]:
    return _number(content, 6, 2) & 0x3FFF, _number(content, 8, 2) & 0x3FFF


def _lossless_size(content: bytes) -> tuple[int, int]:
    bits = _number(content, 1, 4)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _number(body: bytes, at: int, size: int) -> int:
    return int.from_bytes(body[at : at + size], "little")
