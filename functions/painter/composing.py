"""Deciding what kind of picture a scene becomes, and painting it from back to front."""

from __future__ import annotations

from painter.figures.registry import (
    CREATURES,
    FLOWERS,
    PEOPLE,
    SWIMMERS,
    TABLE,
)
from painter.scenes import (
    abstract,
    close_up,
    landscape,
    space,
    still_life,
    underwater,
    weather,
)
from painter.stage import Stage
from painter.vocabulary import OUTDOORS

SPACE = frozenset({"planet", "galaxy", "earth", "rocket", "astronaut"})
INDOORS = frozenset(TABLE) | {"desk", "window", "table"}


def compose(stage: Stage) -> None:
    """Paint the scene."""
    plan(stage)
    if not stage.scene.has("galaxy", "planet", "underwater"):
        weather.paint_weather(stage)


def plan(stage: Stage) -> None:
    """The first rule that fits decides; the order is the order of precedence."""
    scene = stage.scene
    kinds = [s.kind for s in scene.subjects]
    hero = kinds[0] if kinds else ""
    outside = [k for k in kinds if k in OUTDOORS]
    bare = not kinds and not (scene.light or scene.weather or scene.season)
    if bare or (scene.abstract and not (set(kinds) - {"sea", "heart", "stars"})):
        abstract.paint_abstract(stage)
    elif "underwater" in kinds or (
        set(kinds) & set(SWIMMERS) and not set(kinds) & {"boat", "beach", "ship"}
    ):
        underwater.paint_underwater(stage)
    elif set(kinds) & {"galaxy", "planet", "earth"} or (
        set(kinds) & SPACE and not _grounded(outside)
    ):
        space.paint_space(stage)
    elif hero in PEOPLE and (not _grounded(outside) or "portrait" in scene.words):
        close_up.paint_portrait(stage, scene.subjects[0])
    elif hero in INDOORS or (set(kinds) & INDOORS and not _grounded(outside)):
        still_life.paint_still_life(stage)
    elif hero in FLOWERS and not _grounded(outside) and hero != "lavender":
        close_up.paint_flowers(stage, scene.subjects[0])
    elif (hero in CREATURES and not outside) or (set(kinds) & set(CREATURES) and not outside):
        close_up.paint_creature(stage, next(s for s in scene.subjects if s.kind in CREATURES))
    elif "street" in kinds:
        landscape.paint_street_scene(stage)
    else:
        landscape.paint_landscape(stage)


def _grounded(outside: list[str]) -> bool:
    return bool(set(outside) - {"moon", "sun", "stars", "clouds"})
