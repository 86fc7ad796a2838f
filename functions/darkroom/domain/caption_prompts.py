"""How the prompt of a picture follows from the captions that it is to go with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from darkroom.domain.captions import LONGEST_PROMPT
from darkroom.domain.job import Caption
from texts import HASHTAG, ended, in_words, sentences, undecorated, within

_MOST_CONTEXT = 600
_LEAST_CONTEXT = 60
_OPENING = "A picture that goes with this: "
_MOOD = " (Mood: {})"
_OF_NOTHING = "A simple, friendly scene for a social media post."
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
_MOSTLY_KNOWN = 0.8
_TIMES_LESS = 2
_ENOUGH_WORDS = 3
_WORD = re.compile(r"\w+")


def prompt_of(captions: Mapping[str, Caption], source: str | None, direction: str | None) -> str:
    """The prompt of a picture that goes with these captions. Raises KeyError for the source."""
    chosen = tuple(captions.values()) if source is None else (captions[source],)
    # Whole, however long: the context makes room for it.
    wish = (direction or "").strip()
    room = min(_MOST_CONTEXT, LONGEST_PROMPT - len(wish) - 1)
    if not chosen or room < _LEAST_CONTEXT:
        return wish
    subjects = [one.text if one.subject is None else one.subject for one in chosen]
    about = _themes(subjects) or _what_hashtags_say(one.text for one in chosen) or _OF_NOTHING
    shown = within(_OPENING + about, room)
    moods = _moods(chosen) or (_questions(chosen) if source is not None else ())
    return f"{shown}{_mood(moods, room - len(shown))} {wish}".strip()


def _mood(moods: Iterable[str], room: int) -> str:
    """Whole sentences, in brackets, so that the painter can leave them out."""
    kept = ""
    for said in moods:
        longer = f"{kept} {said}".strip()
        if len(_MOOD.format(longer)) <= room:
            kept = longer
    return _MOOD.format(kept) if kept else ""


def _moods(captions: Sequence[Caption]) -> Iterable[str]:
    """What the captions say beside their subject, where that is known."""
    said = (part for caption in captions for part in _beside_subject(caption))
    return dict.fromkeys(ended(part) for part in said if not _is_addressed(part))


def _beside_subject(caption: Caption) -> Iterable[str]:
    if caption.subject is None:
        return ()
    known = [_plain(part) for part in sentences(undecorated(caption.subject))]
    return (
        part
        for part in sentences(undecorated(caption.text))
        if not any(one in _plain(part) or _plain(part) in one for one in known)
    )


def _plain(sentence: str) -> str:
    """Its words alone, so that one can be found in another."""
    return f" {' '.join(_WORD.findall(sentence.casefold()))} "


def _questions(captions: Sequence[Caption]) -> Iterable[str]:
    asked = (part for caption in captions for part in sentences(undecorated(caption.text)))
    return (part for part in asked if part.endswith("?") and not _CALL_TO_ACTION.search(part))


def _is_addressed(sentence: str) -> bool:
    """Whether it asks the reader something, or to do something."""
    return bool(_ASKS_THE_READER.search(sentence) or _CALL_TO_ACTION.search(sentence))


def _themes(texts: Sequence[str]) -> str:
    """What the captions share comes first; what one of many adds may be left out."""
    shown = [[ended(part) for part in _statements(undecorated(text))] for text in texts]
    spread = Counter(word for parts in shown for word in _words(" ".join(parts)))

    def shared(part: str) -> float:
        return sum(spread[word] for word in _words(part)) / max(len(_words(part)), 1)

    ranked = sorted((part for parts in shown for part in parts), key=shared, reverse=True)
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


def _statements(text: str) -> Iterable[str]:
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


def _what_hashtags_say(texts: Iterable[str]) -> str:
    named = (in_words(tag) for text in texts for tag in HASHTAG.findall(text))
    return ", ".join(dict.fromkeys(named))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold())).difference(_LITTLE_WORDS.split())
