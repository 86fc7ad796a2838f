"""The models as native JSON, each with a schema of what a request to it may hold."""

from __future__ import annotations

from typing import Any

from darkroom.dialects.native.model_schema import schema_of
from darkroom.dialects.wire import Desk, Request, Response, json_response
from darkroom.domain.catalogue import Catalogue, Model, Route
from darkroom.domain.operations import Models


def models(outcome: Models, _request: Request, desk: Desk) -> Response:
    described = [_model(model, desk.catalogue) for model in outcome.models]
    return json_response(200, {"models": described})


def model(outcome: Model, _request: Request, desk: Desk) -> Response:
    return json_response(200, _model(outcome, desk.catalogue))


def _model(model: Model, catalogue: Catalogue) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": model.name,
        "aliases": list(catalogue.other_names(model.name)),
        "description": model.description,
        "price": model.price,
        "available": model.is_available,
    }
    if model.unavailable:
        shown["unavailable_because"] = model.unavailable
    if model.served_by:
        shown["served_by"] = model.served_by
    return shown | {
        "providers": list(dict.fromkeys(route.provider for route in model.routes)),
        "routes": [_route(route) for route in model.routes],
        "list_prices_of": catalogue.prices_of.isoformat(),
        "max_references": model.most_references_here,
        "needs_reference": model.needs_reference,
        "needs_prompt": model.needs_prompt,
        "options": sorted(model.options_here),
        "aspect_ratios": list(model.ratios),
        "resolutions": list(model.resolutions),
        "qualities": list(model.qualities),
        "min_side": model.min_side,
        "max_side": model.max_side,
        "max_images": model.max_images,
        "max_prompt": model.max_prompt,
        "schema": schema_of(model, catalogue),
    }


def _route(route: Route) -> dict[str, Any]:
    known = {
        "provider": route.provider,
        "model": route.model,
        "usd": route.usd,
        "available_until": route.until.isoformat() if route.until else None,
        "instead": route.instead or None,
        "lacks": sorted(route.lacks) or None,
        "min_references": route.min_references or None,
        "max_references": route.max_references,
    }
    return {name: value for name, value in known.items() if value is not None}
