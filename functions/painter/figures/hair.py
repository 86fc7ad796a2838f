"""Hair, behind and in front of a face."""

from __future__ import annotations

from random import Random

from painter import curves
from painter.canvas import sideways, vertical
from painter.colour import RGB, darker, lighter
from painter.curves import Point
from painter.pen import Pen


def hair_behind(pen: Pen, style: str, hair: RGB) -> None:
    dim = darker(hair, 0.25)
    falls: dict[str, list[Point]] = {
        "long": curves.points(
            "0,.95 -.2,.88 -.26,.6 -.27,.3 -.22,.05 .22,.05 .27,.3 .26,.6 .2,.88"
        ),
        "wavy": curves.points(
            "0,.96 -.22,.88 -.25,.7 -.32,.52 -.27,.36 -.33,.18 -.1,.12 .1,.12 "
            ".33,.18 .27,.36 .32,.52 .25,.7 .22,.88"
        ),
        "bob": curves.points("0,.95 -.2,.88 -.25,.62 -.23,.42 .23,.42 .25,.62 .2,.88"),
        "bun": curves.points("0,.93 -.17,.86 -.19,.66 -.12,.5 .12,.5 .19,.66 .17,.86"),
    }
    if style in falls:
        pen.shape(curves.smooth(falls[style]), vertical(hair, dim, 0.9, 0.2))
    if style == "bun":
        pen.oval(0.02, 0.98, 0.095, 0.085, dim)
        pen.oval(-0.01, 0.995, 0.06, 0.05, hair, 0.8, 0.01)


def hair_front(pen: Pen, style: str, hair: RGB, rng: Random) -> None:
    part = rng.choice([-0.06, 0.05])
    if style == "curly":
        curls = [
            curves.blob(rng, x, y, 0.07, 0.06, 0.15)
            for x, y in curves.points(
                "-.16,.74 -.17,.83 -.11,.9 -.03,.93 .06,.925 .13,.88 .17,.81 .165,.73 "
                "0,.87 -.08,.87 .08,.87"
            )
        ]
        pen.fill(curls, hair)
        pen.fill(
            [
                curves.oval(x - 0.01, y + 0.02, 0.03, 0.02, 14)
                for x, y in ((-0.13, 0.86), (-0.04, 0.93), (0.05, 0.92))
            ],
            lighter(hair, 0.25),
            0.5,
        )
        return
    side = {"long": _CURTAIN, "wavy": _CURTAIN, "bob": _FRINGE, "bun": _SWEPT}.get(style, _CROP)
    cap = curves.smooth([(x + part * 0.5 * (0.8 < y < 0.9), y) for x, y in side], pieces=6)
    area = pen.stencil(cap)
    pen.shape(cap, sideways(lighter(hair, 0.1), darker(hair, 0.3), -0.15, 0.18))
    shine = curves.smooth([(-0.15, 0.8), (-0.11, 0.885), (-0.03, 0.93)], closed=False)
    pen.fill(
        [
            curves.ribbon(shine, curves.lens(0.02)),
            curves.ribbon([(x + 0.03, y - 0.005) for x, y in shine], curves.lens(0.008)),
        ],
        lighter(hair, 0.3),
        0.4,
        0.004,
        area,
    )


_CURTAIN = curves.points(
    "0,.87 -.07,.83 -.135,.74 -.155,.62 -.2,.56 -.205,.74 -.15,.91 0,.97 "
    ".15,.91 .205,.74 .2,.56 .155,.62 .135,.74 .07,.83"
)


_FRINGE = curves.points(
    "0,.762 -.09,.765 -.145,.745 -.16,.6 -.2,.55 -.205,.74 -.15,.91 0,.965 "
    ".15,.91 .205,.74 .2,.55 .16,.6 .145,.745 .09,.765"
)


_SWEPT = curves.points(
    "-.06,.845 -.13,.79 -.165,.68 -.185,.68 -.19,.79 -.13,.92 0,.96 .13,.92 "
    ".19,.79 .185,.68 .165,.68 .14,.77 .06,.83"
)


_CROP = curves.points(
    "-.09,.835 -.142,.79 -.158,.69 -.178,.67 -.184,.79 -.135,.915 -.03,.96 "
    ".1,.945 .178,.83 .178,.67 .158,.69 .148,.77 .1,.815 0,.83"
)
