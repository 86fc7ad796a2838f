"""Which figure draws which kind of thing, its own colour, and how large it stands."""

from __future__ import annotations

from functools import partial

from painter.colour import RGB, rgb
from painter.figures import (
    animals,
    beasts,
    birds,
    buildings,
    builds,
    flowers,
    fruit,
    landmarks,
    stances,
    suits,
    swimmers,
    table,
    trees,
    vessels,
)
from painter.stage import Figure

CREATURES: dict[str, Figure] = {
    **{kind: partial(animals.sitting, kind) for kind in builds.BUILDS},
    **{kind: partial(stances.standing, kind) for kind in stances.STANCES},
    "bird": birds.bird,
    "owl": birds.owl,
    "penguin": birds.penguin,
    "dragon": beasts.dragon,
    "butterfly": beasts.butterfly,
    "turtle": swimmers.turtle,
}
SWIMMERS: dict[str, Figure] = {
    "fish": swimmers.fish,
    "whale": swimmers.whale,
    "turtle": swimmers.turtle,
    "jellyfish": swimmers.jellyfish,
}
PEOPLE = ("woman", "man", "person", "robot", "astronaut")
FLOWERS: dict[str, Figure] = {
    "flower": flowers.flower,
    "rose": flowers.rose,
    "sunflower": flowers.sunflower,
    "tulip": flowers.tulip,
    "poppy": flowers.poppy,
    "lavender": flowers.lavender,
    "leaf": flowers.leaf,
    "mushroom": flowers.mushroom,
}
TABLE: dict[str, Figure] = {
    "apple": fruit.apple,
    "orange_fruit": fruit.citrus,
    "lemon": fruit.lemon,
    "pear": fruit.pear,
    "grapes": fruit.grapes,
    "fruit": fruit.bowl_of_fruit,
    "bottle": table.bottle,
    "vase": table.vase,
    "cup": table.cup,
    "laptop": table.laptop,
    "book": table.book,
    "candle": table.candle,
    "lamp": table.lamp,
}
# Standing things in a landscape, with their height in canvas measure.
STANDING: dict[str, tuple[Figure, float]] = {
    "house": (buildings.house, 0.2),
    "cabin": (buildings.cabin, 0.2),
    "barn": (buildings.barn, 0.21),
    "castle": (buildings.castle, 0.36),
    "windmill": (landmarks.windmill, 0.3),
    "pyramid": (landmarks.pyramid, 0.26),
    "pagoda": (landmarks.pagoda, 0.38),
    "eiffel": (landmarks.eiffel, 0.5),
    "lighthouse": (landmarks.lighthouse, 0.36),
    "tent": (buildings.tent, 0.16),
    "tree": (trees.tree, 0.4),
    "blossom": (trees.blossom, 0.42),
    "pine": (trees.pine, 0.36),
    "palm": (trees.palm, 0.42),
    "cactus": (trees.cactus, 0.26),
    "car": (vessels.car, 0.16),
    "train": (vessels.train, 0.15),
    "umbrella": (table.umbrella, 0.26),
}
FLOATING: dict[str, tuple[Figure, float]] = {
    "boat": (vessels.boat, 0.2),
    "ship": (vessels.ship, 0.16),
}
FLYING: dict[str, tuple[Figure, float]] = {
    "balloon": (vessels.balloon, 0.26),
    "rocket": (vessels.rocket, 0.34),
    "plane": (vessels.plane, 0.2),
    "kite": (vessels.kite, 0.18),
    "gulls": (birds.gulls, 0.05),
    "dragon": (beasts.dragon, 0.29),
    "heart": (flowers.heart, 0.3),
    "butterfly": (beasts.butterfly, 0.12),
}
FIGURES: dict[str, Figure] = {
    **{kind: figure for kind, (figure, _) in (STANDING | FLOATING | FLYING).items()},
    **CREATURES,
    **SWIMMERS,
    **FLOWERS,
    **TABLE,
    "astronaut": suits.astronaut,
}
OWN_COLOURS: dict[str, RGB] = {
    **animals.COLOURS,
    **beasts.COLOURS,
    **table.COLOURS,
    "tree": rgb("6f9a48"),
    "blossom": rgb("f2a9bd"),
    "pine": rgb("3f7258"),
    "palm": rgb("5a9a4e"),
    "cactus": rgb("5f8f58"),
    "house": rgb("efe0c4"),
    "cabin": rgb("a06a42"),
    "barn": rgb("b5402f"),
    "castle": rgb("c9bba6"),
    "windmill": rgb("e6d9c0"),
    "pyramid": rgb("dcae6c"),
    "pagoda": rgb("b8402f"),
    "eiffel": rgb("7d6a5c"),
    "lighthouse": rgb("d8453a"),
    "tent": rgb("e08a3c"),
    "car": rgb("c9473a"),
    "train": rgb("a83a34"),
    "boat": rgb("f6efe0"),
    "ship": rgb("3b4660"),
    "balloon": rgb("d9503f"),
    "rocket": rgb("f2ede2"),
    "plane": rgb("f2efe8"),
    "kite": rgb("e2503f"),
    "heart": rgb("d8343f"),
    "flower": rgb("ee8a9e"),
    "rose": rgb("c72f45"),
    "sunflower": rgb("f5bd2e"),
    "tulip": rgb("e4564a"),
    "poppy": rgb("e2402f"),
    "lavender": rgb("8f72c0"),
    "leaf": rgb("4f9160"),
    "mushroom": rgb("d0402f"),
    "robot": rgb("b4c0c8"),
    "astronaut": rgb("f4f2ee"),
    "woman": rgb("c9503f"),
    "man": rgb("35607a"),
    "person": rgb("c9703f"),
}


def own_colour(kind: str) -> RGB:
    """The colour a thing has when the prompt names none."""
    return OWN_COLOURS.get(kind, rgb("c98a5a"))
