"""What all captions of a brief have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from darkroom.domain.captions import CaptionBrief
from darkroom.domain.texts import HASHTAG, LINK
from darkroom.writing.instructions import refuses_emoji, refuses_hashtags
from darkroom.writing.links import links_of
from darkroom.writing.notices import OF_NOTICES, is_notice
from darkroom.writing.phrases import Phrases
from darkroom.writing.phrases_of_designs import OF_DESIGNS
from darkroom.writing.phrases_of_life import OF_LIFE
from darkroom.writing.phrases_of_places import OF_PLACES
from darkroom.writing.phrases_of_things import OF_THINGS
from darkroom.writing.reading import Reading, read, speaks_of_food
from darkroom.writing.themes import name_of_file, seen_on, theme_of

PHRASES: Mapping[str, Phrases] = {**OF_LIFE, **OF_PLACES, **OF_THINGS, **OF_DESIGNS}
_MOST_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    theme: str
    shown: tuple[str, ...]
    own_tags: tuple[str, ...]
    links: tuple[str, ...]
    reading: Reading
    is_notice: bool
    takes_hashtags: bool
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
    if kind == "interior" and speaks_of_food(about):
        kind = "food"
    plain = is_notice(theme)
    phrases = OF_NOTICES if plain else PHRASES["solemn" if whole.solemn else kind]
    return Story(
        theme=theme,
        shown=tuple(shown[:_MOST_SHOWN]),
        own_tags=tuple(HASHTAG.findall(LINK.sub(" ", brief.prompt))),
        links=links_of(brief.prompt),
        reading=replace(about, medium=whole.medium, solemn=whole.solemn),
        is_notice=plain,
        takes_hashtags=not refuses_hashtags(brief.prompt),
        phrases=replace(phrases, emoji="") if refuses_emoji(brief.prompt) else phrases,
    )
