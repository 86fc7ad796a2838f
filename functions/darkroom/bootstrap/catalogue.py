"""The catalogue, from the file beside the code, as far as this deployment reaches."""

from __future__ import annotations

import sys
import tomllib
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any

from darkroom.domain.catalogue import Catalogue
from darkroom.domain.catalogue_file import CatalogueError, parse_catalogue
from darkroom.settings import CatalogueSettings

_SOON = 90  # days


def load_catalogue(settings: CatalogueSettings) -> Catalogue:
    return whole_catalogue().reachable_by(
        names(settings.providers),
        datetime.now(UTC).date(),
        with_stand_ins=settings.stand_in == "1",
    )


@cache
def whole_catalogue() -> Catalogue:
    return parse_catalogue(_file("catalogue.toml"))


def check_catalogue() -> None:
    """What only both files together show. Raises CatalogueError."""
    known = _file("providers.toml").keys()
    for model in whole_catalogue().models.values():
        for route in model.routes:
            if route.provider not in known:
                raise CatalogueError(
                    f"{model.name} has a route to {route.provider}, which is no provider"
                )


def ending_table(catalogue: Catalogue, today: date) -> list[str]:
    """Last day, model, provider's route, and the route that follows: what is to be looked after."""
    # Only the check reads this: no function pays for it at its start.
    from darkroom.domain.catalogue_retirements import retirements  # noqa: PLC0415

    rows = []
    for retirement in retirements(catalogue, today, within_days=_SOON):
        successor = retirement.successor
        after = f"{successor.provider} {successor.model}" if successor else "nothing"
        route = f"{retirement.route.provider} {retirement.route.model}"
        rows.append(f"  {retirement.until}  {retirement.model:<18} {route:<32} → {after}")
    return [f"Routes that end within {_SOON} days:", *rows] if rows else []


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("darkroom").joinpath(name).read_text("utf-8"))


def names(text: str) -> frozenset[str]:
    return frozenset(name for name in text.split(",") if name)


if __name__ == "__main__":
    try:
        check_catalogue()
    except CatalogueError as error:
        sys.exit(f"catalogue.toml: {error}")
    table = ending_table(whole_catalogue(), datetime.now(UTC).date())
    sys.stdout.writelines(f"{line}\n" for line in table)
