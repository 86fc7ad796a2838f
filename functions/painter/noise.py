"""Reproducible noise: cloud fields, grain and paper."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageChops, ImageFilter, ImageOps


def speckle(rng: Random, size: tuple[int, int]) -> Image.Image:
    """White noise."""
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))


def field(rng: Random, across: int, down: int, octaves: int = 5, keep: float = 0.5) -> Image.Image:
    """Cloud-like noise, (across, down) lumps doubled octaves - 1 times, full contrast."""
    across, down = min(max(across, 1), 64), min(max(down, 1), 64)
    lumps = speckle(rng, (across + 1, down + 1))
    for octave in range(1, octaves):
        size = (across * 2**octave + 1, down * 2**octave + 1)
        weight = keep**octave / sum(keep**i for i in range(octave + 1))
        lumps = Image.blend(
            lumps.resize(size, Image.Resampling.BICUBIC), speckle(rng, size), weight
        )
    return ImageOps.autocontrast(lumps.filter(ImageFilter.BoxBlur(1)), cutoff=1)


def levels(image: Image.Image, low: int, high: int, top: int = 255) -> Image.Image:
    """Stretch the tones between low and high, clipping the rest."""
    span = max(high - low, 1)
    curve = [round(min(max((i - low) / span, 0.0), 1.0) * top) for i in range(256)]
    return image.point(curve)


def tiled(tile: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Repeat a tile over a whole picture."""
    sheet = Image.new(tile.mode, size)
    for top in range(0, size[1], tile.height):
        for left in range(0, size[0], tile.width):
            sheet.paste(tile, (left, top))
    return sheet


def grain_tile(rng: Random, amount: float, side: int = 256, blur: float = 0.6) -> Image.Image:
    """A tile of noise around middle grey."""
    rough = speckle(rng, (side, side))
    rough = ImageChops.add(rough, speckle(rng, (side, side)), scale=2.0)
    if blur > 0:
        rough = rough.filter(ImageFilter.GaussianBlur(blur))
    return rough.point([round(128 + (i - 128) * amount) for i in range(256)])


def add_grain(image: Image.Image, tile: Image.Image) -> Image.Image:
    """Lay grain over a picture; a grey of 128 changes nothing."""
    sheet = tiled(tile, image.size)
    return ImageChops.add(image, Image.merge("RGB", (sheet, sheet, sheet)), 1.0, -128)
