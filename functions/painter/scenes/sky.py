"""Skies: gradient, sun and moon, stars, clouds, rainbow, aurora."""

from __future__ import annotations

import math
from random import Random

from painter import curves
from painter.canvas import Gradient, vertical
from painter.colour import RGB, lighter, mix, rgb
from painter.noise import field, levels
from painter.scenes.clouds import paint_clouds
from painter.stage import Stage


def place_sun(stage: Stage) -> None:
    """Decide where the light comes from before anything is painted."""
    rng = stage.chance.stream("sun")
    third = rng.choice([0.3, 0.36, 0.5, 0.64, 0.7])
    x = stage.w * min(max(stage.vary(rng, third, 0.08), 0.08), 0.92)
    low = stage.palette.strength > 0.65 and not stage.palette.dark
    rise = rng.uniform(0.06, 0.3) if low else rng.uniform(0.5, 0.78)
    stage.sun = (x, stage.horizon * (1 - rise) if stage.horizon > 0.2 else stage.h * 0.2)


def paint_sky(stage: Stage, floor: float) -> None:
    """The whole sky down to the floor line."""
    palette = stage.palette
    tones = palette.sky
    stops = tuple((i / (len(tones) - 1), tone) for i, tone in enumerate(tones))
    stage.canvas.wash(Gradient(stops, 0.0, floor))
    _paint_air(stage, floor)
    if palette.dark and "storm" not in stage.scene.weather and stage.scene.allows("stars"):
        paint_stars(stage, floor)
    if stage.scene.has("aurora"):
        _paint_aurora(stage, floor)
    _paint_discs(stage)
    if stage.scene.has("rainbow"):
        _paint_rainbow(stage)
    if stage.scene.has("comet"):
        paint_comets(stage, floor)
    if stage.scene.allows("clouds"):
        paint_clouds(stage, floor)


def _paint_air(stage: Stage, floor: float) -> None:
    """A slow unevenness, so that the gradient looks printed rather than computed."""
    rng = stage.chance.stream("air")
    size = (max(round(stage.w * 2), 1), max(round(min(floor, 8.0) * 5), 1))
    cloudy = field(rng, *size, octaves=4)
    area = stage.canvas.pixels(0, 0, stage.w, floor)
    stage.canvas.veil(levels(cloudy, 110, 235), lighter(stage.palette.sky[-1], 0.1), 0.16, area)


def paint_stars(stage: Stage, floor: float, amount: float = 1.0) -> None:
    """Stars: mostly faint, a few bright."""
    rng = stage.chance.stream("stars")
    wanted = stage.scene.has("stars", "galaxy")
    count = stage.many((420 if wanted else 150) * amount * min(stage.w * floor, 12.0))
    tiny: dict[int, list[list[curves.Point]]] = {0: [], 1: [], 2: []}
    for _ in range(count):
        x, y = rng.random() * stage.w, floor * rng.random() ** 1.35 * 0.95
        size = rng.choice([0.0011, 0.0014, 0.0018, 0.0026])
        tiny[rng.randrange(3)].append(curves.oval(x, y, size, size, 8))
    for level, group in tiny.items():
        stage.canvas.fill(group, lighter(stage.palette.sun, 0.3), 0.35 + 0.3 * level)
    for _ in range(stage.many(7 if wanted else 3)):
        place = (rng.random() * stage.w, floor * rng.random() * 0.8)
        stage.canvas.glow(place, rng.uniform(0.012, 0.03), lighter(stage.palette.sun, 0.2), 0.9, 3)


def _paint_aurora(stage: Stage, floor: float) -> None:
    rng = stage.chance.stream("aurora")
    tints = [rgb("4be3a0"), rgb("59d8c0"), rgb("8f6ee8"), rgb("c45fc9")]
    for band in range(3):
        tint = tints[rng.randrange(2) if band < 2 else 2]
        height = floor * rng.uniform(0.35, 0.6)
        base = floor * rng.uniform(0.45, 0.8)
        crest = curves.waves(rng, -0.1, stage.w + 0.1, 0.22)
        rays = 64
        for i in range(rays):
            x = -0.1 + (stage.w + 0.2) * i / rays
            foot = base + curves.height_at(crest, x)
            tall = height * rng.uniform(0.55, 1.0)
            width = (stage.w + 0.2) / rays * 1.7
            fade = Gradient(
                ((0.0, rgb("000000")), (0.75, tint), (1.0, rgb("000000"))), foot - tall, foot
            )
            ray = curves.box(x, foot - tall, x + width, foot)
            stage.canvas.fill([ray], fade, 0.5, soft=0.02, blend="screen")


def disc_radius(stage: Stage, rng: Random) -> float:
    """The size of sun or moon: generous, as on a poster."""
    return stage.vary(rng, 0.085 if stage.palette.dark else 0.1, 0.03)


def _paint_discs(stage: Stage) -> None:
    scene, palette = stage.scene, stage.palette
    rng = stage.chance.stream("discs")
    moon, sun = scene.find("moon"), scene.find("sun")
    night = palette.dark
    shown = "moon" if moon or (night and not sun) else "sun"
    radius = disc_radius(stage, rng)
    grey = palette.strength < 0.62 and not sun
    hidden = not scene.allows(shown) or (not moon and not sun and "storm" in scene.weather)
    glow = palette.sun if shown == "sun" else mix(palette.sun, palette.key, 0.4)
    reach = stage.w * 0.5 + 0.5
    if not hidden:
        stage.canvas.glow(stage.sun, reach, glow, 0.3 if night or grey else 0.5, 2.2)
        stage.canvas.glow(stage.sun, radius * 3.4, glow, 0.35, 1.6)
    if hidden or (grey and not moon):
        return
    subject = moon or sun
    count = min(subject.count, 9) if subject else 1
    colour = (subject.colour if subject else None) or palette.sun
    for i in range(count):
        x, y = stage.sun
        if i:
            x = (x + stage.w * (0.28 + 0.12 * rng.random()) * i) % stage.w
            y = stage.horizon * rng.uniform(0.18, 0.7)
            stage.canvas.glow((x, y), radius * 3, glow, 0.4, 1.8)
        size = radius * (1 if not i else rng.uniform(0.5, 0.9))
        if shown == "moon":
            _paint_moon(
                stage, rng, x, y, size, colour, crescent=bool(moon and moon.word == "crescent")
            )
        else:
            disc = curves.oval(x, y, size, size, 96)
            warm = mix(colour, palette.sky[-2], 0.18)
            stage.canvas.fill([disc], vertical(colour, warm, y - size, y + size))


def _paint_moon(
    stage: Stage, rng: Random, x: float, y: float, size: float, colour: RGB, *, crescent: bool
) -> None:
    disc = stage.canvas.stencil([curves.oval(x, y, size, size, 96)])
    if crescent:
        outer = curves.arc(x, y, size, size, 60, 300, 60)
        inner = curves.arc(x + size * 0.42, y, size * 0.86, size * 0.94, 292, 68, 60)
        stage.canvas.fill([outer + inner], colour)
        return
    stage.canvas.pour(disc, colour)
    seas = mix(colour, stage.palette.sky[1], 0.3)
    for _ in range(6):
        angle, reach = rng.random() * math.tau, size * rng.uniform(0.1, 0.75)
        patch = curves.blob(
            rng,
            x + reach * math.cos(angle),
            y + reach * math.sin(angle),
            size * rng.uniform(0.1, 0.34),
            size * rng.uniform(0.1, 0.26),
            0.3,
        )
        stage.canvas.fill([patch], seas, 0.4, soft=size * 0.03, within=disc)


def _paint_rainbow(stage: Stage) -> None:
    rng = stage.chance.stream("rainbow")
    cx, cy = stage.w * rng.uniform(0.35, 0.65), stage.horizon + 0.12
    radius = min(stage.w * 0.46, stage.horizon * 0.95)
    bands = [rgb(c) for c in ("e2574c", "f0904a", "f6d15a", "7cc07a", "5aa0d6", "7a72c4")]
    width = radius * 0.035
    for i, colour in enumerate(bands):
        outer = radius - i * width
        ring = curves.arc(cx, cy, outer, outer, 180, 360, 90)
        ring += curves.arc(cx, cy, outer - width * 1.15, outer - width * 1.15, 360, 180, 90)
        stage.canvas.fill([ring], colour, 0.5, soft=width * 0.18)


def paint_comets(stage: Stage, floor: float) -> None:
    rng = stage.chance.stream("comets")
    subject = stage.scene.find("comet")
    for _ in range(subject.count if subject else 1):
        x, y = stage.w * rng.uniform(0.2, 0.75), floor * rng.uniform(0.15, 0.5)
        length = rng.uniform(0.25, 0.5)
        spine = [(x + length * t / 20, y - length * 0.45 * t / 20) for t in range(21)]
        stage.canvas.fill(
            [curves.ribbon(spine, curves.tapered(0.018))], stage.palette.sun, 0.45, 0.006
        )
        stage.canvas.fill(
            [curves.ribbon(spine[:9], curves.tapered(0.01))], lighter(stage.palette.sun, 0.5)
        )
        stage.canvas.glow((x, y), 0.07, stage.palette.sun, 0.9, 2.6)
