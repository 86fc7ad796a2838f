"""The writer that is built in: rules and tables, no model.

It looks nothing up and knows nothing of a subject but the words it was given. "Deep" captions of
its own say more, they are not better informed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from darkroom.domain.captions import CaptionBrief
from darkroom.writing.captioning import captioned
from darkroom.writing.enhancing import enhanced

# Nobody means them, and nobody sees them in a post; a caption must not begin or end with one.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]|[^\S \n\r\t]")


class HouseWriter:
    name: str = "darkroom-house-writer"

    def enhance(self, prompt: str) -> str:
        """The prompt as it was, and then what it leaves open."""
        return enhanced(prompt)

    def captions(self, brief: CaptionBrief) -> Mapping[str, str]:
        seen = tuple(_plain(text) for text in brief.seen)
        return captioned(replace(brief, prompt=_plain(brief.prompt), seen=seen))


def _plain(text: str) -> str:
    return _CONTROLS.sub(" ", text)
