"""A file as the decoder gets it: what the pixels need, and nothing else.

Pillow reads metadata in Python, with parsers of its own: a file of a million tiny parts costs it
seconds, an EXIF whose tags all point at the same megabytes costs it all memory. It sees none.
"""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.image_request import Format
from darkroom.imaging.exif import UPRIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class StrippedImage:
    body: bytes
    format: Format
    width: int
    height: int
    orientation: int = UPRIGHT
    costly: bool = False  # decoding takes up to 16 bytes a pixel, where others take 4 to 8
