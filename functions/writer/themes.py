"""What a caption is about, in the user's own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from texts import (
    EMOJI,
    HASHTAG,
    HASHTAGS_AT_AN_END,
    LINK,
    ended,
    in_words,
    sentences,
    within,
)
from writer import media, vocabulary
from writer.enhancing import is_advice
from writer.instructions import without_orders
from writer.links import has_link, marked, without_loose
from writer.reading import says

_MOSTLY = 0.45
_MOSTLY_KNOWN = 0.6
# Two letters that differ, or one of a script that has many.
_REAL_WORD = re.compile(r"([^\W\d_])(?!\1)[^\W\d_]|[\u0e00-\ud7ff]", re.IGNORECASE)
_FLAGS = re.compile(r"(?<!\S)--\w+(?: [\w:.]+)?")
_FILE = re.compile(r"^(.*)\.(?:png|jpe?g|webp|gif|heic|avif|tiff?|mp4|mov|webm)$", re.IGNORECASE)
_NAMES_BY_CAMERAS = frozenset(
    {"img", "dsc", "dscf", "dscn", "pxl", "image", "photo", "screenshot", "whatsapp", "at"}
)
_CLAUSES = re.compile(r"(?<=[,;])\s+")
_LONGEST_SEEN = 90
_A_FEW = 3


def theme_of(prompt: str) -> str:
    """Sentences that a post may quote: no orders to us, no craft, no hashtags, marks for links."""
    text = marked(prompt)
    for pattern in (_FLAGS, EMOJI, HASHTAGS_AT_AN_END):
        text = pattern.sub(" ", text)
    text = HASHTAG.sub(lambda found: in_words(found[1]), text)
    told = [kept for part in sentences(text) if (kept := _told(part))]
    whole = " ".join(dict.fromkeys(ended(part[0].upper() + part[1:]) for part in told))
    return re.sub(r"(?<=[。！？]) ", "", whole) if _REAL_WORD.search(whole) else ""


def shortened(theme: str, most: int, length: Callable[[str], int] = len) -> str:
    """As many of its sentences as there is room for, else of its clauses, else of its words."""
    for ends in (_whole_sentences(theme), _CLAUSES.split(theme)):
        kept = ""
        for part in ends:
            longer = f"{kept} {part}".strip()
            if length(longer) >= most:
                break
            kept = longer
        # Of "a, b" the first clause says something, of ", b" it does not.
        if re.search(r"\w", kept):
            return ended(kept.rstrip(" ,;"))
    return within(theme, most, length)


def seen_on(pictures: Iterable[str], theme: str) -> list[str]:
    """What the pictures show beside the theme: a few words for each."""
    told = (
        _within_a_sentence(shortened(theme_of(LINK.sub(" ", line)), _LONGEST_SEEN), line)
        for line in pictures
    )
    return [words for words in dict.fromkeys(told) if words and not _is_known(words, theme)]


def _within_a_sentence(words: str, line: str) -> str:
    began_small = line.strip()[:1].islower()
    return (words[:1].lower() + words[1:] if began_small else words).rstrip(".")


def name_of_file(line: str) -> str | None:
    """What a file's name says, "" where no person gave it; None for what is no file's name."""
    named = _FILE.match(line.strip())
    if named is None:
        return None
    words = [word for word in re.split(r"[\W\d_]+", named[1]) if word]
    kept = [word for word in words if word.casefold() not in _NAMES_BY_CAMERAS]
    return " ".join(kept) if len(kept) > 1 else ""


def _told(sentence: str) -> str:
    kept = _of_interest(without_orders(without_loose(sentence)))
    return kept if re.search(r"\w", kept) else ""


def _of_interest(sentence: str) -> str:
    """The sentence without the clauses that speak of craft; "" where it is all craft."""
    if is_advice(sentence):
        return ""
    first, *others = _CLAUSES.split(sentence)
    clauses = [] if _is_craft(first) else [first]
    clauses += [clause for clause in others if not _is_craft(clause) and not _is_medium(clause)]
    return " ".join(clauses).rstrip(" ,;:")


def _is_craft(clause: str) -> bool:
    words = re.findall(r"[\w-]+", clause.casefold())
    known = sum(1 for word in words if word in vocabulary.CRAFT)
    return known > _MOSTLY * len(words) and not has_link(clause)


def _is_medium(clause: str) -> bool:
    words = re.findall(r"\w+", clause.casefold())
    text = f" {' '.join(words)} "
    return len(words) <= _A_FEW and any(says(text, names) for names in media.NAMES.values())


def _whole_sentences(theme: str) -> list[str]:
    return re.split(r"(?<=[.!?…])\s+|(?<=[。！？])", theme)


def _is_known(words: str, theme: str) -> bool:
    ours, theirs = (set(re.findall(r"\w{3,}", text.casefold())) for text in (words, theme))
    return len(ours & theirs) > _MOSTLY_KNOWN * len(ours)
