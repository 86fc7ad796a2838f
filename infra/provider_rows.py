"""The rows of providers.toml, as far as a deployment has to know them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_ROWS = Path(__file__).resolve().parents[1] / "functions" / "darkroom" / "providers.toml"


def provider_rows() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(_ROWS.read_text("utf-8"))


PAINTER, BEDROCK = "painter", "bedrock"


def provider_names() -> tuple[str, ...]:
    """Those that a deployment may choose; the painter is always there."""
    return tuple(name for name in provider_rows() if name != PAINTER)


def is_keyless(name: str) -> bool:
    return bool(provider_rows()[name].get("keyless"))
