"""What the catalogue adds to the fields of a native job: the models, and what they take."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from docs.openapi.samples import CATALOGUE
from docs.openapi.schemas import Schema

_MODELS = tuple(CATALOGUE.models.values())


def job_fields() -> dict[str, Schema]:
    side = {"minimum": 16, "maximum": max(model.max_side for model in _MODELS)}
    return {
        "model": {
            "enum": [*CATALOGUE.models, *CATALOGUE.aliases],
            "default": CATALOGUE.defaults["native"],
        },
        "aspect_ratio": {"enum": _every(model.ratios for model in _MODELS)},
        "quality": {"enum": _every(model.qualities for model in _MODELS)},
        "width": side,
        "height": side,
    }


def _every(lists: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(chain(*lists)))
