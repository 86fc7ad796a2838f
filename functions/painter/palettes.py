"""Palettes: a light for every hour, bent by the colours, mood and guidance of a prompt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from random import Random

from painter.colour import (
    RGB,
    chroma,
    contrast,
    hue_toward,
    lighter,
    lightness,
    mix,
    rgb,
    rotate,
    saturate,
)
from painter.lights import PALETTES, Palette
from painter.reading import Scene

_WARM, _COLD = rgb("f2994a"), rgb("4a8fd0")


def recoloured(palette: Palette, change: Callable[[RGB], RGB]) -> Palette:
    """The palette with every colour changed the same way."""
    changed: dict[str, object] = {}
    for field in fields(palette):
        value = getattr(palette, field.name)
        if field.name == "sky":
            changed["sky"] = tuple(change(tone) for tone in palette.sky)
        elif isinstance(value, tuple):
            changed[field.name] = change(value)
    return replace(palette, **changed)  # type: ignore[arg-type]


def _tinted(palette: Palette, colours: tuple[RGB, ...], weight: float) -> Palette:
    """Let the asked colours govern: the first the whole, the others the accents."""
    lead = colours[0]
    tinted = recoloured(palette, lambda c: hue_toward(c, lead, weight))
    if chroma(lead) < 0.04:  # black, white and grey are a matter of lightness
        pull = 0.35 * weight
        tinted = recoloured(tinted, lambda c: mix(saturate(c, 1 - weight * 0.8), lead, pull))
    accents = (*colours[1:], lead, lead)
    tinted = replace(
        tinted,
        accent=mix(tinted.accent, accents[0], 0.5 + weight / 2),
        second=mix(tinted.second, accents[1], 0.5 + weight / 2),
    )
    if len(colours) > 1:
        low = hue_toward(tinted.sky[-1], colours[1], weight * 0.7)
        tinted = replace(
            tinted,
            sky=(*tinted.sky[:-1], low),
            land=hue_toward(tinted.land, colours[-1], weight * 0.8),
            key=hue_toward(tinted.key, colours[1], weight * 0.4),
        )
    return tinted


def choose_light(scene: Scene, rng: Random) -> str:
    """The hour: as asked, else as the weather and subjects suggest, else by chance."""
    light = scene.light
    if "storm" in scene.weather and light in {None, "day"}:
        return "storm"
    if light is None and scene.has("stars", "aurora", "galaxy", "moon"):
        light = "night"
    if light is None and ("rain" in scene.weather or "fog" in scene.weather):
        light = "overcast"
    if light is None and scene.has("street"):
        light = "dusk"
    if light is None:
        light = rng.choice(["day", "day", "golden", "golden", "sunset", "dawn"])
    if light in scene.banned:
        light = "day" if "day" not in scene.banned else "sunset"
    return light


def mix_palette(scene: Scene, rng: Random, guidance: float, freedom: float) -> Palette:
    """The palette of a scene."""
    light = choose_light(scene, rng)
    palette = rng.choice(PALETTES[light])
    drift = rng.uniform(-7, 7) * freedom
    palette = recoloured(palette, lambda c: rotate(c, drift))
    if scene.mood:
        tone = _WARM if scene.mood == "warm" else _COLD
        palette = recoloured(palette, lambda c: hue_toward(c, tone, 0.22))
    if scene.season == "winter" or "snow" in scene.weather:
        palette = recoloured(
            palette, lambda c: lighter(saturate(c, 0.82), 0.0 if palette.dark else 0.08)
        )
    grip = min(guidance / 7.5, 2.0)
    if scene.colours:
        palette = _tinted(palette, scene.colours, min(0.42 + 0.36 * grip, 0.95))
    strength, punch = 0.62 + 0.38 * grip, 0.86 + 0.14 * grip
    return recoloured(palette, lambda c: contrast(saturate(c, strength), punch))


def from_reference(palette: Palette, tones: tuple[RGB, ...], weight: float) -> Palette:
    """Draw a palette toward tones taken from a reference picture."""
    ranked = sorted(tones, key=lightness)
    vivid = max(ranked, key=chroma)

    def nearest(colour: RGB) -> RGB:
        tone = min(ranked, key=lambda t: abs(lightness(t) - lightness(colour)))
        return mix(colour, hue_toward(colour, tone, 1.0), weight)

    drawn = recoloured(palette, nearest)
    return replace(drawn, accent=mix(drawn.accent, vivid, weight * 0.8))
