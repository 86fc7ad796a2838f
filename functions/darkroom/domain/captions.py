"""Captions for posts: what may be asked for, and how an image's prompt follows from them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

# What can be written for, and how many characters a caption may have there: the platform's own
# limit, or, where that is more than anybody reads, what is read.
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
RESEARCH_MODES = ("regular", "deep")
MOST_WORDS_OF_A_PROMPT = 2000
_MOST_CONTEXT = 600
_LEAST_CONTEXT = 60
_OPENING = "A picture that goes with this: "
_OF_NOTHING = "A simple, friendly scene for a social media post."

LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
HASHTAG = re.compile(r"(?<!\w)[#＃](\w+)")
HASHTAGS_AT_AN_END = re.compile(r"(?:\s*[#＃]\w+)+[\s.]*$", re.MULTILINE)
_MENTION = re.compile(r"(?<![\w.])@\w[\w.]*")
EMOJI = re.compile(
    "[\u200d\u20e3\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\ufe0e\ufe0f"
    "\U0001f000-\U0001faff\U000e0000-\U000e007f]+"
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|(?<=[。！？])|[\r\n]+")
_CLAUSE_END = re.compile(r"[,;]\s+|\s+[–—-]\s+")
_CALL_TO_ACTION = re.compile(
    r"\blink in (?:\w+ )?(?:bio|profile|comments)\b|\b(?:in|leave) (?:the |a )?comments?\b|"
    r"\bcomment(?:s)? (?:below|with)\b|\btag (?:a|someone|your|us)\b|\b(?:dm|message|tell) us\b|"
    r"\blet (?:us|me) know\b|\bsign up\b|\bturn on notifications\b|\bdouble[- ]tap\b|"
    r"\b(?:shop|order|buy|book|read|learn|find|register|download|click|call|visit|join)"
    r" (?:more|out more|now|today|here|us|via)\b|"
    r"^(?:please |so |then |and |now )*(?:(?:save|share|like|bookmark|pin|repost|watch|send|keep) "
    r"(?:it|this|that|and|for|if)|follow|subscribe|swipe|tap|click|reply|comment|drop)\b",
    re.IGNORECASE,
)
_ASKS_THE_READER = re.compile(r"\b(?:you|your|yours|who|whom)\b.*\?$", re.IGNORECASE)
_LITTLE_WORDS = (
    "a an and as at be but by for from in into is it its no of on or our so than that the their "
    "there they this to we what when with you your"
)
_ENDS = (".", "!", "?", "…", "。", "！", "？")
_LONGEST_WORD = 40  # what is longer is of a script that puts no spaces
_MOSTLY_KNOWN = 0.8
_TIMES_LESS = 2
_ENOUGH_WORDS = 3
_COUNTED_ONCE_BELOW = 0x1100  # the border that X's own rules draw


def platform(post_type: str) -> str:
    return post_type.partition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionBrief:
    """What a writer is told: the subject, what is seen on the media, and where it will stand."""

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


def within(text: str, most: int, length: Callable[[str], int] = len) -> str:
    """The text, or as many of its first words as there is room for."""
    if length(text) <= most:
        return text
    kept = ""
    for word in text.split():
        longer = f"{kept} {word}".strip()
        if length(longer + "…") > most:
            if not kept or len(word) > _LONGEST_WORD:
                kept = longer[: max(most, 0)]
                while kept and length(kept + "…") > most:
                    kept = kept[:-1]
            break
        kept = longer
    kept = kept.rstrip(" ,.;:–—-(")
    return f"{kept}…" if kept else ""


def sentences(text: str) -> list[str]:
    pieces = (piece.strip(" \t•*|>–—-") for piece in _SENTENCE_END.split(text))
    return [piece for piece in pieces if re.search(r"\w", piece)]


def ended(sentence: str) -> str:
    return sentence if sentence.endswith(_ENDS) else f"{sentence}."


def in_words(hashtag: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_+", " ", hashtag)


def undecorated(text: str) -> str:
    """Without links, mentions, emoji and hashtags, but for a hashtag that is part of a sentence."""
    for decoration in (LINK, _MENTION, EMOJI, HASHTAGS_AT_AN_END):
        text = decoration.sub(" ", text)
    text = HASHTAG.sub(lambda found: in_words(found[1]), text).replace("#", " ")
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def prompt_of(captions: Mapping[str, str], source: str | None, direction: str | None) -> str:
    """The prompt of a picture that goes with these captions. Raises KeyError for the source."""
    texts = tuple(captions.values()) if source is None else (captions[source],)
    # Whole, however long: the context makes room for it.
    wish = (direction or "").strip()
    room = min(_MOST_CONTEXT, MOST_WORDS_OF_A_PROMPT - len(wish) - 1)
    if not texts or room < _LEAST_CONTEXT:
        return wish
    about = _themes(texts) or _what_hashtags_say(texts) or _OF_NOTHING
    return f"{within(_OPENING + about, room)} {wish}".strip()


def _themes(texts: Sequence[str]) -> str:
    """What the captions share comes first; what one of many adds may be left out."""
    told = [[ended(part) for part in _told(undecorated(text))] for text in texts]
    spread = Counter(word for parts in told for word in _words(" ".join(parts)))

    def shared(part: str) -> float:
        return sum(spread[word] for word in _words(part)) / max(len(_words(part)), 1)

    ranked = sorted((part for parts in told for part in parts), key=shared, reverse=True)
    kept: list[str] = []
    for part in ranked:
        known = max((_alike(_words(part), _words(other)) for other in kept), default=0.0)
        needed = len(_words(" ".join(kept))) < _ENOUGH_WORDS
        if known < _MOSTLY_KNOWN and (needed or shared(part) >= shared(ranked[0]) / _TIMES_LESS):
            kept.append(part)
    return " ".join(kept)


def _alike(some: frozenset[str], others: frozenset[str]) -> float:
    """How much of the one there is in the other, the shorter in the longer."""
    fewer = min(some, others, key=len) if len(others) >= _ENOUGH_WORDS else some
    return len(some & others) / max(len(fewer), 1)


def _told(text: str) -> Iterable[str]:
    """The sentences that are about something, without what they ask of the reader."""
    for sentence in sentences(text):
        if _ASKS_THE_READER.search(sentence):
            continue
        clauses = _CLAUSE_END.split(sentence)
        about = [clause for clause in clauses if not _CALL_TO_ACTION.search(clause)]
        if len(about) == len(clauses):
            yield sentence
        elif about:
            yield ", ".join(about)


def _what_hashtags_say(texts: Sequence[str]) -> str:
    named = (in_words(tag) for text in texts for tag in HASHTAG.findall(text))
    return ", ".join(dict.fromkeys(named))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold())).difference(_LITTLE_WORDS.split())
