"""JPEGs: what each is, and how it is built."""

from __future__ import annotations

import io
import struct
import zipfile

from PIL import Image

from tests.hostile.pngs import SCRIPT, drawn, half, tags_on_the_same_bytes

_FRAME = b"\xff\xc0"
_SCAN = b"\xff\xda"
_END = b"\xff\xd9"
_MEGABYTE = 1024 * 1024


def jpeg(**options):
    return drawn("JPEG", **options)


def segment(marker, content):
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def with_first(*parts):
    """A good picture with these parts right after its start."""
    return b"\xff\xd8" + b"".join(parts) + jpeg()[2:]


def sized(width, height, body, frame=_FRAME):
    """The same bytes under another size."""
    at = body.index(frame) + 5
    return body[:at] + struct.pack(">HH", height, width) + body[at + 4 :]


def oriented(value):
    tag = struct.pack("<HHII", 0x0112, 3, 1, value)
    exif = struct.pack("<4sIH", b"II*\0", 8, 1) + tag + bytes(4)
    return with_first(segment(0xE1, b"Exif\0\0" + exif))


def in_scans(**options):
    return jpeg(progressive=True, subsampling=0, **options)


def scanned_again(times, side=64):
    body = in_scans(side=side)
    last = body.rindex(_SCAN)
    return body[:last] + body[last:-2] * times + _END


def broken_in_the_last_scan():
    body = in_scans(mode="CMYK", side=4096)
    last = body.rindex(_SCAN)
    return body[:last] + segment(0xC4, b"\0" + b"\xff" * 300) + body[last:]


def long_exif():
    exif = tags_on_the_same_bytes()
    parts = [exif[at : at + 65_000] for at in range(0, len(exif), 65_000)]
    return with_first(*(segment(0xE1, b"Exif\0\0" + part) for part in parts))


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as folder:
        folder.writestr("index.html", SCRIPT)
    return file.getvalue()


def two_pictures():
    file = io.BytesIO()
    Image.new("RGB", (64, 64)).save(
        file, "MPO", save_all=True, append_images=[Image.new("RGB", (64, 64))]
    )
    return file.getvalue()


REFUSED = {
    "jpeg of 65,500 pixels a side": lambda: sized(65_500, 65_500, jpeg()),
    "progressive jpeg of 65,500 pixels a side": lambda: sized(
        65_500, 65_500, jpeg(progressive=True), frame=b"\xff\xc2"
    ),
    "progressive jpeg of 24,000,000 pixels": lambda: sized(
        6000, 4000, jpeg(progressive=True), frame=b"\xff\xc2"
    ),
    "progressive jpeg that breaks in its last scan": broken_in_the_last_scan,
    "jpeg of 1,000 scans": lambda: scanned_again(1000),
    "jpeg of no width": lambda: sized(0, 64, jpeg()),
    "jpeg whose height comes later": lambda: sized(64, 0, jpeg()),
    "jpeg of two frames": lambda: with_first(segment(0xC0, b"\x08\0\x08\0\x08\1\1\x11\0")),
    "jpeg of 12 bits": lambda: jpeg().replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"),
    "jpeg in arithmetic coding": lambda: jpeg().replace(_FRAME, b"\xff\xc9"),
    "jpeg without loss": lambda: jpeg().replace(_FRAME, b"\xff\xc3"),
    "jpeg without tables": lambda: b"\xff\xd8" + jpeg()[jpeg().index(_FRAME) :],
    "jpeg of a million comments": lambda: with_first(segment(0xFE, b"") * 1_000_000),
    "jpeg with 20 MB of zeros before its first part": lambda: with_first(bytes(20 * _MEGABYTE)),
    "jpeg of nothing but 0xff": lambda: b"\xff\xd8" + b"\xff" * 20 * _MEGABYTE,
    "jpeg that is only its start": lambda: b"\xff\xd8\xff",
    "jpeg that is only a start and an end": lambda: b"\xff\xd8\xff\xd9",
    "jpeg cut in its tables": lambda: jpeg()[:100],
    "jpeg cut in its pixels": lambda: half(jpeg()),
    "progressive jpeg cut in its pixels": lambda: half(in_scans()),
    "jpeg cut before its end": lambda: jpeg()[:-2],
    "jpeg of 26 MB": lambda: jpeg() + bytes(26 * _MEGABYTE),
}

CLEANED = {
    "jpeg of 25,000,000 pixels that are not there": lambda: sized(5000, 5000, jpeg()),
    "jpeg in scans as large as it may be": lambda: scanned_again(20, side=4096),
    "jpeg in four inks": lambda: jpeg(mode="CMYK"),
    "jpeg in greys": lambda: jpeg(mode="L"),
    "jpeg with 20 MB of 0xff before its first part": lambda: with_first(b"\xff" * 20 * _MEGABYTE),
    "jpeg that is a zip, too": lambda: jpeg() + zipped(),
    "jpeg with a script behind it": lambda: jpeg() + SCRIPT,
    "jpeg with a script for a comment": lambda: jpeg(comment=SCRIPT),
    "jpeg with a script for a profile": lambda: jpeg(icc_profile=SCRIPT),
    "jpeg with a script for its maker": lambda: with_first(segment(0xED, SCRIPT)),
    "jpeg of two pictures, as phones make them": two_pictures,
    "jpeg with 60,000 tags of 1 MB": long_exif,
    "jpeg of orientation 0": lambda: oriented(0),
    "jpeg of orientation 9": lambda: oriented(9),
    "jpeg of orientation 65,535": lambda: oriented(65_535),
    "jpeg of orientation 6": lambda: oriented(6),
    "jpeg whose EXIF is cut": lambda: with_first(segment(0xE1, b"Exif\0\0II*\0")),
    "jpeg whose EXIF is of nothing": lambda: with_first(segment(0xE1, b"Exif\0\0")),
}
