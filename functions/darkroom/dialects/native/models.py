"""The models of the catalogue, each with a schema of what a job for it may hold."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypedDict

from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import Count, Schema, given
from darkroom.dialects.native.model_schema import schema_of
from darkroom.dialects.routes import Routes
from darkroom.domain.api_key import READ
from darkroom.domain.catalogue import Catalogue, Model, ProviderRoute
from darkroom.domain.operations import ListModels, ReadModel
from darkroom.domain.outcomes import Models

ROUTES = Routes("models")
_Day = Annotated[str, Schema(format="date")]


class ProviderRouteAnswer(TypedDict):
    provider: str
    model: str
    """What the provider calls it."""
    usd: NotRequired[float]
    """The list price of one image."""
    available_until: NotRequired[_Day]
    instead: NotRequired[str]
    """The model to use from then on."""
    lacks: NotRequired[list[str]]
    """The options that this provider does not take."""
    min_references: NotRequired[Count]
    max_references: NotRequired[Count]


class ModelAnswer(TypedDict):
    name: str
    aliases: list[str]
    description: str
    price: Count
    """Credits for an image of the smallest size."""
    available: bool
    unavailable_because: NotRequired[str]
    served_by: NotRequired[str]
    """The model that stands in for it on this deployment."""
    providers: list[str]
    routes: list[ProviderRouteAnswer]
    """In the order in which they are tried."""
    list_prices_of: _Day
    max_references: Count
    needs_reference: bool
    needs_prompt: bool
    options: list[str]
    aspect_ratios: list[str]
    resolutions: list[str]
    qualities: list[str]
    min_side: Count
    max_side: Count
    max_images: Count
    max_prompt: Count
    schema: dict[str, Any]
    """JSON Schema of what a job for it may hold."""


class ModelList(TypedDict):
    models: list[ModelAnswer]


def models(outcome: Models, context: RequestContext) -> ModelList:
    return {"models": [model(one, context) for one in outcome.models]}


def model(outcome: Model, context: RequestContext) -> ModelAnswer:
    catalogue: Catalogue = context.catalogue
    return {
        "name": outcome.name,
        "aliases": list(catalogue.other_names(outcome.name)),
        "description": outcome.description,
        "price": outcome.price,
        "available": outcome.is_available,
        **given(
            unavailable_because=outcome.unavailable or None, served_by=outcome.served_by or None
        ),
        "providers": list(dict.fromkeys(route.provider for route in outcome.routes)),
        "routes": [_route(route) for route in outcome.routes],
        "list_prices_of": catalogue.prices_of.isoformat(),
        "max_references": outcome.most_references_here,
        "needs_reference": outcome.needs_reference,
        "needs_prompt": outcome.needs_prompt,
        "options": sorted(outcome.options_here),
        "aspect_ratios": list(outcome.ratios),
        "resolutions": list(outcome.resolutions),
        "qualities": list(outcome.qualities),
        "min_side": outcome.min_side,
        "max_side": outcome.max_side,
        "max_images": outcome.max_images,
        "max_prompt": outcome.max_prompt,
        "schema": schema_of(outcome, catalogue),
    }


def _route(route: ProviderRoute) -> ProviderRouteAnswer:
    return {
        "provider": route.provider,
        "model": route.model,
        **given(
            usd=route.usd,
            available_until=route.until.isoformat() if route.until else None,
            instead=route.instead or None,
            lacks=sorted(route.lacks) or None,
            min_references=route.min_references or None,
            max_references=route.max_references,
        ),
    }


@ROUTES.get("/v1/models", READ, answer=models)
def list_models() -> ListModels:
    """List models"""
    return ListModels()


@ROUTES.get("/v1/models/{name}", READ, answer=model, path_examples={"name": "painter"})
def retrieve_model(context: RequestContext) -> ReadModel:
    """Retrieve a model

    By its name or an alias.
    """
    return ReadModel(name=context.path["name"])
