"""Land in layers: mountains, hills, dunes, meadows, forests, paths."""

from __future__ import annotations

import math
from random import Random

from painter import curves
from painter.canvas import Stencil, vertical
from painter.colour import RGB, darker, hue_toward, lighter, mix, rgb
from painter.noise import field, levels
from painter.stage import Stage

GRASS, PINE, SAND, ROCK = rgb("7ea04c"), rgb("2f5d4a"), rgb("e0b072"), rgb("7c7f92")


SNOW, WHEAT, LAVENDER, RUST = rgb("f4f6fa"), rgb("d9ab4a"), rgb("8a6bb8"), rgb("c0602c")


_SEASON_GROUND = {
    "autumn": rgb("b57a35"),
    "winter": SNOW,
    "spring": rgb("8ab552"),
    "summer": rgb("7ea04c"),
}


def ground_tone(stage: Stage) -> RGB:
    """The local colour of open ground."""
    scene = stage.scene
    if scene.season == "winter" or "snow" in scene.weather or scene.has("iceberg"):
        return SNOW
    if scene.has("desert", "pyramid", "cactus"):
        return SAND
    if scene.has("wheat"):
        return WHEAT
    base = _SEASON_GROUND.get(scene.season or "", GRASS)
    return hue_toward(base, stage.palette.land, 0.55 if scene.colours else 0.3)


def textured(stage: Stage, area: Stencil | None, name: str, tone: RGB, opacity: float) -> None:
    """Break a flat area up with soft mottling."""
    if area is None:
        return
    rng = stage.chance.stream(f"texture {name}")
    left, top, right, bottom = area.box
    unit = stage.canvas.unit
    lumps = (max(round((right - left) / unit * 4), 1), max(round((bottom - top) / unit * 12), 1))
    noise = levels(field(rng, *lumps, octaves=4, keep=0.6), 120, 200)
    noise = noise.resize((right - left, bottom - top))
    stage.canvas.pour(Stencil(area.box, noise), tone, opacity, within=area)


def paint_hills(
    stage: Stage,
    start: float,
    floor: float,
    local: RGB,
    layers: int,
    *,
    name: str = "hills",
    trees: bool = True,
    far: float = 0.55,
) -> list[list[curves.Point]]:
    """Rolling ground from the horizon to the bottom edge; returns the crest lines."""
    rng = stage.chance.stream(name)
    palette, canvas = stage.palette, stage.canvas
    crests = []
    for i in range(layers):
        rank = i / max(layers - 1, 1)
        y = start + (floor - start) * rank**1.3 * 0.86
        swell = 0.03 + 0.075 * rank
        crest = [
            (x, y + dy - swell * 0.2) for x, dy in curves.waves(rng, -0.1, stage.w + 0.1, swell)
        ]
        depth = far * (1 - rank) ** 1.2
        tone = palette.lit(mix(local, darker(local, 0.25), rank * 0.4), depth)
        low = palette.shade(darker(local, 0.1), depth * 0.6)
        area = canvas.stencil([curves.down_to(crest, floor + 0.05)])
        canvas.pour(area, vertical(tone, low, y - swell, y + (floor - start) / layers * 1.7))
        glint = [(x, yy + 0.012 + 0.01 * rank) for x, yy in crest]
        canvas.fill([[*crest, *glint[::-1]]], mix(tone, palette.key, 0.5), 0.35, 0.004, within=area)
        textured(stage, area, f"{name} {i}", low, 0.25)
        crests.append(crest)
        if trees and i < layers - 1 and stage.scene.allows("tree"):
            _tree_line(stage, rng, crest, rank, depth)
    return crests


def _tree_line(
    stage: Stage, rng: Random, crest: list[curves.Point], rank: float, depth: float
) -> None:
    """Small woods and hedges along a crest."""
    palette = stage.palette
    size = 0.01 + 0.03 * rank
    toward = 1 if stage.sun[0] >= stage.w / 2 else -1
    leaf = mix(PINE, ground_tone(stage), 0.35) if ground_tone(stage) != SNOW else PINE
    tone = palette.shade(leaf, depth)
    tops: list[list[curves.Point]] = []
    shine: list[list[curves.Point]] = []
    for _ in range(stage.many(rng.randint(2, 4))):
        x = rng.random() * stage.w
        for _ in range(rng.randint(2, 7)):
            x += size * rng.uniform(0.7, 1.6)
            y = curves.height_at(crest, x) + size * 0.25
            tall = size * rng.uniform(0.7, 1.5)
            for _ in range(3):
                dx, dy = rng.uniform(-0.5, 0.5) * size, rng.uniform(0.1, 0.75) * tall
                tops.append(curves.blob(rng, x + dx, y - dy, size * 0.42, tall * 0.34, 0.2))
                shine.append(
                    curves.blob(
                        rng,
                        x + dx + toward * size * 0.1,
                        y - dy - tall * 0.12,
                        size * 0.24,
                        tall * 0.17,
                        0.2,
                    )
                )
            tops.append(
                curves.box(x - size * 0.05, y - tall * 0.3, x + size * 0.05, y + size * 0.1)
            )
    stage.canvas.fill(tops, tone)
    stage.canvas.fill(shine, palette.lit(leaf, depth), 0.75)


def paint_rows(stage: Stage, start: float, floor: float, local: RGB) -> None:
    """Field rows that run to the horizon, for lavender, tulips and wheat."""
    rng = stage.chance.stream("rows")
    palette = stage.palette
    vanish = stage.w * stage.vary(rng, 0.5, 0.22)
    rows = 15
    reach = stage.w * 1.5 + 0.6
    furrow = palette.shade(darker(mix(local, GRASS, 0.6), 0.3), 0.05)
    for i in range(rows):
        a, b = (vanish + reach * ((i + k) / rows - 0.5) * 2 for k in (0.12, 0.78))
        strip = [
            (vanish + (a - vanish) * 0.02, start),
            (vanish + (b - vanish) * 0.02, start),
            (b, floor + 0.02),
            (a, floor + 0.02),
        ]
        tone = palette.lit(local, 0.0)
        stage.canvas.fill([strip], vertical(mix(tone, palette.haze, 0.4), tone, start, floor))
        edge = [strip[1], (strip[1][0] + 0.002, start), (b + (b - a) * 0.5, floor + 0.02), strip[2]]
        stage.canvas.fill(
            [edge], vertical(mix(furrow, palette.haze, 0.4), furrow, start, floor), 0.8
        )
    dabs: list[list[curves.Point]] = []
    pale: list[list[curves.Point]] = []
    for _ in range(stage.many(900)):
        t = rng.random() ** 0.6
        i = rng.randrange(rows)
        at = vanish + reach * ((i + rng.uniform(0.1, 0.8)) / rows - 0.5) * 2 * (0.02 + 0.98 * t)
        y = start + (floor - start) * t
        size = 0.002 + 0.011 * t
        (dabs if rng.random() < 0.5 else pale).append(curves.oval(at, y, size * 0.7, size, 9))
    stage.canvas.fill(dabs, palette.shade(local), 0.6)
    stage.canvas.fill(pale, palette.lit(lighter(local, 0.35)), 0.75)


def paint_path(stage: Stage, start: float, floor: float, tone: RGB) -> None:
    """A path that winds from the viewer to the horizon."""
    rng = stage.chance.stream("path")
    goal, begin = stage.w * rng.uniform(0.35, 0.65), stage.w * rng.uniform(0.3, 0.7)
    bend = rng.uniform(-0.2, 0.2) * stage.freedom
    spine = []
    for k in range(25):
        t = k / 24
        x = begin + (goal - begin) * t + math.sin(t * math.pi * 2) * bend * (1 - t)
        spine.append((x, floor + 0.05 - (floor + 0.05 - start) * (1 - (1 - t) ** 1.6)))
    path = curves.ribbon(spine, lambda way: 0.26 * (1 - way) ** 1.9 + 0.004)
    palette = stage.palette
    stage.canvas.fill(
        [path], vertical(palette.lit(tone, 0.4), palette.lit(tone), start, floor), 0.92
    )
