"""What captions are asked for, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a platform takes."""

    most_characters: int
    hashtags: tuple[int, int]  # the fewest and the most that do well there
    longest_title: int | None = None  # where the first line is the title
    length: Callable[[str], int] = len  # as the platform counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    prompt: str
    posts: Mapping[str, Post]  # by post type, one of platforms.LAYOUTS
    seen: tuple[str, ...] = ()  # what each picture shows, in a line
    is_deep: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    text: str
    subject: str  # what of it says what the post is about; empty where nothing was told
