"""A fuller prompt: the user's own words, and then what they leave open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from texts import ended
from writer import media, pictures
from writer.choice import pick
from writer.reading import Reading, read

_UNLIT = frozenset({"logo", "lettering"})
_AS_WRITTEN = "The words in quotation marks are spelled exactly as given"
_LIGHT_OF_KINDS = {
    "food": "product",
    "landscape": "outdoors",
    "city": "outdoors",
    "vehicle": "outdoors",
    "interior": "indoors",
}
# Made things, of which a place says little.
_OWN_COLOURS = frozenset({"food", "product", "logo", "lettering", "abstract"})
_OF_ONE_INK = frozenset({"drawing", "print"})
_FEW_COLOURS = 3
_MOST_CHARACTERS = 2000


def enhance(prompt: str, most: int = _MOST_CHARACTERS) -> str:
    """The prompt as it was, however long, and then what it leaves open, in so many characters."""
    text = prompt.strip()
    for sentence in _additions(prompt, read(prompt)):
        longer = _joined(text, sentence)
        if len(longer) <= most:
            text = longer
    return text


def is_advice(sentence: str) -> bool:
    """Whether it is one of those that are added here."""
    return bool(_all_advice().fullmatch(sentence.rstrip(".")))


@cache
def _all_advice() -> re.Pattern[str]:
    advice = [_AS_WRITTEN, pictures.ONE_COLOUR, pictures.SOME_COLOURS]
    for table in (pictures.COMPOSITIONS, pictures.LIGHTS, pictures.COLOURS):
        advice += [sentence for options in table.values() for sentence, _ in options]
    for finishes in (media.FINISHES, media.USUAL):
        advice += [sentence for options in finishes.values() for sentence in options]
    blanks = re.compile(r"\\{\w+\\}")
    return re.compile(
        "|".join(blanks.sub("[^.]+", re.escape(one)) for one in advice), re.IGNORECASE
    )


def _joined(text: str, sentence: str) -> str:
    if not text:
        return f"{sentence}."
    if text.endswith((",", ";", ":", "-", "–", "—")):
        return f"{text} {sentence[0].lower()}{sentence[1:]}."
    return f"{ended(text)} {sentence}."


def _additions(prompt: str, reading: Reading) -> Iterable[str]:
    if "composition" not in reading.decided:
        yield from _advice(pictures.COMPOSITIONS[reading.kind], prompt, reading)
    if reading.quotes:
        yield _AS_WRITTEN
    if "light" not in reading.decided and not _is_flat(reading):
        yield from _advice(_lights(reading), prompt, reading)
    if "colours" not in reading.decided:
        yield from _colours(prompt, reading)
    if "finish" not in reading.decided:
        yield from _advice([(option, ()) for option in _finishes(reading)], prompt, reading)


def _advice(options: Sequence[pictures.Advice], prompt: str, reading: Reading) -> Iterable[str]:
    """One of the sentences, but none that argues with the prompt."""
    fitting = [sentence for sentence, unless in options if not _argues(sentence, unless, reading)]
    if fitting:
        yield pick(fitting, prompt, options[0][0]).format(it=reading.subject)


def _argues(sentence: str, unless: Sequence[str], reading: Reading) -> bool:
    words = re.findall(r"\w+", sentence.casefold())
    against = [word for name in unless for word in pictures.GROUPS.get(name, (name,))]
    return any(word in reading.unwanted for word in words) or any(
        word in reading.tokens for word in against
    )


def _is_flat(reading: Reading) -> bool:
    return reading.kind in _UNLIT or reading.medium in media.FLAT


def _lights(reading: Reading) -> Sequence[pictures.Advice]:
    places = set(reading.places)
    if {"indoors", "night"} <= places:
        return pictures.LIGHTS["indoor night"]
    if {"indoors", "outdoors"} <= places:
        return pictures.LIGHTS["anything"]
    place = "indoors" if "indoors" in places else next(iter(reading.places), "")
    for key in (place, _LIGHT_OF_KINDS.get(reading.kind, reading.kind)):
        if key in pictures.LIGHTS:
            return pictures.LIGHTS[key]
    return pictures.LIGHTS["anything"]


def _colours(prompt: str, reading: Reading) -> Iterable[str]:
    if len(reading.colours) == 1:
        yield pictures.ONE_COLOUR.format(colour=reading.colours[0])
    elif 1 < len(reading.colours) <= _FEW_COLOURS:
        *most, last = reading.colours
        yield pictures.SOME_COLOURS.format(colours=f"{', '.join(most)} and {last}".capitalize())
    elif not reading.colours and reading.medium not in _OF_ONE_INK:
        by_place = () if reading.kind in _OWN_COLOURS else reading.places
        key = next((key for key in by_place if key in pictures.COLOURS), reading.kind)
        yield from _advice(pictures.COLOURS[key], prompt, reading)


def _finishes(reading: Reading) -> Sequence[str]:
    if reading.medium:
        return media.FINISHES[reading.medium]
    place = "" if reading.kind in _OWN_COLOURS else next(iter(reading.places), "")
    return media.USUAL.get(place, media.USUAL[reading.kind])
