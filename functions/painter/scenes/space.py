"""Space: nebulae, stars, planets and travellers."""

from __future__ import annotations

import math
from random import Random

from painter import curves
from painter.canvas import vertical
from painter.colour import RGB, darker, lighter, mix, rgb, rotate, saturate
from painter.figures import suits, vessels
from painter.figures.registry import own_colour
from painter.noise import field, levels
from painter.pen import Pen
from painter.reading import Subject
from painter.scenes import sky
from painter.stage import Stage

PLANET_TONES = tuple(rgb(c) for c in ("d98a5a", "6fa8c9", "c9a86a", "9a7fc4", "5fae9a", "cf6a6a"))


def paint_space(stage: Stage) -> None:
    """Nebula, stars, planets and travellers."""
    rng = stage.chance.stream("space")
    scene, palette, canvas = stage.scene, stage.palette, stage.canvas
    night = mix(palette.sky[0], rgb("080a1e"), 0.82)
    canvas.wash(vertical(night, mix(night, palette.sky[1], 0.35), 0, stage.h))
    first = rng.choice([rgb("7a3fb0"), rgb("2f6fc0"), rgb("c0407f"), rgb("1f8a9a")])
    tints = list(scene.colours[:2]) or [first, rotate(first, rng.choice([60, 110, -70]))]
    tints = [*tints, rotate(tints[0], 40)][:3]
    _nebula(stage, rng, tints, strong=scene.has("galaxy"))
    sky.paint_stars(stage, stage.h, 1.5)
    word = scene.find("galaxy")
    if word and word.word in {"galaxy", "universe"}:
        _spiral(stage, rng, tints)
    planets = scene.find("planet", "earth", "moon")
    if planets or (not word and rng.random() < 0.8) or rng.random() < 0.35:
        _planets(stage, rng, planets)
    if scene.has("comet"):
        sky.paint_comets(stage, stage.h)
    _travellers(stage, rng)


def _nebula(stage: Stage, rng: Random, tints: list[RGB], *, strong: bool) -> None:
    size = (max(round(stage.w * 2.2), 1), max(round(min(stage.h, 8) * 2.2), 1))
    slope = rng.uniform(-0.5, 0.5)
    for tint in tints:
        cloud = field(rng, *size, octaves=7, keep=0.58)
        mask = levels(cloud, 128 - 14 * strong, 255).point(
            [round(255 * (k / 255) ** 1.35) for k in range(256)]
        )
        area = (0, 0, stage.canvas.width, stage.canvas.height)
        stage.canvas.veil(mask, saturate(tint, 1.1), 0.8 if strong else 0.55, area)
    for i in range(6):
        x = stage.w * (i + rng.random()) / 6
        y = stage.h * (0.5 + slope * (i / 5 - 0.5)) + stage.vary(rng, 0, 0.1)
        stage.canvas.glow(
            (x, y), rng.uniform(0.25, 0.5), lighter(tints[i % len(tints)], 0.2), 0.45, 2.0
        )
    dust = levels(field(rng, *size, octaves=7, keep=0.62), 135, 245)
    stage.canvas.veil(dust, rgb("070818"), 0.7)


def _spiral(stage: Stage, rng: Random, tints: list[RGB]) -> None:
    cx, cy = stage.w * stage.vary(rng, 0.5, 0.1), stage.h * stage.vary(rng, 0.45, 0.08)
    tilt, turn = rng.uniform(0.35, 0.6), rng.uniform(-0.6, 0.6)
    cos, sin = math.cos(turn), math.sin(turn)
    canvas = stage.canvas
    canvas.glow((cx, cy), 0.55, tints[0], 0.7, 1.8, tilt + 0.2)
    groups: list[list[list[curves.Point]]] = [[], [], []]
    for _ in range(stage.many(2200)):
        way = rng.random() ** 0.7
        angle = way * 8.5 + rng.choice([0.0, math.pi]) + rng.gauss(0, 0.26)
        reach = 0.46 * way + rng.gauss(0, 0.012)
        x, y = reach * math.cos(angle), reach * math.sin(angle) * tilt
        size = rng.uniform(0.0008, 0.0026) * (1.3 - way)
        spot = curves.oval(cx + x * cos - y * sin, cy + x * sin + y * cos, size, size, 7)
        groups[min(int(way * 3), 2)].append(spot)
    for group, tint in zip(
        groups, (rgb("fff3d6"), lighter(tints[0], 0.5), lighter(tints[1], 0.35)), strict=True
    ):
        canvas.fill(group, tint, 0.85)
    canvas.glow((cx, cy), 0.22, rgb("fff0cf"), 1.0, 2.0, tilt + 0.3)
    canvas.glow((cx, cy), 0.09, rgb("fffaf0"), 1.0, 1.6, tilt + 0.4)


def _planets(stage: Stage, rng: Random, subject: Subject | None) -> None:
    count = min(subject.count, 7) if subject else 1
    ringed = subject is not None and subject.word == "saturn"
    for i in range(count):
        small = i > 0 or count > 3
        radius = rng.uniform(0.06, 0.13) if small else stage.vary(rng, 0.26, 0.06)
        x = stage.w * ((0.32 + 0.36 * rng.random()) if i == 0 else rng.uniform(0.08, 0.92))
        y = stage.h * (rng.uniform(0.4, 0.66) if i == 0 else rng.uniform(0.12, 0.85))
        kind = subject.kind if subject else "planet"
        tone = (subject.colour if subject else None) or rng.choice(PLANET_TONES)
        if kind == "moon":
            tone = (subject.colour if subject else None) or rgb("cfcac0")
        if kind == "earth":
            tone = rgb("3f7fc0")
        planet(
            stage,
            rng,
            (x, y),
            radius,
            tone,
            kind,
            ringed=ringed or (kind == "planet" and rng.random() < 0.4),
        )


def planet(
    stage: Stage,
    rng: Random,
    centre: curves.Point,
    radius: float,
    tone: RGB,
    kind: str,
    *,
    ringed: bool,
) -> None:
    """A banded or cloudy globe, lit from one side."""
    x, y = centre
    canvas = stage.canvas
    canvas.glow(centre, radius * 1.7, tone, 0.55, 1.8)
    pen = Pen(canvas, x, y, radius, turn=rng.uniform(-24, 24))
    ring = rotate(lighter(tone, 0.35), 25)
    if ringed:
        pen.fill([_ring(180, 360)], ring, 0.9)
    disc = curves.oval(0, 0, 1, 1, 120)
    area = pen.stencil(disc)
    pen.shape(disc, tone)
    if kind == "planet":
        y0 = -1.0
        while y0 < 1.0:
            thick = rng.uniform(0.07, 0.24)
            band = curves.ribbon(
                [(-1.1 + 0.2 * k, y0 + 0.04 * math.sin(k + y0 * 9)) for k in range(12)], thick
            )
            pen.shape(
                band,
                mix(
                    rotate(tone, rng.uniform(-22, 22)),
                    rng.choice([lighter(tone, 0.4), darker(tone, 0.35)]),
                    0.6,
                ),
                0.6,
                0.02,
                area,
            )
            y0 += thick * rng.uniform(0.9, 1.6)
    else:
        patch = rgb("5f9a5a") if kind == "earth" else darker(tone, 0.28)
        for _ in range(7):
            angle, reach = rng.random() * math.tau, rng.random() ** 0.6 * 0.9
            pen.shape(
                curves.blob(
                    rng,
                    reach * math.cos(angle),
                    reach * math.sin(angle),
                    rng.uniform(0.12, 0.4),
                    rng.uniform(0.1, 0.28),
                    0.35,
                ),
                patch,
                0.85,
                0.01,
                area,
            )
        if kind == "earth":
            streaks = [
                curves.ribbon(
                    [(a + 0.16 * k, b + 0.05 * math.sin(k)) for k in range(6)], curves.lens(0.1)
                )
                for a, b in ((rng.uniform(-1, 0.3), rng.uniform(-0.8, 0.8)) for _ in range(8))
            ]
            pen.fill(streaks, rgb("f6f8fa"), 0.75, 0.02, area)
    upright = Pen(canvas, x, y, radius)
    upright.oval(0.62, -0.42, 1.02, 1.05, rgb("05061a"), 0.82, 0.24, area)
    upright.oval(-0.42, 0.42, 0.42, 0.42, lighter(tone, 0.7), 0.45, 0.2, area)
    if ringed:
        pen.fill([_ring(0, 180)], ring, 0.9)


def _ring(start: float, end: float) -> list[curves.Point]:
    # The frame points up, so the near half of the ring hangs below.
    outer = curves.arc(0, 0, 1.9, 0.46, -start, -end, 60)
    inner = curves.arc(0, 0, 1.35, 0.3, -end, -start, 60)
    return outer + inner


def _travellers(stage: Stage, rng: Random) -> None:
    rocket, walker = (
        stage.scene.find("rocket"),
        stage.scene.find("astronaut", "person", "man", "woman"),
    )
    if rocket:
        for i in range(min(rocket.count, 5)):
            look = stage.look(f"rocket {i}", own_colour("rocket"), asked=rocket.colour)
            x = stage.w * (0.5 if rocket.count == 1 else (i + 0.5) / rocket.count) + stage.vary(
                rng, 0, 0.06
            )
            pen = Pen(
                stage.canvas,
                x,
                stage.h * stage.vary(rng, 0.68, 0.06),
                0.44 if rocket.count == 1 else 0.3,
                turn=rng.uniform(-38, -12),
            )
            vessels.rocket(pen, look)
    if walker:
        for i in range(min(walker.count, 4)):
            look = stage.look(f"astronaut {i}", own_colour("astronaut"), asked=walker.colour)
            x = stage.w * (
                stage.vary(rng, 0.42, 0.08) if walker.count == 1 else (i + 0.5) / walker.count
            )
            pen = Pen(
                stage.canvas,
                x,
                stage.h * stage.vary(rng, 0.5, 0.05) + 0.28,
                0.56,
                flip=rng.random() < 0.5,
                turn=rng.uniform(-22, 22),
            )
            suits.astronaut(pen, look)
