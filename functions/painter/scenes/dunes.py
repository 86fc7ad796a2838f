"""Dunes: sharp edges between a bright and a shaded face."""

from __future__ import annotations

import math
from random import Random

from painter import curves
from painter.canvas import Stencil, vertical
from painter.colour import RGB, darker, lighter, mix
from painter.scenes.land import textured
from painter.stage import Stage


def _dune_crest(
    rng: Random, right: float, base: float, swell: float, count: int
) -> tuple[list[curves.Point], list[int]]:
    """Long rises to sharp edges; returns the line and where its edges are."""
    line: list[curves.Point] = []
    tops: list[int] = []
    step = (right + 0.6) / count
    x, low = -0.3 - rng.random() * step * 0.6, base
    while x < right + 0.3:
        rise, fall = step * rng.uniform(0.5, 0.75), step * rng.uniform(0.35, 0.5)
        top = base - swell * rng.uniform(0.5, 1.0)
        for k in range(12):
            t = k / 12
            line.append((x + rise * t, low + (top - low) * t**1.5))
        tops.append(len(line))
        deeper = base - swell * rng.uniform(-0.15, 0.15)
        for k in range(10):
            t = k / 10
            line.append((x + rise + fall * t, top + (deeper - top) * math.sin(t * math.pi / 2)))
        x, low = x + rise + fall, deeper
    line.append((x, low))
    return line, tops


def paint_dunes(stage: Stage, start: float, floor: float, local: RGB) -> None:
    """Dunes: sharp edges between a bright and a shaded face."""
    rng = stage.chance.stream("dunes")
    palette, canvas = stage.palette, stage.canvas
    layers = 5
    mirrored = stage.sun[0] >= stage.w / 2
    for i in range(layers):
        rank = i / (layers - 1)
        y = start + 0.015 + (floor - start) * rank**1.15 * 0.78
        swell = (0.05 + 0.2 * rank) * min(1.0, (floor - start) / 0.4)
        crest, tops = _dune_crest(rng, stage.w, y, swell, max(2, round(stage.w * (3.2 - 2 * rank))))
        depth = 0.52 * (1 - rank)
        lit, dim = palette.lit(local, depth), palette.shade(darker(local, 0.08), depth)
        faces = []
        for top in tops:
            peak, valley = crest[top], crest[min(top + 10, len(crest) - 1)]
            fall = (valley[0] - peak[0]) * 0.9
            spine = [
                (
                    peak[0] + fall * (0.22 * math.sin(k / 12 * 5.0) - 0.55 * (k / 12) ** 1.5),
                    peak[1] + (swell * 2.3 + 0.03) * k / 12,
                )
                for k in range(13)
            ]
            faces.append([*[(a, b - 0.003) for a, b in crest[top : top + 11]], *spine[::-1]])
        if mirrored:
            crest = [(stage.w - a, b) for a, b in crest[::-1]]
            faces = [[(stage.w - a, b) for a, b in face] for face in faces]
        area = canvas.stencil([curves.down_to(crest, floor + 0.05)])
        canvas.pour(
            area, vertical(lighter(lit, 0.08), mix(lit, dim, 0.5), y - swell, y + swell * 2.2)
        )
        canvas.fill(
            faces, vertical(dim, mix(lit, dim, 0.35), y - swell, y + swell), 0.8, within=area
        )
        textured(stage, area, f"dune {i}", dim, 0.14)
        _ripples(stage, rng, area, y, swell, mix(lit, dim, 0.6))


def _ripples(
    stage: Stage, rng: Random, area: Stencil | None, y: float, swell: float, tone: RGB
) -> None:
    lines = []
    for _ in range(stage.many(9)):
        x, begin = rng.random() * stage.w, y + swell * rng.uniform(0.4, 2.4)
        run = swell * rng.uniform(1.0, 3.0)
        spine = [(x + run * t / 8, begin + math.sin(t * 0.8) * swell * 0.05) for t in range(9)]
        lines.append(curves.ribbon(spine, curves.lens(0.0035)))
    stage.canvas.fill(lines, tone, 0.4, within=area)
