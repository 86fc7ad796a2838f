"""The painter's one entry: a commission in, a finished picture out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PIL import Image

from painter import masking, references
from painter.canvas import Canvas
from painter.chance import Chance
from painter.composing import compose
from painter.following import follow, settled
from painter.noise import add_grain, grain_tile
from painter.palettes import from_reference, mix_palette
from painter.reading import Scene, read
from painter.stage import Stage
from painter.styles.registry import apply_styles, prepare
from painter.unwanted_colours import without_colours

DEFAULT_GUIDANCE = 7.5
DEFAULT_STEPS = 30
DEFAULT_STRENGTH = 0.5
MASKED_STRENGTH = 0.3  # inside a mask the reference lends its mood, not its shapes
SMOOTHING = {"low": 1, "medium": 2, "high": 4}
GRAIN = {"low": 0.0, "medium": 0.055, "high": 0.075}


@dataclass(frozen=True, slots=True)
class Commission:
    """Everything that decides a picture."""

    prompt: str
    width: int
    height: int
    seed: int
    model: str = "painter"
    negative_prompt: str = ""
    steps: int | None = None
    guidance: float | None = None
    temperature: float | None = None
    quality: str | None = None
    references: tuple[Image.Image, ...] = ()
    strength: float | None = None
    mask: Image.Image | None = None


def paint(commission: Commission) -> Image.Image:
    """Paint a commission: RGB, exactly as wide and high as asked."""
    if commission.mask is None or not commission.references:
        picture, _ = _painted(commission, DEFAULT_STRENGTH)
        return picture
    size = (commission.width, commission.height)
    kept = references.fitted(commission.references[0], size)
    area = masking.open_area(commission.mask, size)
    box = masking.box_around(area)
    if box is None:
        return kept
    # The subject is composed for the masked part, so that it is seen there.
    part = replace(
        commission,
        width=box[2] - box[0],
        height=box[3] - box[1],
        references=(kept.crop(box), *commission.references[1:]),
    )
    picture, figures = _painted(part, MASKED_STRENGTH)
    strength = _between(commission.strength, MASKED_STRENGTH, 0.0, 1.0)
    return masking.composited(kept, picture, figures, area, box, strength)


def _painted(
    commission: Commission, default_strength: float
) -> tuple[Image.Image, Image.Image | None]:
    """The painting, and with references also where its figures stand."""
    chance = Chance(commission.prompt, commission.seed, commission.model)
    scene = read(commission.prompt, commission.negative_prompt)
    strength = _between(commission.strength, default_strength, 0.0, 1.0)
    quality = commission.quality if commission.quality in SMOOTHING else "medium"
    stage = _stage(commission, chance, scene, strength, quality)
    if commission.references:
        stage.canvas.watch_figures()
    compose(stage)
    picture, figures = stage.canvas.image, stage.canvas.figures
    if commission.references:
        brush = chance.stream("brush")
        picture = follow(picture, commission.references, strength, figures, brush)
    picture = apply_styles(stage, picture)
    if commission.references:
        picture = settled(picture, commission.references, strength, scene.styles[:3])
    if scene.banned_colours:
        picture = without_colours(picture, scene.banned_colours)
    amount = GRAIN[quality] * min(1.0, 0.45 + stage.canvas.unit / 1400)
    if amount:
        picture = add_grain(picture, grain_tile(chance.stream("grain"), amount))
    return picture, figures


def _stage(
    commission: Commission, chance: Chance, scene: Scene, strength: float, quality: str
) -> Stage:
    guidance = _between(commission.guidance, DEFAULT_GUIDANCE, 0.0, 30.0)
    freedom = _between(commission.temperature, 1.0, 0.0, 2.0)
    steps = _between(commission.steps, DEFAULT_STEPS, 1, 150)
    palette = mix_palette(scene, chance.stream("palette"), guidance, freedom)
    if strength > 0:
        for i, reference in enumerate(commission.references[: references.MOST]):
            palette = from_reference(palette, references.tones_of(reference), strength / (i + 1))
    canvas = Canvas(commission.width, commission.height, SMOOTHING[quality])
    detail = min(max((steps / DEFAULT_STEPS) ** 0.6, 0.12), 2.2)
    return prepare(Stage(canvas, scene, palette, chance, detail=detail, freedom=freedom))


def _between(value: float | None, default: float, low: float, high: float) -> float:
    return min(max(default if value is None else float(value), low), high)
