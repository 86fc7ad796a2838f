"""Reading reference pictures: in any mode and shape, as sizes and colours to work with."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageOps

from painter.colour import RGB
from painter.styles.sheets import working

THUMB = 96  # colours are counted at this size
RANKS = 48  # steps from dark to bright in which colours are compared
MOST = 4  # further references change nothing


def fitted(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A reference as RGB that fills exactly this size; what is too long is trimmed evenly."""
    plain = picture if picture.mode == "RGB" else _flattened(picture)
    return plain if plain.size == size else ImageOps.fit(plain, size, Image.Resampling.LANCZOS)


def _flattened(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    ground = Image.new("RGBA", layered.size, (255, 255, 255, 255))
    return Image.alpha_composite(ground, layered).convert("RGB")


def glimpse(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A reference at a size to study it at: quicker than fitted, and less fine."""
    return fitted(working(picture, 4 * max(size)), size)


def tones_of(picture: Image.Image, count: int = 8) -> tuple[RGB, ...]:
    """The leading colours of a picture."""
    small = glimpse(picture, (48, 48)).quantize(count, Image.Quantize.MEDIANCUT)
    flat = small.getpalette() or [128, 128, 128]
    used = sorted(index for _, index in small.getcolors() or [(1, 0)] if isinstance(index, int))
    return tuple((flat[3 * i], flat[3 * i + 1], flat[3 * i + 2]) for i in used)


def toned_like(
    picture: Image.Image, references: Sequence[Image.Image], share: float
) -> Image.Image:
    """Move the distribution of each channel toward that of all the references together."""
    have = working(picture, THUMB).histogram()
    want = [0] * 768
    for reference in references[:MOST]:
        want = [a + b for a, b in zip(want, _counts(reference), strict=True)]
    table: list[int] = []
    for channel in range(3):
        part = slice(channel * 256, channel * 256 + 256)
        table += _matching(have[part], want[part], share)
    return picture.point(table)


def recoloured_like(first: Image.Image, references: Sequence[Image.Image]) -> Image.Image:
    """The first reference in the colours of all: its own light and dark stay.

    What is as bright in it, by rank, as something in the others takes on a share of their colour.
    """
    others = references[1:MOST]
    if not others:
        return first
    light, blue, red = first.convert("YCbCr").split()
    ranks = _ranks(light.histogram())
    ramps = [_ramp(reference) for reference in others]
    share = 0.75 * len(ramps) / (len(ramps) + 1)
    tinted = []
    for own, channel in ((blue, 0), (red, 1)):
        curve = [round(sum(ramp[rank][channel] for ramp in ramps) / len(ramps)) for rank in ranks]
        tinted.append(Image.blend(own, light.point(curve), share))
    return Image.merge("YCbCr", (light, *tinted)).convert("RGB")


def _ranks(counts: list[int]) -> list[int]:
    """For each brightness the share of the picture that is darker, in steps of RANKS."""
    total, seen, ranks = max(sum(counts), 1), 0.0, list[int]()
    for count in counts:
        ranks.append(min(int((seen + count / 2) / total * RANKS), RANKS - 1))
        seen += count
    return ranks


def _ramp(reference: Image.Image) -> list[tuple[float, float]]:
    """The colour of a reference from its darkest to its brightest parts."""
    small = glimpse(reference, (THUMB, THUMB)).convert("YCbCr").tobytes()
    tones = sorted(zip(small[::3], small[1::3], small[2::3], strict=True))
    step, wide = len(tones) // RANKS, len(tones) // 12
    ramp: list[tuple[float, float]] = []
    for rank in range(RANKS):
        near = tones[max(rank * step - wide, 0) : rank * step + wide]
        ramp.append((sum(t[1] for t in near) / len(near), sum(t[2] for t in near) / len(near)))
    return ramp


def _counts(reference: Image.Image) -> list[int]:
    return glimpse(reference, (THUMB, THUMB)).histogram()


def _matching(have: list[int], want: list[int], share: float) -> list[int]:
    total_have, total_want = max(sum(have), 1), max(sum(want), 1)
    curve: list[int] = []
    seen, reached, level = 0.0, want[0] / total_want, 0
    for i in range(256):
        seen += have[i] / total_have
        while reached < seen - 1e-9 and level < 255:
            level += 1
            reached += want[level] / total_want
        curve.append(round(i + (level - i) * share))
    return curve
