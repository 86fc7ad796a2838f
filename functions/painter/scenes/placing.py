"""Placing figures in a landscape: standing, afloat and in the air."""

from __future__ import annotations

from random import Random

from painter import curves
from painter.canvas import vertical
from painter.colour import RGB, darker, lighter, mix, rgb
from painter.figures import suits, table
from painter.figures.buildings import house, tower
from painter.figures.registry import (
    CREATURES,
    FLOATING,
    FLYING,
    PEOPLE,
    STANDING,
    own_colour,
)
from painter.pen import Pen
from painter.reading import Subject
from painter.scenes import land, water
from painter.stage import Figure, Stage


def island(stage: Stage, rng: Random) -> None:
    """A rock or islet carrying whatever stands by the water."""
    palette, line = stage.palette, stage.horizon
    side = rng.choice([0.28, 0.72])
    x = stage.w * stage.vary(rng, side, 0.05)
    foot = line + min((stage.h - line) * 0.2, 0.1)
    half = min(0.34, stage.w * 0.36)
    rise = 0.07
    points = [(x - half, foot)]
    for k in range(1, 12):
        t = k / 12
        bulge = (1 - abs(2 * t - 1) ** 1.8) * rise
        points.append((x - half + 2 * half * t, foot - bulge * rng.uniform(0.8, 1.15)))
    points.append((x + half, foot))
    area_box = stage.canvas.pixels(x - half - 0.1, foot, x + half + 0.1, foot + 0.45)
    before = stage.canvas.image.crop(area_box)
    rock = (
        land.ground_tone(stage)
        if stage.scene.has("palm")
        else mix(land.ROCK, land.ground_tone(stage), 0.35)
    )
    riders = [
        s for s in stage.scene.subjects if s.kind in STANDING and s.kind not in {"car", "train"}
    ] or [Subject("palm", 2)]

    def scene_on(*, upside: bool) -> None:
        outline = curves.smooth(points, closed=False)
        if upside:
            outline = [(a, 2 * foot - b) for a, b in outline]
        area = stage.canvas.stencil([[*outline]])
        lit, dim = palette.lit(rock), palette.shade(darker(rock, 0.2))
        ends = (
            vertical(lit, dim, foot - rise, foot)
            if not upside
            else vertical(dim, lit, foot, foot + rise)
        )
        stage.canvas.pour(area, ends)
        if not upside:
            stage.canvas.note_figure(area, 1.0)
        total = sum(min(s.count, 4) for s in riders[:3])
        place = 0
        for subject in riders[:3]:
            draw, size = STANDING[subject.kind]
            for i in range(min(subject.count, 4)):
                spot = (place + 0.5) / total * 2 - 1 if total > 1 else 0.05
                place += 1
                look = stage.look(
                    f"{subject.kind} {i}", own_colour(subject.kind), 0.05, subject.colour
                )
                top = foot - rise * 0.82 * (1 - abs(spot * 0.7) ** 1.8)
                y = 2 * foot - top if upside else top
                draw(Pen(stage.canvas, x + spot * half * 0.7, y, size, upside_down=upside), look)

    scene_on(upside=True)
    water.ripple_box(stage, before, area_box, 0.5)
    scene_on(upside=False)
    stage.canvas.fill(
        [curves.ribbon([(x - half * 1.05, foot), (x + half * 1.05, foot)], curves.lens(0.012))],
        palette.lit(rgb("ffffff")),
        0.55,
    )


def afloat(stage: Stage, rng: Random) -> None:
    for subject in [s for s in stage.scene.subjects if s.kind in FLOATING]:
        draw, tall = FLOATING[subject.kind]
        depth = stage.h - stage.horizon
        spots = sorted(stage.spread(rng, subject, 0.14), key=lambda _: rng.random())
        count = len(spots)
        for i, x in enumerate(spots):
            t = 0.12 + 0.4 * (i + 0.5) / count if count > 1 else stage.vary(rng, 0.34, 0.08)
            y = stage.horizon + depth * t
            size = tall * (0.45 + 1.5 * t) * (1.25 if count == 1 else 1.0)
            floating(stage, draw, subject, i, x, y, size, flip=rng.random() < 0.5)


def floating(
    stage: Stage,
    draw: Figure,
    subject: Subject,
    i: int,
    x: float,
    y: float,
    size: float,
    *,
    flip: bool,
) -> None:
    """A vessel and its broken reflection."""
    area = stage.canvas.pixels(x - size, y, x + size, y + size * 1.05)
    if area[2] - area[0] > 1 and area[3] - area[1] > 1:
        before = stage.canvas.image.crop(area)
        look = stage.look(f"{subject.kind} {i}", own_colour(subject.kind), 0.1, subject.colour)
        draw(Pen(stage.canvas, x, y, size, flip=flip, upside_down=True), look)
        water.ripple_box(stage, before, area, 0.42)
    look = stage.look(f"{subject.kind} {i}", own_colour(subject.kind), 0.05, subject.colour)
    draw(Pen(stage.canvas, x, y, size, flip=flip), look)
    foam = curves.ribbon(
        [(x - size * 0.55, y + 0.003), (x + size * 0.6, y + 0.003)], curves.lens(0.008)
    )
    stage.canvas.fill([foam], lighter(stage.palette.haze, 0.4), 0.6)


def stand(stage: Stage, rng: Random, subject: Subject, draw: Figure, tall: float, y: float) -> None:
    count = min(subject.count, 9)
    jobs = []
    for i, x in enumerate(stage.spread(rng, subject, 0.12)[:count]):
        back = rng.uniform(-0.05, 0.03) if count > 1 else 0.0
        size = tall * (1.2 if count == 1 else 0.95) * (1 + back * 4)
        size = min(size, stage.w * 0.8)
        # A lone thing stays inside the picture; of many, some may be cut.
        inside = min(max(x, size * 0.5), max(stage.w - size * 0.5, size * 0.5))
        jobs.append((y + back, inside if count == 1 else x, size, i))
    for base, x, size, i in sorted(jobs):
        local = seasonal(stage, rng, subject.kind)
        look = stage.look(f"{subject.kind} {i}", local, 0.06, subject.colour)
        stage.canvas.fill(
            [curves.oval(x, base, size * 0.5, size * 0.035)],
            darker(stage.palette.shadow, 0.2),
            0.35,
            0.008,
        )
        draw(Pen(stage.canvas, x, base, size, flip=rng.random() < 0.5), look)


def seasonal(stage: Stage, rng: Random, kind: str) -> RGB:
    """Leaves turn in autumn and are dusted with snow in winter."""
    local = own_colour(kind)
    if kind == "tree" and stage.scene.season == "autumn":
        return rng.choice([rgb("d9772e"), rgb("c9502f"), rgb("e0a035")])
    if kind in {"tree", "pine"} and land.ground_tone(stage) == land.SNOW:
        return mix(local, land.SNOW, 0.55)
    return local


def village(stage: Stage, rng: Random, y: float) -> None:
    jobs = [
        (y + rng.uniform(-0.06, 0.08), stage.w * 0.5 + rng.gauss(0, 0.2), i)
        for i in range(stage.many(9, 4))
    ]
    for base, x, i in sorted(jobs):
        tone = rng.choice([rgb("efe0c4"), rgb("e8c8a8"), rgb("f4f0e6"), rgb("d8b49a")])
        draw, size = (tower, 0.24) if i == 0 else (house, rng.uniform(0.09, 0.13))
        draw(
            Pen(stage.canvas, x, base, size, flip=rng.random() < 0.5),
            stage.look(f"village {i}", tone, 0.08),
        )


def campfire(stage: Stage, rng: Random, y: float) -> None:
    x = stage.w * stage.vary(rng, 0.5, 0.15)
    canvas = stage.canvas
    canvas.glow((x, y - 0.03), 0.55, rgb("ff9a3c"), 0.75, 2.0, 0.7)
    for tall, wide, tone in (
        (0.17, 0.06, rgb("ff6a2a")),
        (0.125, 0.044, rgb("ffae3a")),
        (0.075, 0.026, rgb("fff0b4")),
    ):
        for s in (-1, 0, 1):
            tip = (
                x + s * wide * 0.55 + rng.uniform(-0.01, 0.01),
                y - tall * (1 if s == 0 else 0.7),
            )
            flame = curves.smooth(
                [
                    (x + s * wide * 0.4 - wide * 0.5, y - tall * 0.22),
                    tip,
                    (x + s * wide * 0.4 + wide * 0.5, y - tall * 0.22),
                    (x + s * wide * 0.4, y),
                ]
            )
            canvas.fill([flame], tone, 0.95)
    logs = [
        curves.ribbon([(x - 0.075, y + 0.012 * s), (x + 0.075, y - 0.012 * s)], 0.02)
        for s in (-1, 1)
    ]
    canvas.fill(logs, rgb("3a2418"))
    sparks = [
        curves.oval(x + rng.gauss(0, 0.04), y - rng.uniform(0.1, 0.4), 0.0025, 0.0025, 8)
        for _ in range(stage.many(24))
    ]
    canvas.fill(sparks, rgb("ffc46a"), 0.9)


def dwellers(stage: Stage, rng: Random, y: float) -> None:
    """People and animals near the viewer."""
    for item in stage.scene.subjects:
        if item.kind in CREATURES and item.kind not in FLYING:
            stand(stage, rng, item, CREATURES[item.kind], 0.34 if item.count == 1 else 0.24, y)
        elif item.kind in PEOPLE:
            walkers(stage, rng, item, y, umbrella=False)


def walkers(stage: Stage, rng: Random, subject: Subject, y: float, *, umbrella: bool) -> None:
    for i, x in enumerate(stage.spread(rng, subject, 0.3)):
        look = stage.look(f"walker {i}", own_colour(subject.kind), 0.0, subject.colour)
        size = 0.22 * rng.uniform(0.92, 1.06)
        pen = Pen(stage.canvas, x, y, size)
        (suits.astronaut if subject.kind == "astronaut" else suits.figure)(pen, look)
        if umbrella or stage.scene.has("umbrella"):
            asked = stage.scene.find("umbrella")
            tint = stage.look(
                f"umbrella {i}", (asked.colour if asked else None) or stage.palette.accent
            )
            table.umbrella(pen.moved(0.06, 0.52, 0.72), tint)


def in_the_air(stage: Stage) -> None:
    rng = stage.chance.stream("air traffic")
    for subject in stage.scene.subjects:
        if subject.kind not in FLYING and subject.kind != "bird":
            continue
        kind = "gulls" if subject.kind == "bird" else subject.kind
        draw, tall = FLYING[kind]
        spots = stage.spread(
            rng, Subject(kind, subject.count if kind != "gulls" else max(subject.count, 5)), 0.1
        )
        for i, spot in enumerate(spots):
            size = tall * (1.5 if len(spots) == 1 and kind != "gulls" else rng.uniform(0.6, 1.1))
            y = (
                stage.horizon * rng.uniform(0.3, 0.82)
                if len(spots) > 1
                else stage.horizon * stage.vary(rng, 0.72, 0.06)
            )
            local = (
                mix(own_colour(kind), stage.palette.shadow, 0.8)
                if kind == "gulls" and not stage.palette.dark
                else own_colour(kind)
            )
            if kind in {"balloon", "kite"} and i and not subject.colour:
                local = rng.choice(
                    [
                        stage.palette.second,
                        rgb("3f7f9a"),
                        rgb("e9a23b"),
                        rgb("5f9a6a"),
                        rgb("c9507a"),
                    ]
                )
            look = stage.look(f"{kind} {i}", local, 0.08, subject.colour)
            x = min(max(spot, size * 0.6), max(stage.w - size * 0.6, size * 0.6))
            draw(Pen(stage.canvas, x, max(y, size * 1.25), size, flip=rng.random() < 0.5), look)
    quiet = (
        not stage.scene.has("gulls", "bird")
        and stage.scene.allows("bird")
        and stage.scene.allows("gulls")
    )
    if quiet and not stage.palette.dark and rng.random() < 0.45:
        x, y = stage.w * rng.uniform(0.2, 0.8), stage.horizon * rng.uniform(0.3, 0.6)
        look = stage.look("far birds", mix(rgb("ffffff"), stage.palette.shadow, 0.85), 0.25)
        for _ in range(rng.randint(3, 6)):
            FLYING["gulls"][0](
                Pen(
                    stage.canvas,
                    x + rng.uniform(-0.14, 0.14),
                    y + rng.uniform(-0.06, 0.06),
                    rng.uniform(0.018, 0.034),
                ),
                look,
            )
