"""How a caption is built for each kind of post.

A layout names the parts in their order: "|" parts paragraphs, and a part with "+" is for deep
captions only.
"""

from __future__ import annotations

from collections.abc import Mapping

LAYOUTS: Mapping[str, str] = {
    "instagram-feed": "hook | theme thought | shown | angle+ | question ask+ | link | tags",
    "instagram-reel": "hook | theme thought+ | question | ask+ link | tags",
    "instagram-story": "theme | question ask+ | tags",
    "facebook-post": "theme thought | shown+ | angle+ | question ask+ | link | tags",
    "facebook-reel": "hook theme | thought+ question | link | tags",
    "facebook-story": "theme | hook+ question",
    "tiktok-video": "hook theme question+ | tags",
    "tiktok-photo": "title | theme | hook thought+ shown+ question | tags",
    "youtube-video": "title | theme thought | shown+ | angle+ | question ask | link | tags",
    "youtube-short": "title | theme | hook question thought+ ask+ | link | tags",
    "x-post": "hook theme question+ | link | tags",
    "linkedin-post": "lesson | theme | angle+ | ask | link | tags",
    "threads-post": "theme thought | angle+ question | link | tags",
    "pinterest-pin": "theme thought | shown+ | angle+ | pin | link | tags",
}
# When there is no room for all, the first of these stay.
IMPORTANCE = "title theme tags hook link question lesson pin thought shown ask angle"

# The most characters of the user's own words.
THEMES: Mapping[str, int] = {
    "instagram-feed": 600,
    "instagram-reel": 200,
    "instagram-story": 110,
    "facebook-post": 600,
    "facebook-reel": 200,
    "facebook-story": 110,
    "tiktok-video": 110,
    "tiktok-photo": 200,
    "youtube-video": 900,
    "youtube-short": 200,
    "x-post": 150,
    "linkedin-post": 260,
    "threads-post": 220,
    "pinterest-pin": 220,
}
WITH_EMOJI = frozenset(
    {"instagram-feed", "instagram-reel", "instagram-story", "facebook-reel", "tiktok-video"}
)
# Elsewhere, an address in a caption cannot be followed.
WITH_LINKS = frozenset({"facebook", "youtube", "x", "linkedin", "threads", "pinterest"})
LINK_ELSEWHERE = "Link in bio."
# Within a sentence, where the link itself is not.
LINK_IN_BIO = "link in bio"
LINK_BELOW = "link below"

# For what is no sentence of its own.
TITLES = ("{theme}", "Take a closer look: {theme}", "Worth a second look: {theme}")
LONGEST_TITLED = 45
FILMS = frozenset({"instagram-reel", "facebook-reel", "tiktok-video", "youtube-video"})
IN_FILMS = "On screen: {shown}."
IN_PICTURES = "In the picture: {shown}."
IN_SETS = "In this set: {shown}."

ASKS: Mapping[str, tuple[str, ...]] = {
    "instagram-feed": (
        "Save it for later, and send it to someone who would love it.",
        "Tell us in the comments, and save it for a slow moment.",
        "Share it with the one person who needs to see it.",
    ),
    "instagram-reel": (
        "Watch it twice, then send it to a friend.",
        "Save it, share it, come back to it.",
    ),
    "instagram-story": ("Tap to reply.", "Reply and tell us."),
    "facebook-post": (
        "Tell us in the comments.",
        "Share it with someone who would enjoy it.",
    ),
    "youtube-video": (
        "Tell us in the comments, and subscribe for more.",
        "Leave your answer below, and subscribe if you would like to see more.",
    ),
    "youtube-short": ("Subscribe for more like this.", "More to come: subscribe and stay close."),
    "linkedin-post": (
        "What comes to mind when you see this?",
        "What do you notice first?",
        "Who in your network would like to see this?",
    ),
}
PLATFORM_TAGS: Mapping[str, str] = {"youtube-short": "Shorts"}
# For where a post is read at work.
TAGS_AT_WORK = "Creativity VisualCommunication ContentMarketing"
