"""PNGs: what each is, and how it is built."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

SCRIPT = b"<script>secret</script>"
GREY, RGB, PALETTE, RGBA = 0, 2, 3, 6
_START = b"\x89PNG\r\n\x1a\n"
_MEGABYTE = 1024 * 1024


def chunk(kind, content=b"", crc=None):
    crc = zlib.crc32(kind + content) if crc is None else crc
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)


def header(width, height, colour=RGB, depth=8, crc=None):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0), crc)


def zeros(count):
    """That many zeros, packed. A packed megabyte stands alone, so it is packed once."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    megabyte = packer.compress(bytes(_MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    rest = packer.compress(bytes(count % _MEGABYTE)) + packer.flush()
    checksum = struct.pack(">HH", count % 65_521, 1)
    return b"\x78\xda" + megabyte * (count // _MEGABYTE) + rest + checksum


def png(*parts, end=True):
    return _START + b"".join(parts) + (chunk(b"IEND") if end else b"")


def square(side=8, bytes_a_pixel=3):
    """The pixels of a black one."""
    return chunk(b"IDAT", zeros(side * (1 + side * bytes_a_pixel)))


def with_parts(*parts):
    """A good picture with these parts before its pixels."""
    return png(header(8, 8), *parts, square())


def tags_on_the_same_bytes():
    """An EXIF of 60,000 tags, each of them the same megabyte."""
    tags = b"".join(struct.pack("<HHII", tag, 7, _MEGABYTE, 8) for tag in range(1000, 61_000))
    table = struct.pack("<H", 60_000) + tags
    return struct.pack("<4sI", b"II*\0", 8) + table + bytes(_MEGABYTE)


def animation(frames):
    control = struct.pack(">IIIIIHHBB", 0, 8, 8, 0, 0, 1, 10, 0, 0)
    parts = [chunk(b"acTL", struct.pack(">II", frames, 0)), chunk(b"fcTL", control), square()]
    pixels = zeros(200)
    for number in range(1, frames):
        parts += [
            chunk(b"fcTL", struct.pack(">I", number * 2 - 1) + control[4:]),
            chunk(b"fdAT", struct.pack(">I", number * 2) + pixels),
        ]
    return png(header(8, 8), *parts)


def half(body):
    return body[: len(body) // 2]


def drawn(kind, mode="RGB", side=64, **options):
    """A picture with some detail, in that format."""
    drawing = Image.effect_mandelbrot((256, 256), (-2, -1.5, 1, 1.5), 100)
    file = io.BytesIO()
    drawing.resize((side, side)).convert(mode).save(file, kind, **options)
    return file.getvalue()


REFUSED = {
    "png of 2,500,000,000 pixels": lambda: png(header(50_000, 50_000), square()),
    "png of one pixel more than 25,000,000": lambda: png(header(5000, 5001), square()),
    "png of 12,001 pixels on a side": lambda: png(header(12_001, 1), square()),
    "png whose pixels end after a row of 5,000": lambda: png(header(5000, 5000), square()),
    "png of no width": lambda: png(header(0, 8), square()),
    "png of no height": lambda: png(header(8, 0), square()),
    "png of a negative width": lambda: png(header(2**31 + 1, 8), square()),
    "png with a second header": lambda: with_parts(header(9000, 9000)),
    "png without a header": lambda: png(square()),
    "png of a colour type that there is not": lambda: png(header(8, 8, colour=5), square()),
    "png of a palette without the palette's pixels": lambda: png(header(8, 8, PALETTE)),
    "png of 5,000 frames": lambda: animation(5000),
    "png of a million empty chunks": lambda: with_parts(chunk(b"tEXt") * 1_000_000),
    "png of a million empty pixel chunks": lambda: with_parts(chunk(b"IDAT") * 1_000_000),
    "png whose header's checksum is wrong": lambda: png(header(8, 8, crc=1), square()),
    "png of random pixels": lambda: png(header(8, 8), chunk(b"IDAT", bytes(range(256)))),
    "png without an end": lambda: png(header(8, 8), square(), end=False),
    "png that is only its start": lambda: _START,
    "png of zeros": lambda: _START + bytes(100),
    "png cut in its header": lambda: drawn("PNG")[:20],
    "png cut in its pixels": lambda: half(drawn("PNG")),
    "png cut before its last byte": lambda: drawn("PNG")[:-1],
    "png of 26 MB": lambda: with_parts(chunk(b"prVt", bytes(26 * _MEGABYTE))),
}

CLEANED = {
    "png with a text of 200 MB": lambda: with_parts(
        chunk(b"zTXt", b"a\0\0" + zeros(200 * _MEGABYTE))
    ),
    "png with an international text of 200 MB": lambda: with_parts(
        chunk(b"iTXt", b"a\0\1\0\0\0" + zeros(200 * _MEGABYTE))
    ),
    "png with a profile of 200 MB": lambda: with_parts(
        chunk(b"iCCP", b"a\0\0" + zeros(200 * _MEGABYTE))
    ),
    "png with 1,000 texts of 1 MB": lambda: with_parts(
        chunk(b"zTXt", b"a\0\0" + zeros(_MEGABYTE)) * 1000
    ),
    "png with 60,000 tags of 1 MB": lambda: with_parts(chunk(b"eXIf", tags_on_the_same_bytes())),
    "png with a gigabyte behind its pixels": lambda: png(
        header(8, 8), chunk(b"IDAT", zeros(2**30))
    ),
    "png of 25,000,000 black pixels": lambda: png(header(5000, 5000), square(5000)),
    "png whose pixels' checksum is wrong": lambda: png(
        header(8, 8), chunk(b"IDAT", zeros(8 * 25), crc=1)
    ),
    "png that says it has 5,000 frames": lambda: with_parts(
        chunk(b"acTL", struct.pack(">II", 5000, 0))
    ),
    "png with a web page behind it": lambda: drawn("PNG") + b"<html>" + SCRIPT,
    "png with a script for a comment": lambda: with_parts(chunk(b"tEXt", b"Comment\0" + SCRIPT)),
    "png with a chunk of its own kind": lambda: with_parts(chunk(b"prVt", SCRIPT)),
    "png of 16 bits a grey": lambda: png(header(8, 8, GREY, depth=16), square(bytes_a_pixel=2)),
    "png of 16 bits a colour": lambda: png(header(8, 8, RGBA, depth=16), square(bytes_a_pixel=8)),
    "png of a palette with transparency": lambda: png(
        header(8, 8, PALETTE),
        chunk(b"PLTE", bytes(range(6))),
        chunk(b"tRNS", b"\x80\x40"),
        square(bytes_a_pixel=1),
    ),
    "png of a palette that is missing": lambda: png(header(8, 8, PALETTE), square(bytes_a_pixel=1)),
    "png with one transparent colour": lambda: with_parts(chunk(b"tRNS", bytes(6))),
}
