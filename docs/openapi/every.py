"""The documents of all dialects that are spoken, native first."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from darkroom.dialects import registry
from darkroom.dialects.wire import Dialect
from docs.openapi.building import document
from docs.openapi.described import Description
from docs.openapi.events import event_schemas, open_to_more
from docs.openapi.page import page

FOLDER = Path(__file__).resolve().parents[2] / "functions" / "darkroom" / "openapi"
NAMES = ("native", *registry.MOUNTED)


def spoken(name: str) -> Dialect:
    return registry.NATIVE if name == "native" else registry.dialect(name)


def description(name: str) -> Description:
    described: Description = import_module(f"{__package__}.{name}").DESCRIPTION
    return described


def document_of(name: str) -> dict[str, Any]:
    return document(spoken(name), description(name))


def internal_paths_of(name: str) -> dict[str, Any]:
    """Of what is in no document: for those who try everything that is answered."""
    described = description(name)
    if not described.internal:
        return {}
    whole = document(spoken(name), described, with_internal=True)["paths"]
    return {path: whole[path] for path in whole.keys() - document_of(name)["paths"]}


def as_json(built: dict[str, Any]) -> str:
    return json.dumps(built, ensure_ascii=False, separators=(",", ":")) + "\n"


def files() -> dict[str, str]:
    """What the Lambda asset carries, by name."""
    written = {}
    for name in NAMES:
        built = document_of(name)
        written[f"{name}.json"] = as_json(built)
        written[f"{name}.html"] = page(built, registry.MOUNTED if name == "native" else ())
    written["events.json"] = as_json(
        open_to_more(event_schemas(json.loads(written["native.json"])))
    )
    return written
