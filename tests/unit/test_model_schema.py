"""The schema of each model against what a submit really takes: they agree, both ways."""

import json
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.dialects.native.job_request import Submit
from darkroom.dialects.native.jobs import create_job
from darkroom.dialects.native.model_schema import schema_of
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.image_request import MAX_SEED, Reference
from tests.contexts import context_of, read_with

CATALOGUE = whole_catalogue()
MODELS = [model for model in CATALOGUE.models.values() if model.is_available]
ID = "0192f1c4-0000-7000-8000-000000000000"
MEDIA, URL = {"media": ID}, {"url": "https://example.com/a.png"}
BOTH = {**MEDIA, **URL}
# True is 1 to Python, and no number to JSON.
YES = True
SOME = Reference(url="https://example.com/a.png")


@cache
def validator(name):
    schema = schema_of(CATALOGUE.model(name), CATALOGUE)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def refusal(body):
    """Why a submit does not take this body; None where it does."""
    try:
        command = read_with(create_job, Submit, json.dumps(body).encode(), context_of())
        request = command.request
        model = CATALOGUE.model(request.model)
        if command.caption or command.collection:
            # What they bring is looked up by nobody here.
            implied = (SOME,) if model.max_references else ()
            request = replace(
                request,
                prompt=request.prompt or "words",
                references=request.references or implied,
            )
        model.check(request, model.name)
    except InvalidRequest as refused:
        return refused
    return None


def mostly(good, *bad):
    """Of eight values seven are good ones."""
    return st.one_of(*[good] * 7, st.sampled_from(bad))


def numbers(least, most):
    good = st.integers(least, most) | st.floats(least, most, allow_nan=False)
    return mostly(good, least - 1, most + 1, str(least), YES)


def wholes(least, most):
    good = st.integers(least, most) | st.sampled_from([least, most, float(least)])
    return mostly(good, least - 1, most + 1, least + 0.5, "1", YES)


def words(*good):
    return mostly(st.sampled_from(good), "none of them", 7)


# Nothing invisible: whether a character can be seen, no pattern tells.
TEXTS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \n"), max_size=9)
REFERENCES = mostly(st.sampled_from([MEDIA, URL, {**URL, "description": "a boat"}]), {}, BOTH, "x")
FIELDS = {
    "prompt": mostly(TEXTS, "", "  ", "\n", "x" * 4000, "x" * 4001, 7),
    "aspect_ratio": words("1:1", "16:9"),
    "resolution": words("1K", "2K", "4K"),
    "width": wholes(64, 4096),
    "height": wholes(64, 4096),
    "n": wholes(1, 10),
    "seed": wholes(0, MAX_SEED),
    "negative_prompt": mostly(TEXTS, "x" * 2000, "x" * 2001, 7),
    "steps": wholes(1, 150),
    "guidance": numbers(0, 30),
    "temperature": numbers(0, 2),
    "quality": words("low", "medium", "high"),
    "references": mostly(st.lists(REFERENCES, max_size=4), [], [URL] * 15, {}),
    "strength": numbers(0, 1),
    "mask": REFERENCES,
    "enhance_prompt": mostly(st.booleans(), "yes"),
    "caption": mostly(st.just({"id": ID}), {}, {"id": "mine"}),
    "collection": mostly(st.just(ID), "mine", 7),
    "output": mostly(
        st.sampled_from([{}, {"format": "png"}, {"quality": 1}]), {"quality": 0}, {"size": 1}
    ),
    "dry_run": mostly(st.booleans(), 1),
    "metadata": mostly(st.just({"order": "42"}), {"": "x"}, {"a": 1}, {"a": "x" * 501}),
    "colour": st.just("red"),
}


# What has a rule together is drawn together, too.
TOGETHER = [("width", "height"), ("references", "mask"), ("references", "strength")]
OFTEN = st.sampled_from(range(9)).map(bool)


@st.composite
def bodies(draw):
    """A body of few fields for some model: many are taken, and many are not by one thing only."""
    model = draw(st.sampled_from(MODELS))
    body = {"prompt": "a boat"} if draw(OFTEN) else {}
    if draw(OFTEN):
        body["model"] = model.name if draw(OFTEN) else "nobody's"
    if model.needs_reference and draw(OFTEN):
        body["references"] = [URL]
    parts = draw(st.lists(st.sampled_from([*[(name,) for name in FIELDS], *TOGETHER]), max_size=3))
    for name in dict.fromkeys(name for part in parts for name in part):
        body[name] = draw(FIELDS[name])
    return model.name, body


@settings(max_examples=600, deadline=None)
@given(bodies())
def test_the_schema_takes_what_a_submit_takes_and_nothing_else(case):
    name, body = case
    complaints = [error.message for error in validator(name).iter_errors(body)]
    refused = refusal(body)
    # Without a name it is a request for the default model.
    is_for_it = body.get("model", CATALOGUE.defaults["native"]) == name
    if not complaints:
        assert is_for_it
        # Each of these some way takes, but no way takes all of them.
        assert refused is None or refused.reason == "unsupported", (body, str(refused))
    if refused is None and is_for_it:
        assert complaints == [], body


PLAIN = {"prompt": "a boat"}
GOOD = [
    ("painter", PLAIN),
    ("painter", {"model": "painter", **PLAIN}),
    ("painter", {**PLAIN, "width": 64, "height": 4096}),
    ("painter", {**PLAIN, "aspect_ratio": "16:9", "resolution": "2K"}),
    ("painter", {**PLAIN, "seed": 0}),
    ("painter", {**PLAIN, "seed": MAX_SEED}),
    ("painter", {**PLAIN, "references": [MEDIA, URL], "mask": URL, "strength": 0.5}),
    ("painter", {"caption": {"id": ID}}),
    ("painter", {**PLAIN, "collection": ID, "strength": 0.5}),
    ("birefnet", {"model": "birefnet", "references": [URL]}),
    ("birefnet", {"model": "birefnet", "references": [URL], "prompt": ""}),
]
BAD = [
    ("painter", {}),
    ("painter", {"prompt": ""}),
    ("painter", {"prompt": " \n "}),
    ("painter", {**PLAIN, "width": 512}),
    ("painter", {**PLAIN, "height": 512}),
    ("painter", {**PLAIN, "width": 63, "height": 512}),
    ("painter", {**PLAIN, "width": 512, "height": 512, "aspect_ratio": "1:1"}),
    ("painter", {**PLAIN, "width": 512, "height": 512, "resolution": "1K"}),
    ("painter", {**PLAIN, "seed": -1}),
    ("painter", {**PLAIN, "seed": MAX_SEED + 1}),
    ("painter", {**PLAIN, "references": [BOTH]}),
    ("painter", {**PLAIN, "references": [{}]}),
    ("painter", {**PLAIN, "references": [URL], "mask": BOTH}),
    ("painter", {**PLAIN, "references": [URL], "mask": {"description": "the sky"}}),
    ("painter", {**PLAIN, "mask": URL}),
    ("painter", {**PLAIN, "strength": 0.5}),
    ("birefnet", {"model": "birefnet"}),
    ("birefnet", {"model": "birefnet", "references": []}),
    ("imagen-4", {"model": "imagen-4", **PLAIN, "references": [URL]}),
    ("imagen-4", {"model": "imagen-4", **PLAIN, "steps": 9}),
]


@pytest.mark.parametrize(("name", "body"), GOOD, ids=repr)
def test_what_both_take(name, body):
    assert refusal(body) is None
    assert validator(name).is_valid(body)


@pytest.mark.parametrize(("name", "body"), BAD, ids=repr)
def test_what_neither_takes(name, body):
    assert refusal(body) is not None
    assert not validator(name).is_valid(body)


def test_a_request_by_another_name_of_the_model_is_one_for_it():
    alias, name = next(iter(CATALOGUE.aliases.items()))
    assert validator(name).is_valid({"model": alias, **PLAIN}) == (
        refusal({"model": alias, **PLAIN}) is None
    )


@pytest.mark.parametrize("model", CATALOGUE.models.values(), ids=lambda model: model.name)
def test_every_model_has_a_schema_that_is_one_and_knows_no_null(model):
    assert '"null"' not in json.dumps(validator(model.name).schema)
