"""The vendors' own machine-readable descriptions, where they lie beside the project.

They are not ours to ship; without them the requests are checked by the fakes alone.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

FOLDER = Path(__file__).parents[3] / "shared" / "specs"


@cache
def description(name: str) -> Any:
    file = FOLDER / name
    return json.loads(file.read_text()) if name and file.is_file() else None


def complaints(file: str, schema: str, body: Any) -> list[str] | None:
    """What the named component schema of that OpenAPI file says against this body; None where the
    file is not there to ask.
    """
    document = description(file)
    if document is None:
        return None
    validator = jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": _plain(document["components"])}
    )
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(body)]


def _plain(node: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema has it."""
    if isinstance(node, dict):
        plain = {name: _plain(value) for name, value in node.items()}
        if plain.pop("nullable", False) is True:
            return {"anyOf": [plain, {"type": "null"}]}
        return plain
    return [_plain(value) for value in node] if isinstance(node, list) else node
