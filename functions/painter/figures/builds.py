"""What tells one sitting animal from another."""

from __future__ import annotations

from dataclasses import dataclass

from painter.colour import RGB, rgb

CREAM = rgb("f7ead6")


@dataclass(frozen=True, slots=True)
class Build:
    """What tells one sitting animal from another."""

    ears: str  # pointed, round, floppy, long
    head: tuple[float, float]  # half width, half height
    muzzle: tuple[float, float, float]  # half width, half height, drop below the eyes
    body: tuple[float, float]  # half width at the base, at the shoulders
    tail: str  # curl, bush, none, tuft
    eye: RGB
    marks: str = ""  # stripes, mask, mane, patches
    bib: bool = True


BUILDS: dict[str, Build] = {
    "cat": Build(
        "pointed", (0.19, 0.16), (0.075, 0.05, 0.065), (0.25, 0.15), "curl", rgb("9fbf4a")
    ),
    "dog": Build("floppy", (0.17, 0.18), (0.1, 0.085, 0.09), (0.24, 0.17), "curl", rgb("3a2618")),
    "fox": Build(
        "pointed",
        (0.2, 0.15),
        (0.07, 0.08, 0.085),
        (0.23, 0.13),
        "bush",
        rgb("3a2414"),
        "mask",
    ),
    "wolf": Build(
        "pointed",
        (0.2, 0.17),
        (0.085, 0.09, 0.1),
        (0.25, 0.18),
        "bush",
        rgb("d8b04a"),
        "mask",
    ),
    "bear": Build(
        "round", (0.2, 0.18), (0.105, 0.08, 0.075), (0.34, 0.24), "none", rgb("20150f"), bib=False
    ),
    "panda": Build(
        "round",
        (0.21, 0.18),
        (0.08, 0.06, 0.08),
        (0.33, 0.23),
        "none",
        rgb("16161c"),
        "patches",
        bib=False,
    ),
    "rabbit": Build("long", (0.15, 0.15), (0.07, 0.055, 0.06), (0.23, 0.15), "tuft", rgb("3a2018")),
    "lion": Build(
        "round",
        (0.17, 0.17),
        (0.1, 0.085, 0.085),
        (0.27, 0.2),
        "curl",
        rgb("a8742a"),
        "mane",
        bib=False,
    ),
    "tiger": Build(
        "round",
        (0.2, 0.17),
        (0.105, 0.08, 0.08),
        (0.28, 0.2),
        "curl",
        rgb("c79a3a"),
        "stripes",
    ),
}


HEAD_Y = 0.74
