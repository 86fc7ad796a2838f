"""A deployment's own secrets, in generations, so that one can be replaced while things live by it.

A new generation is known to every function before the first of them signs with it, and an old one
is good until the operator takes it away.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    number: int
    text: str = field(repr=False)
    signs_from: datetime = _EVER


@dataclass(frozen=True, slots=True)
class Generations:
    """One secret as it is kept, the oldest generation first: at least one, which signs by now."""

    all: tuple[Generation, ...]

    def signing(self, now: datetime) -> Generation:
        return next(one for one in reversed(self.all) if one.signs_from <= now)

    def text_of(self, number: int) -> str:
        """Raises KeyError for one that was taken away, or is not known here yet."""
        return {one.number: one.text for one in self.all}[number]

    def replaced_at(self, number: int) -> datetime | None:
        """When the next one began to sign, or will; None for the newest."""
        later = [one.signs_from for one in self.all if one.number > number]
        return later[0] if later else None

    def with_new(self, text: str, signs_from: datetime) -> Generations:
        number = self.all[-1].number + 1
        return Generations((*self.all, Generation(number=number, text=text, signs_from=signs_from)))

    def without(self, number: int) -> Generations:
        return Generations(tuple(one for one in self.all if one.number != number))


class Secrets(Protocol):
    def generations(self) -> Sequence[int]:
        """All that are good, the one that signs now first."""
        ...

    def derive(self, purpose: str, generation: int) -> bytes:
        """The key for one purpose. Raises KeyError for a generation that is not known."""
        ...


# How `written` begins.
_WRITTEN = '{"generations": ['


def read_generations(kept: str) -> Generations:
    """A secret that was never replaced is kept as AWS made it: a text alone, of any characters."""
    if not kept.startswith(_WRITTEN):
        return Generations((Generation(number=1, text=kept),))
    rows = json.loads(kept)["generations"]
    return Generations(
        tuple(
            Generation(
                number=row["number"],
                text=row["secret"],
                signs_from=datetime.fromisoformat(row["signs_from"]),
            )
            for row in rows
        )
    )


def written(generations: Generations) -> str:
    rows = [
        {"number": one.number, "secret": one.text, "signs_from": one.signs_from.isoformat()}
        for one in generations.all
    ]
    return json.dumps({"generations": rows})
