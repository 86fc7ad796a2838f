"""Following references: their colours first, then their light and dark, then their shapes."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageChops, ImageFilter, ImageOps

from painter.brushwork import brushed
from painter.noise import field
from painter.references import fitted, glimpse, recoloured_like, toned_like
from painter.styles.sheets import Size

STUDY = 96  # light and dark are studied at this size
BRUSHED = 1536  # the longest side at which references are painted over
SHAPES_FROM = 0.3  # below this strength nothing of the reference's shapes is drawn
SOFT = 0.55  # how gradually its shapes take over from the painting
WASH = 0.3  # how much of the reference's masses comes back after a style, at strength 1
WASHES = {"watercolour": 0.2, "minimal": 0.2, "pencil": 0.4, "ink": 0.4, "pop": 0.55, "noir": 0.4}


def follow(
    painted: Image.Image,
    references: tuple[Image.Image, ...],
    strength: float,
    figures: Image.Image | None,
    rng: Random,
) -> Image.Image:
    """The painting as the references inspire it: not at all at 0, as closely as can be at 1."""
    if strength <= 0:
        return painted
    first = fitted(references[0], _brushing(painted.size))
    first = recoloured_like(first, references)
    followed = toned_like(painted, references, strength * 0.8)
    # The closer the reference is followed, the finer the part of it that shows.
    softness = 2.0 + 8.0 * (1.0 - strength) ** 1.5
    followed = _lit_like(followed, first, min(strength * 1.15, 1.0), softness, figures)
    if strength <= SHAPES_FROM:
        return followed
    width = 0.0055 + 0.026 * (1.0 - strength) ** 1.3
    shapes = brushed(first, rng, width)
    return Image.composite(
        shapes.resize(painted.size, Image.Resampling.BICUBIC),
        followed,
        _share(first, figures, strength, rng).resize(painted.size, Image.Resampling.BICUBIC),
    )


def settled(
    styled: Image.Image,
    references: tuple[Image.Image, ...],
    strength: float,
    styles: tuple[str, ...],
) -> Image.Image:
    """What a style took away of the large masses, given back in part, as a wash over the sheet."""
    share = min((WASHES.get(name, WASH) for name in styles), default=0.0) * strength
    if share <= 0:
        return styled
    first = glimpse(references[0], _study(styled.size))
    wanted = recoloured_like(first, references)
    if "noir" in styles:
        wanted = wanted.convert("L").convert("RGB")
    return _lit_like(styled, wanted, share, 9.0, None)


def _brushing(size: Size) -> Size:
    # A long strip is not made narrower than a brush needs.
    scale = min(1.0, max(BRUSHED / max(size), 256 / min(size)))
    return max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)


def _study(size: Size) -> Size:
    scale = STUDY / min(size)
    return (
        max(min(round(size[0] * scale), 8 * STUDY), 2),
        max(min(round(size[1] * scale), 8 * STUDY), 2),
    )


def _lit_like(
    painted: Image.Image,
    wanted: Image.Image,
    weight: float,
    softness: float,
    figures: Image.Image | None,
) -> Image.Image:
    """Move the large masses of light and colour toward the reference's."""
    small = _study(painted.size)
    blur = ImageFilter.GaussianBlur(softness)
    there = wanted.resize(small, Image.Resampling.BOX).filter(blur)
    here = painted.resize(small, Image.Resampling.BOX)
    if figures is None:
        here = here.filter(blur)
    else:
        # Of the ground alone: a bright figure would draw a dark ring around itself.
        ground = figures.resize(small, Image.Resampling.BOX).point(
            [max(255 - i, 10) for i in range(256)]
        )
        here.putalpha(ground)
        here = here.convert("RGBa").filter(blur).convert("RGBA").convert("RGB")
    change = ImageChops.subtract(there, here, scale=2.0, offset=128)
    change = change.point([round(128 + (i - 128) * weight) for i in range(256)] * 3)
    lift = change.resize(painted.size, Image.Resampling.BICUBIC)
    if figures is not None:
        # Masses that end inside a figure would break it: it takes little of them.
        lift.paste((128, 128, 128), (0, 0), figures.point([round(i * 0.75) for i in range(256)]))
    return ImageChops.add(ImageChops.add(painted, lift, 1.0, -128), lift, 1.0, -128)


def _share(
    wanted: Image.Image, figures: Image.Image | None, strength: float, rng: Random
) -> Image.Image:
    """Where the reference's shapes are drawn: first where it is striking, over figures last."""
    small = _study(wanted.size)
    striking = _striking(wanted.resize(small, Image.Resampling.BOX))
    lumps = field(rng, 7, 7, octaves=4, keep=0.6).resize(small, Image.Resampling.BICUBIC)
    score = Image.blend(striking, lumps, 0.22)
    if figures is not None:
        kept = _aura(figures, small, 4)
        score = ImageChops.subtract(
            score.point([round(70 + i * 0.72) for i in range(256)]),
            kept.point([round(i * 0.9) for i in range(256)]),
        )
    reached = (strength - SHAPES_FROM) / (1.0 - SHAPES_FROM)
    start = 1.0 - reached * (1.0 + SOFT)
    most = min(0.25 + 1.25 * reached, 1.0)  # at first as if through mist
    curve = [round(255 * min(max((i / 255 - start) / SOFT, 0.0), most)) for i in range(256)]
    return score.point(curve).filter(ImageFilter.BoxBlur(1))


def _aura(figures: Image.Image, small: Size, reach: int) -> Image.Image:
    """The figures with a soft rim of what is around them, at study size."""
    whole = figures.resize(small, Image.Resampling.BOX)
    rim = whole.filter(ImageFilter.MaxFilter(2 * reach + 1)).filter(ImageFilter.BoxBlur(reach))
    return ImageChops.lighter(whole, rim)


def _striking(study: Image.Image) -> Image.Image:
    """What stands out from the border, and from what is around it."""
    frame = study.resize((3, 3), Image.Resampling.BOX).resize(study.size, Image.Resampling.BICUBIC)
    grey = ImageChops.difference(study, frame).convert("L")
    return ImageOps.autocontrast(grey.filter(ImageFilter.GaussianBlur(7)), cutoff=1)
