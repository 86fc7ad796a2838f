"""Masks: a fresh painting set into a picture that stays as it is all around."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from painter.canvas import Box
from painter.noise import levels
from painter.styles.sheets import working
from painter.surroundings import STUDY, continued

NEARLY = 16  # how far from black and white a mask's black and white may be: JPEG is not exact
EDGES = 1024  # soft edges are made at this size
ROOM = 0.07  # how far around the mask the painting reaches, so that the two can be compared
OLD = 0.4  # how much of the old light and dark lies under a new ground, at strength 0
SMALLEST = 64  # nothing narrower is painted
SEEN = 2  # mean of the figures' mask, of 255, from which they count as what the painting shows


def open_area(mask: Image.Image, size: tuple[int, int]) -> Image.Image:
    """White where a picture of this size may change.

    The mask is laid over the frame as the reference is: filling it, trimmed evenly. Its luminance
    counts, its transparency does not.
    """
    grey = levels(mask.convert("L"), NEARLY, 255 - NEARLY)
    if grey.size == size:
        return grey
    smooth = ImageOps.fit(grey, size, Image.Resampling.BICUBIC)
    # Smoothing must not open what is closed.
    return ImageChops.darker(smooth, ImageOps.fit(grey, size, Image.Resampling.NEAREST))


def box_around(area: Image.Image) -> Box | None:
    """The open part with some room around it; nothing when no pixel is open."""
    box = area.getbbox()
    if box is None:
        return None
    room = round(max(box[2] - box[0], box[3] - box[1]) * ROOM) + 2
    left, right = _stretch(box[0] - room, box[2] + room, area.width)
    top, bottom = _stretch(box[1] - room, box[3] + room, area.height)
    return left, top, right, bottom


def _stretch(start: int, end: int, most: int) -> tuple[int, int]:
    """Inside the frame, and long enough to paint on."""
    lacking = max(SMALLEST - (end - start), 0)
    start = max(min(start - lacking // 2, most - SMALLEST), 0)
    return start, min(max(end + lacking - lacking // 2, start + SMALLEST), most)


def composited(
    kept: Image.Image,
    part: Image.Image,
    figures: Image.Image | None,
    area: Image.Image,
    box: Box,
    strength: float,
) -> Image.Image:
    """The painted part inside the open area; all else exactly as kept."""
    before, opened = kept.crop(box), area.crop(box)
    closed = opened.point([255] + [0] * 255)
    if not closed.getbbox():
        return part
    light = continued(before, closed)
    change = ImageChops.subtract(light, continued(part, closed), scale=2.0, offset=128)
    lift = change.resize(part.size, Image.Resampling.BICUBIC)
    figures = figures or Image.new("L", part.size)
    # Figures keep half of their own colours, the ground takes those of its surroundings.
    lift.paste((128, 128, 128), (0, 0), figures.point([i // 2 for i in range(256)]))
    joined = ImageChops.add(ImageChops.add(part, lift, 1.0, -128), lift, 1.0, -128)
    # Toward the edge only figures stand out from what is around, and where they are what was asked
    # for, their own background should not compete with the one they come into.
    asked = ImageStat.Stat(figures, opened).mean[0] > SEEN
    shown = 0.45 + 0.55 * strength if asked else 1.0
    depth = _depth(opened).point([round(i * shown) for i in range(256)])
    masses = working(before, STUDY).filter(ImageFilter.GaussianBlur(5))
    ground = Image.blend(light, masses, OLD + (1.0 - OLD) * strength)
    ground = ground.resize(part.size, Image.Resampling.BICUBIC)
    inner = Image.composite(joined, ground, ImageChops.lighter(depth, figures))
    result = kept.copy()
    result.paste(inner, box[:2], _soft(opened))
    return result


def _soft(opened: Image.Image) -> Image.Image:
    """The open area with an edge that softens inward only."""
    small = working(opened, EDGES)
    edge = max(min(small.size) * 0.03, 1.0)
    while edge >= 1.0:
        soft = _inward(small, edge)
        # An area as narrow as its edge would hardly show: it gets a sharper one.
        if ImageStat.Stat(soft).sum[0] > 0.6 * ImageStat.Stat(small).sum[0]:
            wide = soft.resize(opened.size, Image.Resampling.BICUBIC)
            return ImageChops.darker(wide, opened)
        edge /= 2
    return opened


def _depth(opened: Image.Image) -> Image.Image:
    """How deep inside the open area, white from a good part of the way to its middle."""
    small = working(opened, STUDY)
    deep = _inward(small, max(min(small.size) * 0.14, 1.0))
    return deep.resize(opened.size, Image.Resampling.BICUBIC)


def _inward(opened: Image.Image, edge: float) -> Image.Image:
    # Beyond the border of the frame the area goes on, so that no edge shows there.
    room = round(edge) + 1
    wider = Image.new("L", (opened.width + 2 * room, opened.height + 2 * room))
    wider.paste(opened.resize(wider.size), (0, 0))
    wider.paste(opened, (room, room))
    blurred = wider.filter(ImageFilter.BoxBlur(edge)).crop(
        (room, room, room + opened.width, room + opened.height)
    )
    soft = blurred.point([max(0, 2 * i - 255) for i in range(256)])
    return ImageChops.darker(soft, opened)
