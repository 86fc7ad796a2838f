from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from painter import Commission, paint
from painter.vocabulary import STYLE_KINDS

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"
LAKE = Commission("three boats on a lake below mountains at sunset", 160, 120, 7)


def distance(one: Image.Image, other: Image.Image) -> float:
    """Mean difference per channel, 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def mean_colour(picture: Image.Image) -> tuple[float, ...]:
    return tuple(ImageStat.Stat(picture).mean)


def share_of_red(picture: Image.Image) -> float:
    """How much of the picture is a vivid red."""
    hue, saturation, _ = picture.convert("HSV").split()
    red = hue.point([255 if i < 12 or i > 245 else 0 for i in range(256)])
    vivid = saturation.point([255 if i > 90 else 0 for i in range(256)])
    return ImageStat.Stat(ImageChops.multiply(red, vivid)).mean[0] / 255


def test_the_same_commission_gives_the_same_pixels() -> None:
    assert paint(LAKE).tobytes() == paint(replace(LAKE)).tobytes()


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_another_process_with_another_hash_seed_paints_the_same_pixels(hash_seed: str) -> None:
    prompts = ("city at night, oil painting", "two cats and a rose", "melancholy")
    script = (
        "import hashlib\n"
        "from painter import Commission, paint\n"
        f"for p in {prompts!r}:\n"
        "    pixels = paint(Commission(p, 96, 96, 3)).tobytes()\n"
        "    print(hashlib.sha256(pixels).hexdigest())\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(FUNCTIONS)}
    answer = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    here = [hashlib.sha256(paint(Commission(p, 96, 96, 3)).tobytes()).hexdigest() for p in prompts]
    assert answer.stdout.split() == here


@pytest.mark.parametrize("prompt", [LAKE.prompt, "a cat", "quiet joy", "portrait of a woman"])
def test_seeds_give_clearly_different_pictures(prompt: str) -> None:
    pictures = [paint(Commission(prompt, 128, 128, seed)) for seed in range(4)]
    assert all(distance(one, other) > 6 for one, other in combinations(pictures, 2))


def test_the_model_name_takes_part_in_the_picture() -> None:
    assert distance(paint(LAKE), paint(replace(LAKE, model="painter-2"))) > 6


@pytest.mark.parametrize(
    "size", [(64, 64), (64, 4096), (4096, 64), (333, 777), (1000, 431), (65, 64)]
)
@pytest.mark.parametrize("prompt", ["a lighthouse by the sea", "a robot", "low poly fox"])
def test_pictures_have_exactly_the_asked_size(size: tuple[int, int], prompt: str) -> None:
    picture = paint(Commission(prompt, *size, seed=1))
    assert (picture.size, picture.mode) == (size, "RGB")


@pytest.mark.parametrize(
    "prompt", ["mountains and a lake at sunset", "a red fox", "portrait of a man", "still life"]
)
def test_a_larger_picture_shows_the_same_thing(prompt: str) -> None:
    small = paint(Commission(prompt, 192, 128, 5))
    large = paint(Commission(prompt, 768, 512, 5)).resize(small.size, Image.Resampling.BOX)
    assert distance(small, large) < 5


def test_a_refused_colour_disappears() -> None:
    asked = Commission("a red barn, red poppies and red balloons at sunset", 160, 160, 2)
    with_red = share_of_red(paint(asked))
    without = share_of_red(paint(replace(asked, negative_prompt="red")))
    assert with_red > 0.01
    assert without < with_red / 4


@pytest.mark.parametrize(
    ("prompt", "negative"),
    [
        ("clouds over a green valley", "clouds"),
        ("a person on a beach at noon", "people"),
        ("a boat on a lake", "boat"),
        ("a city at night", "night"),
        ("a castle, watercolor", "watercolor"),
        ("stars over hills", "stars, moon"),
    ],
)
def test_what_the_negative_prompt_names_is_left_out(prompt: str, negative: str) -> None:
    asked = Commission(prompt, 128, 128, 4)
    refused = paint(replace(asked, negative_prompt=negative))
    assert distance(paint(asked), refused) > 0.2


def test_leaving_the_clouds_out_moves_nothing_else() -> None:
    asked = Commission("clouds over a green valley", 128, 128, 4)
    with_clouds = paint(asked).crop((0, 110, 128, 128))
    without = paint(replace(asked, negative_prompt="clouds")).crop((0, 110, 128, 128))
    assert distance(with_clouds, without) < 1


def test_no_in_the_prompt_counts_as_refused() -> None:
    picture = paint(Commission("a lake, no boats", 96, 96, 1, negative_prompt=""))
    other = paint(Commission("a lake, no boats", 96, 96, 1, negative_prompt="boats"))
    assert picture.tobytes() == other.tobytes()


@pytest.mark.parametrize("subject", ["landscape", "abstract composition", "mountains"])
def test_colour_words_govern_the_palette(subject: str) -> None:
    for seed in range(3):
        red = mean_colour(paint(Commission(f"a red {subject}", 96, 96, seed)))
        blue = mean_colour(paint(Commission(f"a blue {subject}", 96, 96, seed)))
        assert red[0] - red[2] > blue[0] - blue[2] + 20


def test_a_colour_belongs_to_the_noun_behind_it() -> None:
    red = paint(Commission("a red sailboat on a blue lake", 128, 128, 1))
    white = paint(Commission("a white sailboat on a blue lake", 128, 128, 1))
    assert share_of_red(red) > share_of_red(white)


def test_night_is_darker_than_day() -> None:
    day = paint(Commission("hills by day", 96, 96, 1)).convert("L")
    night = paint(Commission("hills by night", 96, 96, 1)).convert("L")
    assert ImageStat.Stat(night).mean[0] < ImageStat.Stat(day).mean[0] - 40


@pytest.mark.parametrize("style", STYLE_KINDS)
@pytest.mark.parametrize("prompt", ["a lake below mountains", "a cat"])
def test_every_style_changes_the_picture(style: str, prompt: str) -> None:
    names = {"oil": "oil painting", "pixel": "pixel art", "pop": "pop art", "photo": "photograph",
             "lowpoly": "low poly", "glass": "stained glass"}  # fmt: skip
    asked = Commission(f"{prompt}, {names.get(style, style)}", 128, 128, 3)
    plain = paint(replace(asked, negative_prompt=names.get(style, style)))
    assert distance(paint(asked), plain) > 3


def test_black_and_white_has_no_colour() -> None:
    saturation = paint(Commission("a city, black and white", 96, 96, 1)).convert("HSV").split()[1]
    assert ImageStat.Stat(saturation).mean[0] < 40


@pytest.mark.parametrize(
    "change",
    [
        {"steps": 5},
        {"steps": 120},
        {"guidance": 0.0},
        {"guidance": 20.0},
        {"temperature": 0.0},
        {"temperature": 2.0},
        {"quality": "low"},
        {"quality": "high"},
    ],
    ids=str,
)
@pytest.mark.parametrize("prompt", [LAKE.prompt, "a dog", "abstract circles", "a galaxy"])
def test_every_setting_changes_the_picture(change: dict[str, float | str], prompt: str) -> None:
    asked = Commission(prompt, 128, 128, 3)
    altered = paint(replace(asked, **change))  # type: ignore[arg-type]
    assert paint(asked).tobytes() != altered.tobytes()


def test_more_guidance_means_stronger_colours() -> None:
    def strength(guidance: float) -> float:
        picture = paint(Commission("a blue valley", 96, 96, 1, guidance=guidance))
        return ImageStat.Stat(picture.convert("HSV").split()[1]).mean[0]

    assert strength(1.0) < strength(7.5) < strength(20.0)


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        " ",
        "?!.,;:-()[]{}'\"\\",
        "🌅🚀🐈‍⬛",
        "夕焼けの海と富士山",
        "Закат над морем",
        "غروب الشمس",
        "\x00\ud800\n\t",
        "no",
        "no no no cat",
        "99999999999999999999 boats",
        "red " * 1000,
        "mountain lake cat tokyo " * 167,
        "x" * 4000,
    ],
    ids=lambda text: ascii(text[:16]),
)
def test_any_prompt_yields_a_picture(prompt: str) -> None:
    picture = paint(Commission(prompt, 64, 64, 1, negative_prompt=prompt[::-1]))
    assert picture.size == (64, 64)
