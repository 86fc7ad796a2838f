"""Landmarks that one recognises from afar."""

from __future__ import annotations

import math

from painter import curves
from painter.canvas import sideways, vertical
from painter.colour import darker, lighter, mix, rgb
from painter.figures.buildings import windows
from painter.pen import Look, Pen


def lighthouse(pen: Pen, look: Look) -> None:
    """A banded tower with a lamp room."""
    tower = [(-0.13, 0), (-0.085, 0.74), (0.085, 0.74), (0.13, 0)]
    area = pen.stencil(tower)
    white = mix(look.light, rgb("fbf6ea"), 0.5) if not look.asked else lighter(look.light, 0.4)
    pen.shape(tower, white)
    red = look.accent if not look.asked else look.body
    pen.fill([curves.box(-0.2, y + 0.125, 0.2, y) for y in (0.06, 0.32, 0.57)], red, within=area)
    pen.shape(curves.box(0.015, 0.75, 0.2, 0), look.ink, 0.3, 0.03, area)
    pen.shape(curves.box(-0.125, 0.765, 0.125, 0.735), look.ink)
    lit = look.lamp if look.glowing else mix(look.lamp, look.light, 0.6)
    pen.shape(curves.box(-0.06, 0.86, 0.06, 0.765), lit)
    pen.fill([curves.box(x - 0.005, 0.86, x + 0.005, 0.765) for x in (-0.06, 0.0, 0.06)], look.ink)
    pen.shape([(-0.095, 0.855), (0.0, 0.97), (0.095, 0.855)], red)
    pen.oval(0, 0.975, 0.014, 0.014, look.ink)
    pen.fill([curves.box(-0.02, y + 0.05, 0.02, y) for y in (0.24, 0.48)], look.ink, 0.8)
    if look.glowing:
        for side in (-1, 1):
            beam = [(0, 0.82), (side * 2.4, 1.06), (side * 2.4, 0.64)]
            pen.shape(
                beam,
                sideways(look.lamp, rgb("000000"), 0, side * 2.4)
                if side > 0
                else sideways(rgb("000000"), look.lamp, -2.4, 0),
                0.45,
                0.02,
                blend="screen",
            )
        pen.glow(0, 0.815, 0.4, look.lamp, 1.0)


def windmill(pen: Pen, look: Look) -> None:
    """A Dutch mill."""
    body = [(-0.2, 0), (-0.11, 0.58), (0.11, 0.58), (0.2, 0)]
    stone = mix(look.body, rgb("c9b79c"), 0.5)
    pen.shape(body, sideways(stone, mix(stone, look.shade, 0.8), -0.18, 0.18))
    pen.shape([*curves.arc(0, 0.58, 0.14, 0.15, 0, 180)], look.accent)
    windows(pen, look, [curves.box(-0.03, 0.4, 0.03, 0.3), curves.box(-0.04, 0.14, 0.04, 0)])
    turn = look.rng.uniform(10, 80)
    for k in range(4):
        arm = pen.moved(0, 0.62, 1.0, turn=turn + 90 * k)
        arm.stroke([(0, 0), (0, 0.42)], 0.018, look.ink)
        arm.shape(curves.box(0.005, 0.42, 0.1, 0.1), look.light, 0.85)
        arm.fill(
            [curves.ribbon([(0, y), (0.1, y)], 0.008) for y in (0.1, 0.18, 0.26, 0.34, 0.42)],
            look.ink,
        )


def pyramid(pen: Pen, look: Look) -> None:
    """A pyramid with a bright and a dark face."""
    ridge = look.rng.uniform(0.08, 0.25)
    pen.shape([(-0.8, 0), (0, 0.92), (ridge, 0)], look.light)
    pen.shape([(ridge, 0), (0, 0.92), (0.8, 0)], look.shade)
    courses = [
        curves.ribbon([(-0.8 * (1 - y / 0.92), y), (ridge * (1 - y / 0.92), y)], 0.005)
        for y in (0.1 * k for k in range(1, 9))
    ]
    pen.fill(courses, look.shade, 0.3)


def eiffel(pen: Pen, look: Look) -> None:
    """The iron tower."""
    iron = mix(look.ink, look.body, 0.4)

    def half(y: float) -> float:
        return 0.24 * math.pow(1 - y, 2.6) + 0.012

    outer = [(half(k / 30), k / 30) for k in range(31)]
    inner = [(max(half(k / 30) - 0.05 - 0.025 * (1 - k / 20), 0.0), k / 30) for k in range(20)]
    legs = [[(s * x, y) for x, y in outer] + [(s * x, y) for x, y in inner[::-1]] for s in (-1, 1)]
    pen.fill(legs, iron)
    pen.fill([[(s * x, y) for x, y in outer[18:]] + [(0, 1.0), (0, 0.6)] for s in (-1, 1)], iron)
    lattice = []
    for k in range(19):
        y, up = k / 30, (k + 1.2) / 30
        for s in (-1, 1):
            lattice.append(
                curves.ribbon([(s * half(y), y), (s * max(half(up) - 0.06, 0), up)], 0.006)
            )
            lattice.append(
                curves.ribbon([(s * max(half(y) - 0.07, 0), y), (s * half(up), up)], 0.006)
            )
    pen.fill(lattice, look.light, 0.35, within=pen.stencil(*legs))
    pen.stroke(curves.arc(0, 0.0, 0.145, 0.15, 0, 180), 0.022, iron)
    for y, thick in ((0.19, 0.035), (0.38, 0.026), (0.9, 0.014)):
        pen.shape(curves.box(-half(y) - 0.022, y + thick, half(y) + 0.022, y), darker(iron, 0.15))
    pen.stroke([(0, 0.98), (0, 1.08)], 0.008, iron)
    if look.glowing:
        dots = [
            curves.oval(s * half(k / 24) * 0.8, k / 24, 0.005, 0.005, 8)
            for k in range(23)
            for s in (-1, 1)
        ]
        pen.fill(dots, look.lamp)
        pen.glow(0, 0.35, 0.6, look.lamp, 0.35)


def pagoda(pen: Pen, look: Look) -> None:
    """Five sweeping roofs."""
    red = look.body if look.asked else mix(look.accent, rgb("b8402f"), 0.4)
    for k in range(5):
        y, half = k * 0.175, 0.36 - 0.048 * k
        pen.shape(
            curves.box(-half * 0.62, y + 0.13, half * 0.62, y),
            sideways(red, darker(red, 0.4), -half, half),
        )
        windows(
            pen,
            look,
            [
                curves.box(x - 0.022, y + 0.09, x + 0.022, y + 0.02)
                for x in (-half * 0.35, 0, half * 0.35)
            ],
        )
        roof = curves.smooth(
            [
                (-half - 0.05, y + 0.135),
                (-half * 0.6, y + 0.125),
                (0, y + 0.12),
                (half * 0.6, y + 0.125),
                (half + 0.05, y + 0.135),
            ],
            closed=False,
        )
        crown = curves.smooth(
            [
                (half * 0.86, y + 0.135),
                (half * 0.5, y + 0.2),
                (-half * 0.5, y + 0.2),
                (-half * 0.86, y + 0.135),
            ],
            closed=False,
        )
        pen.shape(
            [*roof, *crown],
            vertical(mix(look.shade, rgb("4a5560"), 0.4), look.ink, y + 0.2, y + 0.12),
        )
    pen.stroke([(0, 0.89), (0, 1.08)], 0.014, look.ink)
    pen.fill(
        [curves.oval(0, 0.95 + 0.03 * k, 0.024 - 0.005 * k, 0.008, 14) for k in range(4)], look.ink
    )
