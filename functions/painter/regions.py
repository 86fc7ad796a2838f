"""Regions of a small picture, as sets of places counted row by row."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from PIL import Image

from painter.styles.sheets import Size


def grown(size: Size, start: Iterable[int], goes_on: Callable[[int, int], bool]) -> set[int]:
    """All places that are reached from the start, where it goes on from one to the one beside."""
    width, places = size[0], size[0] * size[1]
    found = set(start)
    queue = deque(sorted(found))
    while queue:
        at = queue.popleft()
        column = at % width
        for beside, inside in (
            (at - 1, column > 0),
            (at + 1, column < width - 1),
            (at - width, at >= width),
            (at + width, at + width < places),
        ):
            if inside and beside not in found and goes_on(at, beside):
                found.add(beside)
                queue.append(beside)
    return found


def painted_places(size: Size, places: Iterable[int]) -> Image.Image:
    """White at these places."""
    mask = bytearray(size[0] * size[1])
    for at in places:
        mask[at] = 255
    return Image.frombytes("L", size, bytes(mask))
