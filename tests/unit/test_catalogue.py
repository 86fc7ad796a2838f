import copy
import runpy
import tomllib
from datetime import date
from pathlib import Path

import pytest

import darkroom
from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.domain.catalogue_file import CatalogueError, parse_catalogue
from darkroom.domain.errors import InvalidRequest, NotFound
from darkroom.domain.image_request import Reference
from tests.builders import image_request

FILE = Path(darkroom.__file__).with_name("catalogue.toml")
PLAIN = {
    "defaults": {"native": "plain"},
    "captions": {},
    "prices_of": date(2026, 11, 21),
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
        (("models", "plain", "routes", 0, "usd"), 0),
        (("models", "plain", "routes", 0, "lacks"), ["sharpness"]),
        (("models", "plain", "ratios"), []),
        (("models", "plain", "aliases"), ["plain"]),
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


def test_an_effort_that_every_provider_of_a_model_refuses_is_refused_with_the_request():
    model = whole_catalogue().model("grok-imagine-image-2.0")
    model.check(image_request(model=model.name, quality="medium"), model.name)
    with pytest.raises(InvalidRequest, match="one of low, medium") as refused:
        model.check(image_request(model=model.name, quality="high"), model.name)
    assert refused.value.field == "quality"


@pytest.mark.parametrize("name", ["flux-3-image", "seedream-5-5", "seedream-5-0-pro"])
def test_a_model_that_ends_at_2k_is_not_sold_at_4k(name):
    model = whole_catalogue().model(name)
    assert "4K" not in model.resolutions
    model.check(image_request(model=name, width=2048, height=2048), name)
    with pytest.raises(InvalidRequest):
        model.check(image_request(model=name, width=2056, height=1024), name)


def test_an_unknown_model_is_the_callers_mistake_in_a_request_and_nothing_in_a_path():
    catalogue = parse_catalogue(PLAIN)
    with pytest.raises(InvalidRequest):
        catalogue.model("fancy")
    with pytest.raises(NotFound):
        catalogue.lookup("fancy")


def two_ways(**second):
    """A model with a mask, and a second way to it that lacks something."""
    routes = [
        {"provider": "openai", "model": "a", "until": date(2026, 12, 1)},
        {"provider": "fal", "model": "b", "lacks": ["mask"], **second},
    ]
    plain = PLAIN["models"]["plain"]
    row = plain | {"routes": routes, "options": ["mask", "quality"], "qualities": ["low"]}
    data = changed("models", "plain", value=row | {"max_references": 3, "aliases": ["simple"]})
    return parse_catalogue(data)


ALL = {"openai", "fal"}
BEFORE, AFTER = date(2026, 12, 1), date(2026, 12, 2)
MASKED = {"mask": Reference(media="m"), "references": (Reference(media="r"),)}


def ways(catalogue, **wishes):
    return [route.model for route in catalogue.routes(image_request(model="plain", **wishes))]


def test_a_wish_goes_only_where_it_is_taken():
    catalogue = two_ways().reachable_by(ALL, BEFORE, with_stand_ins=False)
    assert ways(catalogue) == ["a", "b"]
    assert ways(catalogue, **MASKED) == ["a"]


def test_what_no_way_here_takes_is_refused_before_any_money_moves():
    catalogue = two_ways().reachable_by({"fal"}, BEFORE, with_stand_ins=False)
    with pytest.raises(InvalidRequest) as refused:
        catalogue.model("plain").check(image_request(model="plain", **MASKED), "plain")
    assert (refused.value.field, refused.value.reason) == ("mask", "unsupported")


@pytest.mark.parametrize("count", [0, 3])
def test_a_way_may_take_fewer_references_or_need_some(count):
    catalogue = two_ways(min_references=1, max_references=2)
    catalogue = catalogue.reachable_by({"fal"}, BEFORE, with_stand_ins=False)
    asked = image_request(model="plain", references=(Reference(media="r"),) * count)
    with pytest.raises(InvalidRequest) as refused:
        catalogue.model("plain").check(asked, "plain")
    assert (refused.value.field, refused.value.reason) == ("references", "unsupported")


def test_a_way_ends_with_the_day_on_which_its_provider_ends_it():
    assert ways(two_ways().reachable_by(ALL, BEFORE, with_stand_ins=False)) == ["a", "b"]
    assert ways(two_ways().reachable_by(ALL, AFTER, with_stand_ins=False)) == ["b"]


def test_a_model_says_when_another_makes_it():
    catalogue = two_ways(instead="plain-2")
    today = catalogue.reachable_by(ALL, BEFORE, with_stand_ins=False)
    later = catalogue.reachable_by(ALL, AFTER, with_stand_ins=False)
    assert (today.model("plain").served_by, later.model("plain").served_by) == ("", "plain-2")


def test_another_name_of_a_model_is_the_same_model():
    catalogue = two_ways()
    assert catalogue.model("simple") is catalogue.lookup("plain")
    assert catalogue.other_names("plain") == ("simple",)


def test_what_no_provider_anywhere_makes_says_why_unless_the_painter_stands_in():
    data = changed(
        "models",
        "plain",
        value=PLAIN["models"]["plain"] | {"routes": [], "unavailable": "It has no API."},
    )
    data["stand_ins"] = {"generate": {"provider": "painter", "model": "painter"}}
    helped = parse_catalogue(data).reachable_by(ALL, BEFORE, with_stand_ins=True)
    helped.model("plain").check(image_request(model="plain"), "plain")
    catalogue = parse_catalogue(data).reachable_by(ALL, BEFORE, with_stand_ins=False)
    with pytest.raises(InvalidRequest, match="It has no API") as refused:
        catalogue.model("plain").check(image_request(model="plain"), "plain")
    assert (refused.value.field, refused.value.reason) == ("model", "unavailable")


# All that the five systems name, where their own names are not ours.
OTHER_NAMES = ["fal:flux-schnell", "flux2-flex", "gemini-3-pro"]
OF_ONE_WAY = {
    "painter",
    "painter-cutout",
    "stable-diffusion",  # on a machine of one's own
    # Of each, one provider of ours is known to sell it.
    "gpt-image-2.6-flare",
    "gpt-image-2.6-sunburst",
    "kling-image-o3",
    "qwen-image-3",
    "qwen-image-3-pro",
    "riverflow-2.5-fast",
    "riverflow-2.5-pro",
    "riverflow-2.6-pro",
    "seedream-5-5",
}


def test_every_model_has_two_ways_where_there_are_two():
    for model in whole_catalogue().models.values():
        if not model.unavailable and model.name not in OF_ONE_WAY:
            assert len(model.routes) >= 2, model.name
    for name in OTHER_NAMES:
        assert whole_catalogue().model(name)


@pytest.mark.parametrize(
    "dialect", ["supapost", "powerpost", "dalnulla", "posteverywhere", "qolaba"]
)
def test_every_name_of_the_five_systems_leads_to_a_model(dialect):
    rows = tomllib.loads(
        (FILE.parent / "dialects" / "vendors" / dialect / "data.toml").read_text()
    )["models"]
    assert rows
    for name, row in rows.items():
        assert whole_catalogue().model(row.get("model", name))


def test_the_tables_of_the_docs_are_the_catalogues():
    page = FILE.parents[2] / "docs" / "providers.md"
    matrix = runpy.run_path(str(page.with_name("matrix.py")))
    assert matrix["written"](page.read_text()) == page.read_text(), "make docs writes them anew"
