"""Rows of conifers that come out of the mist."""

from __future__ import annotations

from random import Random

from painter import curves
from painter.canvas import vertical
from painter.colour import darker, hue_toward, mix, rgb
from painter.reading import Subject
from painter.scenes.land import PINE, RUST, SNOW, ground_tone
from painter.stage import Stage


def paint_forest(stage: Stage, start: float, floor: float, subject: Subject | None) -> None:
    """Rows of conifers that come out of the mist."""
    rng = stage.chance.stream("forest")
    palette, canvas = stage.palette, stage.canvas
    rows = 5
    asked = subject.colour if subject else None
    local = asked or (RUST if stage.scene.season == "autumn" else PINE)
    frost = ground_tone(stage) == SNOW
    for i in range(rows):
        rank = i / (rows - 1)
        y = start + (floor - start) * (0.12 + 0.7 * rank**1.3)
        depth = 0.68 * (1 - rank) ** 0.9
        tall = 0.06 + 0.2 * rank
        crest = [
            (x, y + dy) for x, dy in curves.waves(rng, -0.1, stage.w + 0.1, 0.05 + 0.03 * rank)
        ]
        tones = [
            mix(local, hue_toward(local, rgb("e8a23a"), 0.7), rng.random() * 0.7)
            if stage.scene.season == "autumn"
            else local
            for _ in range(3)
        ]
        groups: list[list[list[curves.Point]]] = [[], [], []]
        x = -0.05
        while x < stage.w + 0.05:
            height = tall * rng.uniform(0.65, 1.25)
            foot = curves.height_at(crest, x) + 0.01
            groups[rng.randrange(3)].append(conifer(rng, x, foot, height))
            x += tall * rng.uniform(0.16, 0.42)
        ground = canvas.stencil([curves.down_to(crest, floor + 0.05)])
        base_tone = palette.shade(SNOW if frost else darker(local, 0.2), depth)
        mist = mix(base_tone, palette.haze, 0.45 * (1 - rank))
        for tone, group in zip(tones, groups, strict=True):
            lit = palette.lit(darker(tone, 0.1 * rank), depth)
            dim = palette.shade(darker(tone, 0.3 * rank), depth)
            canvas.fill(group, vertical(mix(lit, dim, 0.35), dim, y - tall, y + 0.03))
        canvas.pour(
            ground, vertical(dim if not frost else palette.lit(SNOW, depth), mist, y, y + 0.16)
        )
        if rank < 0.9:
            canvas.glow(
                (stage.w / 2, y + 0.05), stage.w * 0.9, palette.haze, 0.22 * (1 - rank), 1.4, 0.14
            )


def conifer(rng: Random, x: float, foot: float, height: float) -> list[curves.Point]:
    """A spruce with drooping tiers."""
    tiers = 7
    left, right = [(x, foot - height)], []
    for k in range(1, tiers + 1):
        t = k / tiers
        half = height * 0.2 * t**0.85 * rng.uniform(0.85, 1.1)
        y = foot - height * (1 - t * 0.93)
        left += [(x - half, y), (x - half * 0.5, y - height * 0.018)]
        right += [(x + half, y + height * 0.008), (x + half * 0.5, y - height * 0.018)]
    trunk = height * 0.014
    return [
        *left,
        (x - trunk, foot - height * 0.06),
        (x - trunk, foot),
        (x + trunk, foot),
        (x + trunk, foot - height * 0.06),
        *right[::-1],
    ]
