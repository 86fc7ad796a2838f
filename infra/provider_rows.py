"""The rows of providers.toml and catalogue.toml, as far as a deployment has to know them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parents[1] / "functions" / "darkroom"


def provider_rows() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((_FOLDER / "providers.toml").read_text("utf-8"))


def models_of(provider: str) -> tuple[str, ...]:
    """What the catalogue asks this provider for, by its own names."""
    catalogue = tomllib.loads((_FOLDER / "catalogue.toml").read_text("utf-8"))
    routes = (route for model in catalogue["models"].values() for route in model.get("routes", ()))
    return tuple(sorted({one["model"] for one in routes if one["provider"] == provider}))


BEDROCK = "bedrock"


def provider_names() -> tuple[str, ...]:
    """Those that a deployment may choose."""
    return tuple(name for name, row in provider_rows().items() if not row.get("in_process"))


def providers_of(chosen: Iterable[str]) -> str:
    """The setting `PROVIDERS` of a deployment: these, after those that are part of every one."""
    every = (name for name, row in provider_rows().items() if row.get("in_process"))
    return ",".join((*every, *chosen))


def is_keyless(name: str) -> bool:
    return bool(provider_rows()[name].get("keyless"))
