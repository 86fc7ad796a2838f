"""A pen draws figures in their own frame: origin at the feet, y upward, height about 1."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random

from painter import curves
from painter.canvas import Canvas, Gradient, Paint, Stencil
from painter.colour import RGB
from painter.curves import Path, Point


@dataclass(frozen=True, slots=True)
class Pen:
    """A canvas seen through a frame that is moved, scaled, turned and mirrored."""

    canvas: Canvas
    x: float
    y: float
    scale: float
    flip: bool = False
    turn: float = 0.0
    upside_down: bool = False
    scenery: bool = False  # grass and the like: not what the picture is about

    def at(self, point: Point) -> Point:
        """From the figure's frame to the canvas."""
        px, py = (-point[0] if self.flip else point[0]), point[1]
        if self.turn:
            angle = math.radians(self.turn)
            px, py = (
                px * math.cos(angle) - py * math.sin(angle),
                px * math.sin(angle) + py * math.cos(angle),
            )
        if self.upside_down:
            py = -py
        return self.x + px * self.scale, self.y - py * self.scale

    def moved(
        self, x: float, y: float, scale: float = 1.0, *, flip: bool = False, turn: float = 0.0
    ) -> Pen:
        """A frame inside this one."""
        there = self.at((x, y))
        mirrored = self.flip != flip
        leaning = self.turn + (-turn if self.flip else turn)
        return replace(
            self, x=there[0], y=there[1], scale=self.scale * scale, flip=mirrored, turn=leaning
        )

    def placed(self, paths: Iterable[Path]) -> list[list[Point]]:
        """Outlines on the canvas."""
        return [[self.at(point) for point in path] for path in paths]

    def paint(self, paint: Paint) -> Paint:
        """Gradients are given in the figure's frame too."""
        if not isinstance(paint, Gradient):
            return paint
        if paint.sideways:
            ends = self.at((paint.start, 0))[0], self.at((paint.end, 0))[0]
        else:
            ends = self.at((0, paint.start))[1], self.at((0, paint.end))[1]
        stops = paint.stops
        if ends[0] > ends[1]:
            stops = tuple((1 - at, colour) for at, colour in reversed(stops))
        return Gradient(stops, min(ends), max(ends), paint.sideways)

    def stencil(self, *paths: Path, soft: float = 0.0) -> Stencil | None:
        """A mask in this frame, to keep shading inside a silhouette."""
        return self.canvas.stencil(self.placed(paths), soft * self.scale)

    def fill(
        self,
        paths: Iterable[Path],
        paint: Paint,
        opacity: float = 1.0,
        soft: float = 0.0,
        within: Stencil | None = None,
        blend: str = "normal",
    ) -> None:
        """Paint several outlines at once."""
        stencil = self.stencil(*paths, soft=soft)
        self.canvas.pour(stencil, self.paint(paint), opacity, within, blend)
        # Shading inside a silhouette adds nothing to it, and a reflection is the water's.
        if within is None and not self.scenery and not self.upside_down:
            self.canvas.note_figure(stencil, opacity)

    def shape(
        self,
        path: Path,
        paint: Paint,
        opacity: float = 1.0,
        soft: float = 0.0,
        within: Stencil | None = None,
        blend: str = "normal",
    ) -> None:
        """Paint one outline."""
        self.fill([path], paint, opacity, soft, within, blend)

    def oval(
        self,
        cx: float,
        cy: float,
        rx: float,
        ry: float,
        paint: Paint,
        opacity: float = 1.0,
        soft: float = 0.0,
        within: Stencil | None = None,
    ) -> None:
        """Paint an ellipse."""
        self.fill([curves.oval(cx, cy, rx, ry)], paint, opacity, soft, within)

    def stroke(
        self,
        spine: Path,
        width: float | Callable[[float], float],
        paint: Paint,
        opacity: float = 1.0,
        within: Stencil | None = None,
    ) -> None:
        """Paint a line of even or changing width."""
        self.fill([curves.ribbon(spine, width)], paint, opacity, within=within)

    def glow(self, cx: float, cy: float, radius: float, colour: RGB, opacity: float = 1.0) -> None:
        """Add light."""
        self.canvas.glow(self.at((cx, cy)), radius * self.scale, colour, opacity)


@dataclass(frozen=True, slots=True)
class Look:
    """How a figure is coloured and lit."""

    body: RGB
    shade: RGB
    light: RGB
    accent: RGB
    ink: RGB
    lamp: RGB
    glowing: bool
    detail: float
    rng: Random
    asked: RGB | None = None
