import copy
import tomllib
from pathlib import Path

import pytest

import darkroom
from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.domain.catalogue import CatalogueError, parse_catalogue
from darkroom.domain.errors import InvalidRequest, NotFound
from tests.builders import image_request

FILE = Path(darkroom.__file__).with_name("catalogue.toml")
PLAIN = {
    "defaults": {"native": "plain"},
    "captions": {},
    "stand_ins": {},
    "steps": [{"pixels": 1000, "factor": 1}, {"pixels": 5000, "factor": 3}],
    "models": {
        "plain": {
            "description": "takes nothing",
            "price": 2,
            "routes": [{"provider": "painter", "model": "painter"}],
            "options": [],
            "ratios": ["1:1"],
            "resolutions": ["1K"],
            "min_side": 8,
            "max_side": 600,
            "max_images": 4,
            "max_prompt": 20,
        }
    },
}


def changed(*path, value):
    data = copy.deepcopy(PLAIN)
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return data


def test_the_catalogue_of_the_house_is_sound():
    catalogue = whole_catalogue()
    assert catalogue.models
    assert set(catalogue.defaults.values()) <= set(catalogue.models)
    assert tomllib.loads(FILE.read_text())["models"].keys() == catalogue.models.keys()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("models", "plain", "price"), 0),
        (("models", "plain", "routes"), []),
        (("models", "plain", "max_images"), 11),
        (("models", "plain", "options"), ["sharpness"]),
        (("defaults", "native"), "missing"),
        (("steps", 0, "factor"), 0),
        (("steps",), []),
    ],
)
def test_a_catalogue_that_contradicts_itself_is_refused(path, value):
    with pytest.raises(CatalogueError):
        parse_catalogue(changed(*path, value=value))


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"negative_prompt": "rain"}, "negative_prompt", "unsupported"),
        ({"steps": 3}, "steps", "unsupported"),
        ({"guidance": 1.0}, "guidance", "unsupported"),
        ({"temperature": 1.0}, "temperature", "unsupported"),
        ({"quality": "high"}, "quality", "unsupported"),
        ({"width": 7}, "width", "out_of_range"),
        ({"height": 601}, "height", "out_of_range"),
        ({"n": 5}, "n", "out_of_range"),
        ({"prompt": "x" * 21}, "prompt", "too_long"),
    ],
)
def test_what_a_model_cannot_honour_is_refused(change, field, reason):
    catalogue = parse_catalogue(PLAIN)
    with pytest.raises(InvalidRequest) as refused:
        catalogue.model("plain").check(image_request(model="plain", **change), "plain")
    assert (refused.value.field, refused.value.reason) == (field, reason)


@pytest.mark.parametrize(
    ("width", "height", "price"), [(10, 100, 2), (10, 101, 6), (50, 100, 6), (600, 600, 6)]
)
def test_a_larger_image_costs_the_factor_of_its_step(width, height, price):
    request = image_request(model="plain", width=width, height=height)
    assert parse_catalogue(PLAIN).price(request) == price


def test_an_unknown_model_is_the_callers_mistake_in_a_request_and_nothing_in_a_path():
    catalogue = parse_catalogue(PLAIN)
    with pytest.raises(InvalidRequest):
        catalogue.model("fancy")
    with pytest.raises(NotFound):
        catalogue.lookup("fancy")
