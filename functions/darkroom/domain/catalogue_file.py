"""Reading catalogue.toml, and refusing what would surprise a customer later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.domain.catalogue import MOST_IMAGES, OPTIONS, Catalogue, Model, ProviderRoute, Step


class CatalogueError(ValueError):
    """The catalogue file contradicts itself."""


def parse_catalogue(data: Mapping[str, Any]) -> Catalogue:
    usual = data.get("model_defaults", {})
    models = {name: _model(name, usual | row) for name, row in data["models"].items()}
    for dialect, name in data["defaults"].items():
        if name not in models:
            raise CatalogueError(f"the default of {dialect}, {name}, is not in the catalogue")
    steps = tuple(sorted((Step(**row) for row in data["steps"]), key=lambda step: step.pixels))
    if not steps or any(step.factor < 1 for step in steps):
        raise CatalogueError("the steps of resolution need a factor of at least 1 each")
    stand_ins = {task: ProviderRoute(**route) for task, route in data["stand_ins"].items()}
    aliases = {
        alias: name for name, row in data["models"].items() for alias in row.get("aliases", ())
    }
    twice = aliases.keys() & models.keys()
    if twice:
        raise CatalogueError(f"{', '.join(sorted(twice))} names two models")
    return Catalogue(
        models=models,
        defaults=data["defaults"],
        steps=steps,
        stand_ins=stand_ins,
        captions=data["captions"],
        aliases=aliases,
        prices_of=data["prices_of"],
    )


def _model(name: str, row: Mapping[str, Any]) -> Model:
    for needed in ("description", "price"):
        if needed not in row:
            raise CatalogueError(f"{name} has no {needed}")
    if row["price"] < 1:
        raise CatalogueError(f"{name} has no price")
    routes = tuple(_route(name, route) for route in row.get("routes", ()))
    if not routes and not row.get("unavailable"):
        raise CatalogueError(f"{name} has no route, and does not say why")
    if not 1 <= row["max_images"] <= MOST_IMAGES:
        raise CatalogueError(f"{name} makes 1 to {MOST_IMAGES} images a job")
    options = frozenset(row.get("options", ()))
    unknown = options - set(OPTIONS)
    if unknown:
        raise CatalogueError(f"{name} names unknown options: {', '.join(sorted(unknown))}")
    for option in options if routes else ():
        if all(option in route.lacks for route in routes):
            raise CatalogueError(f"no route of {name} takes {option}")
    if not row["ratios"] or not row["resolutions"]:
        raise CatalogueError(f"{name} has no sizes")
    return Model(
        name=name,
        description=row["description"],
        price=row["price"],
        routes=routes,
        options=options,
        ratios=tuple(row["ratios"]),
        resolutions=tuple(row["resolutions"]),
        qualities=tuple(row.get("qualities", ())),
        min_side=row["min_side"],
        max_side=row["max_side"],
        max_images=row["max_images"],
        max_prompt=row["max_prompt"],
        max_references=row.get("max_references", 0),
        needs_reference=row.get("needs_reference", False),
        needs_prompt=row.get("needs_prompt", True),
        unavailable=row.get("unavailable", ""),
    )


def _route(name: str, row: Mapping[str, Any]) -> ProviderRoute:
    lacks = frozenset(row.get("lacks", ()))
    unknown = lacks - set(OPTIONS)
    if unknown:
        raise CatalogueError(f"a route of {name} lacks what is none: {', '.join(sorted(unknown))}")
    if row.get("usd") is not None and row["usd"] <= 0:
        raise CatalogueError(f"a route of {name} costs nothing")
    return ProviderRoute(**{**row, "lacks": lacks})
