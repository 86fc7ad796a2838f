"""The words that the painter knows: of each kind those that mean it, in the singular."""

from __future__ import annotations

from painter.data import table

_WORDS = table("vocabulary")


def _by_word(kinds: dict[str, list[str]]) -> dict[str, str]:
    return {word: kind for kind, words in kinds.items() for word in words}


SUBJECTS = _by_word(_WORDS["subjects"])
LIGHTS = _by_word(_WORDS["lights"])
WEATHERS = _by_word(_WORDS["weathers"])
SEASONS = _by_word(_WORDS["seasons"])
STYLES = _by_word(_WORDS["styles"])
MOODS = _by_word(_WORDS["moods"])
STYLE_KINDS = tuple(_WORDS["styles"])
ABSTRACT_WORDS = frozenset(_WORDS["abstract"])
NUMBERS: dict[str, int] = _WORDS["numbers"]
NEGATIONS = frozenset(_WORDS["negations"])
# Kinds of subjects that put a picture out of doors.
OUTDOORS = frozenset(_WORDS["outdoors"])
