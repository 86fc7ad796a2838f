"""Colour arithmetic in OKLab, where mixtures stay clean and lightness means lightness."""

from __future__ import annotations

import math
from functools import lru_cache

RGB = tuple[int, int, int]
Lab = tuple[float, float, float]

WHITE: RGB = (255, 252, 245)
INK: RGB = (18, 20, 34)


def rgb(code: str) -> RGB:
    """Read a six digit hex colour such as "f4a261"."""
    value = int(code, 16)
    return value >> 16 & 255, value >> 8 & 255, value & 255


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _encoded(value: float) -> int:
    share = min(max(value, 0.0), 1.0)
    curved = share * 12.92 if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055
    return round(curved * 255)


@lru_cache(maxsize=4096)
def to_lab(colour: RGB) -> Lab:
    """Convert to OKLab."""
    r, g, b = (_linear(channel) for channel in colour)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def from_lab(lab: Lab) -> RGB:
    """Convert back from OKLab, clipping what a screen cannot show."""
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _encoded(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _encoded(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _encoded(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """Blend: share 0 is the first colour, 1 the second."""
    share = min(max(share, 0.0), 1.0)
    one, two = to_lab(first), to_lab(second)
    return from_lab(
        (
            one[0] + (two[0] - one[0]) * share,
            one[1] + (two[1] - one[1]) * share,
            one[2] + (two[2] - one[2]) * share,
        )
    )


def lighter(colour: RGB, share: float) -> RGB:
    """Move toward warm white."""
    return mix(colour, WHITE, share)


def darker(colour: RGB, share: float) -> RGB:
    """Move toward blue-black ink."""
    return mix(colour, INK, share)


def lightness(colour: RGB) -> float:
    """Perceived lightness, 0 to 1."""
    return to_lab(colour)[0]


def chroma(colour: RGB) -> float:
    """Distance from grey; about 0.3 at most."""
    _, a, b = to_lab(colour)
    return math.hypot(a, b)


def saturate(colour: RGB, factor: float) -> RGB:
    """Scale the distance from grey."""
    light, a, b = to_lab(colour)
    return from_lab((light, a * factor, b * factor))


def shade_to(colour: RGB, light: float) -> RGB:
    """The same hue at another lightness."""
    _, a, b = to_lab(colour)
    return from_lab((light, a, b))


def rotate(colour: RGB, degrees: float) -> RGB:
    """Turn the hue."""
    light, a, b = to_lab(colour)
    angle = math.radians(degrees)
    turn, side = math.cos(angle), math.sin(angle)
    return from_lab((light, a * turn - b * side, a * side + b * turn))


def hue_toward(colour: RGB, target: RGB, share: float) -> RGB:
    """Keep the lightness, take the hue and most of the strength of the target."""
    light, a, b = to_lab(colour)
    wanted_light, wanted_a, wanted_b = to_lab(target)
    # Very light and very dark tones cannot carry the full strength of a pigment.
    room = 1.0 - min(abs(light - wanted_light) * 1.1, 0.8)
    return from_lab(
        (
            light + (wanted_light - light) * share * 0.18,
            a + (wanted_a * room - a) * share,
            b + (wanted_b * room - b) * share,
        )
    )


def contrast(colour: RGB, factor: float, pivot: float = 0.55) -> RGB:
    """Spread lightness away from a pivot."""
    light, a, b = to_lab(colour)
    return from_lab((min(max(pivot + (light - pivot) * factor, 0.0), 1.0), a, b))
