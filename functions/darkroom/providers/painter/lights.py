"""The light of every hour, as tables of colours."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.providers.painter.colour import (
    RGB,
    mix,
    rgb,
)


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


def _palette(
    sky: str, lights: str, clouds: str, ground: str, strength: float, *, dark: bool = False
) -> Palette:
    """Colours as hex words: sky stops; sun key shadow lamp; cloud pair; land water accents."""
    sun, key, shadow, lamp = (rgb(c) for c in lights.split())
    cloud, cloud_shade = (rgb(c) for c in clouds.split())
    land, water, accent, second = (rgb(c) for c in ground.split())
    tones = tuple(rgb(c) for c in sky.split())
    return Palette(
        tones,
        sun,
        key,
        shadow,
        cloud,
        cloud_shade,
        land,
        water,
        accent,
        second,
        lamp,
        strength,
        dark,
    )


PALETTES: dict[str, tuple[Palette, ...]] = {
    "day": (
        _palette(
            "2f7fb8 63aed2 a9d8e2 e9f0dc",
            "fffbe6 fff3d0 2b4a78 ffd98a",
            "fffdf4 b9d3e0",
            "6f9e52 2d8aa8 d8553a f2b84b",
            0.45,
        ),
        _palette(
            "3a8fb0 7cc0c4 bfe0d0 f6ecd0",
            "fffae0 fff0c4 2e4f6e ffd98a",
            "fffaf0 bcd6d2",
            "86a04f 2f8f98 c94f3d efb045",
            0.5,
        ),
        _palette(
            "4274b4 6fa2d4 acc9e6 efe9e4",
            "fffdf0 fff2dc 33477e ffdf9a",
            "ffffff b5c4de",
            "5f9460 34759f e0653f f3c65a",
            0.42,
        ),
    ),
    "golden": (
        _palette(
            "5d86a0 a9b9a6 f0cf94 fbe0a8",
            "fff6cf ffd98c 4a3b5c ffd27a",
            "fff0cd d9a983",
            "a38b3c 5b8a8c c2502f 2f6f73",
            0.8,
        ),
        _palette(
            "7a8fae c8b6a4 f3c583 fdd79a",
            "fff3c4 ffcf80 51405f ffcf70",
            "ffecc4 d69d78",
            "98803a 6a8f95 b8452c 37617a",
            0.85,
        ),
    ),
    "sunset": (
        _palette(
            "2c3e70 7a5a8e d9777a f7a660 fdd184",
            "fff1bf ffb067 33265a ffd27a",
            "ffc08a 8d5f8c",
            "5c4a5e 4a5d8f e4573d f6b24a",
            0.95,
        ),
        _palette(
            "1f4a6e 4f86924 e8b07a f58a57 fbb36a".replace("4f86924", "4f8692"),
            "fff0c2 ffab63 2a2f55 ffd27a",
            "ffc694 7f6f84",
            "5d5148 3d6d86 d94a35 f3aa45",
            0.95,
        ),
        _palette(
            "3b2f63 8b4a7d d9636f f88f5b ffc47c",
            "ffe9ae ff9f62 2f1f4f ffce78",
            "ffb088 80507f",
            "553f58 5a4a86 ef5a43 f9b755",
            1.0,
        ),
        _palette(
            "5a4a78 a8688a ea8a7c fbb48a fdd9ae",
            "fff4d6 ffb98a 3b2c5c ffd890",
            "ffd2b0 a9718d",
            "6a5566 6a6a9c d8514a f0ae5e",
            0.9,
        ),
    ),
    "dawn": (
        _palette(
            "5b7fae 9fa9cc e8bfc3 fcdcc0 fff0d4",
            "fff8e2 ffd9bb 45426f ffdca0",
            "ffe6d6 b79fb9",
            "7f8b6a 7d9fba d9705f eebf7a",
            0.7,
        ),
        _palette(
            "4f6f9a 86a3bd d5c8c6 f8d3b4 fde8c6",
            "fff6dc ffd2ac 3d4468 ffd898",
            "fbe2d0 a8a0b8",
            "76835f 6c94ab c96552 e9b770",
            0.7,
        ),
    ),
    "dusk": (
        _palette(
            "1b2a55 3c4f87 7f75a8 d598a0 f1bfa0",
            "ffeeda d9a7b4 1c2048 ffcf80",
            "b79ac0 574f85",
            "3f4a5c 40558a e0685a f2b56a",
            0.8,
            dark=True,
        ),
        _palette(
            "142a4c 2a5278 5c86a0 b9aeb0 e9c4a6",
            "ffefd8 c9b2b8 172244 ffcb78",
            "9fb0c4 435a80",
            "37505a 2f5a80 db6a50 f0b566",
            0.75,
            dark=True,
        ),
    ),
    "night": (
        _palette(
            "0b1233 14224f 22396f 3f5d8e",
            "fbf3d6 a9c0e8 0c1030 ffcb70",
            "4d629a 222f63",
            "2c4660 1c3763 d86a52 f0b860",
            0.7,
            dark=True,
        ),
        _palette(
            "0a1a30 0f2f4c 1d4d66 4a7f86",
            "fbf6de a4d0d6 091830 ffd07a",
            "4a7a8a 1b3f58",
            "26505a 174a63 dc6b4e f2bd62",
            0.7,
            dark=True,
        ),
        _palette(
            "150f36 2a1d5a 473680 7a5c9e",
            "fdf0dc bda8e8 120c30 ffc778",
            "6c58a0 34286a",
            "3a3a68 2c2f6e e0607a f4b66c",
            0.7,
            dark=True,
        ),
    ),
    "overcast": (
        _palette(
            "7f909c a0adb2 c2c9c6 dcdcd2",
            "f5f1e4 e6e4da 3a4656 ffd890",
            "dfe2de 94a2aa",
            "75836a 6f8b94 b5573f d9a950",
            0.5,
        ),
        _palette(
            "6f8290 93a3a8 bdc1ba dcd5c6",
            "f6efdf e8e0d0 37434f ffd890",
            "dcdcd2 8b989c",
            "7f8262 6a868a ab5540 d3a24c",
            0.5,
        ),
    ),
    "storm": (
        _palette(
            "29323f 465363 6c7a82 a5ab9f",
            "eef0e0 c9d2cc 1c2430 ffd890",
            "808c92 37434f",
            "4f6152 3f5c68 c2573f d8a54a",
            0.6,
            dark=True,
        ),
        _palette(
            "2a2d45 474f6b 727b90 b5a99c",
            "f4ecd8 cfc6c0 1d1f36 ffd890",
            "858aa0 393e58",
            "55604f 41567a c9583f dba549",
            0.6,
            dark=True,
        ),
    ),
}
