"""The catalogue, from the file beside the code, as far as this deployment reaches."""

from __future__ import annotations

import tomllib
from importlib import resources

from darkroom.domain.catalogue import Catalogue, parse_catalogue
from darkroom.domain.web_addresses import WebPolicy
from darkroom.settings import MakingSettings


def load_catalogue(settings: MakingSettings) -> Catalogue:
    return whole_catalogue().reachable_by(
        names(settings.providers), with_stand_ins=settings.stand_in == "1"
    )


def whole_catalogue() -> Catalogue:
    text = resources.files("darkroom").joinpath("catalogue.toml").read_text("utf-8")
    return parse_catalogue(tomllib.loads(text))


def web_policy(settings: MakingSettings) -> WebPolicy:
    return WebPolicy(allowed_hosts=names(settings.fetch_from))


def names(text: str) -> frozenset[str]:
    return frozenset(name for name in text.split(",") if name)
