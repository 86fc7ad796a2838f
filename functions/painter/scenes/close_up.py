"""Close scenes: a portrait, an animal as the hero, flowers against a plain ground."""

from __future__ import annotations

from random import Random

from painter import curves
from painter.canvas import Gradient, vertical
from painter.colour import (
    RGB,
    darker,
    hue_toward,
    lighter,
    lightness,
    mix,
    rgb,
    saturate,
    shade_to,
)
from painter.figures import people, suits
from painter.figures.registry import (
    CREATURES,
    FLOWERS,
    own_colour,
)
from painter.figures.trees import grass
from painter.noise import field, levels
from painter.pen import Pen
from painter.reading import Subject
from painter.scenes import sky
from painter.stage import Stage


def backdrop(stage: Stage, name: str) -> RGB:
    """A plain mottled ground with a soft pool of light; returns its leading tone."""
    rng = stage.chance.stream(f"backdrop {name}")
    palette = stage.palette
    if stage.scene.light:
        return _sky_behind(stage)
    choices = [
        palette.sky[1],
        palette.sky[-2],
        palette.second,
        palette.accent,
        palette.land,
        palette.water,
    ]
    tone = rng.choice(choices) if not stage.scene.colours else rng.choice(choices[:2])
    tone = shade_to(saturate(tone, 0.85), min(max(lightness(tone), 0.32), 0.78))
    stage.canvas.wash(vertical(lighter(tone, 0.12), darker(tone, 0.22), 0, stage.h))
    mottle = levels(
        field(rng, max(round(stage.w * 3), 1), max(round(min(stage.h, 8) * 3), 1), 5, 0.6), 90, 220
    )
    stage.canvas.veil(mottle, lighter(tone, 0.22), 0.4)
    stage.canvas.glow(
        (stage.w * rng.uniform(0.3, 0.5), stage.h * 0.36), 0.75, lighter(tone, 0.3), 0.4, 1.6
    )
    return tone


def _sky_behind(stage: Stage) -> RGB:
    """When the hour is named, the ground is its sky."""
    tones = stage.palette.sky
    stops = tuple((i / (len(tones) - 1), tone) for i, tone in enumerate(tones))
    stage.canvas.wash(Gradient(stops, 0, stage.h * 0.9))
    if stage.palette.dark and stage.scene.allows("stars"):
        sky.paint_stars(stage, stage.h * 0.8)
    return tones[len(tones) // 2]


def halo(stage: Stage, centre: curves.Point, radius: float, tone: RGB) -> None:
    """A poster disc behind a head."""
    colour = hue_toward(shade_to(stage.palette.second, 0.78), tone, 0.15)
    if stage.scene.light:
        colour = stage.palette.sun
        stage.canvas.glow(centre, radius * 2, colour, 0.45)
    if abs(lightness(colour) - lightness(tone)) < 0.12:
        colour = lighter(tone, 0.55)
    disc = curves.oval(*centre, radius, radius, 120)
    stage.canvas.fill(
        [disc], vertical(lighter(colour, 0.2), colour, centre[1] - radius, centre[1] + radius), 0.9
    )


def _leaves(stage: Stage, rng: Random, tone: RGB) -> None:
    """A frame of large leaves from the lower corners."""
    green = hue_toward(rgb("4f8a5c"), tone, rng.uniform(0.0, 0.5))
    for side in (-1, 1):
        for _ in range(3):
            look = stage.look(f"frame {side}", green, 0.1)
            x = (0.0 if side < 0 else stage.w) + rng.uniform(-0.06, 0.06)
            y = stage.h + rng.uniform(-0.12, 0.06)
            size, turn = rng.uniform(0.4, 0.6), -side * rng.uniform(-10, 25)
            FLOWERS["leaf"](Pen(stage.canvas, x, y, size, turn=turn, scenery=True), look)


def paint_portrait(stage: Stage, subject: Subject) -> None:
    """One person, or a few, from the shoulders up."""
    rng = stage.chance.stream("portrait")
    tone = backdrop(stage, "portrait")
    count = min(subject.count, max(round(stage.w / 0.62), 1), 5)
    size = stage.vary(rng, 0.88 if count == 1 else 0.74, 0.04)
    foot = stage.h - 0.03 if stage.h < 1.3 else stage.h * 0.5 + size * 0.5
    if rng.random() < 0.75 and stage.scene.allows("sun"):
        halo(stage, (stage.w / 2, foot - size * 0.62), 0.42 * size, tone)
    if rng.random() < 0.5 and not stage.scene.banned & {"leaf", "flower"}:
        _leaves(stage, rng, tone)
    for i in range(count):
        x = stage.w * (i + 0.5) / count + stage.vary(rng, 0, 0.02)
        look = stage.look(f"bust {i}", own_colour(subject.kind), asked=subject.colour)
        draw = suits.robot if subject.kind == "robot" else None
        pen = Pen(stage.canvas, x, foot, size, flip=rng.random() < 0.5)
        if draw:
            draw(pen, look)
        elif subject.kind == "astronaut":
            suits.astronaut(Pen(stage.canvas, x, foot + size * 0.35, size * 1.3), look)
        else:
            people.bust(subject.kind, pen, look)


def paint_creature(stage: Stage, subject: Subject) -> None:
    """An animal as the hero of a poster: disc behind, ground below."""
    rng = stage.chance.stream("creature")
    tone = backdrop(stage, "creature")
    count = min(subject.count, 6)
    size = min(0.66, stage.w / (count * 0.68 + 0.15)) * stage.vary(rng, 1.0, 0.07)
    ground = stage.h * 0.5 + min(stage.h * 0.34, 0.42)
    if stage.scene.allows("sun"):
        halo(
            stage,
            (stage.w * stage.vary(rng, 0.5, 0.06), ground - size * 0.62),
            size * 0.6,
            tone,
        )
    floor = darker(hue_toward(stage.palette.land, tone, 0.3), 0.25)
    crest = [(x, ground - 0.05 + y) for x, y in curves.waves(rng, -0.1, stage.w + 0.1, 0.035)]
    stage.canvas.fill(
        [curves.down_to(crest, stage.h + 0.1)],
        vertical(floor, darker(floor, 0.35), ground - 0.05, stage.h),
    )
    _undergrowth(stage, rng, ground - 0.02, floor, count=9, size=0.07)
    for i in range(count):
        x = stage.w * (i + 0.5) / count + stage.vary(rng, 0, 0.03 if count > 1 else 0.05)
        look = stage.look(f"creature {i}", own_colour(subject.kind), asked=subject.colour)
        scale = size * (rng.uniform(0.85, 1.0) if count > 1 else 1.0)
        CREATURES[subject.kind](
            Pen(stage.canvas, x, ground + rng.uniform(0, 0.03), scale, flip=rng.random() < 0.5),
            look,
        )
    _undergrowth(stage, rng, stage.h + 0.02, darker(floor, 0.3), count=7, size=0.16)
    flower = next((s for s in stage.scene.subjects if s.kind in FLOWERS), None)
    if flower:
        for i in range(stage.many(7)):
            x = stage.w * (i + rng.random()) / 7
            look = stage.look(f"bloom {i}", own_colour(flower.kind), asked=flower.colour)
            FLOWERS[flower.kind](Pen(stage.canvas, x, stage.h + 0.04, rng.uniform(0.18, 0.3)), look)


def _undergrowth(stage: Stage, rng: Random, y: float, tone: RGB, count: int, size: float) -> None:
    for i in range(stage.many(count)):
        look = stage.look(f"grass {i} {y:.3f}", lighter(tone, 0.08))
        x = stage.w * (i + rng.random()) / count
        if stage.scene.allows("grass"):
            grass(Pen(stage.canvas, x, y, size * rng.uniform(0.7, 1.2), scenery=True), look)


def paint_flowers(stage: Stage, subject: Subject) -> None:
    """Flowers seen close, against a plain ground."""
    rng = stage.chance.stream("flowers")
    tone = backdrop(stage, "flowers")
    count = min(subject.count if subject.count > 1 else rng.choice([1, 3]), 9)
    draw = FLOWERS[subject.kind]
    if rng.random() < 0.6 and stage.scene.allows("sun"):
        halo(
            stage,
            (stage.w * stage.vary(rng, 0.5, 0.05), stage.h - 0.58 * min(stage.h, 1.35)),
            0.34,
            tone,
        )
    for i in range(stage.many(12)):  # out of focus behind
        look = stage.look(f"behind {i}", mix(own_colour("leaf"), tone, 0.72))
        x = stage.w * (i + rng.random()) / 12
        grass(Pen(stage.canvas, x, stage.h + 0.05, rng.uniform(0.18, 0.4), scenery=True), look)
    jobs = []
    for i in range(count):
        offset = (i - (count - 1) / 2) * min(stage.w * 0.8 / count, 0.34)
        tall = stage.vary(rng, 0.95 if count == 1 else 0.78, 0.08) * (
            1 - 0.12 * abs(i - (count - 1) / 2)
        )
        jobs.append((tall, stage.w / 2 + offset, i))
    foot = stage.h + 0.05
    reach = min(stage.h, 1.35)
    for tall, x, i in sorted(jobs):
        look = stage.look(f"bloom {i}", own_colour(subject.kind), asked=subject.colour)
        draw(Pen(stage.canvas, x, foot, tall * reach, flip=rng.random() < 0.5), look)
