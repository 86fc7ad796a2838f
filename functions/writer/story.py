"""What all captions of a brief have in common."""

from __future__ import annotations

from dataclasses import dataclass, replace

from texts import HASHTAG, LINK
from writer.briefs import Brief
from writer.instructions import refuses_emoji, refuses_hashtags
from writer.links import links_of
from writer.notices import OF_NOTICES, is_notice
from writer.phrases import PHRASES, Phrases
from writer.reading import Reading, read, speaks_of_food
from writer.themes import name_of_file, seen_on, theme_of

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


def story_of(brief: Brief) -> Story:
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
