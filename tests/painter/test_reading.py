from __future__ import annotations

import pytest

from painter.colour_words import COLOURS
from painter.reading import read


@pytest.mark.parametrize(
    ("prompt", "kind", "count"),
    [
        ("three boats", "boat", 3),
        ("two moons over the sea", "moon", 2),
        ("a pair of foxes", "fox", 2),
        ("7 hot air balloons", "balloon", 7),
        ("birds over a hill", "gulls", 0),
        ("paris", "eiffel", 1),
        ("a cat", "cat", 1),
        ("wolves", "wolf", 3),
        ("cherries and peaches", "orange_fruit", 3),
    ],
)
def test_subjects_are_counted(prompt: str, kind: str, count: int) -> None:
    subject = read(prompt).find(kind)
    assert (subject.count if subject else 0) == count


def test_colours_attach_to_the_noun_that_follows() -> None:
    scene = read("a red fox beside a blue house")
    fox, house = scene.find("fox"), scene.find("house")
    assert fox is not None
    assert house is not None
    assert (fox.colour, house.colour) == (COLOURS["red"], COLOURS["blue"])
    assert scene.colours == ()


def test_a_loose_colour_governs_the_picture() -> None:
    assert read("a cat, all in teal").colours == (COLOURS["teal"],)


@pytest.mark.parametrize(
    ("prompt", "light"),
    [
        ("hills at golden hour", "golden"),
        ("sunrise over hills", "dawn"),
        ("a city at midnight", "night"),
        ("blue hour in town", "dusk"),
    ],
)
def test_the_hour_is_read(prompt: str, light: str) -> None:
    assert read(prompt).light == light


def test_styles_weather_and_season_are_read() -> None:
    scene = read("Autumn forest in the mist, watercolor and ink")
    assert scene.styles == ("watercolour", "ink")
    assert (scene.weather, scene.season) == (("fog",), "autumn")


def test_an_orange_is_a_fruit_and_orange_is_a_colour() -> None:
    assert read("an orange and two lemons").has("orange_fruit")
    assert not read("an orange sky over hills").has("orange_fruit")


def test_the_negative_prompt_takes_things_away() -> None:
    scene = read("people and a boat at night, oil painting", "no people, boats, oil painting")
    assert scene.subjects == ()
    assert scene.styles == ()
    assert scene.light == "night"


def test_no_within_the_prompt_takes_things_away() -> None:
    scene = read("a beach without people, no clouds")
    assert not scene.has("person", "clouds")
    assert scene.has("beach")
    assert not scene.allows("clouds")


def test_a_mood_in_brackets_adds_no_things():
    plain = "A picture that goes with this: A red vase. in oil"
    moody = plain.replace("vase.", "vase. (Mood: Save some room on your desk for this.)")
    assert read(moody) == read(plain)
