"""The deep sea: shafts of light, a reef, and what swims between."""

from __future__ import annotations

import math
from random import Random

from painter import curves
from painter.canvas import Gradient, vertical
from painter.colour import RGB, darker, lighter, mix, rgb, rotate
from painter.figures.registry import SWIMMERS, own_colour
from painter.pen import Pen
from painter.reading import Subject
from painter.stage import Stage


def paint_underwater(stage: Stage) -> None:
    """Shafts of light, a reef below, and what swims between."""
    rng = stage.chance.stream("underwater")
    scene, palette, canvas = stage.scene, stage.palette, stage.canvas
    blue = mix(palette.water, rgb("1688a8"), 0.55) if not scene.colours else palette.water
    pale, deep = lighter(blue, 0.55), darker(blue, 0.62)
    canvas.wash(Gradient(((0.0, pale), (0.35, blue), (1.0, deep)), 0, stage.h))
    canvas.glow((stage.w * 0.5, -0.05), 0.9, palette.key, 0.6, 1.8, 0.7)
    for _ in range(7):
        x, lean = stage.w * rng.uniform(-0.1, 1.1), rng.uniform(-0.2, 0.3)
        wide, reach = rng.uniform(0.03, 0.11), stage.h * rng.uniform(0.5, 0.95)
        shaft = [(x, -0.05), (x + wide, -0.05), (x + wide * 2.2 + lean, reach), (x + lean, reach)]
        canvas.fill(
            [shaft],
            vertical(lighter(pale, 0.5), rgb("000000"), 0, reach),
            0.28,
            0.02,
            blend="screen",
        )
    for layer in range(3):
        tone = mix(deep, blue, 0.5 - 0.22 * layer)
        crest = [
            (x, stage.h * (0.74 + 0.1 * layer) + y)
            for x, y in curves.waves(rng, -0.1, stage.w + 0.1, 0.16)
        ]
        canvas.fill(
            [curves.down_to(crest, stage.h + 0.1)],
            vertical(tone, darker(tone, 0.4), stage.h * 0.7, stage.h),
            1.0,
            0.003,
        )
        _reef(stage, rng, crest, layer, blue)
    swimmers = [s for s in scene.subjects if s.kind in SWIMMERS] or [Subject("fish", 4)]
    for subject in swimmers:
        _school(stage, rng, subject)
    bubbles = [
        curves.oval(rng.random() * stage.w, rng.random() * stage.h * 0.85, r, r, 18)
        for r in (rng.uniform(0.003, 0.011) for _ in range(stage.many(34)))
    ]
    canvas.fill(bubbles, lighter(pale, 0.6), 0.4)


def _reef(stage: Stage, rng: Random, crest: list[curves.Point], layer: int, blue: RGB) -> None:
    tints = [rgb("e8735a"), rgb("ef9fb0"), rgb("f2b45a"), rgb("8f6ac0"), rgb("4fae8a")]
    for _ in range(stage.many(8)):
        x = rng.random() * stage.w
        y = curves.height_at(crest, x) + 0.01
        tone = mix(rng.choice(tints), blue, 0.62 - 0.24 * layer)
        tall = rng.uniform(0.05, 0.13) * (0.7 + 0.3 * layer)
        if rng.random() < 0.5:
            fan = []
            for k in range(7):
                angle = math.radians(-90 + (k - 3) * 17 + rng.uniform(-5, 5))
                line = [
                    (
                        x + tall * t / 6 * math.cos(angle) + 0.006 * math.sin(t),
                        y + tall * t / 6 * math.sin(angle),
                    )
                    for t in range(7)
                ]
                fan.append(curves.ribbon(line, curves.tapered(0.014, 0.008)))
                fan.append(curves.oval(*line[-1], 0.008, 0.008, 12))
            stage.canvas.fill(fan, tone, 0.95)
        else:
            weeds = []
            for k in range(4):
                line = [
                    (x + 0.02 * k + 0.012 * math.sin(t * 0.8 + k), y - tall * 1.5 * t / 8)
                    for t in range(9)
                ]
                weeds.append(curves.ribbon(line, curves.lens(0.016)))
            stage.canvas.fill(weeds, mix(rgb("3f9a6a"), blue, 0.6 - 0.24 * layer), 0.9)


def _school(stage: Stage, rng: Random, subject: Subject) -> None:
    big = subject.kind == "whale"
    alone = subject.kind == "whale" or subject.count > 1 or "one" in stage.scene.words
    count = min(subject.count if alone else 5, 14)
    right = rng.random() < 0.5
    for i in range(count):
        size = (
            (0.36 if big else 0.26)
            / (count**0.32)
            * (rng.uniform(0.8, 1.15) if count > 1 else 1.25)
        )
        x = (
            stage.w * stage.vary(rng, 0.5, 0.08)
            if count == 1
            else stage.w * (0.12 + 0.76 * ((i * 0.618 + rng.uniform(0, 0.1)) % 1.0))
        )
        y = stage.h * (
            stage.vary(rng, 0.45, 0.06)
            if count == 1
            else 0.18 + 0.5 * ((i * 0.382 + rng.uniform(0, 0.12)) % 1.0)
        )
        tone = own_colour(subject.kind)
        if count > 3 and not subject.colour:
            tone = rotate(tone, rng.uniform(-30, 30))
        look = stage.look(f"swimmer {i}", tone, 0.06, subject.colour)
        SWIMMERS[subject.kind](Pen(stage.canvas, x, y + size * 0.5, size, flip=not right), look)
