"""The models: what each can do, what it costs, and the routes by which it is reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from darkroom.domain.errors import InvalidRequest, NotFound
from darkroom.domain.field_names import OURS, FieldNames
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


# The provider of [stand_ins] in catalogue.toml, and the models that are its own: for the functions
# that describe images and do not read that file. A test holds them to it.
STAND_IN = "painter"
_ITS_OWN = frozenset({"painter", "painter-cutout"})


def is_stand_in(provider: str, model: str) -> bool:
    """Whether this provider makes the model's images only where no other can."""
    return provider == STAND_IN and model not in _ITS_OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRoute:
    """A provider's model that serves one of ours. Equal by these names, whatever else is known."""

    provider: str
    model: str
    lacks: frozenset[str] = field(default=frozenset(), compare=False)
    min_references: int = field(default=0, compare=False)
    max_references: int | None = field(default=None, compare=False)
    until: date | None = field(default=None, compare=False)  # the last day
    instead: str = field(default="", compare=False)  # the model that has taken the place of ours
    needs_mask: bool = field(default=False, compare=False)  # none given: all is to change
    quality: str = field(default="", compare=False)  # where the request names none
    usd: float | None = field(default=None, compare=False)  # list price of one image

    def can(self, wishes: Collection[str], references: int) -> bool:
        most = references if self.max_references is None else self.max_references
        return not self.lacks & set(wishes) and self.min_references <= references <= most


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    name: str
    description: str
    price: int  # credits an image, up to the first step of resolution
    routes: tuple[ProviderRoute, ...]
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
    unavailable: str = ""  # why no provider serves it any more
    is_stood_in: bool = False  # the embedded painter makes it: no provider here does
    alias_of: str = ""  # the model that stands in under this one's name, by the operator's word

    @property
    def is_available(self) -> bool:
        return bool(self.routes)

    @property
    def served_by(self) -> str:
        """The model that makes it here, where that is another."""
        return self.alias_of or (self.routes[0].instead if self.routes else "")

    @property
    def lacks_provider(self) -> bool:
        return self.is_stood_in or not self.routes

    @property
    def options_here(self) -> frozenset[str]:
        """Of its options, those that some way takes that there is; all, where there is none."""
        taken = self.options - frozenset.intersection(
            self.options, *(route.lacks for route in self.routes)
        )
        return taken if self.routes else self.options

    @property
    def most_references_here(self) -> int:
        most = (route.max_references for route in self.routes)
        limits = [self.max_references if limit is None else limit for limit in most]
        return min(self.max_references, max(limits, default=self.max_references))

    def routes_for(self, request: ImageRequest) -> tuple[ProviderRoute, ...]:
        """Those by which everything that the request wishes can be had."""
        wishes = _wishes(request)
        return tuple(route for route in self.routes if route.can(wishes, len(request.references)))

    def check(self, request: ImageRequest, called: str, fields: FieldNames = OURS) -> None:
        """Refuse what this model cannot honour, before any money moves, in its caller's words."""
        if not self.is_available:
            why = self.unavailable or "no provider of it is set up on this deployment."
            raise InvalidRequest("model", "unavailable", f"The model {called} is not there: {why}")
        self._check_references(request, called, fields)
        for name in _wishes(request):
            if name not in self.options:
                text = f"{called} does not take {fields.of(name)}."
                raise InvalidRequest(fields.of(name), "unsupported", text)
        self._check_ways(request, called, fields)
        if request.quality is not None and request.quality not in self.qualities:
            raise _outside(fields.of("quality"), self.qualities)
        for side in ("width", "height"):
            if not self.min_side <= getattr(request, side) <= self.max_side:
                raise _at_fault(
                    fields.of(side),
                    "out_of_range",
                    f"{called} makes sides of {self.min_side} to {self.max_side} pixels.",
                )
        if request.n > self.max_images:
            text = f"{called} makes at most {self.max_images} images a job."
            raise _at_fault(fields.of("n"), "out_of_range", text)
        self._check_prompt(request.prompt, called)

    def _check_ways(self, request: ImageRequest, called: str, fields: FieldNames) -> None:
        """What the model takes, not every way to it does."""
        if self.routes_for(request):
            return
        count = len(request.references)
        if not any(route.can((), count) for route in self.routes):
            text = f"no provider of {called} here takes {count} reference images."
            raise _at_fault(fields.of("references"), "unsupported", text)
        wishes = [(name, fields.of(name)) for name in _wishes(request)]
        for name, theirs in wishes:
            if not any(route.can((name,), count) for route in self.routes):
                text = f"No provider of {called} here takes {theirs}."
                raise InvalidRequest(theirs, "unsupported", text)
        together = ", ".join(theirs for _, theirs in wishes)
        text = f"No provider of {called} here takes all of {together}."
        raise InvalidRequest(wishes[0][1], "unsupported", text)

    def _check_prompt(self, prompt: str, called: str) -> None:
        if self.needs_prompt and not prompt:
            raise InvalidRequest("prompt", "required", f"{called} needs a prompt.")
        if len(prompt) > self.max_prompt:
            raise InvalidRequest(
                "prompt",
                "too_long",
                f"{called} takes a prompt of at most {self.max_prompt:,} characters.",
            )

    def _check_references(self, request: ImageRequest, called: str, fields: FieldNames) -> None:
        references = fields.of("references")
        if self.needs_reference and not request.references:
            text = f"{called} changes a picture: give it one."
            raise _at_fault(references, "required", text)
        if len(request.references) > self.max_references:
            most = f"at most {self.max_references}" if self.max_references else "no"
            raise _at_fault(references, "too_many", f"{called} takes {most} reference images.")
        for name in ("mask", "strength"):
            if getattr(request, name) is not None and not request.references:
                text = f"{fields.of(name)} needs a picture in {references}."
                raise InvalidRequest(fields.of(name), "conflicts", text)


def _wishes(request: ImageRequest) -> tuple[str, ...]:
    """The options that it names; a seed is none, every job has one, and a model without seeds just
    does not repeat.
    """
    return tuple(name for name in OPTIONS if name != "seed" and getattr(request, name) is not None)


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
    stand_ins: Mapping[str, ProviderRoute]
    captions: Mapping[str, int]  # credits a request, by research mode
    aliases: Mapping[str, str]  # other names of models → ours
    prices_of: date  # when the list prices were read

    def model(self, name: str) -> Model:
        found = self._named(name)
        if found is None:
            raise InvalidRequest("model", "unknown", "There is no such model; see /v1/models.")
        return found

    def lookup(self, name: str) -> Model:
        found = self._named(name)
        if found is None:
            raise NotFound("model")
        return found

    def _named(self, name: str) -> Model | None:
        return self.models.get(self.aliases.get(name, name))

    def other_names(self, name: str) -> tuple[str, ...]:
        return tuple(alias for alias, ours in self.aliases.items() if ours == name)

    def routes(self, request: ImageRequest) -> tuple[ProviderRoute, ...]:
        """None for a model that has left the catalogue since it was asked for."""
        found = self._named(request.served_by or request.model)
        return found.routes_for(request) if found else ()

    def factor(self, width: int, height: int) -> int:
        """By how much an image of this size costs more than a small one."""
        fitting = (step.factor for step in self.steps if width * height <= step.pixels)
        return next(fitting, self.steps[-1].factor)

    def price(self, request: ImageRequest) -> int:
        """Credits for one image of this request, natively."""
        return self.model(request.model).price * self.factor(request.width, request.height)

    def reachable_by(
        self, providers: Collection[str], today: date, *, with_stand_ins: bool
    ) -> Catalogue:
        """With only the routes that lead somewhere on this deployment, today."""
        models = {}
        for name, model in self.models.items():
            here = tuple(
                route
                for route in model.routes
                if route.provider in providers and (route.until is None or today <= route.until)
            )
            is_stood_in = not here and with_stand_ins
            if is_stood_in:
                here = (self.stand_ins[_task(model)],)
            models[name] = replace(model, routes=here, is_stood_in=is_stood_in)
        return replace(self, models=models)

    def with_aliases(self, aliases: Mapping[str, str]) -> Catalogue:
        """Names that no provider here makes, with what the models can that stand in for them; the
        price stays that of the name.
        """
        models = dict(self.models)
        for name, target in aliases.items():
            public, model = self._named(name), self._named(target)
            # An alias outlives a model that leaves the catalogue.
            if public is None or model is None or not public.lacks_provider or not model.routes:
                continue
            models[public.name] = replace(
                model,
                name=public.name,
                description=public.description,
                price=public.price,
                alias_of=model.name,
            )
        return replace(self, models=models)


def _task(model: Model) -> str:
    return "generate" if model.needs_prompt else "cut_out"


def _at_fault(field: str, reason: str, text: str) -> InvalidRequest:
    return InvalidRequest(field, reason, f"{field}: {text}")


def _outside(field: str, allowed: tuple[str, ...]) -> InvalidRequest:
    return InvalidRequest(field, "unknown", f"{field} must be one of {', '.join(allowed)}.")
