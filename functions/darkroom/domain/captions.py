"""Captions for posts: what may be asked for, and how long it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# What can be written for, and how many characters a caption may have there: the platform's own
# limit, or, where that is more than people read, what they read.
LIMITS: Mapping[str, int] = {
    "instagram-feed": 2200,
    "instagram-reel": 2200,
    "instagram-story": 250,
    "facebook-post": 2000,
    "facebook-reel": 2000,
    "facebook-story": 250,
    "tiktok-video": 2200,
    "tiktok-photo": 2200,
    "youtube-video": 5000,
    "youtube-short": 1000,
    "x-post": 280,
    "linkedin-post": 700,
    "threads-post": 500,
    "pinterest-pin": 500,
}
# The first word is the platform.
POST_TYPES = tuple(LIMITS)
# The fewest and the most hashtags that do well there.
HASHTAGS: Mapping[str, tuple[int, int]] = {
    "instagram-feed": (5, 8),
    "instagram-reel": (3, 5),
    "instagram-story": (1, 1),
    "facebook-post": (1, 2),
    "facebook-reel": (1, 2),
    "facebook-story": (0, 0),
    "tiktok-video": (3, 5),
    "tiktok-photo": (3, 5),
    "youtube-video": (3, 3),
    "youtube-short": (3, 3),
    "x-post": (1, 2),
    "linkedin-post": (3, 3),
    "threads-post": (1, 1),
    "pinterest-pin": (2, 4),
}
# Where the first line is the title, and how long that may be.
TITLES: Mapping[str, int] = {"youtube-video": 100, "youtube-short": 100, "tiktok-photo": 90}
LONGEST_PROMPT = 2000
_COUNTED_ONCE_BELOW = 0x1100  # the border that X's own rules draw


def platform(post_type: str) -> str:
    return post_type.partition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionBrief:
    """What a writer gets: the subject, what is seen on the media, and where it will stand."""

    prompt: str
    seen: tuple[str, ...]  # a line for each picture: its prompt, its name, its colours
    post_types: tuple[str, ...]
    research_mode: str


def length_on(post_type: str, text: str) -> int:
    """As the platform counts: X takes emoji, and what is far from Latin, for two."""
    if platform(post_type) != "x":
        return len(text)
    return sum(
        1 if ord(letter) < _COUNTED_ONCE_BELOW or letter in "–—‘’“”" else 2 for letter in text
    )
