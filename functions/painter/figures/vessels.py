"""Things that travel: boats, balloons, rockets, cars, trains."""

from __future__ import annotations

import math

from painter import curves
from painter.canvas import sideways, vertical
from painter.colour import darker, lighter, mix, rgb, rotate
from painter.pen import Look, Pen

HULL = rgb("8a4a34")


def boat(pen: Pen, look: Look) -> None:
    """A sailing boat: mainsail, jib, curved hull."""
    hull = curves.smooth([(-0.42, 0.13), (-0.1, 0.1), (0.25, 0.11), (0.5, 0.17)], closed=False)
    hull += curves.smooth(curves.points(".5,.17 .38,.03 .2,-.02 -.28,-.02 -.42,.13"), closed=False)
    wood = look.accent if not look.asked else darker(mix(look.shade, HULL, 0.3), 0.1)
    pen.stroke([(0.0, 0.1), (0.01, 1.0)], 0.014, look.ink)
    sail = [*curves.smooth([(0.0, 0.98), (-0.12, 0.6), (-0.36, 0.2)], closed=False), (-0.01, 0.17)]
    jib = [*curves.smooth([(0.03, 0.92), (0.2, 0.5), (0.42, 0.2)], closed=False), (0.05, 0.2)]
    cloth = look.body if look.asked else mix(look.light, rgb("fff6e4"), 0.6)
    for shape in (sail, jib):
        area = pen.stencil(shape)
        pen.shape(shape, cloth)
        pen.shape([(x + 0.1, y) for x, y in shape], look.shade, 0.28, 0.03, area)
        pen.fill(
            [curves.ribbon([(-0.5, y - 0.04), (0.6, y)], 0.006) for y in (0.32, 0.48, 0.64, 0.8)],
            look.shade,
            0.35,
            within=area,
        )
    pen.shape(hull, vertical(wood, darker(wood, 0.4), 0.16, -0.02))
    pen.stroke([(-0.41, 0.105), (-0.1, 0.08), (0.25, 0.09), (0.48, 0.145)], 0.014, look.light, 0.85)


def ship(pen: Pen, look: Look) -> None:
    """A steamer with funnels."""
    hull = [(-0.9, 0.24), (0.95, 0.28), (0.78, 0), (-0.8, 0)]
    pen.fill(
        [curves.box(-0.6, 0.4, 0.5, 0.22), curves.box(-0.4, 0.52, 0.36, 0.4)],
        mix(look.light, rgb("ffffff"), 0.4),
    )
    for x in (-0.26, 0.0, 0.24):
        pen.shape(
            [(x - 0.06, 0.5), (x - 0.09, 0.78), (x + 0.03, 0.78), (x + 0.06, 0.5)], look.accent
        )
        pen.shape(
            [(x - 0.085, 0.73), (x - 0.09, 0.78), (x + 0.03, 0.78), (x + 0.035, 0.73)], look.ink
        )
        pen.oval(x - 0.18, 0.92, 0.13, 0.07, look.light, 0.35, 0.03)
    pen.shape(hull, vertical(mix(look.body, look.ink, 0.3), look.ink, 0.26, 0))
    pen.shape([(-0.83, 0.07), (0.83, 0.07), (0.78, 0), (-0.8, 0)], look.accent)
    dots = [curves.oval(-0.7 + 0.1 * k, 0.17, 0.016, 0.016, 10) for k in range(15)]
    pen.fill(dots, look.lamp if look.glowing else look.light, 0.9)


def balloon(pen: Pen, look: Look) -> None:
    """A hot air balloon with gores."""
    line = []
    for k in range(49):
        a = math.pi * k / 48
        line.append(
            (
                0.36 * math.sin(a) * (1 if a < 1.6 else 0.42 + 0.58 * math.sin(a) ** 0.8),
                0.62 + 0.38 * math.cos(a),
            )
        )
    envelope = [*line, *[(-x, y) for x, y in line[::-1]]]
    area = pen.stencil(envelope)
    pen.shape(envelope, look.body)
    other = lighter(rotate(look.body, look.rng.choice([40, 150, -50])), 0.45)
    for k, share in enumerate((0.86, 0.62, 0.36, 0.12)):
        if k % 2 == 0:
            continue
        outer = [(x * share, y) for x, y in line] + [(x * (share - 0.25), y) for x, y in line[::-1]]
        pen.fill([outer, [(-x, y) for x, y in outer]], other, within=area)
    pen.fill(
        [[(x * 0.12, y) for x, y in line] + [(-x * 0.12, y) for x, y in line[::-1]]],
        look.accent,
        within=area,
    )
    pen.shape(curves.box(-0.5, 0.64, 0.5, 0.56), look.accent, 0.9, within=area)
    pen.oval(0.3, 0.46, 0.28, 0.46, look.shade, 0.55, 0.08, area)
    pen.oval(-0.16, 0.78, 0.1, 0.14, lighter(look.light, 0.5), 0.45, 0.04, area)
    pen.fill(
        [curves.ribbon([(s * 0.06, 0.25), (s * 0.05, 0.11)], 0.006) for s in (-1, 1)], look.ink
    )
    pen.shape(
        [(-0.065, 0.12), (0.065, 0.12), (0.05, 0.0), (-0.05, 0.0)],
        mix(look.ink, rgb("8a5a34"), 0.6),
    )
    if look.glowing:
        pen.glow(0, 0.36, 0.5, look.lamp, 0.7)


def rocket(pen: Pen, look: Look) -> None:
    """A rocket on its plume."""
    for width, tone in ((0.13, rgb("ff7b3a")), (0.085, rgb("ffc24d")), (0.045, rgb("fff4cf"))):
        flame = curves.smooth(
            [
                (-width, 0.2),
                (-width * 0.9, 0.02),
                (0, -0.42 + width),
                (width * 0.9, 0.02),
                (width, 0.2),
            ]
        )
        pen.shape(flame, tone, 0.95, 0.008)
    pen.glow(0, 0.0, 0.7, rgb("ff9a4a"), 0.7)
    for s in (-1, 1):
        pen.shape(
            [(s * 0.1, 0.44), (s * 0.25, 0.22), (s * 0.24, 0.08), (s * 0.09, 0.2)],
            darker(look.accent, 0.12 if s > 0 else 0),
        )
    body = curves.smooth(curves.points("-.1,.16 -.13,.5 -.075,.82 0,1 .075,.82 .13,.5 .1,.16"))
    area = pen.stencil(body)
    white = look.body if look.asked else mix(look.light, rgb("f6f2ea"), 0.7)
    pen.shape(body, sideways(lighter(white, 0.3), mix(white, look.shade, 0.75), -0.13, 0.15))
    pen.shape(curves.box(-0.2, 1.02, 0.2, 0.8), look.accent, within=area)
    pen.shape(curves.box(-0.2, 0.24, 0.2, 0.2), look.accent, within=area)
    pen.oval(0, 0.6, 0.06, 0.06, look.ink)
    pen.oval(0, 0.6, 0.044, 0.044, mix(look.lamp, rgb("8fd3e8"), 0.6))
    pen.shape([(-0.016, 0.42), (0.016, 0.42), (0.022, 0.1), (-0.022, 0.1)], look.accent)


def plane(pen: Pen, look: Look) -> None:
    """An airliner seen from the side."""
    body = curves.smooth(curves.points("-.5,.16 -.3,.09 .3,.08 .52,.14 .36,.22 -.3,.21"))
    white = look.body if look.asked else mix(look.light, rgb("ffffff"), 0.5)
    pen.shape([(-0.5, 0.17), (-0.56, 0.36), (-0.45, 0.36), (-0.3, 0.2)], look.accent)
    pen.shape(body, vertical(white, mix(white, look.shade, 0.6), 0.22, 0.08))
    pen.shape(
        [(0.08, 0.13), (-0.2, -0.08), (-0.28, -0.08), (-0.1, 0.14)], mix(white, look.shade, 0.5)
    )
    pen.fill(
        [curves.oval(-0.24 + 0.06 * k, 0.16, 0.012, 0.014, 10) for k in range(10)], look.ink, 0.8
    )


def kite(pen: Pen, look: Look) -> None:
    """A diamond kite with a tail."""
    pen.fill([[(0, 1.0), (0.3, 0.66), (0, 0.2)]], look.body)
    pen.fill([[(0, 1.0), (-0.3, 0.66), (0, 0.2)]], look.light)
    tail = [(0.1 * math.sin(t * 0.9), 0.2 - 0.06 * t) for t in range(14)]
    pen.stroke(curves.smooth(tail, closed=False), 0.014, look.accent)
    pen.fill(
        [
            [(x - 0.06, y + 0.03), (x - 0.06, y - 0.03), (x + 0.06, y + 0.03), (x + 0.06, y - 0.03)]
            for x, y in tail[3::3]
        ],
        look.accent,
    )


def car(pen: Pen, look: Look) -> None:
    """A rounded old-timer."""
    body = curves.smooth(
        curves.points(
            "-.85,.16 -.86,.32 -.62,.42 -.36,.64 .14,.66 .42,.44 .8,.36 .88,.16 .4,.12 -.4,.12"
        )
    )
    pen.oval(0, 0.01, 0.95, 0.06, look.ink, 0.5, 0.03)
    area = pen.stencil(body)
    pen.shape(body, vertical(look.light, look.body, 0.66, 0.3))
    pen.shape(curves.box(-1, 0.27, 1, 0.0), look.shade, 0.6, 0.04, area)
    glass = [
        curves.smooth([(-0.5, 0.42), (-0.32, 0.59), (-0.12, 0.6), (-0.12, 0.42)], closed=False),
        curves.smooth([(-0.07, 0.42), (-0.07, 0.6), (0.12, 0.6), (0.32, 0.43)], closed=False),
    ]
    pen.fill(glass, mix(look.ink, rgb("9cc4d0"), 0.55))
    pen.stroke([(-0.84, 0.24), (0.86, 0.24)], 0.018, look.light, 0.8)
    for x in (-0.5, 0.5):
        pen.oval(x, 0.13, 0.17, 0.17, look.ink)
        pen.oval(x, 0.13, 0.085, 0.085, look.light)
    pen.oval(0.84, 0.32, 0.04, 0.05, look.lamp)
    pen.oval(-0.85, 0.3, 0.025, 0.04, rgb("d8452f"))
    if look.glowing:
        pen.glow(0.9, 0.3, 0.6, look.lamp, 0.7)


def train(pen: Pen, look: Look) -> None:
    """A steam engine with two coaches."""
    red, dark = look.accent if not look.asked else look.body, look.ink
    for x in (-1.75, -0.95):
        pen.shape(curves.box(x, 0.5, x + 0.72, 0.12), vertical(red, darker(red, 0.3), 0.5, 0.12))
        pen.fill(
            [curves.box(x + 0.08 + 0.16 * k, 0.42, x + 0.19 + 0.16 * k, 0.28) for k in range(4)],
            look.lamp if look.glowing else look.light,
        )
        pen.shape(curves.box(x - 0.03, 0.54, x + 0.75, 0.5), dark)
    pen.shape(curves.box(-0.15, 0.6, 0.2, 0.12), darker(red, 0.1))
    pen.shape(curves.box(-0.2, 0.65, 0.25, 0.6), dark)
    pen.shape(curves.box(-0.06, 0.54, 0.12, 0.38), look.lamp if look.glowing else look.light)
    pen.shape(
        curves.box(0.2, 0.46, 0.85, 0.16), vertical(mix(dark, look.light, 0.35), dark, 0.46, 0.16)
    )
    pen.fill(
        [
            [(0.66, 0.44), (0.63, 0.7), (0.81, 0.7), (0.78, 0.44)],
            [(0.85, 0.16), (1.05, 0.04), (0.85, 0.04)],
        ],
        dark,
    )
    for x, r in curves.points("0,.13 .34,.13 .66,.09 -1.6,.08 -1.15,.08 -.8,.08 -.35,.08"):
        pen.oval(x, r, r, r, dark)
        pen.oval(x, r, r * 0.5, r * 0.5, red)
    for k in range(7):
        pen.oval(
            0.66 - k * 0.22,
            0.85 + 0.07 * k,
            0.1 + 0.035 * k,
            0.07 + 0.025 * k,
            look.light,
            0.5 - 0.05 * k,
            0.03,
        )
