"""Painting over a picture: broad calm strokes with crisp borders, as a brush leaves them."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageChops, ImageFilter

from painter.styles.sheets import wobbled


def brushed(picture: Image.Image, rng: Random, width: float) -> Image.Image:
    """Painted over by hand, with a brush as wide as this share of the short side."""
    radius = max(width * min(picture.size), 1.0)
    broad = calmed(wobbled(rng, picture, width * 0.6), radius)
    fine = calmed(broad, max(radius * 0.45, 1.0))
    return fine.filter(ImageFilter.UnsharpMask(max(radius * 0.5, 1), 60, 2))


def calmed(picture: Image.Image, radius: float) -> Image.Image:
    """Each place takes the tone of the calmest ground beside it, so that borders stay crisp."""
    tones = picture.filter(ImageFilter.BoxBlur(radius))
    grey = picture.convert("L")
    swing = ImageChops.difference(grey, grey.filter(ImageFilter.BoxBlur(radius)))
    swing = swing.point([min(i * 4, 255) for i in range(256)]).filter(ImageFilter.BoxBlur(radius))
    step = max(round(radius), 1)
    best, least = _shifted(tones, -step, -step), _shifted(swing, -step, -step)
    for across, down in ((step, -step), (-step, step), (step, step)):
        tone, unrest = _shifted(tones, across, down), _shifted(swing, across, down)
        calmer = ImageChops.subtract(least, unrest).point([min(i * 90, 255) for i in range(256)])
        best.paste(tone, (0, 0), calmer)
        least = ImageChops.darker(least, unrest)
    return best


def _shifted(picture: Image.Image, across: int, down: int) -> Image.Image:
    moved = picture.copy()  # what the shift leaves open keeps its own tone
    moved.paste(picture, (across, down))
    return moved
