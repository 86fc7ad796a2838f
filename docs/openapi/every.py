"""The documents of all dialects, native first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from darkroom.dialects import registry
from darkroom.dialects.dialect import Dialect
from docs.openapi.building import document
from docs.openapi.events import event_schemas, open_to_more
from docs.openapi.page import page

FOLDER = Path(__file__).resolve().parents[2] / "functions" / "darkroom" / "openapi"
NAMES = ("native", *registry.MOUNTED)


def spoken(name: str) -> Dialect:
    return registry.NATIVE if name == "native" else registry.dialect(name)


def document_of(name: str) -> dict[str, Any]:
    return document(spoken(name))


def internal_paths_of(name: str) -> dict[str, Any]:
    """Of operations that are in no document: for tests that try everything."""
    dialect = spoken(name)
    internal = {route.path for route in dialect.routes if route.is_internal}
    if not internal:
        return {}
    whole = document(dialect, with_internal=True)["paths"]
    return {path: whole[path] for path in internal}


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
