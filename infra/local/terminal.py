"""Text for a terminal, coloured where that helps."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO


class Colour(StrEnum):
    BOLD = "1"
    DIM = "2"
    RED = "31"
    GREEN = "32"
    YELLOW = "33"
    BLUE = "34"
    MAGENTA = "35"
    CYAN = "36"


@dataclass(frozen=True, slots=True)
class Terminal:
    stream: TextIO
    coloured: bool

    @classmethod
    def for_stream(cls, stream: TextIO, environment: Mapping[str, str]) -> Terminal:
        # https://no-color.org: any value but the empty one means no colour.
        return cls(stream, coloured=stream.isatty() and not environment.get("NO_COLOR"))

    def paint(self, text: str, *colours: Colour) -> str:
        if not self.coloured or not colours:
            return text
        return f"\x1b[{';'.join(colours)}m{text}\x1b[0m"

    def line(self, text: str = "", *colours: Colour) -> None:
        try:
            print(self.paint(text, *colours), file=self.stream, flush=True)
        except BrokenPipeError:
            # The output is closed, as after `make run | head`: no reason to end in disorder.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stream.fileno())
