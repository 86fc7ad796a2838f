"""The writer that is built in: rules and tables, no model.

It looks nothing up and knows nothing of a subject but the words it was given. "Deep" captions of
its own say more, they are not better informed.
"""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.domain.captions import CaptionBrief
from darkroom.writing.captioning import captioned
from darkroom.writing.enhancing import enhanced


class HouseWriter:
    name: str = "darkroom-house-writer"

    def enhance(self, prompt: str) -> str:
        """The prompt as it was, and then what it leaves open."""
        return enhanced(prompt)

    def captions(self, brief: CaptionBrief) -> Mapping[str, str]:
        return captioned(brief)
