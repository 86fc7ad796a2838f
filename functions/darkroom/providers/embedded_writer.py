"""The embedded writer (functions/writer), as a writer like any other: one in this process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from darkroom.domain.captions import (
    HASHTAGS,
    LIMITS,
    LONGEST_PROMPT,
    TITLES,
    CaptionBrief,
    length_on,
)
from darkroom.domain.job import Caption
from writer import Brief, Post, captions, enhance


class EmbeddedWriter:
    name: str = "darkroom-house-writer"

    def enhance(self, prompt: str) -> str:
        """The prompt as it was, and then what it leaves open."""
        return enhance(prompt, LONGEST_PROMPT)

    def captions(self, brief: CaptionBrief) -> Mapping[str, Caption]:
        asked = Brief(
            prompt=brief.prompt,
            posts={post_type: _post(post_type) for post_type in brief.post_types},
            seen=brief.seen,
            is_deep=brief.research_mode == "deep",
        )
        return {
            post_type: Caption(text=caption.text, writer=self.name, subject=caption.subject)
            for post_type, caption in captions(asked).items()
        }


def _post(post_type: str) -> Post:
    return Post(
        most_characters=LIMITS[post_type],
        hashtags=HASHTAGS[post_type],
        longest_title=TITLES.get(post_type),
        length=partial(length_on, post_type),
    )
