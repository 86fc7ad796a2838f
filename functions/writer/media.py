"""What pictures are made of: how a prompt names it, and what is then worth asking for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from writer.data import table

_MEDIA = table("media")

# The earlier ones win: "a watercolour logo" is a logo, "a cartoon photo" a cartoon.
NAMES: Mapping[str, Sequence[str]] = _MEDIA["names"]
# These have no light and shade, unless a prompt says so.
FLAT = frozenset(_MEDIA["flat"])
TAGS: Mapping[str, str] = _MEDIA["tags"]
# What to ask of each, where the prompt names it and says nothing of the finish.
FINISHES: Mapping[str, Sequence[str]] = _MEDIA["finishes"]
# The medium that suits a subject, or a place, where the prompt names none.
USUAL: Mapping[str, Sequence[str]] = _MEDIA["usual"]
