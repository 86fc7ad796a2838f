"""From exact pixels to what a provider offers: its ratios, its steps, its multiples.

What comes back is cut and scaled to the exact pixels afterwards, so the shape matters most, and
then that nothing has to be enlarged.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Size = tuple[int, int]


def nearest_ratio(width: int, height: int, ratios: Iterable[str], mark: str = ":") -> str:
    """Of ratios like `16:9`, the one of which least is cut away."""
    wanted = math.log(width / height)

    def distance(ratio: str) -> float:
        across, down = ratio.split(mark)
        return abs(math.log(float(across) / float(down)) - wanted)

    return min(ratios, key=distance)


def nearest_size(width: int, height: int, sizes: Sequence[Size]) -> Size:
    """Of sizes, the nearest in shape, and of those the smallest that is large enough."""
    wanted = math.log(width / height)

    def rank(size: Size) -> tuple[float, bool, int]:
        across, down = size
        shape = round(abs(math.log(across / down) - wanted), 2)
        is_smaller = across < width or down < height
        return shape, is_smaller, -across * down if is_smaller else across * down

    return min(sizes, key=rank)


def step_for(width: int, height: int, steps: Sequence[tuple[str, int]]) -> str:
    """Of steps like ("2K", 2048), smallest first: the first whose square holds as many pixels."""
    side = math.sqrt(width * height)
    # A 16:9 picture of "1K" has a little more pixels than a square of 1024.
    return next((name for name, edge in steps if side <= edge * 1.1), steps[-1][0])


def fitted(
    width: int,
    height: int,
    *,
    multiple: int = 1,
    least_side: int = 1,
    most_side: int = 100_000,
    least_pixels: int = 0,
    most_pixels: int = 10**10,
    widest: float = 1000.0,
) -> Size:
    """The size nearest to this one that is within all of these bounds, in the same shape as far as
    `widest`, the longest side in terms of the other, allows.
    """
    ratio = min(max(width / height, 1 / widest), widest)
    pixels = min(max(width * height, least_pixels), most_pixels)
    across, down = math.sqrt(pixels * ratio), math.sqrt(pixels / ratio)
    grow = max(1.0, least_side / min(across, down))
    shrink = min(1.0, most_side / (max(across, down) * grow))
    across, down = across * grow * shrink, down * grow * shrink
    sides = [_rounded(side, multiple, least_side, most_side) for side in (across, down)]
    # Rounding up may pass the bounds of the area by a row.
    longer = 0 if sides[0] >= sides[1] else 1
    while sides[0] * sides[1] > most_pixels:
        sides[longer] -= multiple
    while sides[0] * sides[1] < least_pixels:
        sides[longer] += multiple
    return sides[0], sides[1]


def _rounded(side: float, multiple: int, least: int, most: int) -> int:
    rounded = round(side / multiple) * multiple
    return min(max(rounded, math.ceil(least / multiple) * multiple), most // multiple * multiple)


def covering(width: int, height: int, ratio: str, mark: str = ":") -> Size:
    """The smallest size in this ratio out of which these pixels can be cut."""
    across, down = (float(part) for part in ratio.split(mark))
    return (
        math.ceil(max(width, height * across / down)),
        math.ceil(max(height, width * down / across)),
    )
