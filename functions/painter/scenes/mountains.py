"""Mountain ranges, one behind the other."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from painter import curves
from painter.canvas import vertical
from painter.colour import RGB, mix
from painter.reading import Subject
from painter.scenes.land import PINE, ROCK, SNOW, textured
from painter.stage import Stage


def ridge(stage: Stage, rng: Random, base: float, height: float) -> list[curves.Point]:
    """A jagged skyline with a few deliberate summits."""
    peaks = max(2, round(stage.w * rng.uniform(1.4, 2.4)))
    step = (stage.w + 0.4) / peaks
    corners = [(-0.2, base - height * rng.uniform(0.2, 0.5))]
    for i in range(peaks):
        x = -0.2 + step * (i + 0.5) + stage.vary(rng, 0, step * 0.22)
        corners.append((x, base - height * rng.uniform(0.6, 1.0)))
        corners.append((x + step * rng.uniform(0.38, 0.6), base - height * rng.uniform(0.12, 0.42)))
    line: list[curves.Point] = []
    for (x0, y0), (x1, y1) in pairwise(corners):
        rough = fractal_offsets(rng, abs(y1 - y0) * 0.22 + 0.004)
        for i, offset in enumerate(rough[:-1]):
            t = i / (len(rough) - 1)
            line.append((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + offset))
    line.append((max(corners[-1][0], stage.w + 0.2), corners[-1][1]))
    return line


def fractal_offsets(rng: Random, swing: float) -> list[float]:
    """Small heights that start and end at zero."""
    return curves.fractal(rng, 4, swing, 0.0, 0.0)


def paint_range(
    stage: Stage, name: str, base: float, height: float, depth: float, local: RGB, snow: float
) -> None:
    """One mountain range: haze at the foot, shaded flanks, snow above a line."""
    rng = stage.chance.stream(f"range {name}")
    palette, canvas = stage.palette, stage.canvas
    line = ridge(stage, rng, base, height)
    top = min(y for _, y in line)
    area = canvas.stencil([curves.down_to(line, base + 0.02)])
    body, dim = palette.lit(local, depth), palette.shade(local, depth * 0.9)
    foot = mix(body, palette.haze, 0.35 + 0.4 * depth)
    canvas.pour(area, vertical(body, foot, top, base))
    summits = [
        i for i in range(8, len(line) - 8) if line[i][1] == min(y for _, y in line[i - 8 : i + 9])
    ]
    if snow > 0:
        caps = [_cap(rng, line, i, base, height, snow) for i in summits]
        white = palette.lit(SNOW, depth * 0.7)
        canvas.fill(caps, white, within=area)
    toward = 1 if stage.sun[0] >= stage.w / 2 else -1
    flanks, folds = [], []
    for i in summits:
        flanks.append(_flank(rng, line, i, base, -toward))
        folds += [_fold(rng, line, i, base, toward) for _ in range(stage.many(3))]
    canvas.fill(flanks, vertical(dim, mix(dim, foot, 0.8), top, base), 0.72, within=area)
    canvas.fill(folds, dim, 0.3, within=area)
    textured(stage, area, name, dim, 0.16)


def _cap(
    rng: Random, line: list[curves.Point], i: int, base: float, height: float, snow: float
) -> list[curves.Point]:
    y = line[i][1]
    fall = height * snow * max(0.25, (base - y) / height) ** 1.5 * 0.6
    left, right = [], []
    for j in range(i, -1, -1):
        if line[j][1] > y + fall:
            break
        left.append(line[j])
    for j in range(i + 1, len(line)):
        if line[j][1] > y + fall:
            break
        right.append(line[j])
    edge = [*left[::-1], *right]
    begin, end = edge[0][0], edge[-1][0]
    teeth = 9
    hem = []
    for k in range(teeth + 1):
        t = 1 - k / teeth
        drop = fall * (rng.uniform(0.9, 1.5) if k % 2 else rng.uniform(0.45, 0.8))
        hem.append((begin + (end - begin) * t, y + drop))
    return [(x0, y0 - 0.01) for x0, y0 in edge] + hem


def _flank(
    rng: Random, line: list[curves.Point], i: int, base: float, side: int
) -> list[curves.Point]:
    """The side of a summit that the light misses, along a wandering spine."""
    x, y = line[i]
    edge = []
    j = i
    while 0 <= j < len(line) and abs(x - line[j][0]) < (base - y) * 1.4:
        edge.append((line[j][0], line[j][1] - 0.01))
        j += side
    spine = []
    wander = x
    steps = 9
    for k in range(1, steps + 1):
        wander += (rng.uniform(-1.1, 0.75) if k % 2 else rng.uniform(-0.4, 1.1)) * side * -0.022
        spine.append((wander, y + (base - y) * k / steps))
    return [*edge, *spine[::-1]]


def _fold(
    rng: Random, line: list[curves.Point], i: int, base: float, side: int
) -> list[curves.Point]:
    """A thin gully on the lit side."""
    x, y = line[i]
    tall = base - y
    sx, sy = x + side * tall * rng.uniform(0.1, 0.5), y + tall * rng.uniform(0.2, 0.55)
    ex, ey = sx + side * tall * rng.uniform(0.06, 0.25), sy + tall * rng.uniform(0.2, 0.4)
    spine = [
        (sx + (ex - sx) * t / 5 + rng.uniform(-0.006, 0.006), sy + (ey - sy) * t / 5)
        for t in range(6)
    ]
    return curves.ribbon(spine, curves.lens(tall * 0.045))


def paint_mountains(stage: Stage, base: float, subject: Subject | None) -> None:
    """Ranges one behind the other."""
    rng = stage.chance.stream("mountains")
    room = min(base, 1.4)
    ranges = min(max(2 + rng.randrange(2), 2), 4)
    rock = subject.colour if subject and subject.colour else ROCK
    icy = stage.scene.season == "winter" or "snow" in stage.scene.weather
    snow = 0.62 if icy else rng.choice([0.0, 0.32, 0.45])
    if stage.scene.has("iceberg"):
        snow = 0.8
    height = stage.vary(rng, 0.52, 0.12) * room
    for i in range(ranges):
        rank = i / (ranges - 1)
        tall = height * (1 - 0.32 * i)
        local = mix(rock, PINE, rank * 0.4) if not (subject and subject.colour) else rock
        paint_range(
            stage, f"{i}", base + 0.015 * i, tall, 0.66 - 0.46 * rank, local, snow * (1 - rank)
        )
