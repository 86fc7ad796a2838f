"""Heads of sitting animals: ears, face, mane."""

from __future__ import annotations

from painter import curves
from painter.canvas import Stencil, vertical
from painter.colour import RGB, darker, lighter, mix, rgb
from painter.curves import Point
from painter.figures.builds import CREAM, HEAD_Y, Build
from painter.pen import Look, Pen


def ears(pen: Pen, look: Look, build: Build, tone: RGB) -> None:
    half = build.head[0]
    inner = mix(look.light, rgb("e79c8e"), 0.5)
    for s in (-1, 1):
        if build.ears == "pointed":
            ear = [
                (s * half * 0.25, HEAD_Y + 0.1),
                (s * half * 0.82, HEAD_Y + 0.29),
                (s * half * 1.0, HEAD_Y + 0.03),
            ]
            soft = curves.smooth(
                [
                    ear[0],
                    ((ear[0][0] + ear[1][0]) / 2, HEAD_Y + 0.215),
                    ear[1],
                    (s * half * 1.03, HEAD_Y + 0.15),
                    ear[2],
                ],
                pieces=4,
            )
            pen.shape(soft, tone)
            pen.shape(
                [
                    (s * half * 0.45, HEAD_Y + 0.1),
                    (s * half * 0.78, HEAD_Y + 0.24),
                    (s * half * 0.9, HEAD_Y + 0.07),
                ],
                inner,
                0.8,
            )
        elif build.ears == "round":
            pen.oval(s * half * 0.78, HEAD_Y + 0.145, 0.066, 0.066, tone)
            pen.oval(s * half * 0.76, HEAD_Y + 0.14, 0.036, 0.038, look.shade, 0.7)
        elif build.ears == "long":
            ear = curves.smooth(
                [
                    (s * 0.03, HEAD_Y + 0.1),
                    (s * 0.06, HEAD_Y + 0.34),
                    (s * 0.13, HEAD_Y + 0.46),
                    (s * 0.165, HEAD_Y + 0.32),
                    (s * 0.125, HEAD_Y + 0.08),
                ]
            )
            pen.shape(ear, tone)
            pen.shape(
                [
                    ((x - s * 0.1) * 0.5 + s * 0.1, (y - HEAD_Y - 0.27) * 0.75 + HEAD_Y + 0.27)
                    for x, y in ear
                ],
                inner,
                0.7,
            )


def stripes(
    pen: Pen, look: Look, area: Stencil | None, places: list[tuple[float, float, int]]
) -> None:
    bars = []
    for x, y, s in places:
        bars.append([(x + s * 0.1, y + 0.035), (x - s * 0.1, y), (x + s * 0.1, y - 0.012)])
    pen.fill(bars, look.ink, 0.85, within=area)


def head(pen: Pen, look: Look, build: Build, tone: RGB) -> None:
    half, tall = build.head
    y = HEAD_Y
    cheek = 0.045 if build.marks == "mask" else 0.0
    outline = curves.smooth(
        [
            (0, y + tall),
            (-half * 0.62, y + tall * 0.84),
            (-half, y + 0.01),
            (-half * 0.86 - cheek, y - tall * 0.5),
            (-half * 0.4, y - tall * 0.92),
            (0, y - tall - cheek * 0.6),
            (half * 0.4, y - tall * 0.92),
            (half * 0.86 + cheek, y - tall * 0.5),
            (half, y + 0.01),
            (half * 0.62, y + tall * 0.84),
        ]
    )
    area = pen.stencil(outline)
    pen.shape(outline, vertical(mix(tone, look.light, 0.25), tone, y + tall, y - tall))
    pen.oval(half * 0.9, y - 0.03, half * 0.6, tall * 1.1, look.shade, 0.42, 0.04, area)
    wide, high, drop = build.muzzle
    pale = (
        mix(look.light, CREAM, 0.75)
        if build.marks != "" or build.bib
        else mix(look.light, look.body, 0.3)
    )
    if build.marks == "mask":
        for s in (-1, 1):
            pen.shape(
                curves.smooth(
                    [
                        (s * 0.01, y - 0.02),
                        (s * half * 0.55, y + 0.0),
                        (s * half * 1.2, y - tall * 0.5),
                        (s * half * 0.5, y - tall * 1.05),
                        (0, y - tall * 1.2),
                    ]
                ),
                pale,
                within=area,
            )
    if build.marks == "patches":
        for s in (-1, 1):
            patch = pen.moved(s * 0.085, y + 0.02, 1.0, turn=s * 24)
            patch.oval(0, 0, 0.05, 0.066, look.ink)
    if build.marks == "stripes":
        stripes(
            pen,
            look,
            area,
            [(s * half * 0.95, y + dy, s) for s in (-1, 1) for dy in (0.07, 0.0, -0.06)],
        )
        pen.fill(
            [
                curves.ribbon(
                    [(dx, y + tall), (dx * 0.6, y + tall * 0.5)], curves.tapered(0.022, 0.004)
                )
                for dx in (-0.045, 0, 0.045)
            ],
            look.ink,
            0.85,
            within=area,
        )
    my = y - drop
    if build.ears == "floppy":
        pen.shape(
            curves.smooth(
                [
                    (0, y + tall * 0.95),
                    (-0.03, y + 0.04),
                    (-wide * 0.8, my),
                    (wide * 0.8, my),
                    (0.03, y + 0.04),
                ]
            ),
            pale,
            0.9,
            within=area,
        )
    pen.oval(0, my, wide, high, pale)
    _face(pen, look, build, my)
    if build.ears == "floppy":
        for s in (-1, 1):
            ear = curves.smooth(
                [
                    (s * half * 0.55, y + tall * 0.86),
                    (s * half * 1.1, y + tall * 0.6),
                    (s * half * 1.36, y - tall * 0.3),
                    (s * half * 1.02, y - tall * 0.62),
                    (s * half * 0.82, y + tall * 0.1),
                ]
            )
            pen.shape(ear, mix(tone, darker(look.shade, 0.15), 0.55))


def _face(pen: Pen, look: Look, build: Build, my: float) -> None:
    y, eye_x = HEAD_Y + 0.025, build.head[0] * 0.46
    dark = rgb("1a1418")
    small = build.marks in {"patches", "mane"} or build.ears == "round"
    r = 0.022 if small else 0.031
    for s in (-1, 1):
        pen.oval(s * eye_x, y, r * 1.25, r * 1.15, dark)
        pen.oval(s * eye_x, y, r, r * 0.95, build.eye)
        pen.oval(s * eye_x, y, r * (0.42 if build.ears == "pointed" else 0.62), r * 0.9, dark)
        pen.oval(s * eye_x - r * 0.3, y + r * 0.4, r * 0.28, r * 0.28, rgb("ffffff"))
    nose_y = my + build.muzzle[1] * 0.55
    n = 0.032 if build.ears != "pointed" else 0.022
    nose = curves.smooth(
        [
            (-n * 1.15, nose_y + n * 0.6),
            (0, nose_y + n * 0.75),
            (n * 1.15, nose_y + n * 0.6),
            (0, nose_y - n * 0.6),
        ]
    )
    pen.shape(nose, rgb("c9736b") if build.ears == "long" else dark)
    for s in (-1, 1):
        smile = curves.smooth(
            [
                (0, nose_y - n * 0.5),
                (s * 0.008, nose_y - n * 1.3),
                (s * 0.034, nose_y - n * 1.75),
                (s * 0.058, nose_y - n * 1.4),
            ],
            closed=False,
        )
        pen.stroke(smile, 0.007, dark, 0.85)
        if build.ears in {"pointed", "long"}:
            pen.fill(
                [
                    curves.ribbon([(s * 0.06, my + dy * 0.2), (s * 0.24, my + dy)], 0.0035)
                    for dy in (0.035, 0.0, -0.035)
                ],
                lighter(look.light, 0.4),
                0.75,
            )


def mane(pen: Pen, look: Look) -> None:
    tone = darker(mix(look.shade, rgb("8a4a22"), 0.6), 0.05)
    for k, (reach, share) in enumerate(((0.36, 0.0), (0.3, 0.35))):
        points: list[Point] = []
        for i in range(44):
            angle = 360 * i / 44
            r = reach * (1.0 if i % 2 else 0.86)
            points += curves.arc(0, HEAD_Y - 0.03, r * 0.9, r, angle, angle + 1, 1)[:1]
        pen.shape(points, mix(tone, look.body, share + 0.1 * k))
