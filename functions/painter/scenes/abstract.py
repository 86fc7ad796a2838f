"""Abstract compositions, for prompts that name a mood rather than a thing."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from painter import curves
from painter.canvas import sideways, vertical
from painter.colour import (
    RGB,
    darker,
    hue_toward,
    lighter,
    lightness,
    mix,
    rgb,
    rotate,
    saturate,
    shade_to,
)
from painter.noise import field, levels
from painter.pen import Pen
from painter.stage import Stage


@dataclass(frozen=True, slots=True)
class Plate:
    """The inks of a print and its paper."""

    inks: list[RGB]
    paper: RGB


def _inks(stage: Stage, rng: Random) -> list[RGB]:
    """Five inks and a paper that belong together; the words of the prompt choose them."""
    scene, palette = stage.scene, stage.palette
    if scene.colours:
        lead = scene.colours[0]
        others = scene.colours[1:] or (rotate(lead, 32), rotate(lead, -38))
        base = [lead, *others, mix(lead, others[0], 0.5), shade_to(lead, 0.3), shade_to(lead, 0.8)]
        strength = stage.palette.strength
        return [
            mix(c, palette.sky[i % len(palette.sky)], 0.12 * strength) for i, c in enumerate(base)
        ][:6]
    words = "".join(scene.words) or "quiet"
    turn = sum(ord(c) * (i + 7) for i, c in enumerate(words)) % 360
    base = [
        rgb("d9533f"),
        rgb("e9a23b"),
        rgb("2f6f86"),
        rgb("1f2f4f"),
        rgb("7fae9a"),
        rgb("c9708a"),
    ]
    chosen = [
        hue_toward(rotate(c, turn * (0.4 if i % 2 else 1.0)), palette.accent, 0.2)
        for i, c in enumerate(base)
    ]
    rng.shuffle(chosen)
    return chosen


def _paper(stage: Stage, rng: Random, inks: list[RGB]) -> RGB:
    pale = shade_to(saturate(inks[0], 0.22), 0.94)
    deep = shade_to(saturate(inks[0], 0.6), 0.24)
    paper = deep if stage.palette.dark or rng.random() < 0.25 else pale
    stage.canvas.wash(vertical(lighter(paper, 0.1), paper, 0, stage.h))
    mottle = levels(
        field(rng, max(round(stage.w * 3), 1), max(round(min(stage.h, 8) * 3), 1), 5, 0.6), 100, 220
    )
    stage.canvas.veil(mottle, mix(paper, inks[1], 0.3), 0.35)
    return paper


def circles(stage: Stage, rng: Random, plate: Plate) -> None:
    """Overlapping discs that tint one another."""
    inks = plate.inks
    blend = "multiply" if lightness(plate.paper) > 0.5 else "screen"
    for i in range(stage.many(13)):
        r = rng.choice([0.05, 0.09, 0.15, 0.24, 0.33])
        x, y = stage.w * stage.vary(rng, 0.5, 0.42), stage.h * stage.vary(rng, 0.5, 0.42)
        tone = inks[i % len(inks)]
        disc = curves.oval(x, y, r, r, 110)
        stage.canvas.fill(
            [disc], vertical(tone, lighter(tone, 0.35), y - r, y + r), 0.86, blend=blend
        )
        if rng.random() < 0.4:
            ring = curves.arc(x, y, r * 1.18, r * 1.18, 0, 360, 110)
            stage.canvas.fill([ring + curves.arc(x, y, r * 1.15, r * 1.15, 360, 0, 110)], tone, 0.9)


def bands(stage: Stage, rng: Random, plate: Plate) -> None:
    """Fields of colour with soft breathing edges."""
    inks = plate.inks
    y, i = stage.h * 0.06, 0
    while y < stage.h * 0.93:
        tall = min(stage.h * rng.choice([0.08, 0.14, 0.3, 0.38]), stage.h * 0.94 - y)
        if tall < 0.03:
            break
        tone = inks[i % len(inks)]
        inset = 0.07 * stage.w
        edge = [(x, dy * 0.3) for x, dy in curves.waves(rng, inset, stage.w - inset, 0.02)]
        block = [(x, y + dy) for x, dy in edge] + [(x, y + tall - dy) for x, dy in edge[::-1]]
        stage.canvas.fill(
            [block],
            vertical(tone, mix(tone, inks[(i + 1) % len(inks)], 0.3), y, y + tall),
            0.9,
            0.008,
        )
        area = stage.canvas.pixels(inset, y, stage.w - inset, y + tall)
        stage.canvas.veil(
            levels(field(rng, 4, 4, 6, 0.62), 130, 230), lighter(tone, 0.3), 0.22, area
        )
        y += tall + stage.h * rng.uniform(0.01, 0.03)
        i += 1


def shards(stage: Stage, rng: Random, plate: Plate) -> None:
    """Splinters turning around a bright centre."""
    inks = plate.inks
    cx, cy = stage.w * stage.vary(rng, 0.5, 0.15), stage.h * stage.vary(rng, 0.45, 0.12)
    reach = math.hypot(stage.w, stage.h)
    stage.canvas.glow((cx, cy), 0.8, lighter(inks[1], 0.4), 0.7, 1.7)
    for i in range(stage.many(30)):
        angle = rng.random() * math.tau
        near, far = rng.uniform(0.04, 0.3), rng.uniform(0.3, 0.75) * reach
        spread = rng.uniform(0.04, 0.22)
        tip = (cx + near * math.cos(angle), cy + near * math.sin(angle))
        a, b = (
            (cx + far * math.cos(angle + s * spread), cy + far * math.sin(angle + s * spread))
            for s in (-1, 1.4)
        )
        tone = inks[i % len(inks)]
        ends = sideways(
            lighter(tone, 0.25),
            darker(tone, 0.25),
            min(tip[0], a[0], b[0]),
            max(tip[0], a[0], b[0]),
        )
        stage.canvas.fill([[tip, a, b]], ends, 0.72)
    stage.canvas.glow((cx, cy), 0.3, lighter(inks[1], 0.7), 0.8, 2.0)


def flows(stage: Stage, rng: Random, plate: Plate) -> None:
    """Ribbons that run along one another like strata."""
    inks = plate.inks
    count = stage.many(13, 4)
    start = stage.h * 0.1
    swells = [
        (rng.uniform(0.6, 1.6), rng.random() * math.tau, rng.uniform(0.06, 0.16)) for _ in range(3)
    ]
    for i in range(count):
        y = start + stage.h * 0.95 * i / count
        line = []
        for k in range(61):
            x = -0.05 + (stage.w + 0.1) * k / 60
            drift = sum(a * math.sin(f * x * 3 + p + i * 0.16) for f, p, a in swells)
            line.append((x, y + drift * stage.freedom))
        tone = mix(inks[i % len(inks)], inks[(i + 1) % len(inks)], rng.uniform(0, 0.4))
        below = curves.down_to(line, stage.h + 0.3)
        stage.canvas.fill([[(x, yy + 0.012) for x, yy in below]], darker(tone, 0.6), 0.3, 0.014)
        stage.canvas.fill(
            [below], vertical(lighter(tone, 0.22), darker(tone, 0.12), y - 0.15, y + 0.3)
        )
        if i % 2:
            stage.canvas.fill(
                [curves.ribbon([(x, yy + 0.02) for x, yy in line], 0.003)], lighter(tone, 0.5), 0.6
            )


def blocks(stage: Stage, rng: Random, plate: Plate) -> None:
    """A grid of quarter circles, stripes and dots."""
    inks = plate.inks
    across = max(2, min(round(stage.w * 4), 24))
    side = stage.w / across
    down = min(math.ceil(stage.h / side), 64)
    for i in range(across):
        for j in range(down):
            x, y = i * side, j * side
            ground, figure = rng.sample(inks, 2)
            canvas = stage.canvas
            canvas.fill(
                [curves.box(x, y, x + side + 0.001, y + side + 0.001)],
                rng.choice([ground, plate.paper, ground]),
            )
            kind = rng.choice(["quarter", "quarter", "half", "dot", "stripes", "diagonal", "petal"])
            corner = rng.randrange(4)
            cx, cy = x + side * (corner % 2), y + side * (corner // 2)
            begin = {0: 0, 1: 90, 2: 270, 3: 180}[corner]
            shapes: dict[str, list[list[curves.Point]]] = {
                "quarter": [[*curves.arc(cx, cy, side, side, begin, begin + 90, 30), (cx, cy)]],
                "half": [
                    curves.arc(
                        x + side / 2,
                        cy,
                        side / 2,
                        side / 2,
                        0 if corner < 2 else 180,
                        180 if corner < 2 else 360,
                        40,
                    )
                ],
                "dot": [curves.oval(x + side / 2, y + side / 2, side * 0.32, side * 0.32, 60)],
                "stripes": [
                    curves.box(x, y + side * k / 5, x + side, y + side * (k + 0.5) / 5)
                    for k in range(5)
                ],
                "diagonal": [
                    [(x, y), (x + side, y), (x, y + side)]
                    if corner % 2
                    else [(x, y), (x + side, y), (x + side, y + side)]
                ],
                "petal": [
                    curves.arc(x, y + side, side, side, 270, 360, 30)
                    + curves.arc(x + side, y, side, side, 90, 180, 30)
                ],
            }
            canvas.fill(shapes[kind], figure)
            if kind == "quarter" and rng.random() < 0.4:
                inner = [
                    *curves.arc(cx, cy, side * 0.5, side * 0.5, begin, begin + 90, 24),
                    (cx, cy),
                ]
                canvas.fill([inner], rng.choice(inks))


def forms(stage: Stage, rng: Random, plate: Plate) -> None:
    """A few bold forms in balance: disc, bar, triangle, arcs, fine lines."""
    inks = plate.inks
    cx, cy = stage.w * stage.vary(rng, 0.5, 0.12), stage.h * stage.vary(rng, 0.46, 0.1)
    big = 0.3
    canvas = stage.canvas
    pen = Pen(canvas, cx, cy, 1.0, turn=rng.uniform(-30, 30))
    pen.fill([curves.box(-0.62, -0.05, 0.62, -0.13)], inks[3])
    pen.oval(-0.06, 0.08, big, big, vertical(inks[0], lighter(inks[0], 0.25), big, -big))
    pen.fill([[(0.05, -0.4), (0.46, 0.14), (-0.06, 0.1)]], inks[1], 0.88)
    for k in range(5):
        ring = curves.arc(0.2, -0.1, 0.16 + 0.05 * k, 0.16 + 0.05 * k, 20, 170, 60)
        pen.stroke(ring, 0.014, inks[2])
    pen.fill(
        [curves.box(-0.5 + 0.03 * k, 0.5, -0.49 + 0.03 * k, 0.0 + 0.04 * k) for k in range(7)],
        inks[4],
    )
    pen.oval(0.36, 0.34, 0.075, 0.075, inks[5 % len(inks)])
    pen.oval(-0.4, -0.3, 0.045, 0.045, inks[1])
    lines = []
    for _ in range(stage.many(9)):
        a = rng.uniform(-0.7, 0.7)
        lines.append(curves.ribbon([(a, -0.7), (a + rng.uniform(-0.3, 0.3), 0.7)], 0.0028))
    pen.fill(lines, darker(inks[3], 0.3) if lightness(plate.paper) > 0.5 else inks[4], 0.6)


KINDS: dict[str, Callable[[Stage, Random, Plate], None]] = {
    "circles": circles,
    "bands": bands,
    "shards": shards,
    "flows": flows,
    "blocks": blocks,
    "forms": forms,
}
NAMED: dict[str, str] = {
    "circle": "circles",
    "band": "bands",
    "rothko": "bands",
    "gradient": "bands",
    "shard": "shards",
    "triangle": "shards",
    "spiral": "flows",
    "swirl": "flows",
    "wave": "flows",
    "line": "flows",
    "curve": "flows",
    "pattern": "blocks",
    "square": "blocks",
    "wallpaper": "blocks",
    "mondrian": "blocks",
    "bauhaus": "forms",
    "kandinsky": "forms",
    "suprematist": "forms",
    "geometric": "blocks",
    "geometry": "forms",
}


def paint_abstract(stage: Stage) -> None:
    """Choose a kind by the words, else by chance."""
    rng = stage.chance.stream("abstract")
    inks = _inks(stage, rng)
    paper = _paper(stage, rng, inks)
    named = [NAMED[w] for w in (t.rstrip("s") for t in stage.scene.words) if w in NAMED]
    kind = named[0] if named else rng.choice(list(KINDS))
    KINDS[kind](stage, rng, Plate(inks, paper))
