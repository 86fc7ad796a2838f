"""The models: what each can do, what it costs, and the routes by which it is reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from darkroom.domain.errors import InvalidRequest, NotFound
from darkroom.domain.image_request import ImageRequest

# One batch of messages carries a job.
MOST_IMAGES = 10
# The fields of an ImageRequest that a model may or may not honour.
OPTIONS = ("seed", "negative_prompt", "steps", "guidance", "temperature", "quality")


class CatalogueError(ValueError):
    """The catalogue file contradicts itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    provider: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    name: str
    description: str
    price: int  # credits an image, up to the first step of resolution
    routes: tuple[Route, ...]
    options: frozenset[str]
    ratios: tuple[str, ...]
    resolutions: tuple[str, ...]
    qualities: tuple[str, ...]
    min_side: int
    max_side: int
    max_images: int
    max_prompt: int

    def check(self, request: ImageRequest) -> None:
        """Refuse what this model cannot honour, before any money moves."""
        for name in OPTIONS:
            if name == "seed":  # every job has one; a model without seeds just does not repeat
                continue
            if getattr(request, name) is not None and name not in self.options:
                raise InvalidRequest(name, "unsupported", f"{self.name} does not take {name}.")
        if request.quality is not None and request.quality not in self.qualities:
            raise _outside("quality", self.qualities)
        for side in ("width", "height"):
            if not self.min_side <= getattr(request, side) <= self.max_side:
                raise InvalidRequest(
                    side,
                    "out_of_range",
                    f"{self.name} makes sides of {self.min_side} to {self.max_side} pixels.",
                )
        if request.n > self.max_images:
            raise InvalidRequest(
                "n", "out_of_range", f"{self.name} makes at most {self.max_images} images a job."
            )
        if len(request.prompt) > self.max_prompt:
            raise InvalidRequest(
                "prompt",
                "too_long",
                f"{self.name} takes a prompt of at most {self.max_prompt:,} characters.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Images up to this many pixels cost the price times this factor."""

    pixels: int
    factor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    models: Mapping[str, Model]
    defaults: Mapping[str, str]  # dialect → the model of a request that names none
    steps: tuple[Step, ...]

    def model(self, name: str) -> Model:
        if name not in self.models:
            raise InvalidRequest("model", "unknown", "There is no such model; see /v1/models.")
        return self.models[name]

    def lookup(self, name: str) -> Model:
        if name not in self.models:
            raise NotFound("model")
        return self.models[name]

    def routes(self, name: str) -> tuple[Route, ...]:
        """None for a model that has left the catalogue since it was asked for."""
        return self.models[name].routes if name in self.models else ()

    def price(self, request: ImageRequest) -> int:
        """Credits for one image of this request."""
        pixels = request.width * request.height
        fitting = (step.factor for step in self.steps if pixels <= step.pixels)
        return self.model(request.model).price * next(fitting, self.steps[-1].factor)


def parse_catalogue(data: Mapping[str, Any]) -> Catalogue:
    """Read catalogue.toml's content, refusing what would surprise a customer later."""
    models = {name: _model(name, row) for name, row in data["models"].items()}
    for dialect, name in data["defaults"].items():
        if name not in models:
            raise CatalogueError(f"the default of {dialect}, {name}, is not in the catalogue")
    steps = tuple(sorted((Step(**row) for row in data["steps"]), key=lambda step: step.pixels))
    if not steps or any(step.factor < 1 for step in steps):
        raise CatalogueError("the steps of resolution need a factor of at least 1 each")
    return Catalogue(models=models, defaults=data["defaults"], steps=steps)


def _model(name: str, row: Mapping[str, Any]) -> Model:
    if row["price"] < 1:
        raise CatalogueError(f"{name} has no price")
    if not row["routes"]:
        raise CatalogueError(f"{name} has no route")
    if not 1 <= row["max_images"] <= MOST_IMAGES:
        raise CatalogueError(f"{name} makes 1 to {MOST_IMAGES} images a job")
    unknown = set(row["options"]) - set(OPTIONS)
    if unknown:
        raise CatalogueError(f"{name} names unknown options: {', '.join(sorted(unknown))}")
    return Model(
        name=name,
        description=row["description"],
        price=row["price"],
        routes=tuple(Route(**route) for route in row["routes"]),
        options=frozenset(row["options"]),
        ratios=tuple(row["ratios"]),
        resolutions=tuple(row["resolutions"]),
        qualities=tuple(row.get("qualities", ())),
        min_side=row["min_side"],
        max_side=row["max_side"],
        max_images=row["max_images"],
        max_prompt=row["max_prompt"],
    )


def _outside(field: str, allowed: tuple[str, ...]) -> InvalidRequest:
    return InvalidRequest(field, "unknown", f"{field} must be one of {', '.join(allowed)}.")
