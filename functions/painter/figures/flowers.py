"""Flowers, leaves and mushrooms."""

from __future__ import annotations

import math
from random import Random

from painter import curves
from painter.canvas import vertical
from painter.colour import darker, hue_toward, lighter, mix, rgb, rotate
from painter.curves import Point
from painter.pen import Look, Pen

LEAF = rgb("4f8a4c")


def _petal(cx: float, cy: float, angle: float, length: float, width: float) -> list[Point]:
    """One pointed petal that grows out of a centre."""
    cos, sin = math.cos(angle), math.sin(angle)
    outline = curves.points("0,0 .3,.42 .7,.5 1,0 .7,-.5 .3,-.42")
    points = [(t * length, s * width) for t, s in outline]
    return curves.smooth(
        [(cx + x * cos - y * sin, cy + x * sin + y * cos) for x, y in points], pieces=5
    )


def _stem(pen: Pen, look: Look, top: float, bend: float, leaves: int = 2) -> Point:
    """A stalk with leaves; returns its upper end."""
    spine = [(bend * (t / 8) ** 2, top * t / 8) for t in range(9)]
    green = mix(look.shade, hue_toward(LEAF, look.ink, 0.15), 0.75)
    pen.stroke(spine, curves.tapered(0.028, 0.016), darker(green, 0.15))
    for k in range(leaves):
        x, y = spine[2 + k * 2]
        side = 1 if k % 2 else -1
        angle = math.pi / 2 - side * look.rng.uniform(0.5, 0.9)
        blade = _petal(x, y, angle, look.rng.uniform(0.2, 0.3), 0.09)
        pen.shape(blade, green)
        pen.stroke(
            [(x, y), (x + 0.2 * math.cos(angle), y + 0.2 * math.sin(angle))],
            0.006,
            lighter(green, 0.3),
            0.7,
        )
    return spine[-1]


def _bend(rng: Random) -> float:
    return rng.uniform(-0.14, 0.14)


def flower(pen: Pen, look: Look) -> None:
    """A daisy-like bloom with two rings of petals."""
    rng = look.rng
    x, y = _stem(pen, look, 0.76, _bend(rng))
    count, size = rng.choice([8, 10, 13]), rng.uniform(0.18, 0.23)
    for ring, (tone, reach) in enumerate(
        ((look.shade, 1.06), (look.body, 0.98), (look.light, 0.62))
    ):
        turn = ring * math.pi / count
        petals = [
            _petal(x, y, turn + math.tau * i / count, size * reach, size * 3.2 / count)
            for i in range(count)
        ]
        pen.fill(petals, tone, 0.95)
    heart = (
        rgb("f1b33c") if not look.asked else hue_toward(rgb("f1b33c"), rotate(look.body, 120), 0.3)
    )
    pen.oval(x, y, size * 0.3, size * 0.3, darker(heart, 0.2))
    pen.oval(x - 0.008, y + 0.01, size * 0.22, size * 0.22, heart)


def sunflower(pen: Pen, look: Look) -> None:
    """A big head with a dark seeded heart."""
    x, y = _stem(pen, look, 0.72, _bend(look.rng), 3)
    for ring, tone in enumerate((look.shade, look.body, look.light)):
        count = 19
        turn = ring * 0.11
        reach = 0.25 - 0.018 * ring
        pen.fill(
            [_petal(x, y, turn + math.tau * i / count, reach, 0.07) for i in range(count)], tone
        )
    seed = rgb("5a3420")
    pen.oval(x, y, 0.125, 0.125, darker(seed, 0.35))
    pen.oval(x, y, 0.1, 0.1, seed)
    dots = []
    for i in range(round(90 * min(look.detail, 1.4))):
        reach, angle = 0.011 * math.sqrt(i), i * 2.39996
        dots.append(
            curves.oval(x + reach * math.cos(angle), y + reach * math.sin(angle), 0.005, 0.005, 8)
        )
    pen.fill(dots, mix(seed, look.light, 0.45))


def tulip(pen: Pen, look: Look) -> None:
    """A cup of three petals."""
    x, y = _stem(pen, look, 0.66, _bend(look.rng))
    for dx, tone, wide in (
        (-0.07, look.shade, 0.1),
        (0.07, look.shade, 0.1),
        (0.0, look.body, 0.1),
    ):
        petal = curves.smooth(
            [
                (x + dx * 0.3, y - 0.03),
                (x + dx - wide, y + 0.09),
                (x + dx * 1.2, y + 0.27),
                (x + dx + wide, y + 0.09),
            ]
        )
        pen.shape(petal, vertical(look.light, tone, y + 0.3, y))
    pen.shape(_petal(x - 0.025, y + 0.02, math.pi / 2, 0.18, 0.05), look.light, 0.45)


def rose(pen: Pen, look: Look) -> None:
    """Petals wound around a heart."""
    rng = look.rng
    x, y = _stem(pen, look, 0.7, _bend(rng), 3)
    size = 0.17
    for ring in range(6):
        reach = size * (1 - ring * 0.155)
        count = max(5 - ring // 2, 3)
        for i in range(count):
            angle = math.tau * i / count + ring * 1.1
            px, py = x + reach * 0.42 * math.cos(angle), y + reach * 0.38 * math.sin(angle)
            tone = mix(look.body, look.shade, 0.2 + 0.13 * ring)
            pen.oval(px, py, reach * 0.72, reach * 0.66, darker(tone, 0.16))
            pen.oval(
                px - 0.006,
                py + 0.009,
                reach * 0.7,
                reach * 0.62,
                mix(tone, look.light, 0.35 - 0.05 * ring),
            )
    spiral = [
        (x + 0.045 * (1 - t / 24) * math.cos(t * 0.5), y + 0.04 * (1 - t / 24) * math.sin(t * 0.5))
        for t in range(22)
    ]
    pen.stroke(spiral, 0.009, darker(look.shade, 0.3), 0.8)


def poppy(pen: Pen, look: Look) -> None:
    """Four papery petals with a dark eye."""
    rng = look.rng
    x, y = _stem(pen, look, 0.75, _bend(rng), 1)
    for angle, tone in ((90, look.shade), (200, look.body), (-20, look.body), (270, look.light)):
        a = math.radians(angle)
        pen.shape(
            curves.blob(rng, x + 0.08 * math.cos(a), y + 0.06 * math.sin(a), 0.13, 0.1, 0.12),
            tone,
            0.95,
        )
    pen.oval(x, y, 0.04, 0.034, look.ink)
    pen.fill(
        [
            curves.oval(x + 0.06 * math.cos(k), y + 0.05 * math.sin(k), 0.006, 0.006, 8)
            for k in range(7)
        ],
        look.ink,
    )


def lavender(pen: Pen, look: Look) -> None:
    """A spike of small florets."""
    rng = look.rng
    x, y = _stem(pen, look, 0.62, _bend(rng) * 0.6, 1)
    for k in range(11):
        t = k / 10
        for side in (-1, 1):
            px = x + side * 0.035 * (1 - t * 0.7) + rng.uniform(-0.006, 0.006)
            pen.oval(
                px,
                y - 0.02 + 0.34 * t,
                0.027 * (1 - t * 0.5),
                0.021,
                look.body if side < 0 else look.shade,
            )
    pen.fill(
        [curves.oval(x - 0.02, y + 0.34 * k / 8, 0.009, 0.008, 8) for k in range(8)],
        look.light,
        0.8,
    )


def leaf(pen: Pen, look: Look) -> None:
    """A plant of large leaves."""
    rng = look.rng
    for k in range(9):
        angle = math.radians(90 + (k - 4) * 19 + rng.uniform(-6, 6))
        stalk = rng.uniform(0.3, 0.55)
        x, y = stalk * math.cos(angle), stalk * math.sin(angle)
        tone = (look.shade, look.body, look.light)[k % 3]
        pen.stroke([(0, 0), (x, y)], 0.014, look.shade)
        blade = _petal(x, y, angle, rng.uniform(0.34, 0.46), 0.2)
        area = pen.stencil(blade)
        pen.shape(blade, mix(tone, look.body, 0.4))
        tip = (x + 0.4 * math.cos(angle), y + 0.4 * math.sin(angle))
        half = [
            (x, y),
            tip,
            (tip[0] - 0.3 * math.sin(angle), tip[1] + 0.3 * math.cos(angle)),
            (x - 0.3 * math.sin(angle), y + 0.3 * math.cos(angle)),
        ]
        pen.shape(half, look.shade, 0.4, within=area)
        pen.stroke([(x, y), tip], curves.tapered(0.012, 0.003), look.light, 0.8)


def mushroom(pen: Pen, look: Look) -> None:
    """A toadstool with spots."""
    stem = curves.smooth(curves.points("-.1,0 -.07,.3 -.08,.55 .08,.55 .07,.3 .1,0"))
    cream = lighter(mix(look.light, rgb("f3e6cf"), 0.8), 0.2)
    pen.shape(stem, cream)
    pen.shape(stem, look.shade, 0.25, within=pen.stencil(curves.box(0.01, 0, 0.2, 0.6)))
    cap = [*curves.arc(0, 0.5, 0.42, 0.44, 0, 180), (-0.2, 0.46), (0.2, 0.46)]
    area = pen.stencil(cap)
    pen.shape(cap, vertical(look.light, look.body, 0.95, 0.55))
    pen.oval(0.3, 0.5, 0.3, 0.4, look.shade, 0.5, 0.05, area)
    pen.fill(
        [
            curves.oval(x, y, r, r * 0.8, 20)
            for x, y, r in (
                (-0.2, 0.62, 0.06),
                (0.02, 0.8, 0.07),
                (0.2, 0.64, 0.055),
                (-0.04, 0.6, 0.035),
                (-0.32, 0.54, 0.03),
            )
        ],
        cream,
        within=area,
    )


def heart(pen: Pen, look: Look) -> None:
    """A heart."""
    line = [
        (
            0.5 * math.sin(t) ** 3,
            0.5
            + 0.034
            * (13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)),
        )
        for t in (math.tau * k / 80 for k in range(80))
    ]
    area = pen.stencil(line)
    pen.shape(line, vertical(look.light, look.body, 1.0, 0.2))
    pen.oval(0.35, 0.35, 0.4, 0.6, look.shade, 0.4, 0.08, area)
    pen.oval(-0.24, 0.74, 0.1, 0.07, lighter(look.light, 0.5), 0.6, 0.02, area)
