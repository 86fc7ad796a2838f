"""The models of the catalogue."""

from __future__ import annotations

from darkroom.domain.operations import Models
from docs.openapi.described import Answer, Described, Parameter
from docs.openapi.refusals import UNKNOWN_PARAMETER, missing
from docs.openapi.samples import DESK
from docs.openapi.shapes import COUNT, FLAG, TEXT, many, record, ref, told

_TAG = "models"
_DAY = {"type": "string", "format": "date"}
_ROUTE = record(
    {"provider": TEXT, "model": TEXT},
    {
        "usd": told({"type": "number"}, "The list price of one image."),
        "available_until": _DAY,
        "instead": TEXT,
        "lacks": many(TEXT),
        "min_references": COUNT,
        "max_references": COUNT,
    },
)
SCHEMAS = {
    "Model": record(
        {
            "name": TEXT,
            "aliases": many(TEXT),
            "description": TEXT,
            "price": told(COUNT, "Credits for an image of the smallest size."),
            "available": FLAG,
            "providers": many(TEXT),
            "routes": many(_ROUTE),
            "list_prices_of": _DAY,
            "max_references": COUNT,
            "needs_reference": FLAG,
            "needs_prompt": FLAG,
            "options": many(TEXT),
            "aspect_ratios": many(TEXT),
            "resolutions": many(TEXT),
            "qualities": many(TEXT),
            "min_side": COUNT,
            "max_side": COUNT,
            "max_images": COUNT,
            "max_prompt": COUNT,
            "schema": told({"type": "object"}, "JSON schema of what a job for it may hold."),
        },
        {"unavailable_because": TEXT, "served_by": TEXT},
    )
}
_ALL = tuple(DESK.catalogue.models.values())

OPERATIONS = {
    "GET /v1/models": Described(
        name="listModels",
        summary="All models",
        tag=_TAG,
        answers={
            200: Answer(
                text="The models.",
                schema=record({"models": many(ref("Model"))}),
                outcomes=(Models(models=_ALL),),
                # The schemas within it refer to themselves, and would not here.
                is_shown=False,
            )
        },
        raises=(UNKNOWN_PARAMETER,),
    ),
    "GET /v1/models/{name}": Described(
        name="readModel",
        summary="One model",
        tag=_TAG,
        takes=(
            Parameter(
                name="name",
                where="path",
                schema=TEXT,
                text="Its name, or another name of it.",
                example="painter",
            ),
        ),
        answers={
            200: Answer(text="The model.", schema=ref("Model"), outcomes=_ALL, is_shown=False)
        },
        raises=(UNKNOWN_PARAMETER, missing("model")),
    ),
}
