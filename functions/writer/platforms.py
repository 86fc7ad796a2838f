"""How a caption is built for each kind of post.

A layout names the parts in their order: "|" parts paragraphs, and a part with "+" is for deep
captions only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from writer.data import table

_PLATFORMS = table("platforms")

LAYOUTS: Mapping[str, str] = _PLATFORMS["layouts"]
# When there is no room for all, the first of these stay.
IMPORTANCE: Sequence[str] = _PLATFORMS["importance"]
# The most characters of the user's own words.
THEMES: Mapping[str, int] = _PLATFORMS["themes"]
WITH_EMOJI = frozenset(_PLATFORMS["with_emoji"])
# Elsewhere, an address in a caption cannot be followed.
WITH_LINKS = frozenset(_PLATFORMS["with_links"])
LINK_ELSEWHERE: str = _PLATFORMS["link_elsewhere"]
# Within a sentence, where the link itself is not.
LINK_IN_BIO: str = _PLATFORMS["link_in_bio"]
LINK_BELOW: str = _PLATFORMS["link_below"]
# For what is no sentence of its own.
TITLES: Sequence[str] = _PLATFORMS["titles"]
LONGEST_TITLED = 45
FILMS = frozenset(_PLATFORMS["films"])
IN_FILMS: str = _PLATFORMS["in_films"]
IN_PICTURES: str = _PLATFORMS["in_pictures"]
IN_SETS: str = _PLATFORMS["in_sets"]
ASKS: Mapping[str, Sequence[str]] = _PLATFORMS["asks"]
PLATFORM_TAGS: Mapping[str, Sequence[str]] = _PLATFORMS["platform_tags"]
# For where a post is read at work.
TAGS_AT_WORK: Sequence[str] = _PLATFORMS["tags_at_work"]


def platform(post_type: str) -> str:
    return post_type.partition("-")[0]
