"""Which treatment belongs to which style word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from painter.colour import mix, rgb, saturate
from painter.lights import PALETTES
from painter.palettes import recoloured
from painter.stage import Stage
from painter.styles import graphic, painterly, photographic

Treatment = Callable[[Stage, Image.Image], Image.Image]

TREATMENTS: dict[str, Treatment] = {
    "watercolour": painterly.watercolour,
    "oil": painterly.oil,
    "pencil": painterly.pencil,
    "ink": painterly.ink,
    "pastel": painterly.pastel,
    "neon": photographic.neon,
    "noir": photographic.noir,
    "photo": photographic.photo,
    "vintage": photographic.vintage,
    "minimal": graphic.minimal,
    "pixel": graphic.pixel,
    "pop": graphic.pop,
    "lowpoly": graphic.lowpoly,
    "glass": graphic.glass,
}


def prepare(stage: Stage) -> Stage:
    """Some styles already change what is painted: its palette and its amount of detail."""
    styles = stage.scene.styles
    if "minimal" in styles:
        stage = replace(stage, detail=stage.detail * 0.35)
    if "neon" in styles and not stage.scene.colours:
        rng = stage.chance.stream("neon")
        night = rng.choice(PALETTES["night"])
        glow = rng.choice([rgb("e0308f"), rgb("8a3be0"), rgb("1fb8d6")])
        violet = recoloured(night, lambda c: saturate(mix(c, rgb("3a1566"), 0.35), 1.25))
        sky = (*violet.sky[:-1], mix(violet.sky[-1], glow, 0.6))
        stage = replace(
            stage,
            palette=replace(
                violet, sky=sky, accent=rgb("ff3fa0"), second=rgb("27d7f0"), lamp=rgb("ff9bd8")
            ),
        )
    if "pastel" in styles:
        soft = recoloured(stage.palette, lambda c: mix(c, rgb("fff3ec"), 0.38))
        stage = replace(stage, palette=soft)
    return stage


def apply_styles(stage: Stage, picture: Image.Image) -> Image.Image:
    """Treat a picture in every style the prompt names, at most three."""
    for name in stage.scene.styles[:3]:
        picture = TREATMENTS[name](stage, picture)
    return picture
