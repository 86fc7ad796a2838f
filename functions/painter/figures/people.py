"""People: a bust with a face in planes of light, and a small standing figure."""

from __future__ import annotations

from random import Random

from painter import curves
from painter.canvas import Stencil, sideways, vertical
from painter.colour import RGB, darker, lighter, mix, rgb
from painter.figures.hair import hair_behind, hair_front
from painter.pen import Look, Pen

SKINS = tuple(rgb(c) for c in ("f2c8a2", "e5ad83", "c98a5e", "a56a42", "7a4a30", "5a3524"))


HAIRS = tuple(
    rgb(c) for c in ("1f1a1e", "2e2024", "4a2c20", "7a4424", "a8662f", "d2a45a", "8c8a8e")
)


FACE = curves.points(
    "0,.885 -.125,.85 -.166,.72 -.158,.6 -.122,.49 -.055,.425 0,.412 "
    ".055,.425 .122,.49 .158,.6 .166,.72 .125,.85"
)


def bust(kind: str, pen: Pen, look: Look) -> None:
    """Head and shoulders, lit from one side."""
    rng = look.rng
    female = kind == "woman" or (kind == "person" and rng.random() < 0.5)
    skin, hair = rng.choice(SKINS), rng.choice(HAIRS)
    lit = mix(skin, look.light, 0.14)
    shade = mix(darker(skin, 0.12), look.shade, 0.42)
    cloth = look.asked or mix(look.accent, look.body, rng.choice([0.0, 0.3]))
    style = rng.choice(
        ["long", "bob", "bun", "wavy"] if female else ["short", "short", "curly", "beard"]
    )
    pen = pen.moved(0, 0, turn=rng.uniform(-3, 3))
    hair_behind(pen, style, hair)
    neck = curves.points("-.085,.52 -.08,.36 -.13,.27 -.12,.1 .12,.1 .13,.27 .08,.36 .085,.52")
    under = pen.stencil(neck)
    pen.shape(neck, sideways(lit, shade, -0.06, 0.07))
    pen.shape(
        curves.smooth([(-0.1, 0.5), (0.0, 0.35), (0.1, 0.43), (0.1, 0.5)]),
        darker(shade, 0.15),
        0.75,
        0.01,
        under,
    )
    _shoulders(pen, cloth, look, female=female)
    for s in (-1, 1):
        pen.oval(s * 0.166, 0.645, 0.026, 0.05, lit if s < 0 else shade)
    wide = 0.96 if female else 1.03
    outline = curves.smooth([(x * wide, y) for x, y in FACE])
    area = pen.stencil(outline)
    pen.shape(outline, vertical(lighter(lit, 0.1), lit, 0.88, 0.5))
    _planes(pen, area, shade, lit)
    _features(pen, area, rng, (skin, shade, hair), female=female)
    if style == "beard":
        beard = curves.smooth(
            curves.points(
                "-.165,.62 -.13,.55 -.06,.552 0,.562 .06,.552 .13,.55 .165,.62 .14,.46 "
                ".07,.36 0,.335 -.07,.36 -.14,.46"
            )
        )
        pen.shape(beard, vertical(lighter(hair, 0.12), darker(hair, 0.2), 0.6, 0.34))
        pen.shape(
            curves.smooth([(-0.05, 0.522), (0, 0.53), (0.05, 0.522), (0, 0.5)]),
            mix(skin, rgb("b0453f"), 0.5),
        )
    hair_front(pen, style, hair, rng)


def _shoulders(pen: Pen, cloth: RGB, look: Look, *, female: bool) -> None:
    wide = 0.42 if female else 0.48
    dip = 0.15 if female else 0.22
    left = curves.smooth(
        [(-wide - 0.02, -0.05), (-wide, 0.1), (-wide * 0.78, 0.21), (-0.14, 0.3), (-0.115, 0.315)],
        closed=False,
    )
    scoop = curves.smooth(
        [(-0.115, 0.315), (-0.07, dip + 0.03), (0, dip), (0.07, dip + 0.03), (0.115, 0.315)],
        closed=False,
    )
    body = [*left, *scoop, *[(-x, y) for x, y in left[::-1]], (wide, -0.6), (-wide, -0.6)]
    area = pen.stencil(body)
    pen.shape(body, vertical(mix(cloth, look.light, 0.12), darker(cloth, 0.18), 0.3, -0.3))
    pen.shape(
        [(0.02, 0.3), (0.6, 0.3), (0.6, -0.6), (0.12, -0.6)],
        darker(mix(cloth, look.shade, 0.5), 0.12),
        0.6,
        0.05,
        area,
    )
    pen.stroke(scoop, 0.022, lighter(cloth, 0.22), 0.9)


def _planes(pen: Pen, area: Stencil | None, shade: RGB, lit: RGB) -> None:
    """The far half of the face falls into shadow along brow, nose and cheek."""
    edge = curves.points(".03,.9 .035,.77 .012,.72 .04,.6 .012,.58 .03,.52 0,.4")
    far = [*curves.smooth(edge, closed=False), (0.3, 0.36), (0.3, 0.92)]
    pen.shape(far, shade, 0.62, 0.006, area)
    pen.shape(
        curves.smooth([(0.06, 0.62), (0.13, 0.66), (0.13, 0.58), (0.08, 0.5)]),
        lit,
        0.28,
        0.012,
        area,
    )
    pen.oval(-0.095, 0.6, 0.05, 0.04, rgb("e4776a"), 0.24, 0.02, area)
    pen.oval(0.1, 0.6, 0.04, 0.035, rgb("d4605c"), 0.16, 0.02, area)


def _features(
    pen: Pen, area: Stencil | None, rng: Random, tones: tuple[RGB, RGB, RGB], *, female: bool
) -> None:
    skin, shade, hair = tones
    dark = darker(hair, 0.35)
    iris = rng.choice([rgb("3a2a20"), rgb("4f6a4a"), rgb("4a7590"), rgb("2b2022")])
    closed = rng.random() < 0.22
    for s in (-1, 1):
        x, y = s * 0.075, 0.668
        pen.oval(x, y + 0.006, 0.048, 0.026, shade, 0.4, 0.008, area)
        if closed:
            lid = curves.smooth([(x - 0.04, y), (x, y - 0.014), (x + 0.04, y)], closed=False)
            pen.stroke(lid, curves.lens(0.012), dark)
        else:
            eye = curves.smooth(
                [(x - 0.038, y - 0.003), (x, y + 0.017), (x + 0.038, y), (x, y - 0.012)]
            )
            inside = pen.stencil(eye)
            pen.shape(eye, rgb("f4ece2") if s < 0 else mix(rgb("f4ece2"), shade, 0.35))
            pen.oval(x, y + 0.003, 0.0165, 0.0175, iris, within=inside)
            pen.oval(x, y + 0.003, 0.0085, 0.0085, rgb("121014"), within=inside)
            pen.oval(x - 0.006, y + 0.009, 0.004, 0.004, rgb("ffffff"))
            upper = curves.smooth(
                [(x - 0.04, y - 0.003), (x, y + 0.0185), (x + 0.041 * 1.02, y + 0.002)],
                closed=False,
            )
            pen.stroke(upper, curves.lens(0.013 if female else 0.009), dark)
        brow = curves.smooth(
            [(x - s * 0.04, y + 0.042), (x + s * 0.008, y + 0.056), (x + s * 0.052, y + 0.038)],
            closed=False,
        )
        pen.stroke(brow, curves.lens(0.013 if female else 0.02), dark, 0.9)
    nose = curves.smooth(
        curves.points("-.003,.67 -.012,.6 -.03,.576 -.012,.568 .012,.566 .03,.578 .02,.61")
    )
    pen.shape(nose, shade, 0.4, 0.006, area)
    pen.fill(
        [curves.oval(s * 0.016, 0.571, 0.008, 0.004, 12) for s in (-1, 1)], darker(shade, 0.35), 0.8
    )
    pen.oval(-0.006, 0.6, 0.008, 0.016, lighter(skin, 0.5), 0.6, 0.004)
    lips = mix(skin, rgb("b2383c") if female else rgb("94453c"), 0.55 if female else 0.26)
    half = 0.05
    upper = curves.smooth(
        [(-half, 0.51), (-0.017, 0.526), (0, 0.521), (0.017, 0.526), (half, 0.51), (0, 0.507)],
        pieces=6,
    )
    lower = curves.smooth(
        [(-half * 0.9, 0.509), (0, 0.505), (half * 0.9, 0.509), (0.022, 0.486), (-0.022, 0.486)],
        pieces=6,
    )
    pen.shape(upper, darker(lips, 0.16))
    pen.shape(lower, lips)
    pen.stroke([(-half, 0.5105), (0, 0.507), (half, 0.5105)], 0.004, darker(lips, 0.5))
    pen.oval(-0.008, 0.494, 0.016, 0.004, lighter(lips, 0.5), 0.5, 0.002)
