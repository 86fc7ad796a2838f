"""What lives in the sea."""

from __future__ import annotations

import math

from painter import curves
from painter.canvas import vertical
from painter.colour import darker, lighter, mix, rgb
from painter.pen import Look, Pen


def fish(pen: Pen, look: Look) -> None:
    """A fish in profile."""
    fin = mix(look.body, look.accent, 0.5)
    pen.fill(
        [
            curves.smooth([(-0.36, 0.5), (-0.66, 0.74), (-0.6, 0.5), (-0.66, 0.26)]),
            curves.smooth([(-0.2, 0.68), (0.02, 0.9), (0.22, 0.7)]),
            curves.smooth([(-0.1, 0.32), (0.0, 0.16), (0.12, 0.3)]),
        ],
        fin,
        0.92,
    )
    body = curves.smooth(curves.points("-.42,.5 -.1,.72 .24,.7 .48,.5 .24,.3 -.1,.28"))
    area = pen.stencil(body)
    pen.shape(body, vertical(look.body, lighter(look.light, 0.4), 0.7, 0.3))
    pen.fill(
        [curves.ribbon(curves.arc(x, 0.5, 0.05, 0.26, -90, 90, 14), 0.05) for x in (-0.18, 0.05)],
        mix(look.light, rgb("fff6e6"), 0.7),
        0.9,
        within=area,
    )
    pen.shape(curves.box(-0.6, 0.8, 0.6, 0.62), look.shade, 0.35, 0.04, area)
    pen.shape(curves.smooth([(0.1, 0.5), (-0.08, 0.42), (-0.06, 0.54)]), fin)
    pen.oval(0.32, 0.55, 0.04, 0.04, rgb("fff8e8"))
    pen.oval(0.328, 0.55, 0.024, 0.024, rgb("15131a"))


def whale(pen: Pen, look: Look) -> None:
    """A humpback."""
    body = curves.smooth(
        curves.points(
            ".7,.48 .6,.68 .3,.78 -.1,.7 -.46,.56 -.74,.62 -.92,.78 -.86,.58 "
            "-.96,.44 -.74,.5 -.4,.36 0,.26 .42,.28"
        )
    )
    area = pen.stencil(body)
    pen.shape(body, vertical(look.light, look.body, 0.8, 0.45))
    belly = curves.smooth(curves.points(".72,.47 .4,.44 .1,.4 -.3,.38 0,.2 .5,.2"))
    pen.shape(belly, mix(look.light, rgb("f2f2ec"), 0.7), 0.95, within=area)
    pen.fill(
        [
            curves.ribbon(
                [(0.66 - 0.05 * k, 0.43 - 0.028 * k), (0.0 + 0.02 * k, 0.4 - 0.028 * k)], 0.007
            )
            for k in range(6)
        ],
        look.shade,
        0.6,
        within=area,
    )
    pen.shape(
        curves.smooth(curves.points(".24,.42 .1,.2 -.1,.08 0,.3 .12,.44")),
        mix(look.shade, look.body, 0.4),
    )
    pen.oval(0.47, 0.5, 0.018, 0.016, rgb("11131a"))


def turtle(pen: Pen, look: Look) -> None:
    """A sea turtle."""
    skin = mix(look.body, rgb("b7b86a"), 0.4)
    pen.fill(
        [
            curves.smooth([(0.2, 0.5), (0.36, 0.24), (0.3, 0.06), (0.14, 0.34)]),
            curves.smooth([(-0.24, 0.48), (-0.46, 0.34), (-0.4, 0.28), (-0.18, 0.38)]),
            curves.smooth([(0.36, 0.56), (0.54, 0.7), (0.62, 0.6), (0.52, 0.5)]),
        ],
        skin,
    )
    shell = curves.smooth(curves.points("-.4,.46 -.26,.68 .06,.76 .34,.62 .42,.48 0,.4"))
    area = pen.stencil(shell)
    pen.shape(shell, vertical(look.light, look.shade, 0.78, 0.4))
    plates = [
        curves.oval(x, y, 0.095, 0.07, 6)
        for x, y in curves.points("-.24,.54 -.06,.62 .13,.62 .28,.54 .02,.48 -.14,.46 .18,.47")
    ]
    pen.fill(plates, darker(look.body, 0.2), 0.7, within=area)
    pen.oval(0.555, 0.62, 0.014, 0.016, rgb("15131a"))


def jellyfish(pen: Pen, look: Look) -> None:
    """A translucent bell and its threads."""
    for k in range(8):
        x = -0.22 + 0.063 * k
        line = [(x + 0.05 * math.sin(t * 0.8 + k), 0.62 - 0.065 * t) for t in range(10)]
        pen.stroke(curves.smooth(line, closed=False), curves.tapered(0.02, 0.004), look.light, 0.55)
    bell = [
        *curves.arc(0, 0.6, 0.32, 0.36, 0, 180),
        *curves.smooth(curves.points("-.32,.6 -.16,.55 0,.6 .16,.55 .32,.6"), closed=False),
    ]
    pen.shape(bell, vertical(look.light, look.body, 0.95, 0.55), 0.85)
    pen.oval(0, 0.74, 0.17, 0.14, lighter(look.light, 0.5), 0.5, 0.03)
    pen.glow(0, 0.7, 0.7, look.body, 0.5)
