"""The models: what each can do, what it costs, and the routes by which it is reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from darkroom.domain.errors import InvalidRequest, NotFound
from darkroom.domain.image_request import ImageRequest

# One batch of messages carries a job.
MOST_IMAGES = 10
# The fields of an ImageRequest that a model may or may not honour.
OPTIONS = (
    "seed",
    "negative_prompt",
    "steps",
    "guidance",
    "temperature",
    "quality",
    "strength",
    "mask",
)


# The embedded provider, which is always there.
PAINTER = "painter"
# The models that are its own.
PAINTERS = frozenset({"painter", "painter-cutout"})


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
    max_references: int
    # Some models only change a picture that they are given, and some of those need no words.
    needs_reference: bool
    needs_prompt: bool

    @property
    def is_available(self) -> bool:
        return bool(self.routes)

    def check(self, request: ImageRequest, called: str) -> None:
        """Refuse what this model cannot honour, before any money moves, by its caller's name."""
        if not self.is_available:
            raise InvalidRequest(
                "model", "unavailable", f"No provider of {called} is set up on this deployment."
            )
        self._check_references(request, called)
        for name in OPTIONS:
            if name == "seed":  # every job has one; a model without seeds just does not repeat
                continue
            if getattr(request, name) is not None and name not in self.options:
                raise InvalidRequest(name, "unsupported", f"{called} does not take {name}.")
        if request.quality is not None and request.quality not in self.qualities:
            raise _outside("quality", self.qualities)
        for side in ("width", "height"):
            if not self.min_side <= getattr(request, side) <= self.max_side:
                raise InvalidRequest(
                    side,
                    "out_of_range",
                    f"{called} makes sides of {self.min_side} to {self.max_side} pixels.",
                )
        if request.n > self.max_images:
            raise InvalidRequest(
                "n", "out_of_range", f"{called} makes at most {self.max_images} images a job."
            )
        self._check_prompt(request.prompt, called)

    def _check_prompt(self, prompt: str, called: str) -> None:
        if self.needs_prompt and not prompt:
            raise InvalidRequest("prompt", "required", f"{called} needs a prompt.")
        if len(prompt) > self.max_prompt:
            raise InvalidRequest(
                "prompt",
                "too_long",
                f"{called} takes a prompt of at most {self.max_prompt:,} characters.",
            )

    def _check_references(self, request: ImageRequest, called: str) -> None:
        if self.needs_reference and not request.references:
            raise InvalidRequest(
                "references", "required", f"{called} changes a picture: give it one."
            )
        if len(request.references) > self.max_references:
            most = f"at most {self.max_references}" if self.max_references else "no"
            raise InvalidRequest(
                "references", "too_many", f"{called} takes {most} reference images."
            )
        if request.mask is not None and not request.references:
            raise InvalidRequest("mask", "conflicts", "A mask needs a reference to change.")
        if request.strength is not None and not request.references:
            raise InvalidRequest("strength", "conflicts", "Strength needs a reference to follow.")


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
    # Who makes the images of a model that no provider can be asked for: on a machine without keys.
    stand_ins: Mapping[str, Route]
    captions: Mapping[str, int]  # credits a request, by research mode

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

    def factor(self, width: int, height: int) -> int:
        """By how much an image of this size costs more than a small one."""
        fitting = (step.factor for step in self.steps if width * height <= step.pixels)
        return next(fitting, self.steps[-1].factor)

    def price(self, request: ImageRequest) -> int:
        """Credits for one image of this request, natively."""
        return self.model(request.model).price * self.factor(request.width, request.height)

    def reachable_by(self, providers: Collection[str], *, with_stand_ins: bool) -> Catalogue:
        """With only the routes that lead somewhere on this deployment."""
        models = {}
        for name, model in self.models.items():
            here = tuple(route for route in model.routes if route.provider in providers)
            if not here and with_stand_ins:
                here = (self.stand_ins[_task(model)],)
            models[name] = replace(model, routes=here)
        return replace(self, models=models)


def _task(model: Model) -> str:
    return "generate" if model.needs_prompt else "cut_out"


def parse_catalogue(data: Mapping[str, Any]) -> Catalogue:
    """Read catalogue.toml's content, refusing what would surprise a customer later."""
    usual = data.get("model_defaults", {})
    models = {name: _model(name, usual | row) for name, row in data["models"].items()}
    for dialect, name in data["defaults"].items():
        if name not in models:
            raise CatalogueError(f"the default of {dialect}, {name}, is not in the catalogue")
    steps = tuple(sorted((Step(**row) for row in data["steps"]), key=lambda step: step.pixels))
    if not steps or any(step.factor < 1 for step in steps):
        raise CatalogueError("the steps of resolution need a factor of at least 1 each")
    stand_ins = {task: Route(**route) for task, route in data["stand_ins"].items()}
    return Catalogue(
        models=models,
        defaults=data["defaults"],
        steps=steps,
        stand_ins=stand_ins,
        captions=data["captions"],
    )


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
        max_references=row.get("max_references", 0),
        needs_reference=row.get("needs_reference", False),
        needs_prompt=row.get("needs_prompt", True),
    )


def _outside(field: str, allowed: tuple[str, ...]) -> InvalidRequest:
    return InvalidRequest(field, "unknown", f"{field} must be one of {', '.join(allowed)}.")
