"""Fruit, modelled by light and shade."""

from __future__ import annotations

from painter import curves
from painter.canvas import sideways, vertical
from painter.colour import RGB, darker, lighter, mix, rgb
from painter.pen import Look, Pen


def shadow(pen: Pen, look: Look, half: float) -> None:
    pen.oval(half * 0.55, 0.01, half * 1.5, 0.05, look.ink, 0.45, 0.03)


def modelled(pen: Pen, look: Look, path: list[curves.Point], low: float, high: float) -> None:
    """Model a round body: light from the upper left, bounce light below."""
    area = pen.stencil(path)
    xs = [x for x, _ in path]
    left, right = min(xs), max(xs)
    wide = right - left
    middle = (left + right) / 2
    pen.shape(path, vertical(look.body, mix(look.body, look.shade, 0.5), high, low))
    pen.oval(
        right - wide * 0.06,
        low + (high - low) * 0.42,
        wide * 0.36,
        (high - low) * 0.62,
        look.shade,
        0.75,
        wide * 0.1,
        area,
    )
    pen.oval(
        middle - wide * 0.16,
        low + (high - low) * 0.66,
        wide * 0.26,
        (high - low) * 0.26,
        look.light,
        0.7,
        wide * 0.08,
        area,
    )
    pen.oval(
        middle - wide * 0.2,
        low + (high - low) * 0.74,
        wide * 0.07,
        (high - low) * 0.06,
        lighter(look.light, 0.75),
        0.8,
        wide * 0.02,
        area,
    )


def apple(pen: Pen, look: Look) -> None:
    """An apple."""
    shadow(pen, look, 0.4)
    body = curves.smooth(
        curves.points(
            "0,.74 -.18,.8 -.39,.7 -.42,.42 -.28,.1 -.1,0 .1,0 .28,.1 .42,.42 .39,.7 .18,.8"
        )
    )
    modelled(pen, look, body, 0.0, 0.8)
    pen.oval(0, 0.75, 0.1, 0.03, look.shade, 0.7, 0.015)
    pen.stroke(
        curves.smooth([(0, 0.73), (0.02, 0.85), (0.07, 0.95)], closed=False), 0.026, rgb("5a3a24")
    )
    pen.shape(
        curves.smooth([(0.04, 0.85), (0.16, 0.95), (0.3, 0.92), (0.18, 0.83)]),
        mix(rgb("5f9a48"), look.shade, 0.2),
    )


def citrus(pen: Pen, look: Look) -> None:
    """An orange."""
    shadow(pen, look, 0.4)
    modelled(pen, look, curves.oval(0, 0.4, 0.41, 0.4), 0.0, 0.8)
    pores = [
        curves.oval(look.rng.uniform(-0.3, 0.3), look.rng.uniform(0.12, 0.7), 0.006, 0.005, 6)
        for _ in range(40)
    ]
    pen.fill(pores, look.shade, 0.35)
    pen.shape(
        curves.smooth([(0.0, 0.78), (0.12, 0.9), (0.26, 0.88), (0.14, 0.78)]),
        mix(rgb("4f8a45"), look.shade, 0.2),
    )


def lemon(pen: Pen, look: Look) -> None:
    """A lemon lying down."""
    shadow(pen, look, 0.45)
    body = curves.smooth(
        curves.points(
            "-.52,.32 -.42,.38 -.24,.56 .1,.6 .36,.46 .5,.36 .5,.26 .34,.14 .04,.02 "
            "-.28,.08 -.44,.26"
        )
    )
    modelled(pen, look, body, 0.02, 0.6)


def pear(pen: Pen, look: Look) -> None:
    """A pear."""
    shadow(pen, look, 0.36)
    body = curves.smooth(
        curves.points(
            ".02,.98 -.11,.92 -.15,.7 -.34,.44 -.33,.16 -.12,0 .12,0 .33,.16 .34,.44 .17,.7 .12,.92"
        )
    )
    modelled(pen, look, body, 0.0, 0.9)
    pen.oval(0.16, 0.34, 0.14, 0.2, rgb("d9703f"), 0.35, 0.08, pen.stencil(body))
    pen.stroke(
        curves.smooth([(0.01, 0.95), (0.03, 1.06), (0.09, 1.12)], closed=False),
        0.026,
        rgb("5a3a24"),
    )


def grapes(pen: Pen, look: Look) -> None:
    """A bunch of grapes."""
    shadow(pen, look, 0.4)
    for row in range(6):
        for k in range(6 - row if row else 5):
            x = (k - (5 - row) / 2) * 0.14 + look.rng.uniform(-0.02, 0.02)
            y = 0.62 - row * 0.11 + look.rng.uniform(-0.015, 0.015)
            pen.oval(x, y, 0.085, 0.085, mix(look.shade, look.body, look.rng.uniform(0.3, 1.0)))
            pen.oval(x - 0.025, y + 0.03, 0.026, 0.022, look.light, 0.75, 0.006)
    pen.stroke([(0, 0.66), (0.03, 0.84), (0.12, 0.88)], 0.024, rgb("6a4a2c"))


def bowl_of_fruit(pen: Pen, look: Look) -> None:
    """A bowl with mixed fruit."""
    shadow(pen, look, 0.5)
    spots = (
        (apple, -0.25, 0.3, rgb("c93a2e")),
        (citrus, 0.26, 0.3, rgb("ee8a2c")),
        (pear, 0.0, 0.34, rgb("b5bd4a")),
        (lemon, 0.08, 0.3, rgb("f2c93a")),
    )
    for draw, x, y, tone in spots:
        look_here = _tinted(look, tone)
        draw(pen.moved(x, y, 0.46), look_here)
    bowl = [
        (-0.56, 0.4),
        (0.56, 0.4),
        *curves.smooth(
            curves.points(".56,.4 .42,.12 .16,0 -.16,0 -.42,.12 -.56,.4"),
            closed=False,
        ),
    ]
    tone = mix(look.accent, look.light, 0.25)
    pen.shape(bowl, sideways(lighter(tone, 0.25), darker(tone, 0.35), -0.4, 0.5))
    pen.stroke([(-0.57, 0.4), (0.57, 0.4)], 0.035, lighter(tone, 0.4))


def _tinted(look: Look, tone: RGB) -> Look:
    body = mix(tone, look.light, 0.06)
    return Look(
        body,
        mix(darker(tone, 0.25), look.ink, 0.18),
        lighter(body, 0.35),
        look.accent,
        look.ink,
        look.lamp,
        look.glowing,
        look.detail,
        look.rng,
        tone,
    )
