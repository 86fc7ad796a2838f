"""The models as native JSON, each with a schema of what a request to it may hold."""

from __future__ import annotations

from functools import cache
from typing import Any

from darkroom.dialects.wire import Desk, Request, Response, json_response
from darkroom.domain.catalogue import OPTIONS, Catalogue, Model, Route
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
        "schema": _schema(model),
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


@cache
def _of_every_model() -> dict[str, Any]:
    # The body's classes are a submit's to load: reads do without them until somebody asks for this.
    from darkroom.dialects.native.submission import SubmitBody  # noqa: PLC0415

    return SubmitBody.model_json_schema()


def _schema(model: Model) -> dict[str, Any]:
    """What every request is checked against, narrowed to what this model takes."""
    every = _of_every_model()
    # A seed is taken by all: it is kept for every job, whatever the provider makes of it.
    refused = set(OPTIONS) - model.options_here - {"seed"}
    if not model.most_references_here:
        refused.add("references")
    fields = {name: field for name, field in every["properties"].items() if name not in refused}
    side = {"type": "integer", "minimum": model.min_side, "maximum": model.max_side}
    narrowed = {
        "model": {"enum": [model.name]},
        "prompt": {"type": "string", "maxLength": model.max_prompt},
        "aspect_ratio": {"enum": list(model.ratios)},
        "resolution": {"enum": list(model.resolutions)},
        "width": side,
        "height": side,
        "n": {"type": "integer", "minimum": 1, "maximum": model.max_images, "default": 1},
        "quality": {"enum": list(model.qualities)},
        "references": {**every["properties"]["references"], "maxItems": model.most_references_here},
    }
    return {
        "type": "object",
        "properties": fields | {name: narrowed[name] for name in narrowed if name in fields},
        "required": [
            *(["prompt"] if model.needs_prompt else []),
            *(["references"] if model.needs_reference else []),
        ],
        "additionalProperties": False,
        "$defs": every.get("$defs", {}),
    }
