"""Outlines as lists of points: smooth curves, ovals, ridges, ribbons, blobs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from random import Random

Point = tuple[float, float]
Path = Sequence[Point]


@lru_cache(maxsize=512)
def _parsed(outline: str) -> tuple[Point, ...]:
    pairs = (pair.split(",") for pair in outline.split())
    return tuple((float(x), float(y)) for x, y in pairs)


def points(outline: str) -> list[Point]:
    """An outline written as "x,y x,y ..."."""
    return list(_parsed(outline))


def oval(cx: float, cy: float, rx: float, ry: float, corners: int = 56) -> list[Point]:
    """An ellipse."""
    return arc(cx, cy, rx, ry, 0.0, 360.0, corners)[:-1]


def arc(
    cx: float, cy: float, rx: float, ry: float, start: float, end: float, corners: int = 40
) -> list[Point]:
    """Part of an ellipse, angles in degrees."""
    first, sweep = math.radians(start), math.radians(end - start)
    return [
        (
            cx + rx * math.cos(first + sweep * i / corners),
            cy + ry * math.sin(first + sweep * i / corners),
        )
        for i in range(corners + 1)
    ]


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """A rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def smooth(path: Path, *, closed: bool = True, pieces: int = 8) -> list[Point]:
    """A soft curve through all the points (Catmull-Rom)."""
    count = len(path)
    if count < 3:
        return list(path)
    result: list[Point] = []
    spans = count if closed else count - 1
    for i in range(spans):
        if closed:
            before, start, end, after = (path[(i + k) % count] for k in (-1, 0, 1, 2))
        else:
            before, start = path[max(i - 1, 0)], path[i]
            end, after = path[i + 1], path[min(i + 2, count - 1)]
        for step in range(pieces):
            t = step / pieces
            result.append(
                (
                    _spline(before[0], start[0], end[0], after[0], t),
                    _spline(before[1], start[1], end[1], after[1], t),
                )
            )
    if not closed:
        result.append(path[-1])
    return result


def _spline(before: float, start: float, end: float, after: float, t: float) -> float:
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t * t
        + (3 * start - before - 3 * end + after) * t * t * t
    )


def ribbon(spine: Path, width: float | Callable[[float], float]) -> list[Point]:
    """A band along a line; the width may depend on the way travelled (0 to 1)."""
    left: list[Point] = []
    right: list[Point] = []
    last = len(spine) - 1
    for i, (x, y) in enumerate(spine):
        ahead, behind = spine[min(i + 1, last)], spine[max(i - 1, 0)]
        dx, dy = ahead[0] - behind[0], ahead[1] - behind[1]
        length = math.hypot(dx, dy) or 1e-9
        half = (width(i / max(last, 1)) if callable(width) else width) / 2
        left.append((x - dy / length * half, y + dx / length * half))
        right.append((x + dy / length * half, y - dx / length * half))
    return left + right[::-1]


def tapered(thick: float, thin: float = 0.0) -> Callable[[float], float]:
    """A width that runs from thick to thin."""
    return lambda way: thick + (thin - thick) * way


def lens(thick: float) -> Callable[[float], float]:
    """A width that swells in the middle."""
    return lambda way: thick * math.sin(math.pi * min(max(way, 0.02), 0.98))


def blob(rng: Random, cx: float, cy: float, rx: float, ry: float, rough: float) -> list[Point]:
    """An uneven oval."""
    corners = 9
    turn = rng.random() * math.tau
    edge = []
    for i in range(corners):
        angle = turn + math.tau * i / corners
        reach = 1 + rng.uniform(-rough, rough)
        edge.append((cx + rx * reach * math.cos(angle), cy + ry * reach * math.sin(angle)))
    return smooth(edge, pieces=5)


def fractal(rng: Random, depth: int, rough: float, start: float, end: float) -> list[float]:
    """Heights by midpoint displacement: 2**depth + 1 values."""
    heights = [start, end]
    swing = rough
    for _ in range(depth):
        finer: list[float] = []
        for one, two in pairwise(heights):
            finer += [one, (one + two) / 2 + rng.uniform(-swing, swing)]
        heights = [*finer, heights[-1]]
        swing *= 0.52
    return heights


def waves(rng: Random, left: float, right: float, height: float, count: int = 3) -> list[Point]:
    """A gently rolling line between two x positions, around y = 0."""
    swells = [
        (rng.uniform(0.5, 1.3) * (i + 1), rng.random() * math.tau, height / (i + 1) ** 1.1)
        for i in range(count)
    ]
    steps = 72
    return [
        (
            left + (right - left) * i / steps,
            sum(a * math.sin(f * (left + (right - left) * i / steps) * 3 + p) for f, p, a in swells)
            / 2,
        )
        for i in range(steps + 1)
    ]


def down_to(line: Path, floor: float) -> list[Point]:
    """Close a line into an area that reaches down to the floor."""
    return [*line, (line[-1][0], floor), (line[0][0], floor)]


def height_at(line: Path, x: float) -> float:
    """The y of a left-to-right line at x."""
    for (x0, y0), (x1, y1) in pairwise(line):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / ((x1 - x0) or 1e-9)
    return line[0][1] if x < line[0][0] else line[-1][1]
