"""What there is to say of a kind of subject, without knowing more of it than its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from writer.data import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    emoji: str
    tags: Sequence[str]
    hooks: Sequence[str]
    thoughts: Sequence[str]
    angles: Sequence[str]  # what a deep caption adds
    lessons: Sequence[str]  # what people at work take from it
    questions: Sequence[str]
    pin: str  # where somebody would keep it


PHRASES: Mapping[str, Phrases] = {kind: Phrases(**row) for kind, row in table("phrases").items()}
