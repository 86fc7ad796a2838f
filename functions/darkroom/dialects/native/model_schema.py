"""The JSON Schema of what a request to one model may hold: a submit's body, narrowed to it.

What a schema cannot say is left to the submit: which options no single way to the model takes
together, and that an address lies on the public web. Null, which a submit takes for "not given",
is not a value here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from darkroom.dialects.bodies import model_of
from darkroom.domain.catalogue import OPTIONS, Catalogue, Model

Schema = dict[str, Any]

_NULL = {"type": "null"}
# Both bring words and pictures of their own, which only the submit resolves.
_IMPLYING: tuple[Schema, ...] = ({"required": ["caption"]}, {"required": ["collection"]})
_PICTURED: Schema = {"required": ["references"], "properties": {"references": {"minItems": 1}}}
_WORDED: Schema = {
    "required": ["prompt"],
    "properties": {"prompt": {"minLength": 1, "pattern": r"\S"}},
}
_ONE_SOURCE: Schema = {"oneOf": [{"required": ["media"]}, {"required": ["url"]}]}
# Pixels, or words for them.
_SIZE: Schema = {
    "dependentRequired": {"width": ["height"], "height": ["width"]},
    "not": {
        "required": ["width"],
        "anyOf": [{"required": ["aspect_ratio"]}, {"required": ["resolution"]}],
    },
}


def schema_of(model: Model, catalogue: Catalogue) -> Schema:
    every = _of_every_model()
    # A seed is taken by all: it is kept for every job, whatever the provider makes of it.
    refused = set(OPTIONS) - model.options_here - {"seed"}
    properties = {name: field for name, field in every["properties"].items() if name not in refused}
    for name, narrower in _narrowed(model, catalogue, every["properties"]).items():
        if name in properties:
            properties[name] = {**properties[name], **narrower}
    is_default = catalogue.defaults["native"] == model.name
    return {
        "type": "object",
        "properties": properties,
        "required": [] if is_default else ["model"],
        "additionalProperties": False,
        **_SIZE,
        "allOf": _rules(model, properties),
        "$defs": every["$defs"],
    }


def _narrowed(model: Model, catalogue: Catalogue, every: Mapping[str, Schema]) -> dict[str, Schema]:
    side = {"minimum": model.min_side, "maximum": model.max_side}
    return {
        "model": {"enum": [model.name, *catalogue.other_names(model.name)]},
        "prompt": {"maxLength": min(model.max_prompt, every["prompt"]["maxLength"])},
        "aspect_ratio": {"enum": list(model.ratios)},
        "resolution": {"enum": list(model.resolutions)},
        "width": side,
        "height": side,
        "n": {"maximum": model.max_images},
        "quality": {"enum": list(model.qualities)},
        "references": {"maxItems": model.most_references_here},
    }


def _rules(model: Model, properties: Mapping[str, Schema]) -> list[Schema]:
    rules: list[Schema] = []
    if model.needs_prompt:
        rules.append({"anyOf": [_WORDED, {"required": ["caption"]}]})
    if model.needs_reference:
        rules.append({"anyOf": [_PICTURED, *_IMPLYING]})
    # These say something of a reference.
    rules += [
        {"anyOf": [{"not": {"required": [name]}}, _PICTURED, *_IMPLYING]}
        for name in ("mask", "strength")
        if name in properties
    ]
    return rules


@cache
def _of_every_model() -> Schema:
    # Loads pydantic, which other reads do without.
    from darkroom.dialects.native.job_request import Submit  # noqa: PLC0415

    schema: Schema = model_of(Submit).model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        part["properties"] = {
            name: _without_null(field) for name, field in part["properties"].items()
        }
    reference = schema["$defs"]["ReferenceBody"]
    reference["properties"]["url"]["format"] = "uri"
    reference |= _ONE_SOURCE
    return schema


def _without_null(field: Schema) -> Schema:
    if _NULL not in field.get("anyOf", ()):
        return field
    rest = {name: value for name, value in field.items() if name not in {"anyOf", "default"}}
    kinds = [kind for kind in field["anyOf"] if kind != _NULL]
    return {**rest, **kinds[0]} if len(kinds) == 1 else {**rest, "anyOf": kinds}
