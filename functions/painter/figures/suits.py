"""Whole figures: a walker, an astronaut, a robot."""

from __future__ import annotations

from painter import curves
from painter.canvas import sideways, vertical
from painter.colour import darker, lighter, mix, rgb
from painter.figures.people import HAIRS, SKINS
from painter.pen import Look, Pen


def figure(pen: Pen, look: Look) -> None:
    """Someone standing, seen from behind, small in a landscape."""
    rng = look.rng
    coat = look.asked or look.accent
    dark = look.ink
    pen.oval(0.12, 0.0, 0.3, 0.025, dark, 0.35, 0.02)
    pen.fill(
        [
            [(-0.1, 0.45), (-0.09, 0.0), (-0.02, 0.0), (-0.01, 0.45)],
            [(0.1, 0.45), (0.11, 0.0), (0.04, 0.0), (0.01, 0.45)],
        ],
        dark,
    )
    body = curves.smooth(
        curves.points("-.1,.8 -.17,.72 -.2,.45 -.17,.32 0,.3 .17,.32 .2,.45 .17,.72 .1,.8")
    )
    pen.shape(body, sideways(mix(coat, look.light, 0.2), darker(coat, 0.3), -0.16, 0.18))
    pen.oval(0, 0.89, 0.075, 0.09, mix(rng.choice(SKINS), dark, 0.35))
    pen.shape([*curves.arc(0, 0.89, 0.085, 0.1, -10, 190)], mix(dark, rng.choice(HAIRS), 0.6))


def astronaut(pen: Pen, look: Look) -> None:
    """A spacesuit with the sky in its visor."""
    white = look.body if look.asked else mix(look.light, rgb("f4f2ee"), 0.7)
    shade = mix(white, look.shade, 0.55)
    pen.shape(curves.box(-0.27, 0.72, 0.27, 0.24), shade)
    for s in (-1, 1):
        pen.shape(
            curves.smooth([(s * 0.02, 0.36), (s * 0.05, 0.02), (s * 0.21, 0.02), (s * 0.2, 0.36)]),
            white if s < 0 else shade,
        )
        pen.shape(curves.box(s * 0.13 - 0.1, 0.06, s * 0.13 + 0.1, 0.0), look.ink)
        arm = curves.smooth([(s * 0.16, 0.62), (s * 0.34, 0.5), (s * 0.38, 0.3)], closed=False)
        pen.stroke(arm, 0.13, white if s < 0 else shade)
        pen.oval(s * 0.385, 0.27, 0.07, 0.07, look.accent)
    body = curves.smooth(curves.points("-.2,.66 -.24,.42 -.18,.26 .18,.26 .24,.42 .2,.66"))
    pen.shape(body, sideways(white, shade, -0.15, 0.22))
    pen.shape(curves.box(-0.1, 0.52, 0.1, 0.4), shade)
    pen.fill([curves.oval(-0.05 + 0.05 * k, 0.46, 0.016, 0.016, 12) for k in range(3)], look.accent)
    pen.oval(0, 0.8, 0.2, 0.195, sideways(lighter(white, 0.3), shade, -0.15, 0.2))
    visor = curves.oval(0, 0.795, 0.148, 0.125)
    area = pen.stencil(visor)
    pen.shape(visor, vertical(rgb("f6b25c"), rgb("27315e"), 0.92, 0.7))
    pen.oval(-0.05, 0.85, 0.05, 0.028, rgb("fff3d6"), 0.7, 0.01, area)
    pen.shape(
        curves.smooth(curves.points("-.16,.72 -.05,.76 .05,.73 .16,.77 .16,.6 -.16,.6")),
        rgb("191d3d"),
        0.8,
        within=area,
    )


def robot(pen: Pen, look: Look) -> None:
    """A friendly machine, head and shoulders."""
    metal = look.body if look.asked else mix(look.light, rgb("aebcc6"), 0.6)
    shade, dark = mix(metal, look.shade, 0.65), look.ink
    glow = mix(look.lamp, rgb("6fe3ee"), 0.7)
    body = [
        *curves.smooth(
            curves.points("-.46,-.1 -.42,.14 -.28,.27 0,.3 .28,.27 .42,.14 .46,-.1"),
            closed=False,
        ),
        (0.4, -0.6),
        (-0.4, -0.6),
    ]
    pen.shape(body, sideways(lighter(metal, 0.15), shade, -0.4, 0.42))
    pen.shape(
        curves.smooth([(-0.2, 0.16), (0.2, 0.16), (0.16, -0.1), (-0.16, -0.1)], pieces=3),
        mix(shade, dark, 0.25),
    )
    pen.oval(0, 0.05, 0.06, 0.06, glow)
    pen.glow(0, 0.05, 0.25, glow, 0.8)
    pen.fill(
        [curves.box(-0.075, 0.42 - 0.05 * k, 0.075, 0.39 - 0.05 * k) for k in range(3)],
        mix(dark, metal, 0.25),
    )
    head = curves.smooth(
        curves.points("-.2,.86 -.25,.66 -.2,.46 0,.42 .2,.46 .25,.66 .2,.86 0,.91")
    )
    area = pen.stencil(head)
    pen.shape(head, sideways(lighter(metal, 0.25), shade, -0.22, 0.25))
    pen.oval(0.2, 0.6, 0.12, 0.34, dark, 0.25, 0.05, area)
    face = curves.smooth(curves.points("-.16,.78 -.19,.66 -.15,.56 .15,.56 .19,.66 .16,.78"))
    pen.shape(face, darker(dark, 0.2))
    for s in (-1, 1):
        pen.oval(s * 0.085, 0.675, 0.045, 0.05, glow)
        pen.oval(s * 0.085, 0.675, 0.022, 0.026, rgb("f4ffff"))
        pen.glow(s * 0.085, 0.675, 0.2, glow, 0.7)
        pen.oval(s * 0.255, 0.66, 0.035, 0.075, mix(look.accent, shade, 0.25))
        pen.oval(s * 0.43, 0.1, 0.1, 0.13, mix(look.accent, shade, 0.2 + 0.3 * (s > 0)))
    pen.stroke(curves.arc(0, 0.54, 0.07, 0.035, 200, 340, 16), 0.012, shade)
    pen.stroke([(0, 0.9), (0, 1.02)], 0.014, dark)
    pen.oval(0, 1.03, 0.028, 0.028, look.accent)
    pen.glow(0, 1.03, 0.14, look.accent, 0.7)
