"""Trees and tall plants."""

from __future__ import annotations

import math

from painter import curves
from painter.colour import darker, lighter, mix, rgb
from painter.curves import Point
from painter.pen import Look, Pen

BARK = rgb("5a4238")


def _branches(pen: Pen, look: Look, reach: float) -> list[Point]:
    """Trunk and boughs; returns where foliage may hang."""
    rng = look.rng
    wood = mix(look.ink, BARK, 0.45)
    lean = rng.uniform(-0.05, 0.05)
    trunk = [(lean * t * t / 25, 0.62 * t / 5) for t in range(6)]
    limbs = [curves.ribbon(trunk, lambda way: 0.075 * (1 - way) ** 1.4 + 0.022)]
    ends: list[Point] = [(lean, 0.66)]
    for k in range(7):
        start = trunk[2 + k % 4]
        angle = math.radians(90 + (k - 3) * 23 + rng.uniform(-9, 9))
        length = reach * rng.uniform(0.7, 1.1)
        tip = (
            start[0] + length * math.cos(angle),
            start[1] + length * math.sin(angle) * 0.85 + 0.04,
        )
        bend = ((start[0] + tip[0]) / 2, (start[1] + tip[1]) / 2 + 0.04)
        limbs.append(
            curves.ribbon(
                curves.smooth([start, bend, tip], closed=False), curves.tapered(0.034, 0.008)
            )
        )
        ends.append(tip)
    pen.fill(limbs, wood)
    return ends


def _foliage(pen: Pen, look: Look, ends: list[Point], size: float) -> None:
    """Clumps in three tones, dark below and behind, bright toward the light."""
    rng = look.rng
    middle = mix(look.shade, look.body, 0.55)
    tones = (
        (look.shade, -0.03, 1.05),
        (middle, 0.0, 0.85),
        (look.body, 0.025, 0.62),
        (look.light, 0.055, 0.36),
    )
    for tone, lift, share in tones:
        clumps = []
        for x, y in ends:
            for _ in range(7):
                angle, way = rng.random() * math.tau, rng.random() ** 0.6
                px = x + size * (1.15 * way * math.cos(angle) - lift * 2.2)
                py = y + size * (0.85 * way * math.sin(angle)) + lift
                reach = size * share * rng.uniform(0.26, 0.46)
                clumps.append(curves.blob(rng, px, py, reach, reach * 0.78, 0.24))
        pen.fill(clumps, tone, 0.97)
    dabs: list[list[Point]] = []
    for _ in range(max(12, round(260 * look.detail))):
        x, y = rng.choice(ends)
        angle, way = rng.random() * math.tau, rng.random() ** 0.6
        px, py = x + size * 1.15 * way * math.cos(angle), y + size * 0.95 * way * math.sin(angle)
        dabs.append(curves.oval(px, py, 0.009, 0.006, 7))
    half = len(dabs) // 2
    pen.fill(dabs[:half], look.light, 0.8)
    pen.fill(dabs[half:], look.shade, 0.7)


def tree(pen: Pen, look: Look) -> None:
    """A broadleaf tree."""
    ends = _branches(pen, look, 0.3)
    _foliage(pen, look, ends, 0.15)


def blossom(pen: Pen, look: Look) -> None:
    """A wide tree in flower, petals falling."""
    ends = _branches(pen, look, 0.36)
    _foliage(pen, look, ends, 0.14)
    rng = look.rng
    petals = [
        curves.oval(rng.uniform(-0.55, 0.55), rng.uniform(-0.03, 0.6), 0.007, 0.005, 8)
        for _ in range(round(40 * look.detail))
    ]
    pen.fill(petals, look.light, 0.9)


def pine(pen: Pen, look: Look) -> None:
    """A fir with layered boughs."""
    rng = look.rng
    pen.shape(curves.box(-0.02, 0.0, 0.02, 0.2), mix(look.ink, BARK, 0.4))
    tiers = 8
    for k in range(tiers):
        t = k / tiers
        y, half, tall = 0.1 + 0.78 * t, 0.26 * (1 - t) ** 0.85 + 0.02, 0.2 * (1 - t * 0.4)
        hem = []
        for j in range(9):
            across = -half + half * j / 4
            hem.append(
                (across, y - 0.02 * (j % 2) - 0.03 * abs(across) / half + rng.uniform(-0.01, 0.01))
            )
        layer = [*hem, (0.0, y + tall)]
        area = pen.stencil(layer)
        pen.shape(layer, mix(look.shade, look.body, 0.25 + 0.6 * t))
        pen.shape(
            [(0.0, y + tall), (half * 1.1, y - 0.05), (half * 0.25, y - 0.05)],
            look.light,
            0.35,
            within=area,
        )


def palm(pen: Pen, look: Look) -> None:
    """A leaning palm with feathered fronds."""
    rng = look.rng
    lean = rng.choice([-1, 1]) * rng.uniform(0.08, 0.22)
    trunk = [(lean * (t / 10) ** 1.7, 0.8 * t / 10) for t in range(11)]
    wood = mix(look.ink, BARK, 0.6)
    pen.stroke(trunk, curves.tapered(0.05, 0.026), wood)
    top = trunk[-1]
    pen.fill(
        [curves.ribbon([(x - 0.018, y), (x + 0.018, y + 0.006)], 0.004) for x, y in trunk[1:-1]],
        lighter(wood, 0.25),
        0.6,
    )
    for layer, tone in enumerate((look.shade, look.body, look.light)):
        for k in range(4):
            angle = math.radians(-28 + k * 74 + layer * 25 + rng.uniform(-10, 10))
            reach = rng.uniform(0.28, 0.36) * (1 - 0.1 * layer)
            spine = []
            for t in range(13):
                way = t / 12
                spine.append(
                    (
                        top[0] + math.cos(angle) * reach * way,
                        top[1] + math.sin(angle) * reach * way * 0.7 - 0.26 * way**2.2,
                    )
                )
            leaf = []
            for t, (x, y) in enumerate(spine[1:], 1):
                way = t / 12
                drop = 0.1 * math.sin(math.pi * min(way + 0.12, 1))
                out = 0.03 if math.cos(angle) > 0 else -0.03
                leaf.append([(x - 0.014, y), (x + 0.014, y), (x + out, y - drop)])
                leaf.append([(x - 0.012, y), (x + 0.012, y), (x + out * 1.2, y + drop * 0.32)])
            pen.fill([curves.ribbon(spine, curves.tapered(0.018, 0.004)), *leaf], tone)
    pen.fill(
        [curves.oval(top[0] + dx, top[1] - 0.03, 0.02, 0.022, 16) for dx in (-0.02, 0.018)], wood
    )


def cactus(pen: Pen, look: Look) -> None:
    """A saguaro."""
    arms = [
        [(0.0, 0.0), (0.0, 0.5), (0.0, 0.93)],
        [(0.0, 0.36), (0.16, 0.37), (0.2, 0.46), (0.2, 0.68)],
        [(0.0, 0.48), (-0.15, 0.49), (-0.19, 0.57), (-0.19, 0.77)],
    ]
    widths = (0.15, 0.1, 0.09)
    for spine, width in zip(arms, widths, strict=True):
        line = curves.smooth(spine, closed=False)
        end = line[-1]
        body = [curves.ribbon(line, width), curves.oval(*end, width / 2, width / 2, 24)]
        area = pen.stencil(*body)
        pen.fill(body, look.body)
        pen.fill(
            [
                curves.ribbon(
                    [(x - width * 0.3, y) for x, y in [*line, (end[0], end[1] + width)]],
                    width * 0.45,
                )
            ],
            look.shade,
            0.75,
            within=area,
        )
        ribs = [
            curves.ribbon([(x + width * s, y) for x, y in line], 0.006) for s in (-0.1, 0.14, 0.32)
        ]
        pen.fill(ribs, look.light, 0.5, within=area)


def grass(pen: Pen, look: Look) -> None:
    """A tuft of blades."""
    rng = look.rng
    groups: list[list[list[Point]]] = [[], [], []]
    for _ in range(max(6, round(26 * look.detail))):
        x, bend, tall = rng.uniform(-0.5, 0.5), rng.uniform(-0.25, 0.25), rng.uniform(0.4, 1.0)
        spine = [(x + bend * (t / 6) ** 2, tall * t / 6) for t in range(7)]
        groups[rng.randrange(3)].append(curves.ribbon(spine, curves.tapered(0.035, 0.004)))
    for tone, blades in zip((look.shade, darker(look.body, 0.2), look.body), groups, strict=True):
        pen.fill(blades, tone)
