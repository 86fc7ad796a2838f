"""What several treatments share: working sizes, flat colour areas, paper, brush direction."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from painter.colour import RGB
from painter.noise import field, levels, speckle

Size = tuple[int, int]


def working(picture: Image.Image, longest: int) -> Image.Image:
    """The picture, no larger than this."""
    scale = min(1.0, longest / max(picture.size))
    if scale == 1.0:
        return picture
    size = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
    return picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def drawing_size(picture: Image.Image) -> Size:
    """A size to draw edges at: doubled for small pictures, so that they come out smooth."""
    scale = 2 if max(picture.size) <= 1100 else 1
    return picture.width * scale, picture.height * scale


def few_colours(picture: Image.Image, count: int) -> Image.Image:
    """The picture as calm areas of a few colours, with a palette."""
    calm = picture.filter(ImageFilter.MedianFilter(5))
    few = calm.quantize(count, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    return few.filter(ImageFilter.ModeFilter(5)) if min(few.size) > 100 else few


def seams(few: Image.Image) -> Image.Image:
    """Lines where the areas of a few-coloured picture meet."""
    lines = few.convert("RGB").filter(ImageFilter.FIND_EDGES).convert("L").point([0] + [255] * 255)
    ImageDraw.Draw(lines).rectangle((0, 0, few.width - 1, few.height - 1), outline=0, width=2)
    return lines.filter(ImageFilter.GaussianBlur(1.1))


def flat_areas(
    picture: Image.Image, count: int, change: Callable[[RGB], RGB]
) -> tuple[Image.Image, Image.Image]:
    """The picture in flat colours with clean rounded borders, and the lines between them."""
    few = few_colours(working(picture, 540), count)
    flat = few.getpalette() or []
    ranked = sorted((n, i) for n, i in few.getcolors() or [] if isinstance(i, int))[::-1]
    tones = {i: change((flat[3 * i], flat[3 * i + 1], flat[3 * i + 2])) for _, i in ranked}
    result = Image.new("RGB", picture.size, tones[ranked[0][1]])
    steep = max(picture.width / few.width, 1.0)
    for _, index in ranked[1:]:
        area = few.point([255 if i == index else 0 for i in range(256)], "L")
        area = area.filter(ImageFilter.GaussianBlur(1.4)).resize(
            picture.size, Image.Resampling.BICUBIC
        )
        middle, half = 112, 90 / steep
        area = levels(area, round(middle - half), round(middle + half))
        result.paste(tones[index], (0, 0, *picture.size), area)
    lines = seams(few).resize(picture.size, Image.Resampling.BICUBIC)
    return result, levels(lines, 60, 160)


def wobbled(rng: Random, picture: Image.Image, amount: float) -> Image.Image:
    """Edges drawn by hand: the picture pulled about on a loose net."""
    width, height = picture.size
    cells = 26
    across = max(min(round(cells * width / min(picture.size)), 60), 2)
    down = max(min(round(cells * height / min(picture.size)), 60), 2)
    swing = amount * min(picture.size)
    nodes = {
        (i, j): (
            width * i / across + (rng.uniform(-swing, swing) if 0 < i < across else 0.0),
            height * j / down + (rng.uniform(-swing, swing) if 0 < j < down else 0.0),
        )
        for i in range(across + 1)
        for j in range(down + 1)
    }
    net = []
    for i in range(across):
        for j in range(down):
            target = (
                width * i // across,
                height * j // down,
                width * (i + 1) // across,
                height * (j + 1) // down,
            )
            corners = (*nodes[i, j], *nodes[i, j + 1], *nodes[i + 1, j + 1], *nodes[i + 1, j])
            net.append((target, corners))
    return picture.transform(picture.size, Image.Transform.MESH, net, Image.Resampling.BILINEAR)


def rough_margin(rng: Random, size: Size, margin: float) -> Image.Image:
    """White inside, black along an uneven border."""
    side = 320
    scale = side / min(size)
    small = (min(max(round(size[0] * scale), 8), 2400), min(max(round(size[1] * scale), 8), 2400))
    edge = Image.new("L", small)
    inset = max(round(margin * side), 1)
    if small[0] > inset * 2 + 2 and small[1] > inset * 2 + 2:
        edge.paste(255, (inset, inset, small[0] - inset, small[1] - inset))
    edge = edge.filter(ImageFilter.GaussianBlur(inset * 0.5))
    lumps = field(rng, max(small[0] // 26, 1), max(small[1] // 26, 1), 4).resize(small)
    return levels(ImageChops.add(edge, lumps, 2.0), 122, 140).resize(size, Image.Resampling.BICUBIC)


def paper_tile(rng: Random, depth: float, side: int = 384) -> Image.Image:
    """The tooth of paper around middle grey, lit from above left."""
    rough = speckle(rng, (side, side)).filter(ImageFilter.GaussianBlur(1.1))
    relief = ImageOps.autocontrast(rough.filter(ImageFilter.EMBOSS), cutoff=1)
    return relief.point([round(128 + (i - 128) * depth) for i in range(256)])


class Flow:
    """Directions along the contours of a picture."""

    def __init__(self, picture: Image.Image, rng: Random) -> None:
        grey = working(ImageOps.grayscale(picture), 96).filter(ImageFilter.GaussianBlur(1.6))
        self._size = grey.size
        self._tones = list(grey.get_flattened_data())
        self._drift = rng.random() * math.tau

    def _tone(self, x: int, y: int) -> int:
        width, height = self._size
        tone = self._tones[min(max(y, 0), height - 1) * width + min(max(x, 0), width - 1)]
        return int(tone) if isinstance(tone, (int, float)) else 0

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The angle and how marked the contour is, at shares of width and height."""
        px, py = int(x * self._size[0]), int(y * self._size[1])
        dx = self._tone(px + 1, py) - self._tone(px - 1, py)
        dy = self._tone(px, py + 1) - self._tone(px, py - 1)
        marked = math.hypot(dx, dy)
        if marked < 3:
            swirl = math.sin(x * 5 + self._drift) + math.cos(y * 6 - self._drift)
            return swirl * 0.6, marked
        return math.atan2(dy, dx) + math.pi / 2, marked
