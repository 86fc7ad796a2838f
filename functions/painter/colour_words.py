"""Names of colours, and things that bring their own."""

from __future__ import annotations

from painter.colour import RGB, rgb
from painter.data import table

_CODES = table("colours")

COLOURS: dict[str, RGB] = {word: rgb(code) for word, code in _CODES["names"].items()}
COATS: dict[str, RGB] = {word: rgb(code) for word, code in _CODES["coats"].items()}
