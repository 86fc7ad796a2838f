"""What is to be written, complete and explicit."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.image_request import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionRequest:
    prompt: str
    post_types: tuple[str, ...]
    research_mode: str
    media: tuple[Reference, ...] = ()

    @property
    def n(self) -> int:
        """All captions of a request are written in one go: they belong together."""
        return 1
