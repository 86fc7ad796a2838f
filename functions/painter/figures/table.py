"""Things that stand on a table."""

from __future__ import annotations

import math

from painter import curves
from painter.canvas import sideways, vertical
from painter.colour import RGB, darker, lighter, mix, rgb
from painter.figures import flowers
from painter.figures.fruit import modelled, shadow
from painter.pen import Look, Pen

COLOURS: dict[str, RGB] = {
    "apple": rgb("c93a2e"),
    "orange_fruit": rgb("ee8a2c"),
    "lemon": rgb("f2c93a"),
    "pear": rgb("a9b847"),
    "grapes": rgb("6a3f7c"),
    "fruit": rgb("d9573c"),
    "bottle": rgb("3f6b52"),
    "vase": rgb("4f7f96"),
    "cup": rgb("f2e8d8"),
    "laptop": rgb("b9bec6"),
    "book": rgb("a8453a"),
    "candle": rgb("f3e6cc"),
    "lamp": rgb("d99a3a"),
    "umbrella": rgb("d8453a"),
}


def bottle(pen: Pen, look: Look) -> None:
    """A glass bottle."""
    shadow(pen, look, 0.2)
    body = curves.smooth(
        curves.points(
            "-.055,1 -.055,.78 -.08,.7 -.17,.6 -.18,.5 -.18,.02 0,0 .18,.02 .18,.5 "
            ".17,.6 .08,.7 .055,.78 .055,1"
        ),
        pieces=6,
    )
    area = pen.stencil(body)
    pen.shape(
        body,
        sideways(mix(look.body, look.light, 0.25), darker(look.shade, 0.25), -0.16, 0.18),
        0.94,
    )
    pen.shape(curves.box(-0.14, 0.92, -0.1, 0.08), lighter(look.light, 0.5), 0.6, 0.008, area)
    pen.shape(curves.box(-0.18, 0.4, 0.18, 0.18), mix(look.light, rgb("f3e8d2"), 0.75), within=area)
    pen.shape(curves.box(0.06, 0.42, 0.2, 0.16), look.shade, 0.3, 0.03, area)
    pen.stroke([(-0.1, 0.29), (0.1, 0.29)], 0.02, look.accent)
    pen.shape(curves.box(-0.06, 1.0, 0.06, 0.9), look.accent)


def vase(pen: Pen, look: Look) -> None:
    """A glazed vase."""
    shadow(pen, look, 0.3)
    body = curves.smooth(
        curves.points(
            "-.12,.98 -.09,.84 -.14,.72 -.3,.5 -.29,.24 -.16,.02 0,0 .16,.02 "
            ".29,.24 .3,.5 .14,.72 .09,.84 .12,.98"
        )
    )
    modelled(pen, look, body, 0.0, 0.95)
    area = pen.stencil(body)
    for y in (0.42, 0.58):
        line = [(-0.4 + 0.8 * k / 16, y - 0.02 * math.cos((k - 8) / 8 * 1.4)) for k in range(17)]
        pen.stroke(line, 0.018, mix(look.light, look.accent, 0.4), 0.8, area)
    pen.oval(0, 0.97, 0.12, 0.022, look.ink)


def bouquet(pen: Pen, look: Look, kind: str, petals: Look) -> None:
    """A vase full of flowers."""
    draws = {
        "rose": flowers.rose,
        "tulip": flowers.tulip,
        "sunflower": flowers.sunflower,
        "poppy": flowers.poppy,
        "lavender": flowers.lavender,
        "leaf": flowers.leaf,
    }
    draw = draws.get(kind, flowers.flower)
    for k, (x, turn, size) in enumerate(
        (
            (-0.04, 34, 0.84),
            (0.04, -34, 0.86),
            (-0.03, 16, 1.0),
            (0.03, -17, 1.02),
            (0.0, 0, 1.12),
            (-0.02, 50, 0.7),
            (0.02, -52, 0.7),
        )
    ):
        draw(pen.moved(x, 0.5, size, flip=bool(k % 2), turn=turn), petals)
    vase(pen.moved(0, 0, 0.74), look)


def cup(pen: Pen, look: Look) -> None:
    """A cup of coffee with steam."""
    pen.oval(0.0, 0.03, 0.62, 0.06, look.ink, 0.4, 0.03)
    pen.oval(0.0, 0.05, 0.56, 0.055, mix(look.light, look.shade, 0.25))
    pen.oval(0.0, 0.065, 0.5, 0.042, look.light)
    pen.stroke(
        curves.arc(0.36, 0.4, 0.16, 0.15, -110, 110, 24), 0.055, mix(look.body, look.shade, 0.45)
    )
    body = [
        (-0.38, 0.62),
        (0.38, 0.62),
        *curves.smooth(
            curves.points(".38,.62 .35,.3 .2,.08 -.2,.08 -.35,.3 -.38,.62"),
            closed=False,
        ),
    ]
    pen.shape(body, sideways(lighter(look.body, 0.3), mix(look.body, look.shade, 0.75), -0.3, 0.4))
    pen.oval(0, 0.62, 0.38, 0.065, lighter(look.light, 0.3))
    pen.oval(0, 0.615, 0.34, 0.052, rgb("4a2a1c"))
    pen.oval(-0.06, 0.61, 0.17, 0.022, rgb("9a6a44"), 0.7, 0.01)
    for k in (-1, 0, 1):
        steam = [(k * 0.12 + 0.05 * math.sin(t * 0.7 + k * 2), 0.68 + 0.055 * t) for t in range(11)]
        pen.stroke(
            curves.smooth(steam, closed=False), curves.lens(0.045), lighter(look.light, 0.6), 0.3
        )


def laptop(pen: Pen, look: Look) -> None:
    """An open laptop with a glowing screen."""
    pen.oval(0.0, 0.0, 0.95, 0.05, look.ink, 0.4, 0.03)
    pen.shape(
        [(-0.68, 0.1), (-0.66, 0.98), (0.66, 0.98), (0.68, 0.1)], mix(look.body, look.ink, 0.55)
    )
    screen = [(-0.62, 0.15), (-0.61, 0.93), (0.61, 0.93), (0.62, 0.15)]
    area = pen.stencil(screen)
    pen.shape(
        screen,
        vertical(mix(look.accent, look.lamp, 0.6), mix(look.shade, rgb("2c4a6e"), 0.5), 0.93, 0.15),
    )
    pen.oval(0.26, 0.62, 0.13, 0.13, look.lamp, within=area)
    pen.shape(
        curves.smooth(curves.points("-.8,.3 -.36,.56 -.1,.4 .2,.5 .8,.28 .8,.1 -.8,.1")),
        mix(look.ink, look.accent, 0.2),
        0.8,
        within=area,
    )
    pen.shape([(-0.72, 0.1), (0.72, 0.1), (0.86, 0.0), (-0.86, 0.0)], look.light)
    pen.shape(
        [(-0.6, 0.085), (0.6, 0.085), (0.68, 0.035), (-0.68, 0.035)], mix(look.ink, look.body, 0.3)
    )
    pen.shape([(-0.86, 0.0), (0.86, 0.0), (0.83, -0.03), (-0.83, -0.03)], look.shade)


def book(pen: Pen, look: Look) -> None:
    """A stack of books."""
    shadow(pen, look, 0.5)
    tones = (
        look.body,
        look.accent,
        mix(look.shade, rgb("3f6b7a"), 0.5),
        mix(look.light, rgb("d9a24a"), 0.6),
    )
    y = 0.0
    for k, tone in enumerate(tones):
        half, thick, shift = (
            0.5 - 0.045 * k,
            look.rng.uniform(0.1, 0.15),
            look.rng.uniform(-0.06, 0.06),
        )
        pen.shape(
            curves.box(shift - half, y + thick, shift + half, y),
            sideways(lighter(tone, 0.12), darker(tone, 0.25), shift - half, shift + half),
        )
        pen.shape(
            curves.box(shift - half * 0.9, y + thick * 0.84, shift + half + 0.01, y + thick * 0.16),
            rgb("efe4cc"),
        )
        pen.shape(curves.box(shift - half, y + thick, shift - half * 0.82, y), tone)
        y += thick


def candle(pen: Pen, look: Look) -> None:
    """A burning candle."""
    shadow(pen, look, 0.14)
    pen.shape(
        curves.box(-0.11, 0.6, 0.11, 0.0),
        sideways(lighter(look.body, 0.3), mix(look.body, look.shade, 0.6), -0.1, 0.12),
    )
    pen.oval(0, 0.6, 0.11, 0.026, lighter(look.body, 0.5))
    pen.stroke([(0, 0.6), (0.004, 0.68)], 0.012, look.ink)
    pen.glow(0, 0.76, 0.8, rgb("ffb84a"), 0.8)
    pen.shape(curves.smooth([(0, 0.92), (-0.045, 0.74), (0, 0.65), (0.045, 0.74)]), rgb("ffb347"))
    pen.shape(curves.smooth([(0, 0.84), (-0.022, 0.73), (0, 0.67), (0.022, 0.73)]), rgb("fff3c4"))


def lamp(pen: Pen, look: Look) -> None:
    """A table lamp."""
    shadow(pen, look, 0.25)
    pen.oval(0, 0.02, 0.2, 0.03, look.ink)
    pen.stroke([(0, 0.02), (0, 0.62)], 0.03, look.ink)
    pen.shape(
        [(-0.17, 0.98), (0.17, 0.98), (0.32, 0.58), (-0.32, 0.58)],
        vertical(look.lamp, mix(look.body, look.lamp, 0.4), 0.6, 1.0),
    )
    pen.glow(0, 0.66, 1.0, look.lamp, 0.7)


def umbrella(pen: Pen, look: Look) -> None:
    """An open umbrella."""
    pen.stroke([(0, 0.0), (0, 0.9)], 0.02, look.ink)
    dome = [
        *curves.arc(0, 0.56, 0.5, 0.42, 0, 180),
        *[
            p
            for k in range(4)
            for p in curves.arc(-0.375 + 0.25 * k, 0.56, 0.125, 0.06, 180, 0, 10)
        ],
    ]
    area = pen.stencil(dome)
    pen.shape(dome, vertical(look.light, look.body, 0.98, 0.55))
    pen.fill(
        [[(0, 0.98), (-0.25, 0.5), (0, 0.5)], [(0, 0.98), (0.25, 0.5), (0.6, 0.5)]],
        look.shade,
        0.35,
        within=area,
    )
