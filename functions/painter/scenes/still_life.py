"""Things on a table against a wall."""

from __future__ import annotations

from random import Random

from painter import curves
from painter.canvas import Gradient, vertical
from painter.colour import (
    darker,
    hue_toward,
    lighter,
    rgb,
)
from painter.figures import table
from painter.figures.registry import (
    CREATURES,
    FIGURES,
    FLOWERS,
    TABLE,
    own_colour,
)
from painter.noise import field, levels
from painter.pen import Pen
from painter.reading import Subject
from painter.scenes.close_up import backdrop
from painter.stage import Stage

WOOD = rgb("a06c44")


DESK_KIT = ("laptop", "cup", "lamp", "book", "leaf")


def paint_still_life(stage: Stage) -> None:
    """Things on a table against a wall, with a window when asked or at a desk."""
    rng = stage.chance.stream("still life")
    scene, palette = stage.scene, stage.palette
    edge = stage.h * stage.vary(rng, 0.66 if stage.h < 1.3 else 0.74, 0.03)
    tone = backdrop(stage, "wall")
    desk = scene.has("desk", "laptop") and not scene.has("table")
    if desk or scene.has("window"):
        _window(stage, rng, edge)
    elif palette.strength > 0.5 and not palette.dark:
        _sunbeam(stage, rng, edge)
    wood = hue_toward(WOOD, tone, 0.18)
    lit = palette.lit(wood)
    board = curves.box(-0.1, edge, stage.w + 0.1, stage.h + 0.1)
    area = stage.canvas.stencil([board])
    stage.canvas.pour(area, vertical(lighter(lit, 0.1), darker(lit, 0.3), edge, stage.h))
    grain = field(rng, 2, max(round((stage.h - edge) * 40), 2), 4, 0.7)
    stage.canvas.veil(
        levels(grain, 110, 210),
        darker(lit, 0.35),
        0.35,
        stage.canvas.pixels(0, edge, stage.w, stage.h),
    )
    stage.canvas.fill(
        [curves.box(-0.1, edge, stage.w + 0.1, edge + 0.006)], lighter(lit, 0.45), 0.7
    )
    stage.canvas.fill(
        [curves.box(-0.1, edge - 0.02, stage.w + 0.1, edge)], darker(tone, 0.5), 0.35, 0.012
    )
    _set_table(stage, rng, edge, desk=desk)


def _sunbeam(stage: Stage, rng: Random, edge: float) -> None:
    x, lean = stage.w * rng.uniform(0.15, 0.5), rng.uniform(0.1, 0.25)
    panes = []
    for i in range(2):
        for j in range(3):
            a, b = x + 0.15 * i, x + 0.15 * i + 0.13
            c, d = edge * (0.16 + 0.19 * j), edge * (0.32 + 0.19 * j)
            panes.append(
                [(a + lean * c, c), (b + lean * c, c), (b + lean * d, d), (a + lean * d, d)]
            )
    stage.canvas.fill(panes, stage.palette.key, 0.4, 0.007, blend="screen")


def _window(stage: Stage, rng: Random, edge: float) -> None:
    """A window with the sky of the hour in it."""
    palette = stage.palette
    wide, tall = min(stage.w * 0.42, 0.72), edge * 0.68
    x, y = stage.w * rng.choice([0.12, 0.3, 0.46]), edge * 0.12
    opening = stage.canvas.stencil([curves.box(x, y, x + wide, y + tall)])
    stops = tuple((i / (len(palette.sky) - 1), c) for i, c in enumerate(palette.sky))
    stage.canvas.pour(opening, Gradient(stops, y, y + tall))
    if stage.scene.allows("moon" if palette.dark else "sun"):
        stage.canvas.glow((x + wide * 0.62, y + tall * 0.5), 0.4, palette.sun, 0.6, within=opening)
        stage.canvas.fill(
            [curves.oval(x + wide * 0.62, y + tall * 0.5, 0.05, 0.05)], palette.sun, within=opening
        )
    for k in range(3):
        crest = [
            (a, y + tall * (0.66 + 0.12 * k) + b)
            for a, b in curves.waves(rng, x - 0.1, x + wide + 0.1, 0.09)
        ]
        stage.canvas.fill(
            [curves.down_to(crest, y + tall + 0.1)],
            palette.shade(palette.land, 0.55 - 0.22 * k),
            within=opening,
        )
    frame = palette.lit(rgb("efe6d6"))
    bars = [
        curves.box(x - 0.02, y - 0.02, x + wide + 0.02, y),
        curves.box(x - 0.02, y, x, y + tall),
        curves.box(x + wide, y, x + wide + 0.02, y + tall),
        curves.box(x + wide / 2 - 0.007, y, x + wide / 2 + 0.007, y + tall),
        curves.box(x, y + tall * 0.42, x + wide, y + tall * 0.42 + 0.012),
    ]
    stage.canvas.fill(bars, frame)
    stage.canvas.fill(
        [curves.box(x - 0.045, y + tall, x + wide + 0.045, y + tall + 0.028)], lighter(frame, 0.3)
    )
    stage.canvas.fill(
        [curves.box(x - 0.045, y + tall + 0.028, x + wide + 0.045, y + tall + 0.045)],
        darker(frame, 0.45),
        0.5,
        0.01,
    )


SIZES: dict[str, float] = {
    "apple": 0.2,
    "orange_fruit": 0.19,
    "lemon": 0.19,
    "pear": 0.25,
    "grapes": 0.25,
    "fruit": 0.36,
    "bottle": 0.5,
    "vase": 0.42,
    "cup": 0.24,
    "laptop": 0.42,
    "book": 0.3,
    "candle": 0.36,
    "lamp": 0.46,
    "leaf": 0.32,
}


def _set_table(stage: Stage, rng: Random, edge: float, *, desk: bool) -> None:
    scene = stage.scene
    blooms = next((s for s in scene.subjects if s.kind in FLOWERS), None)
    wanted: list[Subject] = []
    for subject in scene.subjects:
        if subject.kind in TABLE or subject.kind in CREATURES:
            wanted += [Subject(subject.kind, 1, subject.colour)] * min(subject.count, 7)
    if blooms and not scene.has("vase"):
        wanted.insert(0, Subject("vase"))
    if desk:
        wanted += [Subject(k) for k in DESK_KIT if not scene.has(k) and scene.allows(k)]
    wanted = wanted[:9] or [Subject("vase"), Subject("fruit")]
    # The tallest in the middle and behind, smaller things to the sides and in front.
    wanted.sort(key=lambda s: -SIZES.get(s.kind, 0.4))
    places = [(i + 1) // 2 * (1 if i % 2 else -1) for i in range(len(wanted))]
    shift = rng.choice([-1, 1])
    crowd = min(1.25, max(0.62, stage.w / (0.3 + 0.3 * len(wanted)))) * (
        1.25 if len(wanted) < 3 else 1.0
    )
    gap = min(stage.w * 0.84 / max(len(wanted), 1), 0.36 * crowd)
    jobs = []
    for subject, place in zip(wanted, places, strict=True):
        x = stage.w / 2 + shift * place * gap + stage.vary(rng, 0, gap * 0.1)
        if len(wanted) % 2 == 0:
            x -= shift * gap / 2
        size = SIZES.get(subject.kind, 0.42) * crowd
        y = (
            edge
            + (stage.h - edge) * (0.3 if size > 0.35 else 0.42)
            + rng.uniform(0, 0.08) * (size < 0.35)
        )
        jobs.append((y, x, size, subject))
    for i, (y, x, size, subject) in enumerate(sorted(jobs, key=lambda j: j[0])):
        look = stage.look(f"table {i}", own_colour(subject.kind), asked=subject.colour)
        pen = Pen(stage.canvas, x, y, size)
        if subject.kind == "vase" and blooms:
            petals = stage.look(f"petals {i}", own_colour(blooms.kind), asked=blooms.colour)
            table.bouquet(
                Pen(stage.canvas, x, y, min(size * 1.05, (y - 0.03) / 1.72)),
                look,
                blooms.kind,
                petals,
            )
        else:
            FIGURES[subject.kind](pen, look)
