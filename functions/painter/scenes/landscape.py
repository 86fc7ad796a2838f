"""Landscapes: sky, distance, ground or water, things in the middle, foreground."""

from __future__ import annotations

from random import Random

from painter import curves
from painter.canvas import vertical
from painter.colour import darker, hue_toward, rgb
from painter.figures import trees
from painter.figures.registry import (
    CREATURES,
    FLOWERS,
    PEOPLE,
    STANDING,
    own_colour,
)
from painter.pen import Pen
from painter.reading import Subject
from painter.scenes import (
    city,
    dunes,
    land,
    mountains,
    sky,
    water,
    wonders,
    woods,
)
from painter.scenes.placing import (
    afloat,
    campfire,
    dwellers,
    in_the_air,
    island,
    stand,
    village,
    walkers,
)
from painter.stage import Stage

WET = ("sea", "lake", "river", "beach", "island", "boat", "ship", "iceberg", "bridge", "lighthouse")


DRY = ("hills", "desert", "forest", "path", "tree", "cabin", "barn", "house", "car", "train")


FRAMING = ("tree", "blossom", "palm", "pine")


def paint_landscape(stage: Stage) -> None:
    """Everything outdoors."""
    rng = stage.chance.stream("layout")
    scene = stage.scene
    wet = scene.has(*WET) or (scene.has("city") and not scene.has(*DRY) and rng.random() < 0.75)
    share = rng.choice([0.5, 0.56, 0.62, 0.66]) if wet else rng.choice([0.52, 0.58, 0.64])
    if scene.has("balloon", "aurora", "rainbow", "rocket"):
        share += 0.06
    stage.horizon = stage.h * min(max(stage.vary(rng, share, 0.05), 0.35), 0.78)
    sky.place_sun(stage)
    sky.paint_sky(stage, stage.horizon + 0.01)
    _distance(stage, rng, wet=wet)
    if wet:
        _waterside(stage, rng)
    else:
        _ground(stage, rng)
    in_the_air(stage)
    _foreground(stage, rng, wet=wet)


def paint_street_scene(stage: Stage) -> None:
    """A street, with the figures and things on it."""
    rng = stage.chance.stream("layout")
    stage.horizon = stage.h * stage.vary(rng, 0.56, 0.04)
    sky.place_sun(stage)
    sky.paint_sky(stage, stage.horizon)
    subject = stage.scene.find("street")
    city.paint_street(stage, subject.colour if subject else None)
    for kind in ("car", "train", "eiffel", "blossom"):
        for item in [s for s in stage.scene.subjects if s.kind == kind]:
            stand(stage, rng, item, *STANDING[kind], stage.h * 0.9)
    for item in stage.scene.subjects:
        if item.kind in CREATURES:
            stand(stage, rng, item, CREATURES[item.kind], 0.26, stage.h * 0.93)
    someone = stage.scene.find(*PEOPLE)
    if someone or (stage.scene.allows("person") and rng.random() < 0.7):
        walkers(
            stage,
            rng,
            someone or Subject("person"),
            stage.h * 0.86,
            umbrella="rain" in stage.scene.weather,
        )
    in_the_air(stage)


def _distance(stage: Stage, rng: Random, *, wet: bool) -> None:
    scene, line = stage.scene, stage.horizon
    ranges = scene.find("mountains", "iceberg", "waterfall")
    if scene.has("volcano"):
        wonders.paint_volcano(stage, line + 0.012)
    elif ranges:
        mountains.paint_mountains(stage, line + 0.012, ranges)
    elif scene.allows("mountains") and (
        (wet and scene.has("lake", "river"))
        or (not wet and not scene.has("desert", "wheat", "lavender", "city") and rng.random() < 0.5)
    ):
        mountains.paint_range(stage, "far", line + 0.01, min(line, 1.0) * 0.2, 0.6, land.ROCK, 0.0)
    if scene.has("city") or (scene.has("eiffel", "bridge") and scene.allows("city") and not ranges):
        subject = scene.find("city")
        tall = min(line * 0.72, 0.62) if subject else min(line * 0.22, 0.16)
        city.paint_skyline(stage, line + 0.012, tall, subject.colour if subject else None)


def _waterside(stage: Stage, rng: Random) -> None:
    scene, line = stage.scene, stage.horizon
    wood = scene.find("forest", "pine")
    if wood or (scene.has("lake", "river") and scene.allows("tree") and rng.random() < 0.6):
        _far_shore(stage, rng, wood)
    subject = scene.find("sea", "lake", "river", "beach")
    calm = 0.85 if scene.has("lake", "river", "bridge", "city") else 0.3
    if scene.has("bridge"):
        bridge = scene.find("bridge")
        city.paint_bridge(stage, line + 0.02, bridge.colour if bridge else None)
    water.paint_water(stage, line, stage.h, calm, subject.colour if subject else None)
    if (
        scene.has("island", "lighthouse", "house", "castle", "eiffel", "pagoda", "windmill")
        and not scene.has("beach")
    ) or (scene.has("palm") and scene.has("island")):
        island(stage, rng)
    afloat(stage, rng)
    if scene.has("beach", "palm"):
        water.paint_surf(stage, stage.h - min((stage.h - line) * 0.42, 0.24), stage.h)
    dwellers(
        stage,
        rng,
        stage.h - min((stage.h - line) * 0.12, 0.08) if scene.has("beach") else stage.h * 0.95,
    )


def _far_shore(stage: Stage, rng: Random, subject: Subject | None) -> None:
    """A dark strip of firs along the water's edge."""
    palette, line = stage.palette, stage.horizon
    local = (subject.colour if subject else None) or (
        land.RUST if stage.scene.season == "autumn" else land.PINE
    )
    tops = []
    x = -0.05
    while x < stage.w + 0.05:
        tall = rng.uniform(0.03, 0.085) * (1.25 if abs(x - stage.w * 0.2) < 0.3 else 0.9)
        tops.append(woods.conifer(rng, x, line + 0.012, tall))
        x += rng.uniform(0.012, 0.028)
    tone = palette.shade(local, 0.22)
    stage.canvas.fill(tops, vertical(palette.lit(local, 0.25), tone, line - 0.1, line))
    stage.canvas.fill([curves.box(-0.1, line - 0.006, stage.w + 0.1, line + 0.012)], tone)


def _ground(stage: Stage, rng: Random) -> None:
    """Dry land and what stands on it."""
    scene, line = stage.scene, stage.horizon
    depth = stage.h - line
    _surface(stage)
    if scene.has("path", "cabin", "village", "car"):
        icy = land.ground_tone(stage) == land.SNOW
        land.paint_path(stage, line + depth * 0.2, stage.h, rgb("d9dfe8") if icy else rgb("dcc39a"))
    for item in scene.subjects:
        if item.kind in STANDING and item.kind not in FRAMING:
            stand(stage, rng, item, *STANDING[item.kind], line + depth * 0.36)
    if scene.has("waterfall"):
        wonders.paint_waterfall(stage, stage.h)
    if scene.has("village"):
        village(stage, rng, line + depth * 0.36)
    if scene.has("campfire"):
        campfire(stage, rng, line + depth * 0.7)
    for item in scene.subjects:
        if item.kind in FRAMING:
            draw, tall = STANDING[item.kind]
            bigger = 1.75 if item.count == 1 else 1.15
            stand(stage, rng, item, draw, tall * bigger, line + depth * 0.6)
    dwellers(stage, rng, line + depth * 0.78)


def _surface(stage: Stage) -> None:
    """The kind of ground the prompt asks for."""
    scene, line = stage.scene, stage.horizon
    subject = scene.find("hills", "desert", "wheat")
    asked = subject.colour if subject else None
    tone = asked or land.ground_tone(stage)
    rows = scene.find("lavender", "tulip", "wheat")
    if scene.has("desert", "pyramid", "cactus"):
        dunes.paint_dunes(stage, line, stage.h, asked or land.SAND)
    elif scene.has("forest"):
        woods.paint_forest(stage, line - 0.12, stage.h, scene.find("forest"))
    elif rows:
        crop = land.WHEAT if rows.kind == "wheat" else own_colour(rows.kind)
        land.paint_hills(stage, line, stage.h, land.GRASS, 3, far=0.5)
        land.paint_rows(stage, line + (stage.h - line) * 0.16, stage.h, rows.colour or crop)
    elif scene.has("city"):
        land.paint_hills(stage, line + 0.01, stage.h, tone, 3, far=0.3)
    else:
        land.paint_hills(stage, line, stage.h, tone, 5)


def _foreground(stage: Stage, rng: Random, *, wet: bool) -> None:
    """Something near the viewer, so that the picture gains depth."""
    scene = stage.scene
    blooms = [
        s for s in scene.subjects if s.kind in FLOWERS and s.kind not in {"lavender", "tulip"}
    ]
    for bloom in blooms:
        count = stage.many(16 if bloom.count > 1 or bloom.kind != "rose" else 9)
        for i in range(count):
            rank = i / count
            x = stage.w * ((i * 0.618 + rng.uniform(0, 0.2)) % 1.0)
            tone = own_colour(bloom.kind)
            if bloom.kind == "flower" and not bloom.colour:
                tone = rng.choice(
                    [rgb("ee8a9e"), rgb("f2b84b"), rgb("f4ead6"), rgb("b08ad0"), rgb("e4664f")]
                )
            look = stage.look(f"bloom {i}", tone, 0.25 * (1 - rank), bloom.colour)
            y = stage.h - (stage.h - stage.horizon) * 0.42 * (1 - rank) + 0.05
            FLOWERS[bloom.kind](
                Pen(stage.canvas, x, y, 0.1 + 0.24 * rank, flip=rng.random() < 0.5), look
            )
    if wet and scene.has("palm") and not scene.has("island"):
        subject = scene.find("palm")
        if subject:
            stand(
                stage, rng, subject, trees.palm, 0.62 if subject.count == 1 else 0.5, stage.h * 0.97
            )
    if wet and scene.has("tree", "blossom", "pine"):
        tree = scene.find("tree", "blossom", "pine")
        if tree and not scene.has("island", "lighthouse", "house", "castle"):
            stand(stage, rng, tree, STANDING[tree.kind][0], 0.5, stage.h * 0.99)
    bare = (
        scene.has("desert", "beach", "iceberg", "pyramid", "city", "street")
        or land.ground_tone(stage) == land.SNOW
    )
    if bare or (wet and rng.random() < 0.5) or not scene.allows("grass"):
        return
    tone = darker(hue_toward(rgb("4a6a3c"), stage.palette.shadow, 0.35), 0.3)
    side = rng.choice([-1, 1])
    for i in range(stage.many(9)):
        way = (i / 8) ** 1.4
        x = stage.w * (0.5 + side * (0.5 - way * 0.8)) + rng.uniform(-0.05, 0.05)
        trees.grass(
            Pen(
                stage.canvas,
                x,
                stage.h + 0.03,
                0.17 * (1 - way * 0.6) * rng.uniform(0.7, 1.15),
                scenery=True,
            ),
            stage.look(f"near grass {i}", tone),
        )
