"""The light of every hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from painter.colour import RGB, mix, rgb
from painter.data import table


@dataclass(frozen=True, slots=True)
class Palette:
    """The light of a picture."""

    sky: tuple[RGB, ...]  # zenith to horizon
    sun: RGB
    key: RGB  # colour of direct light
    shadow: RGB  # colour of everything the light misses
    cloud: RGB
    cloud_shade: RGB
    land: RGB  # the leading tone of the ground
    water: RGB
    accent: RGB
    second: RGB
    lamp: RGB
    strength: float  # how much key and shadow colour the things
    dark: bool = False

    @property
    def haze(self) -> RGB:
        """The colour that distance turns into."""
        return self.sky[-1]

    def lit(self, local: RGB, depth: float = 0.0) -> RGB:
        """A thing's colour in the light; depth 1 is lost in the haze."""
        warmed = mix(local, self.key, self.strength * 0.32)
        if self.dark:
            warmed = mix(warmed, self.shadow, 0.5)
        return mix(warmed, self.haze, depth)

    def shade(self, local: RGB, depth: float = 0.0) -> RGB:
        """A thing's colour in its own shadow."""
        share = 0.72 if self.dark else 0.34 + self.strength * 0.26
        return mix(mix(local, self.shadow, share), self.haze, depth)


def _palette(codes: Mapping[str, Any]) -> Palette:
    """A row of palettes.json: its colours as hex codes, the sky from the zenith to the horizon."""
    colours = {name: rgb(code) for name, code in codes.items() if isinstance(code, str)}
    return Palette(**{**codes, **colours, "sky": tuple(rgb(code) for code in codes["sky"])})


PALETTES: dict[str, tuple[Palette, ...]] = {
    light: tuple(_palette(codes) for codes in rows) for light, rows in table("palettes").items()
}
