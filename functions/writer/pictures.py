"""What a prompt is helped with: the composition, the light and the colours of its picture.

Each sentence comes with the words of a prompt that it would argue with; `{it}` is the subject.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from writer.data import table

Advice = tuple[str, Sequence[str]]

_PICTURES = table("pictures")


def _advice(rows: Mapping[str, Mapping[str, Sequence[str]]]) -> Mapping[str, tuple[Advice, ...]]:
    return {kind: tuple(sentences.items()) for kind, sentences in rows.items()}


COMPOSITIONS = _advice(_PICTURES["compositions"])
LIGHTS = _advice(_PICTURES["lights"])
COLOURS = _advice(_PICTURES["colours"])
# Groups of words that sentences argue with.
GROUPS: Mapping[str, Sequence[str]] = _PICTURES["groups"]
ONE_COLOUR: str = _PICTURES["one_colour"]
SOME_COLOURS: str = _PICTURES["some_colours"]
