"""Keeping unwanted colours out of a finished picture."""

from __future__ import annotations

import colorsys

from PIL import Image

from painter.colour import chroma
from painter.colour_words import COLOURS

REACH = 24  # how much of the hue circle (of 256) around a colour counts as that colour


def without_colours(picture: Image.Image, banned: tuple[str, ...]) -> Image.Image:
    """Turn every pixel of an unwanted hue to the nearest wanted one."""
    tones = [COLOURS[name] for name in banned if name in COLOURS]
    vivid = [tone for tone in tones if chroma(tone) > 0.04]
    if not vivid:
        return picture
    centres = [round(colorsys.rgb_to_hsv(*(c / 255 for c in tone))[0] * 255) for tone in vivid]

    def distance(hue: int) -> int:
        return min(min(abs(hue - c), 256 - abs(hue - c)) for c in centres)

    allowed = [hue for hue in range(256) if distance(hue) > REACH] or list(range(256))
    turned = [
        min(allowed, key=lambda a: min(abs(a - hue), 256 - abs(a - hue))) for hue in range(256)
    ]
    calm = [255 if distance(hue) > REACH else 150 for hue in range(256)]
    hue, saturation, value = picture.convert("HSV").split()
    muted = saturation.point([round(i * 0.6) for i in range(256)])
    saturation = Image.composite(
        saturation, muted, hue.point([255 if c == 255 else 0 for c in calm])
    )
    return Image.merge("HSV", (hue.point(turned), saturation, value)).convert("RGB")
