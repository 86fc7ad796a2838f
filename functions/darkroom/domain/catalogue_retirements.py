"""Which routes end soon, and what serves their models then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from darkroom.domain.catalogue import Catalogue, ProviderRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    model: str
    route: ProviderRoute
    until: date
    successor: (
        ProviderRoute | None
    )  # of the model's other routes, the one that is asked from then on


def retirements(catalogue: Catalogue, today: date, *, within_days: int) -> list[Retirement]:
    """Routes of which the last day is past, or fewer than this many days away, by that day. What
    ends in the same time itself follows nothing.
    """
    horizon = today + timedelta(days=within_days)
    found = []
    for model in catalogue.models.values():
        for place, route in enumerate(model.routes):
            if route.until is None or route.until >= horizon:
                continue
            others = (*model.routes[place + 1 :], *model.routes[:place])
            living = (other for other in others if other.until is None or other.until >= horizon)
            successor = next(living, None)
            found.append(
                Retirement(model=model.name, route=route, until=route.until, successor=successor)
            )
    return sorted(found, key=lambda retirement: (retirement.until, retirement.model))
