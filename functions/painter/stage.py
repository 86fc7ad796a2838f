"""The stage: everything the parts of a picture share while it is painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from painter.canvas import Canvas
from painter.chance import Chance
from painter.colour import RGB, darker, lighter
from painter.curves import Point
from painter.lights import Palette
from painter.pen import Look, Pen
from painter.reading import Scene, Subject

Figure = Callable[[Pen, Look], None]


@dataclass(slots=True)
class Stage:
    """A canvas with its scene, palette, light and chance."""

    canvas: Canvas
    scene: Scene
    palette: Palette
    chance: Chance
    detail: float = 1.0
    freedom: float = 1.0
    horizon: float = 0.6  # canvas measure from the top
    sun: Point = (0.5, 0.5)

    @property
    def w(self) -> float:
        """Width in canvas measure."""
        return self.canvas.w

    @property
    def h(self) -> float:
        """Height in canvas measure."""
        return self.canvas.h

    def vary(self, rng: Random, centre: float, spread: float) -> float:
        """A number near the centre; temperature widens the spread."""
        return centre + rng.uniform(-spread, spread) * self.freedom

    def many(self, count: float, least: int = 1) -> int:
        """A number of small things, scaled by the asked detail."""
        return max(least, round(count * self.detail))

    def look(self, name: str, local: RGB, depth: float = 0.0, asked: RGB | None = None) -> Look:
        """Colours for a figure under this light."""
        colours = self.palette
        body = asked or local
        return Look(
            body=colours.lit(body, depth),
            shade=colours.shade(body, depth),
            light=colours.lit(lighter(body, 0.35), depth),
            accent=colours.lit(colours.accent, depth),
            ink=colours.shade(darker(colours.shadow, 0.45), depth),
            lamp=colours.lamp,
            glowing=colours.dark,
            detail=self.detail,
            rng=self.chance.stream(f"look {name}"),
            asked=asked,
        )

    def spread(self, rng: Random, subject: Subject, margin: float = 0.1) -> list[float]:
        """Places from left to right for as many as were asked for."""
        count = min(subject.count, 14)
        room = self.w * (1 - 2 * margin) / count
        start = self.w * margin
        return [
            self.vary(rng, start + room * (i + 0.5), room * (0.3 if count > 1 else 0.5))
            for i in range(count)
        ]
