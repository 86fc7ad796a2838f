"""JPEG: segments that begin with a marker, and pixels after those that begin a scan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from darkroom.domain.worker_ports import UnreadableImage
from darkroom.imaging.exif import EXIF_START, orientation_of
from darkroom.imaging.stripped import StrippedImage

JPEG_MAGIC = b"\xff\xd8\xff"
_END, _SCAN, _EXIF, _PROGRESSIVE = 0xD9, 0xDA, 0xE1, 0xC2
_FRAMES = frozenset({0xC0, 0xC1, _PROGRESSIVE})
# Tables, and the two application segments that say how the colours are meant: JFIF and Adobe.
_PIXELS = _FRAMES | {0xC4, 0xDB, 0xDD, _SCAN, 0xE0, 0xEE}
_DROPPED = frozenset({0xDC, 0xFE, *range(0xE0, 0xF0)}) - _PIXELS
_MARKER = re.compile(rb"\xff++([^\x00])")
# Inside a scan 0xff00 is a pixel's 0xff, and 0xffd0 to 0xffd7 are restarts.
_MARKER_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_MOST_SEGMENTS = 2_000
# Ten are usual. Each is a walk over all pixels, however few bytes it has.
_MOST_SCANS = 32


def strip_jpeg(body: bytes) -> StrippedImage:
    kept, frames, exif, scans = [JPEG_MAGIC[:2]], [], b"", 0
    for marker, segment in _segments(body):
        if marker in _PIXELS:
            kept.append(segment)
        elif marker not in _DROPPED:
            raise UnreadableImage("a JPEG of a kind that is not read")
        if marker in _FRAMES:
            frames.append((marker, segment))
        if marker == _EXIF and not exif and segment.startswith(EXIF_START, 4):
            exif = segment[4:]
        scans += marker == _SCAN
    if len(frames) != 1 or not 1 <= scans <= _MOST_SCANS:
        raise UnreadableImage("a JPEG of no picture, of two, or of too many scans")
    [(marker, frame)] = frames
    return StrippedImage(
        body=b"".join([*kept, bytes((0xFF, _END))]),
        format="jpeg",
        width=int.from_bytes(frame[7:9]),
        height=int.from_bytes(frame[5:7]),
        orientation=orientation_of(exif),
        costly=marker == _PROGRESSIVE or scans > 1,
    )


def _segments(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Each up to the next, a scan with its pixels. What comes after the end is none."""
    at = len(JPEG_MAGIC) - 1
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.match(body, at)
        if not found:
            raise UnreadableImage("a JPEG that is damaged or ends too early")
        marker, at = found[1][0], found.end()
        if marker == _END:
            return
        end = at + int.from_bytes(body[at : at + 2])
        if marker == _SCAN:
            after = _MARKER_AFTER_SCAN.search(body, end)
            end = after.start() if after else len(body)
        yield marker, bytes((0xFF, marker)) + body[at:end]
        at = end
    raise UnreadableImage("a JPEG of too many segments")
