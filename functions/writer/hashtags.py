"""The hashtags of a caption: the user's own first, then what the prompt is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from texts import sentences
from writer import media, platforms, vocabulary
from writer.choice import pick
from writer.reading import PAUSES, Reading, is_noun
from writer.story import Story

_LONGEST = 24
_LONGEST_OWN = 40
_SHORTEST_GUESSED = 5


def hashtags(story: Story, post_type: str, bounds: tuple[int, int]) -> str:
    reading, theme = story.reading, story.theme
    if not story.takes_hashtags:
        return ""
    own = [tag for tag in story.own_tags if len(tag) <= _LONGEST_OWN]
    fewest, most = bounds
    count = (fewest + most + 1) // 2
    if story.is_notice:
        tags = _distinct([*own, *_names(theme)])
        return " ".join(f"#{tag}" for tag in tags[:most])
    fixed = [
        *own,
        *platforms.PLATFORM_TAGS.get(post_type, ()),
    ]
    special = list(_names(theme)) or list(_guesses(reading))
    if not reading.solemn:
        special += [*_subjects(reading), *filter(None, [media.TAGS.get(reading.medium)])]
    general = list(story.phrases.tags)
    if platforms.platform(post_type) == "linkedin" and not reading.solemn:
        general = list(platforms.TAGS_AT_WORK)
    first = general.index(pick(general, theme, "tags"))
    tags = _distinct([*fixed, *_distinct(special)[: max(1, count * 2 // 3)]])
    tags = _distinct([*tags, *general[first:], *general[:first]])
    return " ".join(f"#{tag}" for tag in tags[: max(count, min(len(fixed), most))])


def _subjects(reading: Reading) -> Iterable[str]:
    """Known nouns, the first of each phrase together with the word before it: "RedFox"."""
    before = ""
    for token, following in pairwise((*reading.tokens, ".")):
        if is_noun(token) and not is_noun(following):
            pair = _joined(before, token)
            yield pair if before and len(pair) <= _LONGEST else _joined(token)
        plain = token in PAUSES or token in vocabulary.JOINTS or token in vocabulary.NEVER_NAMES
        before = "" if plain or not token.isalpha() else token


def _names(theme: str) -> Iterable[str]:
    """What is written with a capital within a sentence: "Café Luna"."""
    for sentence in sentences(theme):
        run: list[str] = []
        for word in [*sentence.split()[1:], "."]:
            plain = word.strip(".,;:!?\"'“”()")
            named = plain[:1].isupper() and plain.casefold() not in vocabulary.NEVER_NAMES
            run += [plain] if named else []
            if run and (not named or word != plain):
                if len(name := _joined(*run)) <= _LONGEST:
                    yield name
                run = []


def _guesses(reading: Reading) -> Iterable[str]:
    """Of a language that is not known: its longer words."""
    little = vocabulary.FOREIGN | vocabulary.ENGLISH
    for token in reading.tokens if reading.foreign else ():
        if token not in little and _SHORTEST_GUESSED <= len(token) <= _LONGEST:
            yield _joined(token)


def _joined(*words: str) -> str:
    parts = ("".join(re.findall(r"\w+", word)) for word in words)
    return "".join(part[0].upper() + part[1:] for part in parts if part)


def _distinct(tags: Iterable[str]) -> list[str]:
    first: dict[str, str] = {}
    for tag in tags:
        if tag and not tag.isdigit():
            plain = unicodedata.normalize("NFKD", tag.casefold())
            first.setdefault("".join(filter(str.isalnum, plain)), tag)
    return list(first.values())
