"""What the writer understands of a prompt."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from writer import aspects, media, vocabulary

_QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»')
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[,.;:!?()\n]")
PAUSES = frozenset(",.;:!?()\n")
_NEGATION_REACH = 3
_GO_ON_REFUSING = frozenset({"and", "or", "nor", "any", "a", "an", "the", "visible"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    tokens: tuple[str, ...]  # in lower case, pauses among them, nothing that is not wanted
    kind: str  # of vocabulary.SUBJECTS, or "logo", "lettering", "anything"
    subject: str  # the prompt's own word for it, or "subject"
    places: tuple[str, ...]  # of vocabulary.PLACES, what matters most first
    medium: str  # of media.NAMES, or ""
    colours: tuple[str, ...]
    decided: frozenset[str]  # of aspects.SAID
    unwanted: frozenset[str]
    quotes: bool
    solemn: bool
    foreign: bool


def read(prompt: str) -> Reading:
    unquoted = _QUOTED.sub(" ", prompt).replace("’", "'").casefold()
    wanted, unwanted = _sorted(_TOKEN.findall(unquoted))
    text = f" {' '.join(wanted)} "
    foreign = _count(wanted, vocabulary.FOREIGN) > _count(wanted, vocabulary.ENGLISH)
    kind, subject = ("anything", "subject") if foreign else _subject(wanted)
    colours, plain = _colours(text)
    decided = {aspect for aspect, names in aspects.SAID.items() if says(text, names)}
    return Reading(
        tokens=tuple(wanted),
        kind=kind,
        subject=subject,
        places=_found(vocabulary.PLACES, text),
        medium=next(iter(_found(media.NAMES, text)), ""),
        colours=colours,
        decided=frozenset(decided | ({"colours"} if plain and not colours else set())),
        unwanted=frozenset(unwanted),
        quotes=bool(_QUOTED.search(prompt)),
        solemn=says(text, vocabulary.SOLEMN),
        foreign=foreign,
    )


def says(text: str, names: Iterable[str]) -> bool:
    """Whether one of the names is in a text of words between spaces."""
    return any(f" {name} " in text for name in names)


def _by_noun(table: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    kinds: dict[str, str] = {}
    for kind, nouns in table.items():
        for noun in nouns:
            kinds.setdefault(noun, kind)
    return kinds


_SUBJECTS = _by_noun(vocabulary.SUBJECTS)
_CARRIERS = _by_noun(vocabulary.CARRIERS)
_SERVING_FOOD = _by_noun({"food": vocabulary.SERVING_FOOD})
_WHAT_IT_IS = _by_noun(
    {
        "logo": vocabulary.LOGO,
        "lettering": vocabulary.LETTERING,
        "abstract": vocabulary.ABSTRACT,
    }
)


def _kind(word: str, kinds: Mapping[str, str]) -> str:
    return next((kinds[form] for form in _forms(word) if form in kinds), "")


def _forms(word: str) -> Iterable[str]:
    yield word
    if word.endswith("s"):
        yield word[:-1]
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("ies"):
        yield f"{word[:-3]}y"


def _sorted(tokens: Sequence[str]) -> tuple[list[str], set[str]]:
    """What is wanted, and the words that stand behind a "no"."""
    wanted: list[str] = []
    unwanted: set[str] = set()
    reach = 0
    for token in tokens:
        if token in vocabulary.NEGATIONS:
            reach = _NEGATION_REACH
        elif reach and token in _GO_ON_REFUSING:
            continue
        elif reach and token not in PAUSES and token not in vocabulary.JOINTS:
            for form in _forms(token):
                unwanted |= {form, *vocabulary.REFUSALS.get(form, ())}
            reach -= 1
        else:
            reach = 0
            wanted.append(token)
    return wanted, unwanted


def _count(tokens: Sequence[str], words: Collection[str]) -> int:
    return sum(1 for token in tokens if token in words)


def _subject(tokens: Sequence[str]) -> tuple[str, str]:
    for token in tokens:
        if kind := _kind(token, _WHAT_IT_IS):
            return kind, token
    phrases = list(_phrases(tokens))
    for phrase in phrases:
        for place, word in reversed(list(enumerate(phrase))):
            kind = _kind(word, _SUBJECTS)
            if kind and not _kind(word, _CARRIERS):
                return kind, " ".join(takewhile(is_noun, phrase[place:]))
    for phrase in phrases:
        for word in reversed(phrase):
            if kind := _kind(word, _CARRIERS):
                return kind, "subject"
    return "anything", "subject"


def is_noun(word: str) -> bool:
    return bool(_kind(word, _SUBJECTS) or _kind(word, _CARRIERS))


def speaks_of_food(reading: Reading) -> bool:
    """Of what is eaten, or of where it is made, and not of how that is furnished."""
    furnished = vocabulary.FURNISHING
    if any(form in furnished for token in reading.tokens for form in _forms(token)):
        return False
    return any(
        _kind(token, _SUBJECTS) == "food" or _kind(token, _SERVING_FOOD) for token in reading.tokens
    )


def _phrases(tokens: Sequence[str]) -> Iterable[list[str]]:
    phrase: list[str] = []
    for token in tokens:
        if token in PAUSES or token in vocabulary.JOINTS or token.endswith("ing"):
            yield phrase
            phrase = []
        if token not in PAUSES:
            phrase.append(token)
    yield phrase


def _colours(text: str) -> tuple[tuple[str, ...], bool]:
    """Those that a palette can be built upon, and whether there are others."""
    for name in aspects.NO_COLOURS:
        text = text.replace(f" {name} ", " ")
    words = text.split()
    vivid = tuple(dict.fromkeys(word for word in words if word in aspects.VIVID))
    return vivid, any(word in aspects.PLAIN for word in words)


def _found(table: Mapping[str, Sequence[str]], text: str) -> tuple[str, ...]:
    return tuple(key for key, names in table.items() if says(text, names))
