"""The words by which the writer knows what a prompt is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from writer.data import table

_WORDS = table("vocabulary")
Words = Sequence[str]

# Names of things, one each, singular; plurals that are no mere -s, too.
SUBJECTS: Mapping[str, Words] = _WORDS["subjects"]
# What holds or names a picture's subject rather than being one.
CARRIERS: Mapping[str, Words] = _WORDS["carriers"]
# Rooms that are known for what is eaten there, and words for how a room looks.
SERVING_FOOD: Words = _WORDS["serving_food"]
FURNISHING: Words = _WORDS["furnishing"]
# They say what a picture is, whatever else it shows.
ABSTRACT: Words = _WORDS["abstract"]
LETTERING: Words = _WORDS["lettering"]
LOGO: Words = _WORDS["logo"]
# Where, or when, the picture stands; the earlier ones win.
PLACES: Mapping[str, Words] = _WORDS["places"]
# What needs a quiet voice, whatever else it is about.
SOLEMN: Words = _WORDS["solemn"]
NEGATIONS = frozenset(_WORDS["negations"])
# What else is unwanted where this is.
REFUSALS: Mapping[str, Words] = _WORDS["refusals"]
# A text with more of the one than of the other is not in English.
FOREIGN = frozenset(_WORDS["foreign"])
ENGLISH = frozenset(_WORDS["english"])
# A noun phrase ends before these, and its subject with it.
JOINTS = frozenset(_WORDS["joints"])
# They are meant for the maker of the picture: nothing that a post would say.
CRAFT = frozenset(_WORDS["craft"])
# No names, though a sentence may have them with a capital.
NEVER_NAMES = frozenset(_WORDS["never_names"])
