"""Water: reflections that break up toward the viewer, glitter, swell and surf."""

from __future__ import annotations

import math

from PIL import Image, ImageFilter

from painter import curves
from painter.canvas import Box, vertical
from painter.colour import RGB, darker, lighter, mix, rgb
from painter.stage import Stage

SAND = rgb("e8cfa0")


def rippled(picture: Image.Image, unit: int, strength: float) -> Image.Image:
    """Shift rows sideways, more so toward the bottom, as ripples do."""
    width, height = picture.size
    result = picture.copy()
    top, row = 0.0, 0
    while top < height:
        way = top / max(height, 1)
        thick = unit * (0.0025 + 0.011 * way)
        shift = math.sin(row * 2.4) * unit * strength * (0.15 + way)
        box = (0, int(top), width, min(int(top + thick) + 1, height))
        result.paste(picture.crop(box), (round(shift), int(top)))
        top += thick
        row += 1
    return result


def mirrored(stage: Stage, line: float, depth: float) -> Image.Image | None:
    """What lies above the line, upside down, as tall as the water is deep."""
    canvas = stage.canvas
    left, top, right, bottom = canvas.pixels(0, max(0.0, line - depth * 1.5), stage.w, line)
    if bottom - top < 2:
        return None
    size = (right - left, max(round(depth * canvas.unit), 2))
    scale = min(1.0, 1100 / max(size))
    small = (max(round(size[0] * scale), 2), max(round(size[1] * scale), 2))
    above = canvas.image.resize(
        small, Image.Resampling.BILINEAR, box=(left, top, right, bottom), reducing_gap=2.0
    )
    above = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    # Water smears upright things along the line of sight.
    above = above.filter(ImageFilter.GaussianBlur((0.6, 5 * small[1] / 500 + 1)))
    return rippled(above, round(canvas.unit * scale), 0.012)


def paint_water(stage: Stage, line: float, floor: float, calm: float, colour: RGB | None) -> None:
    """Water from the line to the floor; calm 1 mirrors, calm 0 is open sea."""
    canvas, palette = stage.canvas, stage.palette
    tone = palette.lit(colour or palette.water)
    area = canvas.pixels(0, line, stage.w, floor)
    if area[3] - area[1] < 2:
        return
    shallow = mix(mix(palette.haze, tone, 0.35), palette.key, 0.1)
    deep = darker(tone, 0.25)
    mirror = mirrored(stage, line, floor - line)
    whole = canvas.stencil([curves.box(-0.01, line, stage.w + 0.01, floor + 0.01)])
    canvas.pour(whole, vertical(shallow, deep, line, floor))
    if mirror is not None:
        _lay(stage, mirror, area, 0.25 + 0.5 * calm)
    _swell(stage, line, floor, calm, deep, shallow)
    _glitter(stage, line, floor)


def _lay(stage: Stage, mirror: Image.Image, area: Box, strength: float) -> None:
    size = (area[2] - area[0], area[3] - area[1])
    mirror = mirror.resize(size, Image.Resampling.BICUBIC)
    fade = Image.linear_gradient("L").point(
        [round((255 - i * 0.62) * strength) for i in range(256)]
    )
    stage.canvas.image.paste(mirror, area, fade.resize(size))


def _swell(stage: Stage, line: float, floor: float, calm: float, dark: RGB, pale: RGB) -> None:
    """Long flat lenses of light and dark, larger toward the viewer."""
    rng = stage.chance.stream("swell")
    depth = floor - line
    groups: dict[str, list[list[curves.Point]]] = {"dark": [], "pale": [], "light": []}
    for _ in range(stage.many((130 if calm < 0.5 else 60) * min(stage.w, 6))):
        t = rng.random() ** 1.3
        y = line + depth * t
        run = (0.03 + 0.24 * t) * rng.uniform(0.5, 1.4)
        x = rng.uniform(-0.1, stage.w)
        bend = rng.uniform(-0.2, 0.2) * run * 0.06
        spine = [(x + run * k / 8, y + math.sin(k * math.pi / 8) * bend) for k in range(9)]
        kind = rng.choice(["dark", "dark", "pale", "light"])
        groups[kind].append(curves.ribbon(spine, curves.lens(0.0018 + 0.0095 * t)))
    stage.canvas.fill(groups["dark"], dark, 0.34)
    stage.canvas.fill(groups["pale"], pale, 0.3)
    stage.canvas.fill(groups["light"], lighter(pale, 0.4), 0.24)


def _glitter(stage: Stage, line: float, floor: float) -> None:
    """The road of light under sun or moon."""
    scene, palette = stage.scene, stage.palette
    lit = "moon" if palette.dark else "sun"
    if not scene.allows(lit) or ("storm" in scene.weather) or stage.sun[1] > line:
        return
    rng = stage.chance.stream("glitter")
    x0, depth = stage.sun[0], floor - line
    stage.canvas.glow((x0, line), 0.5, palette.sun, 0.4, 2.0, 0.35)
    low = 1 - (line - stage.sun[1]) / max(line, 0.1)
    sparks = []
    for _ in range(stage.many(150 + 190 * low)):
        t = rng.random() ** 1.4
        half = 0.035 + 0.16 * t
        x = x0 + rng.gauss(0, half * 0.5)
        run = (0.012 + 0.05 * t) * rng.uniform(0.5, 1.3)
        y = line + depth * (0.004 + t)
        spine = [(x - run + run * k / 4 * 2, y) for k in range(5)]
        sparks.append(curves.ribbon(spine, curves.lens(0.0018 + 0.006 * t)))
    colour = lighter(mix(palette.sun, palette.key, 0.3), 0.2)
    stage.canvas.fill(sparks, colour, 0.75 if palette.strength > 0.6 else 0.5)


def paint_surf(stage: Stage, shore: float, floor: float) -> None:
    """A beach with waves running out on the sand."""
    rng = stage.chance.stream("surf")
    canvas, palette = stage.canvas, stage.palette
    slope = rng.choice([-1, 1]) * stage.vary(rng, 0.06, 0.03)

    def edge(offset: float, wobble: float) -> list[curves.Point]:
        line = curves.waves(rng, -0.1, stage.w + 0.1, wobble)
        return [(x, shore + offset + slope * (x / stage.w - 0.5) + y) for x, y in line]

    shallows = lighter(mix(palette.lit(palette.water), palette.lit(rgb("7fd4c8")), 0.45), 0.15)
    first = edge(-0.07, 0.05)
    canvas.fill([curves.down_to(first, floor + 0.1)], shallows, 0.75, 0.01)
    second = edge(-0.012, 0.04)
    canvas.fill(
        [curves.down_to(second, floor + 0.1)], palette.lit(lighter(SAND, 0.75)), 0.95, 0.002
    )
    wet = [(x, y + 0.02 + 0.012 * math.sin(x * 9)) for x, y in second]
    canvas.fill([curves.down_to(wet, floor + 0.1)], mix(palette.shade(SAND), palette.haze, 0.3))
    dry = edge(0.085, 0.04)
    sand = palette.lit(SAND)
    canvas.fill(
        [curves.down_to(dry, floor + 0.1)],
        vertical(sand, mix(sand, palette.shade(SAND), 0.35), shore, floor),
        1.0,
        0.006,
    )
    foam = []
    for _ in range(stage.many(10)):
        x, run = rng.uniform(-0.1, stage.w), rng.uniform(0.1, 0.4)
        y = shore - 0.11 - rng.random() * 0.1
        spine = [
            (x + run * k / 8, y + slope * (x / stage.w - 0.5) - math.sin(k * 0.4) * 0.008)
            for k in range(9)
        ]
        foam.append(curves.ribbon(spine, curves.lens(0.007)))
    canvas.fill(foam, palette.lit(rgb("ffffff")), 0.75)
    grains = [
        curves.oval(
            rng.random() * stage.w, shore + 0.12 + (floor - shore) * rng.random(), 0.0016, 0.001, 6
        )
        for _ in range(stage.many(160))
    ]
    canvas.fill(grains, palette.shade(SAND), 0.5)


def ripple_box(stage: Stage, before: Image.Image, area: Box, strength: float) -> None:
    """Blend what was just drawn in an area into the water as a broken reflection."""
    drawn = stage.canvas.image.crop(area)
    broken = rippled(drawn, stage.canvas.unit, 0.006)
    stage.canvas.image.paste(Image.blend(before, broken, strength), area)
