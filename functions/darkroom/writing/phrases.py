"""What there is to say of a kind of subject, without knowing more of it than its name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    emoji: str
    tags: str
    hooks: tuple[str, ...]
    thoughts: tuple[str, ...]
    angles: tuple[str, ...]  # what a deep caption adds
    lessons: tuple[str, ...]  # what people at work take from it
    questions: tuple[str, ...]
    pin: str  # where somebody would keep it
