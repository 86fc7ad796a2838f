"""How a prompt shows that it has already decided on something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from writer.data import table

_ASPECTS = table("aspects")

SAID: Mapping[str, Sequence[str]] = _ASPECTS["said"]
VIVID = frozenset(_ASPECTS["vivid"])
# They name a colour, yet none that a palette could be built upon.
PLAIN = frozenset(_ASPECTS["plain"])
# Where the word of a colour is no colour.
NO_COLOURS: Sequence[str] = _ASPECTS["no_colours"]
