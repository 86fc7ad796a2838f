"""Clouds: wisps, poster bands, heaps and storm ceilings."""

from __future__ import annotations

import math
from random import Random

from PIL import Image

from painter import curves
from painter.canvas import vertical
from painter.colour import mix
from painter.noise import field, levels
from painter.stage import Stage


def paint_clouds(stage: Stage, floor: float) -> None:
    rng = stage.chance.stream("clouds")
    asked = stage.scene.find("clouds")
    heavy = bool(asked) or any(w in stage.scene.weather for w in ("storm", "rain"))
    if not heavy and rng.random() < 0.22:
        return
    kind = rng.choice(
        ["heaps", "heaps", "bands"] if asked else ["bands", "bands", "wisps", "heaps"]
    )
    if "storm" in stage.scene.weather:
        kind = "ceiling"
    if kind in {"wisps", "ceiling"} or heavy:
        _wisps(stage, rng, floor, heavy=kind == "ceiling")
    if kind == "bands":
        _bands(stage, rng, floor, 9 if heavy else 6)
    if kind == "heaps":
        _heaps(stage, rng, floor, stage.many(6 if heavy else 3))


def _wisps(stage: Stage, rng: Random, floor: float, *, heavy: bool) -> None:
    across = max(round(stage.w * 2), 1)
    soft = field(rng, across, max(round(min(floor, 8) * 6), 2), octaves=5, keep=0.55)
    area = stage.canvas.pixels(0, 0, stage.w, floor)
    palette = stage.palette
    tone = palette.cloud_shade if heavy else palette.cloud
    small = levels(soft, 120 if heavy else 140, 230)
    fade = Image.linear_gradient("L").resize(small.size)
    fade = fade.point([255 - round(i * (0.5 if heavy else 0.9)) for i in range(256)])
    stage.canvas.veil(Image.composite(small, Image.new("L", small.size), fade), tone, 0.8, area)
    if heavy:
        lit = levels(field(rng, across, 6, octaves=5), 165, 250)
        stage.canvas.veil(lit, palette.cloud, 0.45, area)


def _bands(stage: Stage, rng: Random, floor: float, count: int) -> None:
    """Long flat poster clouds, lit from below when the sun is low."""
    palette = stage.palette
    for i in range(count):
        y = floor * (0.12 + 0.75 * (i + rng.random()) / count)
        length = rng.uniform(0.25, 0.8) * (0.5 + stage.w * 0.5)
        x = rng.uniform(-0.1, stage.w - length * 0.4)
        thick = rng.uniform(0.008, 0.026)
        near_sun = max(0.0, 1 - math.dist((x + length / 2, y), stage.sun) / 0.9)
        tone = mix(
            mix(palette.cloud, palette.cloud_shade, rng.uniform(0.2, 0.7)),
            palette.sun,
            near_sun * 0.35,
        )
        shapes = []
        for part in range(3):
            shift = rng.uniform(-0.2, 0.2) * length
            line = [
                (
                    x + shift + length * t / 12 * (1 - part * 0.22),
                    y + part * thick * 0.55 + math.sin(t * 0.9 + i) * thick * 0.18,
                )
                for t in range(13)
            ]
            shapes.append(curves.ribbon(line, curves.lens(thick * (1 - part * 0.2))))
        stage.canvas.fill(shapes, tone, 0.62, soft=0.0025)


def _heaps(stage: Stage, rng: Random, floor: float, count: int) -> None:
    """Cumulus: rounded tops, flat shaded bases, lit from the sun's side."""
    palette, canvas = stage.palette, stage.canvas
    for i in range(count):
        rank = (i + 0.5) / count  # far (low, small) to near
        y = floor * (0.8 - 0.55 * rank) + stage.vary(rng, 0, 0.05)
        size = (0.1 + 0.2 * rank) * rng.uniform(0.8, 1.25)
        x = stage.w * ((i * 0.618 + rng.uniform(0, 0.35)) % 1.0)
        puffs = []
        spots = 9
        for k in range(spots):
            along = (k + 0.5) / spots * 2 - 1
            tall = (1 - along * along) ** 0.7 * rng.uniform(0.55, 1.0)
            r = size * (0.16 + 0.2 * tall)
            puffs.append(
                (x + along * size * 1.05, y - r * 0.55 - size * 0.3 * tall * rng.random(), r)
            )
        outlines = [curves.oval(px, py, r, r * 0.92, 36) for px, py, r in puffs]
        outlines.append(curves.oval(x, y - size * 0.06, size * 1.2, size * 0.13, 48))
        whole = canvas.stencil(outlines, 0.0022)
        far = 0.45 * (1 - rank)
        pale, dim = (
            mix(palette.cloud, palette.haze, far),
            mix(palette.cloud_shade, palette.haze, far),
        )
        canvas.pour(whole, vertical(pale, dim, y - size * 0.65, y + size * 0.12), 0.94)
        toward = 1 if stage.sun[0] > x else -1
        for px, py, r in puffs:
            shadow = curves.oval(px - toward * r * 0.3, py + r * 0.42, r * 0.85, r * 0.6, 28)
            canvas.fill([shadow], dim, 0.3, soft=r * 0.16, within=whole)
            shine = curves.oval(px + toward * r * 0.3, py - r * 0.38, r * 0.55, r * 0.45, 28)
            canvas.fill([shine], mix(pale, palette.sun, 0.5), 0.4, soft=r * 0.14, within=whole)
