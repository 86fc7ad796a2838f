"""Texts for people taken apart: sentences, links, hashtags, emoji."""

from __future__ import annotations

import re
from collections.abc import Callable

LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
HASHTAG = re.compile(r"(?<!\w)[#＃](\w+)")
HASHTAGS_AT_AN_END = re.compile(r"(?:\s*[#＃]\w+)+[\s.]*$", re.MULTILINE)
_MENTION = re.compile(r"(?<![\w.])@\w[\w.]*")
EMOJI = re.compile(
    "[\u200d\u20e3\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\ufe0e\ufe0f"
    "\U0001f000-\U0001faff\U000e0000-\U000e007f]+"
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|(?<=[。！？])|[\r\n]+")
_ENDS = (".", "!", "?", "…", "。", "！", "？")
_LONGEST_WORD = 40  # what is longer is of a script that puts no spaces


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
