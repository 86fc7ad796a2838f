"""Cities: a skyline in layers, a street in perspective, a bridge."""

from __future__ import annotations

from random import Random

from painter import curves
from painter.canvas import vertical
from painter.colour import RGB, darker, hue_toward, lighter, mix, rgb
from painter.curves import Point
from painter.stage import Stage

CONCRETE = rgb("8d8a96")


def _building(rng: Random, x: float, base: float, wide: float, tall: float) -> list[list[Point]]:
    """A tower with one of several crowns."""
    top = base - tall
    body = curves.box(x, top, x + wide, base)
    middle = x + wide / 2
    crowns: list[list[list[Point]]] = [
        [],
        [
            curves.box(x + wide * 0.2, top - wide * 0.3, x + wide * 0.8, top),
            curves.box(middle - wide * 0.03, top - wide * 1.1, middle + wide * 0.03, top),
        ],
        [],
        [[(x, top), (x, top - wide * 0.5), (x + wide, top)]],
        [
            curves.box(x + wide * 0.15, top - wide * 0.25, x + wide * 0.85, top),
            curves.box(x + wide * 0.3, top - wide * 0.5, x + wide * 0.7, top),
            [
                (middle - wide * 0.08, top - wide * 0.5),
                (middle, top - wide * 1.5),
                (middle + wide * 0.08, top - wide * 0.5),
            ],
        ],
        [curves.arc(middle, top, wide / 2, wide * 0.4, 180, 360, 16)],
        [curves.box(x + wide * 0.1, top - wide * 0.16, x + wide * 0.32, top)],
    ]
    return [body, *rng.choice(crowns)]


def paint_skyline(stage: Stage, base: float, height: float, local: RGB | None) -> None:
    """Three layers of towers, hazier behind, windows lit in front."""
    rng = stage.chance.stream("skyline")
    palette, canvas = stage.palette, stage.canvas
    centre = stage.w * rng.uniform(0.35, 0.65)
    for layer, (depth, share) in enumerate(((0.7, 1.0), (0.45, 0.82), (0.16, 0.55))):
        tone = local or hue_toward(mix(CONCRETE, palette.shadow, 0.2 * layer), palette.shadow, 0.5)
        towers: list[list[Point]] = []
        shades: list[list[Point]] = []
        panes: list[list[list[Point]]] = [[], [], []]
        x = -0.05
        while x < stage.w + 0.05:
            wide = rng.uniform(0.045, 0.1) * (1.0 if layer else 0.85)
            near = max(0.0, 1 - abs(x - centre) / (stage.w * 0.62))
            tall = (
                height
                * share
                * (0.28 + 0.72 * near**1.3 * rng.uniform(0.45, 1.0))
                * rng.uniform(0.7, 1.0)
            )
            towers += _building(rng, x, base, wide, tall)
            shades.append(curves.box(x + wide * 0.62, base - tall, x + wide, base))
            if layer:
                _panes(stage, rng, panes, x, base, wide, tall, layer)
            x += wide * rng.uniform(0.85, 1.25)
        lit, dim = palette.lit(tone, depth), palette.shade(tone, depth * 0.9)
        area = canvas.stencil(towers)
        low = mix(dim, palette.haze, 0.25 + 0.35 * depth)
        canvas.pour(area, vertical(mix(lit, dim, 0.45), low, base - height, base))
        canvas.fill(shades, dim, 0.45, within=area)
        canvas.note_figure(area, 1.0)
        glowing = palette.dark or palette.strength > 0.9
        warm = (palette.lamp, mix(palette.lamp, palette.second, 0.35), lighter(palette.lamp, 0.4))
        for group, colour in zip(panes, warm, strict=True):
            tint = colour if glowing else mix(lit, palette.sky[0], 0.5)
            canvas.fill(group, tint, (0.9 if layer == 2 else 0.6) if glowing else 0.4, within=area)
    if palette.dark:
        canvas.glow((centre, base), stage.w * 0.6 + 0.2, palette.lamp, 0.25, 2.0, 0.5)


def _panes(
    stage: Stage,
    rng: Random,
    panes: list[list[list[Point]]],
    x: float,
    base: float,
    wide: float,
    tall: float,
    layer: int,
) -> None:
    """Windows of one tower; more of them with more detail."""
    columns = max(2, round(wide / 0.017))
    rows = max(2, round(tall / 0.024))
    cell = wide / columns
    chance = min(0.42 * stage.detail**0.5, 0.8)
    for i in range(columns):
        for j in range(rows):
            if rng.random() < chance:
                left, top = x + cell * (i + 0.25), base - tall + 0.012 + tall * j / rows
                panes[rng.randrange(3)].append(
                    curves.box(left, top, left + cell * 0.5, top + 0.0085 + 0.002 * layer)
                )


def paint_street(stage: Stage, local: RGB | None) -> None:
    """A street running away from the viewer between lit fronts."""
    rng = stage.chance.stream("street")
    palette, canvas = stage.palette, stage.canvas
    vx, vy = stage.w * stage.vary(rng, 0.5, 0.08), stage.horizon
    wall = local or hue_toward(CONCRETE, palette.shadow, 0.7)
    glowing = palette.dark or palette.strength > 0.9
    canvas.glow((vx, vy), 0.7, palette.haze, 0.6, 1.5)
    paint_skyline(stage, vy + 0.01, min(stage.h * 0.22, 0.3), local)
    road = palette.shade(darker(mix(CONCRETE, palette.water, 0.3), 0.4))
    canvas.fill(
        [curves.box(-0.1, vy, stage.w + 0.1, stage.h + 0.1)],
        vertical(mix(road, palette.haze, 0.55), road, vy, stage.h),
    )
    foot = stage.w * 0.27
    signs = [palette.accent, palette.second, palette.lamp, rgb("3fd0d8"), rgb("ef5aa0")]
    for side in (-1, 1):
        edge = vx + side * foot
        for k in range(6):  # far to near
            far, near = 0.045 * 2.0**k * 0.62, 0.045 * 2.0 ** (k + 1) * 0.62
            rise = rng.uniform(0.65, 1.25)
            x0, x1 = (vx + side * (foot * 2.0 * t + 0.006) for t in (far, near))
            y0, y1 = vy + (stage.h - vy) * far * 1.15, vy + (stage.h - vy) * near * 1.15
            t0, t1 = vy - far * rise * stage.h * 1.1, vy - near * rise * stage.h * 1.1
            depth = 0.62 * (1 - k / 5) ** 1.2
            tone = hue_toward(
                wall, rng.choice([palette.accent, palette.shadow, palette.second]), 0.25
            )
            front = [(x0, t0), (x1, t1), (x1, y1), (x0, y0)]
            lit = (
                palette.lit(tone, depth)
                if side * (vx - stage.sun[0]) > 0
                else palette.shade(tone, depth)
            )
            area = canvas.stencil([front])
            canvas.pour(
                area,
                vertical(
                    darker(lit, 0.1),
                    mix(lit, palette.lamp, 0.2 if glowing else 0.0),
                    min(t0, t1),
                    max(y0, y1),
                ),
            )
            _front(stage, rng, (x0, x1, t0, t1, y0, y1), depth, glowing=glowing)
            if rng.random() < 0.85:
                _sign(
                    stage, rng, side, (x0, x1, t0, t1, y0, y1), rng.choice(signs), glowing=glowing
                )
        _kerb(stage, vx, vy, edge, side)
    _wet(stage, rng, vx, vy, signs if glowing else [palette.haze, palette.key])


Wall = tuple[float, float, float, float, float, float]


def _on_wall(wall: Wall, across: float, down: float) -> Point:
    x0, x1, t0, t1, y0, y1 = wall
    top, low = t0 + (t1 - t0) * across, y0 + (y1 - y0) * across
    return x0 + (x1 - x0) * across, top + (low - top) * down


def _front(stage: Stage, rng: Random, wall: Wall, depth: float, *, glowing: bool) -> None:
    """Windows and a shop on one front, in perspective."""
    palette = stage.palette
    lit: list[list[Point]] = []
    dull: list[list[Point]] = []
    rows, columns = rng.randint(5, 8), rng.randint(3, 4)
    for i in range(columns):
        for j in range(rows):
            a, b = (i + 0.22) / columns, (i + 0.78) / columns
            c, d = 0.04 + 0.72 * (j + 0.2) / rows, 0.04 + 0.72 * (j + 0.75) / rows
            pane = [_on_wall(wall, *p) for p in ((a, c), (b, c), (b, d), (a, d))]
            (lit if rng.random() < 0.42 else dull).append(pane)
    lamp = palette.lamp if glowing else mix(palette.sky[0], palette.key, 0.4)
    stage.canvas.fill(dull, mix(palette.shadow, palette.haze, depth * 0.8), 0.55)
    stage.canvas.fill(lit, mix(lamp, palette.haze, depth * 0.5), 0.85)
    shop = [_on_wall(wall, *p) for p in ((0.06, 0.83), (0.94, 0.83), (0.94, 0.97), (0.06, 0.97))]
    stage.canvas.fill(
        [shop], mix(lighter(palette.lamp, 0.3), palette.haze, depth * 0.5), 0.9 if glowing else 0.4
    )
    awning = [_on_wall(wall, *p) for p in ((0.0, 0.78), (1.0, 0.78), (1.0, 0.83), (0.0, 0.83))]
    stage.canvas.fill(
        [awning], mix(rng.choice([palette.accent, palette.second]), palette.haze, depth), 0.9
    )


def _sign(stage: Stage, rng: Random, side: int, wall: Wall, tint: RGB, *, glowing: bool) -> None:
    x, y = _on_wall(wall, 0.25, rng.uniform(0.3, 0.5))
    size = abs(wall[1] - wall[0])
    wide, tall = size * 0.34, size * rng.uniform(0.9, 1.5)
    left = x if side < 0 else x - wide
    canvas = stage.canvas
    canvas.fill([curves.box(left, y, left + wide, y + tall)], tint, 0.94)
    marks = [
        curves.box(
            left + wide * 0.22,
            y + tall * (0.1 + 0.22 * k),
            left + wide * 0.78,
            y + tall * (0.2 + 0.22 * k),
        )
        for k in range(4)
    ]
    canvas.fill(marks, lighter(tint, 0.75), 0.9)
    if glowing:
        canvas.glow((left + wide / 2, y + tall / 2), size * 1.6, tint, 0.6)


def _kerb(stage: Stage, vx: float, vy: float, edge: float, side: int) -> None:
    palette = stage.palette
    far = stage.w / 2 + 0.9
    walk = [(vx, vy), (edge + side * 0.12, stage.h + 0.1), (vx + side * far * 2, stage.h + 0.1)]
    tone = palette.shade(CONCRETE, 0.12)
    stage.canvas.fill([walk], vertical(mix(tone, palette.haze, 0.5), tone, vy, stage.h), 0.55)


def _wet(stage: Stage, rng: Random, vx: float, vy: float, tints: list[RGB]) -> None:
    """Light lying on the road in long upright streaks."""
    depth = stage.h - vy
    for tint in tints:
        streaks = []
        for _ in range(stage.many(16)):
            t = rng.random() ** 0.8
            x = vx + rng.uniform(-1, 1) * (0.05 + stage.w * 0.55 * t)
            y = vy + depth * t * 0.9
            tall = depth * rng.uniform(0.05, 0.22) * (0.3 + t)
            spine = [(x + rng.uniform(-0.003, 0.003), y + tall * k / 6) for k in range(7)]
            streaks.append(curves.ribbon(spine, curves.lens(0.006 + 0.02 * t)))
        stage.canvas.fill(streaks, tint, 0.34, 0.003, blend="screen")
    lines = []
    for k in range(7):
        a, b = (0.06 + 0.94 * ((k + s) / 7) ** 1.7 for s in (0.15, 0.6))
        lines.append(
            [
                (vx - 0.012 * a, vy + depth * a),
                (vx + 0.012 * a, vy + depth * a),
                (vx + 0.012 * b, vy + depth * b),
                (vx - 0.012 * b, vy + depth * b),
            ]
        )
    stage.canvas.fill(lines, mix(stage.palette.lamp, stage.palette.haze, 0.4), 0.6)


def paint_bridge(stage: Stage, line: float, local: RGB | None) -> None:
    """A suspension bridge across the picture."""
    rng = stage.chance.stream("bridge")
    palette = stage.palette
    tone = local or mix(palette.accent, palette.shadow, 0.15)
    lit, dim = palette.lit(tone, 0.08), palette.shade(tone, 0.05)
    deck, top = line - 0.075, line - min(0.42, line * 0.7)
    first = stage.w * rng.uniform(0.16, 0.26)
    second = stage.w - stage.w * rng.uniform(0.1, 0.24)
    cables: list[list[Point]] = []
    hangers: list[list[Point]] = []
    for start, end, ends_high in (
        (-first, first, 2),
        (first, second, 3),
        (second, stage.w + stage.w - second, 1),
    ):
        line_points = []
        for k in range(41):
            t = k / 40
            sag = {3: (2 * t - 1) ** 2, 2: t**2, 1: (1 - t) ** 2}[ends_high]
            line_points.append(
                (start + (end - start) * t, deck - 0.015 - (deck - top - 0.03) * sag)
            )
        cables.append(curves.ribbon(line_points, 0.0065))
        hangers += [curves.ribbon([p, (p[0], deck)], 0.0022) for p in line_points[1:-1]]
    canvas = stage.canvas
    canvas.fill(hangers, lit, 0.75)
    canvas.fill(cables, lit)
    for x in (first, second):
        legs = [
            curves.box(x + s * 0.024 - 0.009, top, x + s * 0.024 + 0.009, line + 0.02)
            for s in (-1, 1)
        ]
        braces = [
            curves.box(x - 0.033, y, x + 0.033, y + 0.012)
            for y in (top + 0.015, top + (deck - top) * 0.4, top + (deck - top) * 0.72)
        ]
        canvas.fill([*legs, *braces], vertical(lit, dim, top, line))
        canvas.fill([curves.box(x - 0.05, line + 0.005, x + 0.05, line + 0.03)], dim)
    canvas.fill([curves.box(-0.1, deck, stage.w + 0.1, deck + 0.014)], lit)
    canvas.fill([curves.box(-0.1, deck + 0.014, stage.w + 0.1, deck + 0.026)], dim)
    if palette.dark:
        dots = [curves.oval(stage.w * k / 30, deck - 0.008, 0.004, 0.004, 8) for k in range(31)]
        canvas.fill(dots, palette.lamp)
