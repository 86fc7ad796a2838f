"""The canvas: soft and crisp shapes, gradients and glows in size-free coordinates.

The short side of the canvas measures 1, so a circle stays a circle at every size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from painter.colour import RGB, mix
from painter.curves import Path, Point

Box = tuple[int, int, int, int]
EDGE = 180  # Pillow's radial gradient at the middle of an edge
CRISP_LIMIT = 5_000_000  # mask pixels above which supersampling is held to 2x


@dataclass(frozen=True, slots=True)
class Gradient:
    """Colour stops (position 0 to 1) between two canvas positions."""

    stops: tuple[tuple[float, RGB], ...]
    start: float
    end: float
    sideways: bool = False


Paint = RGB | Gradient


@dataclass(frozen=True, slots=True)
class Stencil:
    """A mask and the pixel box it covers."""

    box: Box
    mask: Image.Image


def vertical(top: RGB, bottom: RGB, start: float, end: float) -> Gradient:
    """Two colours, top to bottom."""
    return Gradient(((0.0, top), (1.0, bottom)), start, end)


def sideways(left: RGB, right: RGB, start: float, end: float) -> Gradient:
    """Two colours, left to right."""
    return Gradient(((0.0, left), (1.0, right)), start, end, sideways=True)


@lru_cache(maxsize=128)
def _ramp(stops: tuple[tuple[float, RGB], ...]) -> tuple[RGB, ...]:
    colours = []
    for i in range(256):
        at = i / 255
        below = max((s for s in stops if s[0] <= at), key=lambda s: s[0], default=stops[0])
        above = min((s for s in stops if s[0] >= at), key=lambda s: s[0], default=stops[-1])
        span = above[0] - below[0]
        colours.append(mix(below[1], above[1], (at - below[0]) / span if span > 0 else 0.0))
    return tuple(colours)


@lru_cache(maxsize=16)
def _falloff(power: float) -> Image.Image:
    # Pillow's gradient reaches 255 in the corners only; the light has to end at the edges.
    curve = [round(255 * max(0.0, 1 - i / EDGE) ** power) for i in range(256)]
    return Image.radial_gradient("L").point(curve)


class Canvas:
    """An RGB picture under way."""

    def __init__(self, width: int, height: int, smoothing: int = 2) -> None:
        self.width, self.height = width, height
        self.unit = min(width, height)
        self.w, self.h = width / self.unit, height / self.unit
        self.smoothing = smoothing
        self.image = Image.new("RGB", (width, height))
        self.figures: Image.Image | None = None  # white where figures stand, for who asks

    def watch_figures(self) -> None:
        """Note from now on where figures are drawn."""
        self.figures = Image.new("L", self.image.size)

    def note_figure(self, stencil: Stencil | None, opacity: float) -> None:
        """Something of a figure was poured through this stencil."""
        if stencil is None or self.figures is None:
            return
        mask = stencil.mask.point([round(i * opacity) for i in range(256)])
        noted = self.figures.crop(stencil.box)
        self.figures.paste(ImageChops.lighter(noted, mask), stencil.box)

    def stencil(self, paths: Iterable[Path], soft: float = 0.0) -> Stencil | None:
        """A mask of all the outlines together; soft is the blur in canvas measure."""
        outlines = [path for path in paths if len(path) > 2]
        if not outlines:
            return None
        unit, reach = self.unit, soft * 2.5
        left = min(x for path in outlines for x, _ in path) - reach
        right = max(x for path in outlines for x, _ in path) + reach
        top = min(y for path in outlines for _, y in path) - reach
        bottom = max(y for path in outlines for _, y in path) + reach
        area = (
            max(int(left * unit) - 1, 0),
            max(int(top * unit) - 1, 0),
            min(int(right * unit) + 2, self.width),
            min(int(bottom * unit) + 2, self.height),
        )
        if area[0] >= area[2] or area[1] >= area[3]:
            return None
        return Stencil(area, self._mask(outlines, area, soft * unit))

    def _mask(self, outlines: Sequence[Path], area: Box, blur: float) -> Image.Image:
        size = (area[2] - area[0], area[3] - area[1])
        if blur > 2.0:
            # A blur hides detail, so soft shapes are drawn small and enlarged.
            scale = min(1.0, 4.0 / blur)
            small = (max(round(size[0] * scale), 2), max(round(size[1] * scale), 2))
            mask = self._filled(outlines, area, small)
            mask = mask.filter(ImageFilter.GaussianBlur(blur * scale))
            return mask if small == size else mask.resize(size, Image.Resampling.BICUBIC)
        finer = self.smoothing
        while finer > 2 and size[0] * size[1] * finer * finer > CRISP_LIMIT:
            finer -= 1
        mask = self._filled(outlines, area, (size[0] * finer, size[1] * finer))
        mask = mask.reduce(finer) if finer > 1 else mask
        return mask.filter(ImageFilter.BoxBlur(blur)) if blur > 0.4 else mask

    def _filled(self, outlines: Sequence[Path], area: Box, size: tuple[int, int]) -> Image.Image:
        mask = Image.new("L", size)
        pencil = ImageDraw.Draw(mask)
        sx, sy = size[0] / (area[2] - area[0]), size[1] / (area[3] - area[1])
        ux, uy = self.unit * sx, self.unit * sy
        dx, dy = area[0] * sx + 0.5, area[1] * sy + 0.5
        for path in outlines:
            pencil.polygon([(x * ux - dx, y * uy - dy) for x, y in path], fill=255)
        return mask

    def fill(
        self,
        paths: Iterable[Path],
        paint: Paint,
        opacity: float = 1.0,
        soft: float = 0.0,
        within: Stencil | None = None,
        blend: str = "normal",
    ) -> None:
        """Paint the inside of the outlines."""
        self.pour(self.stencil(paths, soft), paint, opacity, within, blend)

    def pour(
        self,
        stencil: Stencil | None,
        paint: Paint,
        opacity: float = 1.0,
        within: Stencil | None = None,
        blend: str = "normal",
    ) -> None:
        """Paint through a stencil, optionally only where another one is open."""
        if stencil is not None and within is not None:
            stencil = overlap(stencil, within)
        if stencil is None or opacity <= 0.0:
            return
        area, mask = stencil.box, stencil.mask
        if opacity < 1.0:
            mask = mask.point([round(i * opacity) for i in range(256)])
        coat: Image.Image | RGB
        coat = self._poured(paint, area) if isinstance(paint, Gradient) else paint
        if blend != "normal":
            below = self.image.crop(area)
            if not isinstance(coat, Image.Image):
                coat = Image.new("RGB", below.size, coat)
            joined = ImageChops.screen if blend == "screen" else ImageChops.multiply
            coat = joined(below, coat)
        self.image.paste(coat, area, mask)

    def _poured(self, paint: Gradient, area: Box) -> Image.Image:
        ramp = _ramp(paint.stops)
        low, high = (area[0], area[2]) if paint.sideways else (area[1], area[3])
        start, span = paint.start * self.unit, max(paint.end - paint.start, 1e-6) * self.unit
        # Beyond its ends a gradient keeps its end colours.
        picks = [
            ramp[
                min(max(round((low + (high - low) * (i + 0.5) / 128 - start) / span * 255), 0), 255)
            ]
            for i in range(128)
        ]
        band = Image.new("RGB", (128, 1) if paint.sideways else (1, 128))
        band.putdata(picks)
        size = (area[2] - area[0], area[3] - area[1])
        line = (high - low, 1) if paint.sideways else (1, high - low)
        return band.resize(line, Image.Resampling.BICUBIC).resize(size, Image.Resampling.NEAREST)

    def wash(self, paint: Gradient | RGB) -> None:
        """Cover the whole canvas."""
        whole = (0, 0, self.width, self.height)
        coat = self._poured(paint, whole) if isinstance(paint, Gradient) else paint
        self.image.paste(coat, whole)

    def glow(
        self,
        centre: Point,
        radius: float,
        colour: RGB,
        opacity: float = 1.0,
        power: float = 2.0,
        flat: float = 1.0,
        within: Stencil | None = None,
    ) -> None:
        """Add light that fades outward; flat below 1 squashes it."""
        left, right = (int((centre[0] + radius * s) * self.unit) for s in (-1, 1))
        top, bottom = (int((centre[1] + radius * s * flat) * self.unit) for s in (-1, 1))
        if right - left < 2 or bottom - top < 2:
            return
        area = (max(left, 0), max(top, 0), min(right, self.width), min(bottom, self.height))
        if area[0] >= area[2] or area[1] >= area[3]:
            return
        sx, sy = 256 / (right - left), 256 / (bottom - top)
        source = (
            (area[0] - left) * sx,
            (area[1] - top) * sy,
            min((area[2] - left) * sx, 256.0),
            min((area[3] - top) * sy, 256.0),
        )
        size = (area[2] - area[0], area[3] - area[1])
        mask = _falloff(power).resize(size, Image.Resampling.BILINEAR, box=source)
        self.pour(Stencil(area, mask), colour, opacity, within, blend="screen")

    def veil(
        self, mask: Image.Image, paint: Paint, opacity: float, area: Box | None = None
    ) -> None:
        """Lay a colour over an area through any grey image, stretched to fit."""
        where = area or (0, 0, self.width, self.height)
        size = (where[2] - where[0], where[3] - where[1])
        if size[0] < 1 or size[1] < 1:
            return
        fitted = mask if mask.size == size else mask.resize(size, Image.Resampling.BICUBIC)
        self.pour(Stencil(where, fitted), paint, opacity)

    def pixels(self, left: float, top: float, right: float, bottom: float) -> Box:
        """A canvas area as a pixel box, clipped to the picture."""
        return (
            min(max(round(left * self.unit), 0), self.width),
            min(max(round(top * self.unit), 0), self.height),
            min(max(round(right * self.unit), 0), self.width),
            min(max(round(bottom * self.unit), 0), self.height),
        )


def overlap(one: Stencil, other: Stencil) -> Stencil | None:
    """Where both stencils are open."""
    area = (
        max(one.box[0], other.box[0]),
        max(one.box[1], other.box[1]),
        min(one.box[2], other.box[2]),
        min(one.box[3], other.box[3]),
    )
    if area[0] >= area[2] or area[1] >= area[3]:
        return None
    parts = [
        s.mask.crop(
            (area[0] - s.box[0], area[1] - s.box[1], area[2] - s.box[0], area[3] - s.box[1])
        )
        for s in (one, other)
    ]
    return Stencil(area, ImageChops.multiply(parts[0], parts[1]))
