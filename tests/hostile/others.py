"""WebPs, files of other kinds, and no files at all."""

from __future__ import annotations

import io
import struct

from PIL import Image

from tests.hostile.jpegs import jpeg
from tests.hostile.pngs import SCRIPT, drawn, half, tags_on_the_same_bytes


def chunk(kind, content):
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def webp(*chunks):
    return chunk(b"RIFF", b"WEBP" + b"".join(chunks))


def picture(**options):
    """The chunks of a good one."""
    return drawn("WEBP", **options)[12:]


def canvas(width, height, flags=0x0C):
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return chunk(b"VP8X", bytes((flags, 0, 0, 0)) + sides)


def lossless_header(width, height):
    return b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14)


def lossy_header(width, height):
    return b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)


def animation(kind, frames):
    file = io.BytesIO()
    pictures = [Image.new("RGB", (8, 8), (n % 256, n // 256, 0)) for n in range(frames)]
    pictures[0].save(file, kind, save_all=True, append_images=pictures[1:])
    return file.getvalue()


def saved(kind):
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(file, kind)
    return file.getvalue()


REFUSED = {
    "webp of 16,383 pixels a side": lambda: webp(chunk(b"VP8L", lossless_header(16_383, 16_383))),
    "webp that has the size of its pixels only": lambda: webp(
        chunk(b"VP8L", lossless_header(4096, 4096))
    ),
    "lossy webp that has the size of its pixels only": lambda: webp(
        chunk(b"VP8 ", lossy_header(4096, 4096))
    ),
    "lossy webp of zeros": lambda: webp(chunk(b"VP8 ", lossy_header(4096, 4096) + bytes(9999))),
    "lossy webp of no width": lambda: webp(chunk(b"VP8 ", lossy_header(0, 64))),
    "webp on a canvas that is larger": lambda: webp(canvas(9000, 9000), picture()),
    "webp of 5,000 frames": lambda: animation("WEBP", 5000),
    "webp of two pictures": lambda: webp(picture(), picture()),
    "webp of no picture": lambda: webp(canvas(64, 64)),
    "webp that is only its start": lambda: b"RIFF\x04\0\0\0WEBP",
    "webp cut in its start": lambda: b"RIFF\xff\xff",
    "webp cut in its pixels": lambda: half(webp(picture())),
    "webp cut before its last byte": lambda: webp(picture(lossless=True))[:-2],
    "webp of a million chunks": lambda: webp(picture(), chunk(b"prVt", b"") * 1_000_000),
    "webp of 26 MB": lambda: webp(picture(), chunk(b"prVt", bytes(26 * 2**20))),
    "sound in the same container": lambda: b"RIFF\x24\0\0\0WAVEfmt " + bytes(32),
    "webp's start around a png": lambda: b"RIFF" + drawn("PNG"),
    "gif of 5,000 frames": lambda: animation("GIF", 5000),
    "gif": lambda: saved("GIF"),
    "bmp": lambda: saved("BMP"),
    "tiff": lambda: saved("TIFF"),
    "ico": lambda: saved("ICO"),
    "pdf": lambda: saved("PDF"),
    "postscript": lambda: saved("EPS"),
    "postscript that reads a file": lambda: b"%!PS\n(/etc/passwd) (r) file\n",
    "psd": lambda: b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 64, 64, 8, 3) + bytes(99),
    "heic": lambda: b"\0\0\0\x18ftypheic" + bytes(100),
    "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>",
    "svg of a billion laughs": lambda: b"<!DOCTYPE svg [<!ENTITY a '&b;&b;'>]><svg>&a;</svg>",
    "web page": lambda: b"<!doctype html>" + SCRIPT,
    "pdf with a jpeg behind it": lambda: b"%PDF-1.4\n" + jpeg(),
    "gif's start before a png": lambda: b"GIF89a" + drawn("PNG"),
    "script's start before a jpeg": lambda: b"#!/bin/sh\n" + jpeg(),
    "nothing": lambda: b"",
    "one byte": lambda: b"\x89",
    "zeros": lambda: bytes(10_000),
    "text of two bytes a letter": lambda: "an image".encode("utf-16"),
    "zip": lambda: b"PK\3\4" + bytes(100),
}

CLEANED = {
    "webp as large as it may be": lambda: webp(picture(side=4096)),
    "webp with transparency": lambda: webp(picture(mode="LA")),
    "webp with 60,000 tags of 1 MB": lambda: webp(
        canvas(64, 64), picture(), chunk(b"EXIF", tags_on_the_same_bytes())
    ),
    "webp with a script for a profile": lambda: webp(
        canvas(64, 64, 0x20), chunk(b"ICCP", SCRIPT), picture()
    ),
    "webp with a script for its origin": lambda: webp(
        canvas(64, 64), picture(), chunk(b"XMP ", SCRIPT)
    ),
    "webp with a script behind it": lambda: webp(picture()) + SCRIPT,
    "webp with a chunk of its own kind": lambda: webp(picture(), chunk(b"prVt", SCRIPT)),
}
