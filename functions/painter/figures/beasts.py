"""Animals in profile: those that stand, fly and swim."""

from __future__ import annotations

import math

from painter import curves
from painter.canvas import vertical
from painter.colour import RGB, mix, rgb
from painter.pen import Look, Pen

COLOURS: dict[str, RGB] = {
    "horse": rgb("8a5636"),
    "deer": rgb("b0753f"),
    "elephant": rgb("8d8f99"),
    "cow": rgb("f0e8dc"),
    "bird": rgb("4f86c4"),
    "owl": rgb("94704e"),
    "penguin": rgb("2a2f40"),
    "fish": rgb("f08a3c"),
    "whale": rgb("3f6690"),
    "turtle": rgb("5f8f5a"),
    "butterfly": rgb("ee8a35"),
    "dragon": rgb("3f8f62"),
    "jellyfish": rgb("e79ac8"),
    "gulls": rgb("f4f2ec"),
}


def butterfly(pen: Pen, look: Look) -> None:
    """Open wings seen from above."""
    dark = mix(look.ink, look.shade, 0.3)
    for s in (-1, 1):
        upper = curves.smooth(
            [(s * 0.02, 0.52), (s * 0.22, 0.9), (s * 0.52, 0.94), (s * 0.5, 0.66), (s * 0.24, 0.5)]
        )
        lower = curves.smooth(
            [(s * 0.02, 0.48), (s * 0.32, 0.48), (s * 0.4, 0.26), (s * 0.22, 0.08), (s * 0.06, 0.3)]
        )
        pen.fill([upper, lower], dark)
        for wing, cx, cy in ((upper, s * 0.27, 0.7), (lower, s * 0.2, 0.33)):
            area = pen.stencil(wing)
            pen.shape(
                [((x - cx) * 0.8 + cx, (y - cy) * 0.8 + cy) for x, y in wing],
                look.body,
                within=area,
            )
            pen.shape(
                [((x - cx) * 0.45 + cx * 0.8, (y - cy) * 0.45 + cy) for x, y in wing],
                look.light,
                0.75,
                0.02,
                area,
            )
        veins = [curves.ribbon([(s * 0.03, 0.52), (s * 0.5, y)], 0.007) for y in (0.72, 0.82, 0.92)]
        pen.fill(veins, dark, 0.8, within=pen.stencil(upper))
        pen.stroke(
            curves.smooth([(0, 0.62), (s * 0.05, 0.78), (s * 0.12, 0.84)], closed=False),
            0.007,
            look.ink,
        )
    pen.oval(0, 0.46, 0.022, 0.2, look.ink)


def dragon(pen: Pen, look: Look) -> None:
    """A flying dragon: serpentine body, ribbed wings."""
    spine = curves.smooth(
        curves.points("-.8,.2 -.55,.36 -.3,.3 0,.45 .22,.66 .36,.84 .52,.84"),
        closed=False,
    )
    far = curves.points(".02,.5 -.1,.96 -.45,1.12 -.34,.86 -.3,.66 -.16,.6")
    pen.shape(far, mix(look.shade, look.ink, 0.25))
    pen.stroke(
        spine, lambda way: 0.015 + 0.2 * math.sin(math.pi * min(way, 0.96)) ** 1.6, look.body
    )
    pen.stroke(
        [(x + 0.012, y - 0.02) for x, y in spine],
        lambda way: 0.01 + 0.07 * math.sin(math.pi * min(way, 0.96)) ** 1.6,
        look.light,
        0.6,
    )
    spikes = [
        [(x - 0.02, y + 0.05), (x - 0.035, y + 0.14), (x + 0.03, y + 0.06)]
        for x, y in spine[4:-8:4]
    ]
    pen.fill(spikes, look.shade)
    near = curves.points(".1,.52 .2,1 -.08,1.24 -.06,.98 -.2,.98 -.1,.78 -.22,.7 -.08,.56")
    pen.shape(near, vertical(look.accent, look.shade, 1.2, 0.5))
    pen.fill(
        [
            curves.ribbon([(0.2, 1.0), p], curves.tapered(0.02, 0.006))
            for p in (near[2], near[4], near[6], near[0])
        ],
        look.ink,
        0.8,
    )
    pen.shape(
        curves.smooth(curves.points(".44,.92 .62,.87 .72,.78 .6,.76 .46,.78")),
        look.body,
    )
    pen.fill(
        [[(0.45, 0.9), (0.34, 1.02), (0.5, 0.92)], [(-0.8, 0.2), (-0.94, 0.26), (-0.86, 0.1)]],
        look.shade,
    )
    pen.oval(0.575, 0.85, 0.016, 0.014, rgb("ffd84a"))
