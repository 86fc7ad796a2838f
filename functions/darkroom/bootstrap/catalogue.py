"""The catalogue, from the file beside the code."""

from __future__ import annotations

import tomllib
from importlib import resources

from darkroom.domain.catalogue import Catalogue, parse_catalogue


def load_catalogue() -> Catalogue:
    text = resources.files("darkroom").joinpath("catalogue.toml").read_text("utf-8")
    return parse_catalogue(tomllib.loads(text))
