"""Treatments of the printer and the glazier: flat, pixels, pop, facets, stained glass."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from painter.colour import RGB, contrast, lightness, mix, rgb, saturate
from painter.noise import field, levels
from painter.stage import Stage
from painter.styles.sheets import (
    drawing_size,
    few_colours,
    flat_areas,
    seams,
    working,
)

Node = tuple[float, float]


def minimal(stage: Stage, picture: Image.Image) -> Image.Image:
    """A handful of quiet flat colours inside a wide margin."""
    paper = rgb("f6f1e6") if not stage.palette.dark else rgb("ece7dc")
    flat, _ = flat_areas(picture, 7, lambda c: mix(saturate(c, 0.82), paper, 0.12))
    edge = round(min(picture.size) * 0.055)
    framed = Image.new("RGB", picture.size, paper)
    inner = (edge, edge, picture.width - edge, picture.height - edge)
    framed.paste(
        flat.resize((inner[2] - inner[0], inner[3] - inner[1]), Image.Resampling.BICUBIC), inner[:2]
    )
    return framed


def pixel(stage: Stage, picture: Image.Image) -> Image.Image:
    """A small palette on a coarse grid."""
    cells = min(104, max(min(picture.size) // 3, 16))
    step = min(picture.size) / cells
    small = (max(round(picture.width / step), 1), max(round(picture.height / step), 1))
    coarse = picture.resize(small, Image.Resampling.BOX, reducing_gap=3.0)
    coarse = coarse.filter(ImageFilter.UnsharpMask(1, 110, 0))
    coarse = coarse.point([round(min(255, max(0, (i - 128) * 1.08 + 128))) for i in range(256)] * 3)
    colours = max(8, round(24 * min(stage.detail, 1.6) ** 0.5))
    few = coarse.quantize(colours, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    return few.convert("RGB").resize(picture.size, Image.Resampling.NEAREST)


def pop(stage: Stage, picture: Image.Image) -> Image.Image:
    """Loud flat inks, printed dots, black contours."""
    rng = stage.chance.stream("pop")
    inks = [rgb(c) for c in ("f7d21e", "ef3e36", "17a2d4", "f782b3", "fff6e3", "35b56a")]
    shift = rng.randrange(3)

    def loud(colour: RGB) -> RGB:
        bright = saturate(contrast(colour, 1.35), 1.75)
        light = lightness(colour)
        if light < 0.3:
            return mix(bright, rgb("1c1c3a"), 0.6)
        pick = inks[(round(light * 9) + shift) % len(inks)]
        return mix(bright, pick, 0.45)

    flat, contour = flat_areas(picture, 7, loud)
    grey = working(ImageOps.grayscale(picture), 900)
    dots = _halftone(grey).resize(picture.size, Image.Resampling.BICUBIC)
    printed = Image.composite(
        ImageChops.multiply(flat, Image.new("RGB", flat.size, rgb("f0768f"))), flat, dots
    )
    printed.paste(rgb("16161d"), (0, 0, *picture.size), contour)
    return printed


def _halftone(grey: Image.Image) -> Image.Image:
    """Dots that grow with the middle darkness of the picture."""
    pitch = max(round(min(grey.size) / 72), 3)
    screen = Image.new("L", grey.size, 255)
    dot = Image.radial_gradient("L").resize((pitch, pitch), Image.Resampling.BICUBIC)
    for row, top in enumerate(range(-pitch, grey.height, max(pitch * 3 // 4, 2))):
        for left in range(-pitch + (row % 2) * pitch // 2, grey.width, pitch):
            screen.paste(dot, (left, top))
    middle = grey.point([round(190 * math.exp(-(((i - 105) / 52) ** 2))) for i in range(256)])
    return levels(ImageChops.subtract(middle, screen, 1.0, 20), 18, 60)


def _net(rng: Random, picture: Image.Image, cells: int) -> tuple[list[list[Node]], Image.Image]:
    """A loose grid whose knots slip onto the contours of the picture (shares of its size)."""
    small = working(picture, 240)
    edges = ImageOps.grayscale(small.filter(ImageFilter.GaussianBlur(1))).filter(
        ImageFilter.FIND_EDGES
    )
    found = edges.load()
    unit = min(small.size)
    across = max(min(round(cells * small.width / unit), 90), 2)
    down = max(min(round(cells * small.height / unit), 90), 2)
    step_x, step_y = small.width / across, small.height / down
    rows: list[list[Node]] = []
    for j in range(down + 1):
        row: list[Node] = []
        for i in range(across + 1):
            spot = (i * step_x, j * step_y)
            if 0 < i < across and 0 < j < down and found is not None:
                tries = [
                    (
                        spot[0] + rng.uniform(-0.44, 0.44) * step_x,
                        spot[1] + rng.uniform(-0.44, 0.44) * step_y,
                    )
                    for _ in range(9)
                ]
                spot = max(tries, key=lambda p: _value(found[int(p[0]), int(p[1])]))
            elif 0 < i < across:
                spot = (spot[0] + rng.uniform(-0.3, 0.3) * step_x, spot[1])
            elif 0 < j < down:
                spot = (spot[0], spot[1] + rng.uniform(-0.3, 0.3) * step_y)
            row.append((spot[0] / small.width, spot[1] / small.height))
        rows.append(row)
    return rows, small


def _value(tone: object) -> float:
    return float(tone) if isinstance(tone, (int, float)) else 0.0


def _sample(small: Image.Image, *corners: Node) -> RGB:
    x = sum(c[0] for c in corners) / len(corners)
    y = sum(c[1] for c in corners) / len(corners)
    at = (min(int(x * small.width), small.width - 1), min(int(y * small.height), small.height - 1))
    tone = small.getpixel(at)
    return (tone[0], tone[1], tone[2]) if isinstance(tone, tuple) else (128, 128, 128)


def lowpoly(stage: Stage, picture: Image.Image) -> Image.Image:
    """Facets that follow the contours, each in one tone."""
    rng = stage.chance.stream("lowpoly")
    rows, small = _net(rng, picture, max(round(27 * min(stage.detail, 1.6) ** 0.5), 9))
    small = small.filter(ImageFilter.BoxBlur(1))
    size = drawing_size(picture)
    sheet = Image.new("RGB", size)
    drawer = ImageDraw.Draw(sheet)
    for upper, lower in pairwise(rows):
        for i in range(len(upper) - 1):
            a, b, c, d = upper[i], upper[i + 1], lower[i + 1], lower[i]
            halves = ((a, b, c), (a, c, d)) if rng.random() < 0.5 else ((a, b, d), (b, c, d))
            for corners in halves:
                # Facets tipped up catch light, those tipped down lose it.
                slope = (corners[1][1] - corners[0][1]) + (corners[2][1] - corners[0][1])
                facet = mix(
                    _sample(small, *corners),
                    rgb("fff4df") if slope > 0.02 else rgb("1b1e3a"),
                    rng.uniform(0.0, 0.075),
                )
                drawer.polygon(
                    [(x * size[0], y * size[1]) for x, y in corners], fill=saturate(facet, 1.12)
                )
    return sheet if size == picture.size else sheet.reduce(2)


def glass(stage: Stage, picture: Image.Image) -> Image.Image:
    """Panes of coloured glass; lead runs along the shapes and across large panes."""
    rng = stage.chance.stream("glass")
    small = working(picture, 540)
    few = few_colours(small, 9)
    rows, source = _net(rng, small, max(round(8 * min(stage.detail, 1.6) ** 0.5), 4))
    size = few.width * 2, few.height * 2
    unit = min(size)
    panes, lead = Image.new("RGB", size), Image.new("L", size)
    drawer, solder = ImageDraw.Draw(panes), ImageDraw.Draw(lead)
    thick = max(round(unit * 0.0055), 1)
    for j in range(len(rows) - 1):
        for i in range(len(rows[0]) - 1):
            corners = [rows[j][i], rows[j][i + 1], rows[j + 1][i + 1], rows[j + 1][i]]
            spots = [(x * size[0], y * size[1]) for x, y in corners]
            drawer.polygon(spots, fill=_sample(source, *corners))
            solder.line([*spots, spots[0]], fill=255, width=thick, joint="curve")
    flat = few.convert("RGB").resize(size, Image.Resampling.NEAREST)
    coloured = Image.blend(flat, panes, 0.16)
    coloured = coloured.point(
        [round(min(255, max(0, (i - 118) * 1.25 + 132))) for i in range(256)] * 3
    )
    coloured = ImageEnhance.Color(coloured).enhance(1.7)
    lead = ImageChops.lighter(lead, seams(few).resize(size, Image.Resampling.BICUBIC))
    lumps = (max(size[0] * 7 // unit, 1), max(size[1] * 7 // unit, 1))
    uneven = field(rng, *lumps, octaves=5).point([round(196 + i * 0.24) for i in range(256)])
    uneven = uneven.resize(size, Image.Resampling.BICUBIC)
    coloured = ImageChops.multiply(coloured, Image.merge("RGB", (uneven, uneven, uneven)))
    shadow = lead.filter(ImageFilter.GaussianBlur(max(unit * 0.006, 1)))
    coloured.paste(
        rgb("15131c"), (0, 0, *size), shadow.point([round(i * 0.45) for i in range(256)])
    )
    result = coloured.resize(picture.size, Image.Resampling.BICUBIC)
    lead = levels(lead.resize(picture.size, Image.Resampling.BICUBIC), 70, 170)
    result.paste(rgb("17161d"), (0, 0, *picture.size), lead)
    return result
