"""Working from reference pictures: their palette, their light and dark, and masks."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter, ImageOps

from darkroom.providers.painter.colour import RGB

THUMB = 96  # references are studied at this size


def fitted(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A reference as RGB at exactly this size."""
    plain = picture if picture.mode == "RGB" else _flattened(picture)
    return plain if plain.size == size else plain.resize(size, Image.Resampling.LANCZOS)


def _flattened(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    ground = Image.new("RGBA", layered.size, (255, 255, 255, 255))
    return Image.alpha_composite(ground, layered).convert("RGB")


def tones_of(picture: Image.Image, count: int = 8) -> tuple[RGB, ...]:
    """The leading colours of a picture."""
    small = fitted(picture, (48, 48)).quantize(count, Image.Quantize.MEDIANCUT)
    flat = small.getpalette() or [128, 128, 128]
    used = sorted(index for _, index in small.getcolors() or [(1, 0)] if isinstance(index, int))
    return tuple((flat[3 * i], flat[3 * i + 1], flat[3 * i + 2]) for i in used)


def follow(painted: Image.Image, reference: Image.Image, strength: float) -> Image.Image:
    """Take over the reference's tones and, with growing strength, its layout."""
    if strength <= 0:
        return painted
    painted = _toned(painted, reference, strength)
    reach = THUMB / painted.width
    small = (
        max(round(painted.width * reach), 2),
        max(min(round(painted.height * reach), 6 * THUMB), 2),
    )
    # The closer the reference is followed, the finer the part of it that shows.
    blur = 1.0 + 9.0 * (1.0 - strength) ** 1.5
    wanted = fitted(reference, small).filter(ImageFilter.GaussianBlur(blur))
    have = painted.resize(small, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(blur))
    change = ImageChops.subtract(wanted, have, scale=2.0, offset=128)
    weight = strength**1.2
    change = change.point([round(128 + (i - 128) * weight) for i in range(256)] * 3)
    lift = change.resize(painted.size, Image.Resampling.BICUBIC)
    once = ImageChops.add(painted, lift, 1.0, -128)
    return ImageChops.add(once, lift, 1.0, -128)


def _toned(painted: Image.Image, reference: Image.Image, strength: float) -> Image.Image:
    """Move the distribution of each channel toward the reference's."""
    size = (THUMB, THUMB)
    have = painted.resize(size, Image.Resampling.BOX).histogram()
    want = fitted(reference, size).histogram()
    table: list[int] = []
    for channel in range(3):
        part = slice(channel * 256, channel * 256 + 256)
        table += _matching(have[part], want[part], strength * 0.8)
    return painted.point(table)


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


def mask_area(
    mask: Image.Image, size: tuple[int, int]
) -> tuple[Image.Image, tuple[int, int, int, int] | None]:
    """The mask at picture size and the box of its white part."""
    grey = mask.convert("L")
    if grey.size != size:
        grey = grey.resize(size, Image.Resampling.NEAREST)
    return grey, grey.getbbox()


def inlay(kept: Image.Image, painted: Image.Image, mask: Image.Image) -> Image.Image:
    """Set the painted part into the kept picture; black mask pixels stay exactly as they were."""
    edge = max(min(mask.size) // 220, 1)
    soft = ImageOps.autocontrast(mask.filter(ImageFilter.BoxBlur(edge)), cutoff=0)
    inner = soft.point([max(0, 2 * i - 255) for i in range(256)])
    # The seam may only soften inward, so that nothing leaks past the mask.
    alpha = ImageChops.darker(mask, inner if inner.getbbox() else mask)
    return Image.composite(painted, kept, alpha)
