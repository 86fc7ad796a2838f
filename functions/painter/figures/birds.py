"""Birds, near and far."""

from __future__ import annotations

from painter import curves
from painter.canvas import vertical
from painter.colour import darker, mix, rgb
from painter.pen import Look, Pen


def bird(pen: Pen, look: Look) -> None:
    """A small bird on a twig."""
    pen.stroke([(-0.6, 0.05), (0.0, 0.09), (0.7, 0.03)], 0.04, mix(look.ink, rgb("5a4030"), 0.6))
    pen.fill(
        [curves.ribbon([(x, 0.22), (x + 0.01, 0.08)], 0.018) for x in (-0.02, 0.08)], rgb("c98a3a")
    )
    pen.shape(
        [(-0.26, 0.34), (-0.62, 0.1), (-0.5, 0.06), (-0.16, 0.22)], mix(look.shade, look.ink, 0.3)
    )
    body = curves.smooth(
        curves.points("-.3,.34 -.12,.2 .12,.18 .3,.34 .33,.56 .4,.7 .3,.86 .14,.88 .02,.74 -.1,.56")
    )
    area = pen.stencil(body)
    pen.shape([(0.36, 0.77), (0.53, 0.71), (0.36, 0.68)], rgb("e9a23b"))
    pen.shape(body, vertical(look.light, look.body, 0.9, 0.3))
    pen.shape(
        curves.smooth(curves.points(".36,.66 .2,.6 .06,.36 .1,.14 .4,.2 .42,.5")),
        mix(look.light, rgb("f6e3c4"), 0.75),
        0.95,
        0.015,
        area,
    )
    wing = curves.smooth(curves.points(".08,.62 -.08,.54 -.34,.28 -.42,.2 -.12,.26 .1,.38"))
    pen.shape(wing, vertical(look.body, darker(look.shade, 0.2), 0.6, 0.2))
    pen.fill(
        [
            curves.ribbon(
                [(0.0 - k * 0.06, 0.5 - k * 0.06), (-0.2 - k * 0.06, 0.32 - k * 0.04)], 0.012
            )
            for k in range(3)
        ],
        look.light,
        0.6,
    )
    pen.oval(0.26, 0.77, 0.033, 0.033, rgb("15131a"))
    pen.oval(0.25, 0.782, 0.01, 0.01, rgb("ffffff"))


def owl(pen: Pen, look: Look) -> None:
    """An owl on a branch."""
    pen.stroke([(-0.7, 0.07), (0.0, 0.1), (0.7, 0.05)], 0.06, mix(look.ink, rgb("5a4030"), 0.6))
    body = curves.smooth(
        curves.points(
            "-.26,.2 -.31,.5 -.29,.82 -.3,1 -.12,.92 .12,.92 .3,1 .29,.82 .31,.5 .26,.2 0,.06"
        )
    )
    area = pen.stencil(body)
    pen.shape(body, vertical(look.body, look.shade, 0.9, 0.1))
    pen.oval(0, 0.36, 0.19, 0.3, mix(look.light, rgb("f2e2c8"), 0.6), 0.95, 0.01, area)
    chevrons = [
        [(x - 0.035, y + 0.02), (x, y - 0.02), (x + 0.035, y + 0.02), (x, y)]
        for k, y in enumerate((0.54, 0.46, 0.38, 0.3, 0.22))
        for x in ((-0.1, 0.0, 0.1) if k % 2 else (-0.05, 0.05))
    ]
    pen.fill(chevrons, look.shade, within=area)
    for s in (-1, 1):
        pen.shape(
            curves.smooth([(s * 0.3, 0.66), (s * 0.17, 0.5), (s * 0.2, 0.16), (s * 0.3, 0.24)]),
            darker(look.shade, 0.2),
            within=area,
        )
        pen.oval(s * 0.13, 0.76, 0.125, 0.125, mix(look.light, rgb("f2e2c8"), 0.7))
        pen.oval(s * 0.125, 0.76, 0.078, 0.078, rgb("f0b132"))
        pen.oval(s * 0.12, 0.76, 0.046, 0.046, rgb("17131a"))
        pen.oval(s * 0.12 - 0.016, 0.78, 0.014, 0.014, rgb("ffffff"))
        pen.fill(
            [curves.oval(s * 0.1 + d, 0.1, 0.02, 0.035, 14) for d in (-0.03, 0.02)], rgb("d99a3a")
        )
    pen.shape([(-0.035, 0.74), (0.035, 0.74), (0.0, 0.65)], rgb("d99a3a"))


def penguin(pen: Pen, look: Look) -> None:
    """A penguin."""
    pen.fill([curves.oval(s * 0.1, 0.02, 0.09, 0.03, 20) for s in (-1, 1)], rgb("e9983a"))
    body = curves.smooth(
        curves.points("0,.98 -.14,.9 -.17,.72 -.26,.4 -.2,.08 0,.02 .2,.08 .26,.4 .17,.72 .14,.9")
    )
    area = pen.stencil(body)
    pen.shape(body, look.body)
    pen.shape(
        curves.smooth(curves.points("0,.7 -.13,.62 -.18,.36 -.12,.07 .12,.07 .18,.36 .13,.62")),
        mix(look.light, rgb("ffffff"), 0.8),
        within=area,
    )
    pen.fill(
        [curves.oval(s * 0.07, 0.8, 0.065, 0.08, 24) for s in (-1, 1)],
        mix(look.light, rgb("ffffff"), 0.8),
        within=area,
    )
    pen.oval(0, 0.68, 0.1, 0.05, rgb("f2c14a"), 0.7, 0.02, area)
    for s in (-1, 1):
        pen.shape(
            curves.smooth([(s * 0.18, 0.64), (s * 0.34, 0.36), (s * 0.3, 0.24), (s * 0.2, 0.44)]),
            darker(look.shade, 0.1),
        )
        pen.oval(s * 0.06, 0.82, 0.018, 0.022, rgb("14131a"))
    pen.shape([(-0.035, 0.785), (0.035, 0.785), (0.0, 0.72)], rgb("e9983a"))


def gulls(pen: Pen, look: Look) -> None:
    """One bird on the wing, far off."""
    lift = look.rng.uniform(0.14, 0.34)
    for s in (-1, 1):
        wing = curves.smooth(
            [
                (0, 0.48),
                (s * 0.2, 0.5 + lift),
                (s * 0.52, 0.46 + lift * 0.4),
                (s * 0.22, 0.42 + lift * 0.8),
                (0, 0.4),
            ]
        )
        pen.shape(wing, look.body)
