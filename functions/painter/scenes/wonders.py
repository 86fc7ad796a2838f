"""A volcano and a waterfall: wonders that a range of mountains alone does not show."""

from __future__ import annotations

import math

from painter import curves
from painter.canvas import vertical
from painter.colour import lighter, mix, rgb
from painter.stage import Stage

LAVA, EMBER, BASALT = rgb("ff5a1f"), rgb("ffc04a"), rgb("4b4350")


def paint_volcano(stage: Stage, base: float) -> None:
    """A cone with a glowing crater, lava in its gullies and a column of smoke."""
    rng = stage.chance.stream("volcano")
    palette, canvas = stage.palette, stage.canvas
    x, tall = stage.w * stage.vary(rng, 0.5, 0.14), min(base * 0.62, 0.58)
    top, half, rim = base - tall, tall * 1.15, tall * 0.13
    for k in range(9):
        t = k / 8
        puff = 0.06 + 0.15 * t
        centre = (x + 0.22 * t * t + rng.uniform(-0.03, 0.03), top - 0.03 - 0.36 * t)
        tone = mix(palette.cloud_shade, BASALT, 0.55 - 0.4 * t)
        canvas.fill([curves.blob(rng, *centre, puff, puff * 0.8, 0.2)], tone, 0.75, 0.012)
    canvas.glow((x, top), 0.42, LAVA, 0.8, 1.8)
    left = [
        (x - half + (half - rim) * t, base - tall * t**1.7) for t in (i / 16 for i in range(17))
    ]
    right = [(2 * x - a, b) for a, b in left[::-1]]
    cone = [*left, (x, top + 0.018), *right]
    area = canvas.stencil([cone])
    lit, dim = palette.lit(BASALT, 0.25), palette.shade(BASALT, 0.12)
    canvas.pour(area, vertical(lit, mix(lit, palette.haze, 0.45), top, base))
    away = -1 if stage.sun[0] > x else 1
    far = [
        (x, top),
        (x + away * 0.02, base - tall * 0.5),
        (x + away * 0.1, base),
        (x + away * half, base),
    ]
    canvas.fill([[*far, (x + away * rim, top - 0.01)]], dim, 0.7, 0.003, within=area)
    streams = []
    for k in range(4):
        start = x + rim * (k - 1.5) * 0.45
        spine = [
            (
                start + (k - 1.5) * tall * 0.17 * t + 0.012 * math.sin(t * 7 + k),
                top + tall * 0.8 * t,
            )
            for t in (i / 14 for i in range(15))
        ]
        reach = rng.randint(8, 15)
        streams.append(curves.ribbon(spine[:reach], curves.tapered(0.017, 0.003)))
    canvas.fill(streams, LAVA, 0.55, 0.008, within=area)
    canvas.fill(streams, EMBER, 0.95, within=area)
    canvas.glow((x, top), 0.16, EMBER, 0.9, 1.8)
    sparks = [
        curves.oval(x + rng.gauss(0, 0.05), top - abs(rng.gauss(0, 0.09)), 0.0028, 0.0028, 8)
        for _ in range(stage.many(46))
    ]
    canvas.fill(sparks, EMBER)


def paint_waterfall(stage: Stage, floor: float) -> None:
    """A white veil between two rocks, falling into spray."""
    rng = stage.chance.stream("waterfall")
    palette, canvas = stage.palette, stage.canvas
    x = stage.w * stage.vary(rng, 0.5, 0.12)
    top, foot, wide = stage.horizon - 0.24, stage.horizon + (floor - stage.horizon) * 0.42, 0.085
    rock = rgb("6a6f78")
    for side in (-1, 1):
        points = [(x + side * wide * 0.7, top - 0.01)]
        hem = []
        for k in range(1, 13):
            out = x + side * (wide * 0.7 + stage.w * 0.085 * k)
            points.append((out, top - 0.035 - 0.006 * k + rng.uniform(-0.022, 0.022)))
            hem.append((out, foot + 0.012 * k + rng.uniform(-0.012, 0.012)))
        cliff = [*points, *hem[::-1], (x + side * wide * 0.9, foot + 0.03)]
        area = canvas.stencil([cliff])
        lit, dim = palette.lit(rock, 0.12), palette.shade(rock, 0.05)
        canvas.pour(area, vertical(lit, dim, top, foot))
        cracks = []
        for _ in range(stage.many(22)):
            a, b = x + side * rng.uniform(wide, stage.w * 0.6), rng.uniform(top, foot)
            crack = [(a + 0.008 * math.sin(k), b + 0.022 * k) for k in range(5)]
            cracks.append(curves.ribbon(crack, curves.lens(0.012)))
        canvas.fill(cracks, dim, 0.7, within=area)
        canvas.fill([curves.ribbon(points, 0.022)], palette.shade(rgb("4f7d4a"), 0.05), within=area)
    white = lighter(palette.haze, 0.65)
    veil = [(x - wide * 0.75, top), (x + wide * 0.75, top), (x + wide, foot), (x - wide, foot)]
    area = canvas.stencil([veil], 0.002)
    canvas.pour(area, vertical(white, mix(white, palette.water, 0.25), top, foot))
    threads = []
    for _ in range(stage.many(30)):
        a, begin = rng.uniform(-0.9, 0.9) * wide, rng.uniform(top, foot - 0.08)
        long = rng.uniform(0.06, 0.24)
        line = [(x + a * (0.8 + 0.05 * k), begin + long * k / 6) for k in range(7)]
        threads.append(curves.ribbon(line, curves.lens(0.008)))
    canvas.fill(threads, palette.lit(palette.water), 0.42, within=area)
    canvas.glow((x, foot), 0.24, white, 0.75, 1.6, 0.4)
    pool = curves.oval(x, foot + 0.035, 0.34, 0.05, 60)
    canvas.fill([pool], mix(palette.lit(palette.water), white, 0.25), 0.95)
    canvas.glow((x, foot + 0.005), 0.2, white, 0.9, 1.5, 0.3)
