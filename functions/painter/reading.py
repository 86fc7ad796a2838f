"""Reading a prompt: which things, how many, in what colour, light, weather and style."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from painter import vocabulary as words
from painter.colour import RGB
from painter.colour_words import COATS, COLOURS

REACH = 3  # how many words a colour or a number may stand before its noun
LONGEST_READ = 6000
NEGATION_REACH = 3
FORGOTTEN = 99
SEVERAL = 3  # how many a plural without a number means
MOST = 24
GROUPS = frozenset({"people", "family", "crowd", "children", "men", "women", "cattle", "geese"})
PAUSES = frozenset(",.;:!?")
AFTER_NOUNS = frozenset({"and", "on", "in", "with", "or", "next", "by"})
# A colour given to one of these is the colour of the whole picture.
EXPANSES = frozenset(
    {"hills", "sea", "mountains", "forest", "city", "street", "desert", "clouds", "lake", "galaxy"}
)
ANIMALS = frozenset(
    {"cat", "dog", "fox", "wolf", "bear", "lion", "tiger", "owl", "horse", "rabbit", "panda"}
)
# Sentences of captions that name things and do not mean them.
_MOOD = re.compile(r"\(mood: [^)]*\)", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9][a-z0-9'\-]*|[,.;:!?]")


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to paint."""

    kind: str
    count: int = 1
    colour: RGB | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a prompt asks for."""

    subjects: tuple[Subject, ...]
    light: str | None
    weather: tuple[str, ...]
    season: str | None
    styles: tuple[str, ...]
    colours: tuple[RGB, ...]
    mood: str | None
    abstract: bool
    words: tuple[str, ...]
    banned: frozenset[str]
    banned_colours: tuple[str, ...]

    def find(self, *kinds: str) -> Subject | None:
        """The first subject of these kinds."""
        return next((s for s in self.subjects if s.kind in kinds), None)

    def has(self, *kinds: str) -> bool:
        """Whether one of these kinds is asked for."""
        return self.find(*kinds) is not None

    def allows(self, kind: str) -> bool:
        """Whether a thing that the prompt does not name may be added."""
        return kind not in self.banned


@dataclass(frozen=True, slots=True)
class _Meaning:
    table: str
    value: str
    word: str


def singular(word: str) -> str:
    """The likely singular: close enough to look a word up."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("ves") and len(word) > 4 and word not in {"waves", "olives"}:
        return word[:-3] + "f"
    if word.endswith(("ches", "shes", "sses", "xes", "oes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        return word[:-1]
    return {"people": "person", "men": "man", "women": "woman", "children": "child"}.get(word, word)


_TABLES: tuple[tuple[str, dict[str, str]], ...] = (
    ("style", words.STYLES),
    ("light", words.LIGHTS),
    ("weather", words.WEATHERS),
    ("season", words.SEASONS),
    ("subject", words.SUBJECTS),
    ("mood", words.MOODS),
)


def _look_up(phrase: str) -> list[_Meaning]:
    found: list[_Meaning] = []
    for form in dict.fromkeys((phrase, singular(phrase))):
        for table, entries in _TABLES:
            if form in entries and not any(m.table == table for m in found):
                found.append(_Meaning(table, entries[form], form))
        if form in COLOURS and not any(m.table == "colour" for m in found):
            found.append(_Meaning("colour", form, form))
        if form in words.ABSTRACT_WORDS:
            found.append(_Meaning("abstract", form, form))
    return found


@dataclass(slots=True)
class _Notes:
    """What has been understood so far."""

    subjects: list[Subject]
    colours: list[str]
    found: dict[str, list[str]]


def _tokens(text: str) -> list[str]:
    return _WORD.findall(text.lower()[:LONGEST_READ])


@dataclass(slots=True)
class _Reader:
    """Walks through the words; what follows a "no" is noted apart."""

    tokens: list[str]
    wanted: _Notes = field(default_factory=lambda: _Notes([], [], {}))
    unwanted: _Notes = field(default_factory=lambda: _Notes([], [], {}))
    colour: str = ""
    colour_age: int = FORGOTTEN
    count: int = 0
    count_age: int = FORGOTTEN
    negated: int = 0

    def read(self) -> tuple[_Notes, _Notes]:
        """What is wanted and what is not."""
        position = 0
        while position < len(self.tokens):
            phrase = self._phrase_at(position)
            end = position + phrase.count(" ") + 1
            self.colour_age, self.count_age = self.colour_age + 1, self.count_age + 1
            self.negated -= 1
            if phrase in PAUSES:
                self.colour_age = self.count_age = FORGOTTEN
                self.negated = 0
            elif phrase in words.NEGATIONS:
                self.negated = NEGATION_REACH
            else:
                self._hear(self._fruit(phrase, position))
            position = end
        return self.wanted, self.unwanted

    def _phrase_at(self, position: int) -> str:
        """The longest name that starts here, else the single word."""
        for length in (3, 2):
            phrase = " ".join(self.tokens[position : position + length])
            if phrase.count(" ") == length - 1 and _look_up(phrase):
                return phrase
        return self.tokens[position]

    def _fruit(self, token: str, position: int) -> str:
        """Tell the fruit from the colour: counted, and no noun behind it."""
        if token == "oranges":
            return "tangerines"
        before = self.tokens[position - 1] if position else ""
        after = self.tokens[position + 1] if position + 1 < len(self.tokens) else ""
        alone = not after.isalpha() or after in AFTER_NOUNS
        counted = before in {"an", "one"} or before.isdigit()
        return "tangerine" if token == "orange" and alone and counted else token

    def _hear(self, phrase: str) -> None:
        if phrase in words.NUMBERS or phrase.isdigit():
            # "a pair of", "a few": the later word counts more than the article.
            self.count = words.NUMBERS.get(phrase) or int(phrase[:4] if phrase.isdigit() else 1)
            self.count, self.count_age = min(max(self.count, 1), MOST), 0
        notes = self.unwanted if self.negated > 0 else self.wanted
        for meaning in _look_up(phrase):
            if meaning.table == "colour":
                notes.colours.append(meaning.value)
                self.colour, self.colour_age = meaning.value, 0
            elif meaning.table == "subject":
                self._name(notes, meaning, phrase)
            else:
                notes.found.setdefault(meaning.table, []).append(meaning.value)

    def _name(self, notes: _Notes, meaning: _Meaning, phrase: str) -> None:
        """A thing, with the colour and number said just before it."""
        near = self.colour_age <= REACH and bool(self.colour)
        several = phrase in GROUPS or (phrase != meaning.word and phrase.endswith("s"))
        number = self.count if self.count_age <= REACH else 1
        if several and number == 1:
            number = SEVERAL
        tint = COLOURS[self.colour] if near else COATS.get(meaning.word)
        notes.subjects.append(Subject(meaning.value, number, tint, meaning.word))
        if near and notes.colours and notes.colours[-1] == self.colour:
            notes.colours[-1] = f"{self.colour}*"  # spoken for by that noun
        self.colour_age = FORGOTTEN


def _merged(subjects: list[Subject]) -> tuple[Subject, ...]:
    first: dict[str, Subject] = {}
    for subject in subjects:
        known = first.get(subject.kind)
        if known is None:
            first[subject.kind] = subject
        else:
            first[subject.kind] = Subject(
                known.kind,
                max(known.count, subject.count),
                known.colour or subject.colour,
                known.word,
            )
    return tuple(first.values())


def read(prompt: str, negative: str = "") -> Scene:
    """Understand a prompt and what must stay out of it."""
    tokens = _tokens(_MOOD.sub("", prompt))
    wanted, unwanted = _Reader(tokens).read()
    refused, also_refused = _Reader(_tokens(negative)).read()
    banned: set[str] = set()
    banned_colours: list[str] = []
    for notes in (unwanted, refused, also_refused):
        banned.update(s.kind for s in notes.subjects)
        banned_colours += [c.rstrip("*") for c in notes.colours]
        for values in notes.found.values():
            banned.update(values)
    if "person" in banned:
        banned |= {"woman", "man", "person"}
    if "stars" in banned:
        banned.discard("night")
    subjects = _merged([s for s in wanted.subjects if s.kind not in banned])
    if any(s.kind in {"woman", "man", "robot", "astronaut", *ANIMALS} for s in subjects):
        # "Portrait of a man": the portrait is the man.
        subjects = tuple(
            s for s in subjects if s.word not in {"portrait", "face", "character", "figure"}
        )

    def kept(table: str) -> list[str]:
        return [v for v in dict.fromkeys(wanted.found.get(table, [])) if v not in banned]

    governs = all(s.kind in EXPANSES for s in subjects)
    free = [c for c in wanted.colours if not c.endswith("*")]
    tied = [c.rstrip("*") for c in wanted.colours if c.endswith("*")]
    colours = [c for c in (free or (tied if governs else [])) if c not in banned_colours]
    lights, seasons, moods = kept("light"), kept("season"), kept("mood")
    return Scene(
        subjects=subjects,
        light=lights[0] if lights else None,
        weather=tuple(kept("weather")),
        season=seasons[0] if seasons else None,
        styles=tuple(kept("style")),
        colours=tuple(COLOURS[c] for c in dict.fromkeys(colours)),
        mood=moods[0] if moods else None,
        abstract=bool(wanted.found.get("abstract")),
        words=tuple(t for t in tokens if t.isalnum()),
        banned=frozenset(banned),
        banned_colours=tuple(dict.fromkeys(banned_colours)),
    )
