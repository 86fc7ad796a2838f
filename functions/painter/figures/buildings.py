"""Houses, towers and landmarks."""

from __future__ import annotations

from painter import curves
from painter.canvas import sideways, vertical
from painter.colour import darker, lighter, mix, rgb
from painter.curves import Path, Point
from painter.pen import Look, Pen

WALL, STONE = rgb("efe3cd"), rgb("b3a79a")


def windows(pen: Pen, look: Look, panes: list[list[Point]]) -> None:
    """Windows: lamp-lit at night, reflecting by day."""
    pen.fill(panes, look.lamp if look.glowing else mix(look.ink, look.light, 0.22))
    if look.glowing:
        for pane in panes[:8]:
            pen.glow(pane[0][0], pane[0][1], 0.16, look.lamp, 0.4)


def _wall(pen: Pen, look: Look, path: Path, *, tone_light: bool = False) -> None:
    """A lit wall with its far side in shadow."""
    local = mix(look.body, WALL, 0.0 if look.asked else 0.5) if tone_light else look.body
    xs = [x for x, _ in path]
    pen.shape(path, sideways(local, mix(local, look.shade, 0.55), min(xs), max(xs)))


def house(pen: Pen, look: Look) -> None:
    """A gabled house with a chimney."""
    rng = look.rng
    wide, eaves = rng.uniform(0.48, 0.58), rng.uniform(0.42, 0.5)
    side = wide * 0.36
    front = [
        (-wide, 0),
        (-wide, eaves),
        (-wide * 0.25, eaves + 0.42),
        (side * 0.55 - 0.02, eaves),
        (side * 0.55 - 0.02, 0),
    ]
    _wall(pen, look, front, tone_light=True)
    flank = curves.box(side * 0.55 - 0.02, eaves, wide, 0)
    pen.shape(flank, mix(look.body, look.shade, 0.6))
    roof = look.accent
    pen.shape(
        curves.box(wide * 0.42, eaves + 0.52, wide * 0.58, eaves + 0.2), darker(look.shade, 0.1)
    )
    slope = [
        (-wide * 0.25, eaves + 0.46),
        (wide * 0.72, eaves + 0.46),
        (wide + 0.08, eaves - 0.04),
        (side * 0.55 - 0.02, eaves - 0.04),
    ]
    pen.shape(slope, vertical(lighter(roof, 0.12), darker(roof, 0.2), eaves + 0.46, eaves))
    pen.stroke(
        [(-wide - 0.07, eaves - 0.04), (-wide * 0.25, eaves + 0.45), (side * 0.55, eaves - 0.04)],
        0.045,
        darker(roof, 0.25),
    )
    pen.shape(curves.box(-wide * 0.42, 0.26, -wide * 0.18, 0), darker(roof, 0.3))
    panes = [
        curves.box(-wide * 0.83, 0.34, -wide * 0.6, 0.18),
        curves.box(-wide * 0.05, 0.34, wide * 0.1, 0.18),
        curves.box(-wide * 0.35, eaves + 0.14, -wide * 0.15, eaves),
        curves.box(wide * 0.38, 0.32, wide * 0.54, 0.17),
        curves.box(wide * 0.68, 0.32, wide * 0.84, 0.17),
    ]
    windows(pen, look, panes)


def cabin(pen: Pen, look: Look) -> None:
    """A steep A-frame among the trees."""
    pen.shape([(-0.5, 0), (0.0, 0.92), (0.5, 0)], mix(look.body, rgb("8a5a3a"), 0.55))
    planks = [
        curves.ribbon([(-0.5 + k * 0.09, 0), (-0.5 + k * 0.09, 0.9)], 0.006) for k in range(12)
    ]
    pen.fill(planks, look.shade, 0.5, within=pen.stencil([(-0.46, 0), (0.0, 0.86), (0.46, 0)]))
    pen.shape([(0.0, 0.97), (0.5, 0), (0.72, 0.06), (0.2, 0.97)], darker(look.accent, 0.25))
    pen.stroke([(-0.56, 0), (0.0, 0.96), (0.53, 0)], 0.05, look.accent)
    windows(
        pen,
        look,
        [
            [(-0.13, 0.46), (0.0, 0.68), (0.13, 0.46)],
            curves.box(-0.2, 0.4, -0.03, 0.16),
            curves.box(0.03, 0.4, 0.2, 0.16),
        ],
    )


def barn(pen: Pen, look: Look) -> None:
    """A red barn with a gambrel roof."""
    red = (look.asked and look.body) or mix(look.body, rgb("a83a2c"), 0.75)
    front = curves.points("-.55,0 -.55,.42 -.4,.66 -.1,.8 .2,.66 .35,.42 .35,0")
    pen.shape(curves.box(0.35, 0.42, 0.9, 0), darker(mix(red, look.shade, 0.4), 0.2))
    pen.shape(front, vertical(lighter(red, 0.1), red, 0.8, 0))
    roof = mix(look.shade, rgb("5d5866"), 0.5)
    pen.shape(curves.points("-.1,.84 .5,.84 .78,.68 .94,.42 .35,.42 .2,.68"), roof)
    pen.stroke(
        curves.points("-.6,.4 -.42,.68 -.1,.83 .21,.68 .37,.4"),
        0.04,
        lighter(roof, 0.4),
    )
    door = curves.box(-0.27, 0.32, 0.07, 0)
    pen.shape(door, look.light)
    pen.shape(curves.box(-0.245, 0.3, 0.045, 0), darker(red, 0.2))
    pen.fill(
        [
            curves.ribbon([(-0.25, 0), (0.05, 0.3)], 0.024),
            curves.ribbon([(-0.25, 0.3), (0.05, 0)], 0.024),
        ],
        look.light,
    )
    windows(pen, look, [curves.box(-0.17, 0.6, -0.03, 0.46)])


def castle(pen: Pen, look: Look) -> None:
    """Towers with pointed roofs around a keep."""
    rng = look.rng
    stone = mix(look.body, STONE, 0.0 if look.asked else 0.5)
    far = mix(stone, look.shade, 0.45)
    towers = [
        (-0.16, 0.78, 0.09, far),
        (0.2, 0.88, 0.08, far),
        (-0.46, 0.55, 0.1, stone),
        (0.46, 0.6, 0.1, stone),
        (0.02, 0.62, 0.2, stone),
        (-0.02, 0.98, 0.07, stone),
    ]
    panes = []
    for x, height, half, tone in towers:
        tall = height * rng.uniform(0.93, 1.05)
        pen.shape(
            curves.box(x - half, tall, x + half, 0),
            sideways(lighter(tone, 0.15), mix(tone, look.shade, 0.7), x - half, x + half),
        )
        if half < 0.15:
            pen.shape(
                [
                    (x - half * 1.3, tall - 0.01),
                    (x, tall + half * 2.9),
                    (x + half * 1.3, tall - 0.01),
                ],
                sideways(look.accent, darker(look.accent, 0.45), x - half, x + half),
            )
            panes += [
                curves.box(x - 0.014, tall - 0.07 - k * 0.17, x + 0.014, tall - 0.14 - k * 0.17)
                for k in range(2)
            ]
        else:
            pen.fill(
                [
                    curves.box(
                        x - half + k * half / 3.5,
                        tall + 0.04,
                        x - half + (k + 0.55) * half / 3.5,
                        tall,
                    )
                    for k in range(7)
                ],
                tone,
            )
    wall = curves.box(-0.56, 0.32, 0.56, 0)
    pen.shape(wall, vertical(stone, mix(stone, look.shade, 0.45), 0.32, 0))
    pen.fill(
        [curves.box(-0.56 + k * 0.08, 0.36, -0.515 + k * 0.08, 0.31) for k in range(15)], stone
    )
    pen.shape([*curves.arc(0, 0.13, 0.08, 0.1, 0, 180), (-0.08, 0), (0.08, 0)], look.ink)
    windows(pen, look, panes)


def tent(pen: Pen, look: Look) -> None:
    """A tent, glowing from inside at night."""
    front = [(-0.5, 0), (-0.05, 0.6), (0.32, 0)]
    warm = mix(look.body, look.lamp, 0.6 if look.glowing else 0.0)
    pen.shape([(-0.05, 0.6), (0.5, 0.5), (0.8, 0), (0.32, 0)], mix(warm, look.shade, 0.5))
    pen.shape(front, vertical(lighter(warm, 0.1), warm, 0.6, 0))
    pen.shape([(-0.2, 0), (-0.05, 0.42), (0.1, 0)], look.lamp if look.glowing else look.shade)
    if look.glowing:
        pen.glow(-0.05, 0.2, 0.9, look.lamp, 0.55)


def tower(pen: Pen, look: Look) -> None:
    """A clock tower."""
    stone = mix(look.body, STONE, 0.4)
    pen.shape(
        curves.box(-0.1, 0.72, 0.1, 0),
        sideways(lighter(stone, 0.15), mix(stone, look.shade, 0.7), -0.1, 0.1),
    )
    pen.shape(curves.box(-0.12, 0.74, 0.12, 0.7), look.shade)
    pen.shape(
        [(-0.12, 0.74), (0, 1.0), (0.12, 0.74)],
        sideways(look.accent, darker(look.accent, 0.4), -0.1, 0.1),
    )
    pen.oval(0, 0.6, 0.066, 0.066, look.lamp if look.glowing else look.light)
    pen.fill(
        [
            curves.ribbon([(0, 0.6), (0, 0.65)], 0.01),
            curves.ribbon([(0, 0.6), (0.035, 0.59)], 0.01),
        ],
        look.ink,
    )
    windows(pen, look, [curves.box(-0.02, y + 0.09, 0.02, y) for y in (0.12, 0.32)])
