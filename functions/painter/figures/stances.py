"""Four-legged animals in profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from painter import curves
from painter.canvas import vertical
from painter.colour import darker, mix, rgb
from painter.curves import Point
from painter.pen import Look, Pen


@dataclass(frozen=True, slots=True)
class Stance:
    """The outline of a standing animal: trunk, neck, head, and how high it stands."""

    trunk: Sequence[Point]
    neck: Sequence[Point]
    head: Sequence[Point]
    legs: tuple[float, float]  # thickness at the shoulder and at the hoof
    hips: tuple[float, float, float]  # x of fore and hind legs, y where they start
    eye: Point


STANCES: dict[str, Stance] = {
    "horse": Stance(
        curves.points("-.4,.6 -.3,.66 0,.62 .26,.66 .36,.56 .3,.44 0,.38 -.3,.42 -.42,.5"),
        curves.points(".12,.64 .3,.8 .4,.95 .52,.9 .44,.72 .38,.5 .26,.48"),
        curves.points(".37,.97 .5,.94 .62,.78 .66,.7 .6,.67 .52,.72 .42,.8"),
        (0.1, 0.036),
        (0.27, -0.31, 0.5),
        (0.485, 0.87),
    ),
    "deer": Stance(
        curves.points("-.34,.58 -.2,.62 .05,.58 .24,.6 .3,.5 .2,.41 0,.4 -.25,.43 -.36,.5"),
        curves.points(".12,.59 .23,.72 .27,.85 .36,.83 .34,.68 .3,.5 .2,.48"),
        curves.points(".25,.88 .33,.9 .42,.82 .48,.765 .45,.735 .37,.76 .29,.79"),
        (0.075, 0.026),
        (0.2, -0.26, 0.48),
        (0.355, 0.845),
    ),
    "elephant": Stance(
        curves.points("-.46,.6 -.3,.76 0,.78 .24,.74 .36,.56 .26,.36 0,.3 -.3,.32 -.46,.42"),
        curves.points(".1,.74 .3,.8 .44,.72 .44,.5 .3,.44 .18,.5"),
        curves.points(".28,.8 .42,.84 .54,.74 .57,.5 .6,.26 .66,.14 .6,.1 .53,.24 .48,.44 .36,.5"),
        (0.17, 0.13),
        (0.22, -0.3, 0.42),
        (0.47, 0.69),
    ),
    "cow": Stance(
        curves.points("-.46,.62 -.3,.66 .1,.65 .32,.66 .38,.52 .28,.36 0,.32 -.32,.35 -.48,.46"),
        curves.points(".22,.66 .36,.72 .44,.7 .46,.54 .36,.46 .26,.46"),
        curves.points(".36,.76 .47,.77 .6,.62 .62,.54 .55,.51 .44,.56 .37,.64"),
        (0.11, 0.06),
        (0.26, -0.34, 0.44),
        (0.475, 0.69),
    ),
}


def standing(kind: str, pen: Pen, look: Look) -> None:
    """A four-legged animal in profile."""
    stance = STANCES[kind]
    pen.oval(0, 0.0, 0.55, 0.03, look.ink, 0.35, 0.03)
    thick, thin = stance.legs
    fore, hind, top = stance.hips
    dim = mix(look.body, look.shade, 0.6)
    for x, tone, step in (
        (fore + 0.05, dim, 0.05),
        (hind + 0.07, dim, 0.06),
        (fore - 0.02, look.body, -0.02),
        (hind - 0.02, look.body, -0.03),
    ):
        bend = 0.035 if x < 0 else 0.0
        spine = curves.smooth(
            [(x, top), (x + step * 0.6 + bend, top * 0.5), (x + step, 0.02)], closed=False
        )
        pen.stroke(spine, lambda way: thick + (thin - thick) * min(way * 1.6, 1.0), tone)
        pen.shape(
            curves.box(x + step - thin * 0.6, 0.05, x + step + thin * 0.75, 0.0), look.ink, 0.85
        )
    if kind == "horse":
        tail = curves.smooth(curves.points("-.38,.62 -.5,.52 -.5,.34 -.46,.2 -.42,.4 -.37,.54"))
        pen.shape(tail, darker(look.shade, 0.35))
    else:
        tail = curves.smooth([(-0.42, 0.58), (-0.5, 0.44), (-0.48, 0.3)], closed=False)
        pen.stroke(tail, curves.tapered(0.03, 0.015), look.shade)
    outlines = [curves.smooth(part) for part in (stance.trunk, stance.neck, stance.head)]
    area = pen.stencil(*outlines)
    pen.fill(
        outlines,
        vertical(mix(look.body, look.light, 0.3), mix(look.body, look.shade, 0.35), 0.8, 0.35),
    )
    pen.oval(0.0, 0.3, 0.6, 0.16, look.shade, 0.55, 0.05, area)
    pen.oval(-0.1, 0.68, 0.3, 0.06, look.light, 0.5, 0.04, area)
    _extras(kind, pen, look)
    pen.oval(*stance.eye, 0.013, 0.015, rgb("17120f"))


def _extras(kind: str, pen: Pen, look: Look) -> None:
    if kind == "horse":
        mane = curves.smooth(curves.points(".38,1 .26,.9 .16,.72 .08,.64 .2,.66 .32,.8 .42,.95"))
        pen.shape(mane, darker(look.shade, 0.35))
        pen.fill([[(0.38, 0.95), (0.39, 1.04), (0.44, 0.96)]], look.body)
    elif kind == "deer":
        pen.fill([[(0.25, 0.86), (0.17, 0.9), (0.24, 0.82)]], look.body)
        for s in (-1, 1):
            base = 0.29 + 0.02 * s
            beam = curves.smooth(
                [(base, 0.88), (base + s * 0.1 - 0.03, 1.02), (base + s * 0.16, 1.18)], closed=False
            )
            tines = [
                [(base + s * 0.06 - 0.02, 0.97), (base + s * 0.15, 1.03)],
                [(base + s * 0.1 - 0.02, 1.04), (base + s * 0.04, 1.14)],
            ]
            pen.fill(
                [
                    curves.ribbon(beam, curves.tapered(0.022, 0.008)),
                    *[curves.ribbon(t, curves.tapered(0.016, 0.006)) for t in tines],
                ],
                mix(look.shade, rgb("c9ab86"), 0.5),
            )
        pen.fill(
            [
                curves.oval(-0.22 + 0.09 * k, 0.54 + 0.02 * (k % 2), 0.012, 0.01, 10)
                for k in range(5)
            ],
            look.light,
            0.9,
        )
    elif kind == "elephant":
        ear = curves.smooth(curves.points(".2,.78 .08,.68 .1,.46 .22,.4 .32,.54 .34,.74"))
        pen.shape(ear, vertical(mix(look.body, look.light, 0.25), look.shade, 0.78, 0.4))
        pen.shape(
            curves.smooth(curves.points(".47,.5 .56,.4 .68,.4 .56,.35 .46,.44")),
            rgb("f5efe0"),
        )
    elif kind == "cow":
        spots = [
            curves.blob(look.rng, x, y, 0.1, 0.075, 0.3)
            for x, y in ((-0.25, 0.55), (0.05, 0.5), (0.3, 0.58))
        ]
        pen.fill(spots, look.ink, 0.8)
        pen.oval(0.59, 0.55, 0.04, 0.04, rgb("e2a79a"))
        pen.fill(
            [
                curves.ribbon([(0.4, 0.76), (0.43, 0.84)], curves.tapered(0.025, 0.006)),
                curves.oval(0.35, 0.74, 0.05, 0.022, 14),
            ],
            look.shade,
        )
