"""Animals that sit and look at you, built on one frame with different heads and coats."""

from __future__ import annotations

from painter import curves
from painter.canvas import vertical
from painter.colour import RGB, lighter, mix, rgb
from painter.figures.builds import BUILDS, CREAM, Build
from painter.figures.heads import ears, head, mane, stripes
from painter.pen import Look, Pen

COLOURS: dict[str, RGB] = {
    "cat": rgb("d58a4a"),
    "dog": rgb("b87a4a"),
    "fox": rgb("d9642c"),
    "wolf": rgb("7d8591"),
    "bear": rgb("7a4f35"),
    "panda": rgb("f4f0e8"),
    "rabbit": rgb("b79a80"),
    "lion": rgb("d9a55a"),
    "tiger": rgb("e08a35"),
}


def _tail(pen: Pen, look: Look, build: Build) -> None:
    if build.tail == "curl":
        spine = curves.smooth(curves.points(".16,.06 .34,.05 .43,.16 .37,.3 .42,.4"), closed=False)
        pen.stroke(spine, curves.tapered(0.075, 0.035), mix(look.body, look.shade, 0.5))
    elif build.tail == "bush":
        bush = curves.smooth(curves.points(".1,.03 .3,0 .47,.1 .5,.3 .42,.46 .36,.3 .24,.16"))
        pen.shape(bush, mix(look.body, look.shade, 0.45))
        pen.shape(curves.box(0.2, 0.6, 0.7, 0.335), CREAM, 0.9, 0.02, pen.stencil(bush))
    elif build.tail == "tuft":
        pen.oval(0.23, 0.1, 0.07, 0.07, lighter(look.light, 0.5))


def _trunk(pen: Pen, look: Look, build: Build, tone: RGB) -> None:
    base, chest = build.body
    outline = curves.smooth(
        [
            (-base * 0.8, 0.01),
            (-base, 0.12),
            (-chest * 1.12, 0.4),
            (-chest * 0.72, 0.64),
            (0, 0.7),
            (chest * 0.72, 0.64),
            (chest * 1.12, 0.4),
            (base, 0.12),
            (base * 0.8, 0.01),
            (0, 0.0),
        ]
    )
    area = pen.stencil(outline)
    pen.shape(outline, vertical(tone, mix(tone, look.shade, 0.45), 0.65, 0.05))
    if build.bib:
        pen.shape(
            curves.smooth(
                [
                    (0, 0.68),
                    (-chest * 0.62, 0.54),
                    (-chest * 0.5, 0.3),
                    (0, 0.2),
                    (chest * 0.5, 0.3),
                    (chest * 0.62, 0.54),
                ]
            ),
            mix(look.light, CREAM, 0.7),
            0.92,
            0.012,
            area,
        )
    pen.oval(base * 0.95, 0.3, base * 0.6, 0.5, look.shade, 0.5, 0.06, area)
    for s in (-1, 1):  # haunches, then forelegs
        haunch = curves.oval(s * base * 0.72, 0.13, base * 0.38, 0.15)
        pen.shape(haunch, mix(tone, look.shade, 0.25 + 0.2 * (s > 0)))
    for s in (-1, 1):
        leg = curves.smooth(
            [
                (s * 0.02, 0.42),
                (s * 0.025, 0.04),
                (s * 0.02, 0.0),
                (s * 0.115, 0.0),
                (s * 0.12, 0.05),
                (s * 0.105, 0.42),
            ]
        )
        pen.shape(leg, vertical(tone, mix(tone, look.shade, 0.2 + 0.15 * (s > 0)), 0.4, 0.0))
        pen.oval(
            s * 0.075,
            0.025,
            0.062,
            0.032,
            mix(tone, CREAM, 0.75) if build.bib else mix(tone, look.light, 0.3),
        )
    if build.marks == "stripes":
        stripes(
            pen,
            look,
            area,
            [(s * base * 0.8, 0.2 + 0.11 * k, s) for s in (-1, 1) for k in range(4)],
        )


def sitting(kind: str, pen: Pen, look: Look) -> None:
    """An animal sitting upright, facing the viewer."""
    build = BUILDS[kind]
    pen.oval(0.03, 0.005, build.body[0] * 1.35, 0.035, look.ink, 0.35, 0.03)
    limbs = look.ink if build.marks == "patches" else look.body
    _tail(pen, look, build)
    _trunk(pen, look, build, look.body)
    if build.marks == "patches":
        shoulders = curves.smooth(curves.points("-.26,.5 0,.64 .26,.5 .24,.4 0,.5 -.24,.4"))
        pen.shape(shoulders, look.ink)
        pen.fill([curves.oval(s * 0.09, 0.12, 0.09, 0.13) for s in (-1, 1)], look.ink)
    if build.marks == "mane":
        mane(pen, look)
    ears(pen, look, build, limbs)
    head(pen, look, build, look.body)
