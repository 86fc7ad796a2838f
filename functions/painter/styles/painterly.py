"""Treatments of the hand: watercolour, oil, pencil, ink, pastel."""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from painter.colour import rgb
from painter.noise import add_grain, field, levels, tiled
from painter.stage import Stage
from painter.styles.sheets import (
    Flow,
    drawing_size,
    paper_tile,
    rough_margin,
    wobbled,
    working,
)

PAPER, CREAM = rgb("faf6ec"), rgb("f3ecdc")


def watercolour(stage: Stage, picture: Image.Image) -> Image.Image:
    """Pigment that pools at its edges, bleeds, and leaves a paper margin."""
    rng = stage.chance.stream("watercolour")
    size = picture.size
    work = working(picture, 1000)
    unit = min(work.size)
    flat = work.quantize(22, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    flat = flat.filter(ImageFilter.MedianFilter(3)) if unit < 1200 else flat
    work = wobbled(rng, Image.blend(work, flat, 0.6), 0.0085)
    work = work.filter(ImageFilter.UnsharpMask(max(unit * 0.012, 1), 70, 2))
    lumps = (max(work.width * 5 // unit, 1), max(work.height * 5 // unit, 1))
    pools = levels(field(rng, *lumps, octaves=6, keep=0.62), 40, 215)
    pools = pools.point([round(196 + i * 0.24) for i in range(256)]).resize(work.size)
    bleed = (
        field(rng, *lumps, octaves=4)
        .resize(work.size)
        .point([round(max(0, i - 130) * 0.42) for i in range(256)])
    )
    work = ImageEnhance.Color(work).enhance(1.12)
    work = Image.blend(work, Image.new("RGB", work.size, PAPER), 0.16)
    work = Image.composite(
        Image.new("RGB", work.size, PAPER), work, bleed.point([i // 2 for i in range(256)])
    )
    work = ImageChops.multiply(
        work,
        Image.merge("RGB", (pools, pools, pools)).point([min(255, i + 26) for i in range(256)] * 3),
    )
    washed = work.resize(size, Image.Resampling.BICUBIC)
    if size != work.size:  # keep some of the fine drawing of large pictures
        washed = Image.blend(
            washed, ImageChops.screen(picture, Image.new("RGB", size, rgb("202020"))), 0.22
        )
    sheet = Image.new("RGB", size, PAPER)
    sheet.paste(washed, (0, 0), rough_margin(rng, size, 0.026))
    return add_grain(sheet, paper_tile(rng, 0.07))


def oil(stage: Stage, picture: Image.Image) -> Image.Image:
    """Layers of brush strokes along the contours, with relief."""
    rng = stage.chance.stream("oil")
    flow = Flow(picture, rng)
    source = working(picture, 420).filter(ImageFilter.GaussianBlur(0.8))
    source = ImageEnhance.Color(source).enhance(1.18)
    access = source.load()
    width, height = drawing_size(picture)
    scale = min(1.0, 2048 / max(width, height))
    width, height = max(round(width * scale), 1), max(round(height * scale), 1)
    unit = min(width, height)
    sheet = source.resize((width, height), Image.Resampling.BICUBIC)
    pencil = ImageDraw.Draw(sheet)
    aspect = min(width * height / unit**2, 8.0)
    for thick, count in ((0.045, 700), (0.024, 1700), (0.0125, 3000)):
        for _ in range(stage.many(count * aspect)):
            x, y = rng.random(), rng.random()
            angle, marked = flow.at(x, y)
            if thick < 0.02 and marked < 4 and rng.random() < 0.6:
                continue
            tone = access[int(x * source.width), int(y * source.height)] if access else 0
            if not isinstance(tone, tuple):
                continue
            shift = rng.randint(-11, 11)
            colour = (tone[0] + shift, tone[1] + shift, tone[2] + round(shift * 0.7))
            clipped = (
                min(max(colour[0], 0), 255),
                min(max(colour[1], 0), 255),
                min(max(colour[2], 0), 255),
            )
            angle += rng.uniform(-0.22, 0.22)
            long = unit * thick * rng.uniform(1.3, 2.6) * (0.6 if marked > 25 else 1.0)
            broad = unit * thick * rng.uniform(0.3, 0.5) * (0.7 if marked > 25 else 1.0)
            cos, sin = math.cos(angle), math.sin(angle)
            cx, cy = x * width, y * height
            outline = [
                (cx + a * long * cos - b * broad * sin, cy + a * long * sin + b * broad * cos)
                for a, b in _STROKE
            ]
            pencil.polygon(outline, fill=clipped)
    relief = (
        ImageOps.grayscale(sheet).filter(ImageFilter.GaussianBlur(0.7)).filter(ImageFilter.EMBOSS)
    )
    relief = relief.point([round(128 + max(-44, min(44, (i - 128) * 0.6))) for i in range(256)])
    sheet = ImageChops.add(sheet, Image.merge("RGB", (relief, relief, relief)), 1.0, -128)
    return sheet.resize(picture.size, Image.Resampling.LANCZOS)


_STROKE = (
    (-0.5, -0.25),
    (-0.38, -0.5),
    (0.3, -0.46),
    (0.5, -0.12),
    (0.44, 0.3),
    (0.1, 0.5),
    (-0.4, 0.44),
)


def pencil(stage: Stage, picture: Image.Image) -> Image.Image:
    """Graphite: contour lines and three layers of hatching on cream paper."""
    rng = stage.chance.stream("pencil")
    work = working(picture, 1400)
    unit = min(work.size)
    grey = ImageOps.autocontrast(ImageOps.grayscale(work), cutoff=2)
    smooth = grey.filter(ImageFilter.GaussianBlur(max(unit * 0.0016, 0.6)))
    blurred = smooth.filter(ImageFilter.GaussianBlur(max(unit * 0.006, 1.2)))
    # Where a place is darker than its surroundings a line appears.
    lines = ImageChops.subtract(blurred, smooth).point(
        [max(0, 255 - max(0, i - 2) * 9) for i in range(256)]
    )
    sheet = Image.new("L", work.size, 255)
    for turn, low, high, ink in ((38, 95, 215, 150), (-30, 40, 130, 120), (80, 10, 70, 105)):
        hatching = _hatching(stage, work.size, turn, ink)
        covered = levels(ImageOps.invert(grey), 255 - high, 255 - low)
        sheet = ImageChops.darker(
            sheet, Image.composite(hatching, Image.new("L", work.size, 255), covered)
        )
    tone = grey.point([round(178 + i * 0.3) for i in range(256)])
    sheet = ImageChops.multiply(ImageChops.multiply(sheet, tone), lines)
    sheet = ImageChops.add(sheet, tiled(paper_tile(rng, 0.15), sheet.size), 1.0, -128)
    drawn = ImageOps.colorize(sheet, rgb("2b2c33"), CREAM)
    return drawn.resize(picture.size, Image.Resampling.BICUBIC)


def _hatching(stage: Stage, size: tuple[int, int], turn: float, ink: int) -> Image.Image:
    rng = stage.chance.stream(f"hatching {turn}")
    sheet = Image.new("L", size, 255)
    drawer = ImageDraw.Draw(sheet)
    # Of a long strip the short side says little, and strokes as fine as that would never end.
    unit = max(min(size), max(size) // 8)
    gap = unit * 0.0085 / max(stage.detail, 0.4) ** 0.5
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    reach = math.hypot(*size)
    offset = -reach / 2
    while offset < reach / 2:
        along = -reach / 2
        while along < reach / 2:
            run = unit * rng.uniform(0.12, 0.34)
            wobble = rng.uniform(-0.25, 0.25) * gap
            ends = [
                (
                    size[0] / 2 + a * cos - (offset + w) * sin,
                    size[1] / 2 + a * sin + (offset + w) * cos,
                )
                for a, w in ((along, wobble), (along + run, -wobble))
            ]
            drawer.line(ends, fill=ink + rng.randint(-28, 40), width=max(round(unit * 0.0021), 1))
            along += run * rng.uniform(0.9, 1.02)
        offset += gap * rng.uniform(0.8, 1.25)
    return sheet


def ink(stage: Stage, picture: Image.Image) -> Image.Image:
    """Ink wash on rice paper: soft greys, dry blacks, one red seal."""
    rng = stage.chance.stream("ink")
    work = working(picture, 1100)
    unit = min(work.size)
    grey = ImageOps.autocontrast(ImageOps.grayscale(work), cutoff=3)
    # Even areas turn to paper; ink stays where something stands out from what is around it.
    around = (
        work.resize((64, 64), Image.Resampling.BOX).convert("L").filter(ImageFilter.GaussianBlur(9))
    )
    relief = ImageChops.subtract(grey, around.resize(work.size, Image.Resampling.BICUBIC), 1.0, 128)
    relief = relief.point([round(min(255, max(0, 172 + (i - 128) * 1.9))) for i in range(256)])
    grey = Image.blend(relief, grey, 0.38)
    grey = wobbled(rng, grey.filter(ImageFilter.GaussianBlur(max(unit * 0.003, 0.5))), 0.006)
    lumps = (max(work.width * 6 // unit, 1), max(work.height * 6 // unit, 1))
    uneven = field(rng, *lumps, octaves=6, keep=0.65).resize(work.size)
    mixed = ImageChops.add(
        grey, uneven.point([round(104 + i * 0.19) for i in range(256)]), 1.0, -128
    )
    wash = mixed.point([round(255 * (0.3 + 0.7 * min(1.0, (i / 165) ** 0.8))) for i in range(256)])
    dark = levels(mixed, 28, 84)
    rim = ImageChops.subtract(wash.filter(ImageFilter.GaussianBlur(max(unit * 0.008, 1))), wash)
    sheet = ImageChops.subtract(ImageChops.multiply(wash, dark), rim)
    sheet = ImageChops.lighter(sheet, ImageOps.invert(rough_margin(rng, work.size, 0.05)))
    drawn = ImageOps.colorize(sheet, rgb("14161c"), rgb("f6f0e1"), rgb("8d8f90"))
    side = max(round(unit * 0.055), 3)
    left, top = work.width - round(unit * 0.075) - side, work.height - round(unit * 0.08) - side
    seal = ImageDraw.Draw(drawn)
    seal.rounded_rectangle((left, top, left + side, top + side), side * 0.12, fill=rgb("b8352a"))
    for k in range(3):
        y = top + side * (0.25 + 0.25 * k)
        seal.line(
            (left + side * 0.22, y, left + side * 0.78, y),
            fill=rgb("f2e2cf"),
            width=max(side // 12, 1),
        )
    x = left + side * rng.uniform(0.35, 0.65)
    seal.line(
        (x, top + side * 0.18, x, top + side * 0.82), fill=rgb("f2e2cf"), width=max(side // 12, 1)
    )
    return add_grain(drawn.resize(picture.size, Image.Resampling.BICUBIC), paper_tile(rng, 0.06))


def pastel(stage: Stage, picture: Image.Image) -> Image.Image:
    """Chalk dragged over toned paper."""
    rng = stage.chance.stream("pastel")
    work = working(picture, 1200)
    unit = min(work.size)
    chalk = Image.blend(work, Image.new("RGB", work.size, rgb("fff4ea")), 0.2)
    strokes = field(rng, max(work.width * 10 // unit, 1), max(work.height * 34 // unit, 1), 4, 0.8)
    strokes = strokes.rotate(28, expand=False, fillcolor=128).resize(work.size)
    tooth = tiled(paper_tile(rng, 1.0), work.size)
    cover = levels(ImageChops.add(strokes, tooth, 2.0), 74, 116)
    ground = Image.blend(
        chalk.filter(ImageFilter.GaussianBlur(unit * 0.02)),
        Image.new("RGB", work.size, rgb("e9dccb")),
        0.45,
    )
    drawn = Image.composite(wobbled(rng, chalk, 0.005), ground, cover)
    return drawn.resize(picture.size, Image.Resampling.BICUBIC)
