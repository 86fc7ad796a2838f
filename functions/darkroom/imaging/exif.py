"""The one thing that is read from EXIF: which way is up."""

from __future__ import annotations

from typing import Literal

EXIF_START = b"Exif\0\0"
UPRIGHT = 1
_LAST = 8
_ORDERS: dict[bytes, Literal["little", "big"]] = {b"II*\0": "little", b"MM\0*": "big"}
_TAG_BYTES = 12
_ORIENTATION_TAG = 0x0112
_SHORT = 3


def orientation_of(exif: bytes) -> int:
    """1 to 8, and upright for anything odd."""
    tiff = exif.removeprefix(EXIF_START)
    order = _ORDERS.get(tiff[:4])
    if order is None:
        return UPRIGHT

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)

    table = number(4, 4)
    first = table + 2
    for at in range(first, first + _TAG_BYTES * number(table, 2), _TAG_BYTES):
        if (number(at, 2), number(at + 2, 2)) == (_ORIENTATION_TAG, _SHORT):
            value = number(at + 8, 2)
            return value if UPRIGHT <= value <= _LAST else UPRIGHT
    return UPRIGHT
