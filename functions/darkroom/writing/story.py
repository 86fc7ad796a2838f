"""What all captions of a brief have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from darkroom.domain.captions import HASHTAG, LINK, CaptionBrief
from darkroom.writing.phrases import Phrases
from darkroom.writing.phrases_of_designs import OF_DESIGNS
from darkroom.writing.phrases_of_life import OF_LIFE
from darkroom.writing.phrases_of_places import OF_PLACES
from darkroom.writing.phrases_of_things import OF_THINGS
from darkroom.writing.reading import Reading, read
from darkroom.writing.themes import name_of_file, seen_on, theme_of

PHRASES: Mapping[str, Phrases] = {**OF_LIFE, **OF_PLACES, **OF_THINGS, **OF_DESIGNS}
_MOST_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    theme: str
    shown: tuple[str, ...]
    own_tags: tuple[str, ...]
    link: str
    reading: Reading
    phrases: Phrases


def story_of(brief: CaptionBrief) -> Story:
    theme = theme_of(brief.prompt)
    shown = seen_on([line for line in brief.seen if name_of_file(line) is None], theme)
    if not theme:
        names = [name for line in brief.seen if (name := name_of_file(line))]
        theme = theme_of((shown or names or [""])[0])
        shown = shown[1:]
    pictures = "\n".join(line for line in brief.seen if name_of_file(line) is None)
    whole, about, seen = read(f"{brief.prompt}\n{pictures}"), read(theme), read(pictures)
    kind = about.kind if about.kind != "anything" else seen.kind
    link = LINK.search(brief.prompt)
    return Story(
        theme=theme,
        shown=tuple(shown[:_MOST_SHOWN]),
        own_tags=tuple(HASHTAG.findall(LINK.sub(" ", brief.prompt))),
        link=link[0].rstrip(".,;:!?)") if link else "",
        reading=replace(about, medium=whole.medium, solemn=whole.solemn),
        phrases=PHRASES["solemn" if whole.solemn else kind],
    )
