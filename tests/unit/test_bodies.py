"""Bodies as dialects declare them, and as they are read."""

import json
from typing import Annotated

import pytest

from darkroom.dialects.bodies import Body
from darkroom.dialects.fields import length
from darkroom.dialects.reading_bodies import read_body
from darkroom.domain.errors import InvalidRequest


class Prompt(Body):
    prompt: Annotated[str, length(5)] = "a"


class PromptWithTags(Prompt):
    tags: list[str] = []  # noqa: RUF012


def read(**fields):
    return read_body(PromptWithTags, json.dumps(fields).encode())[0]


def test_a_derived_body_has_the_fields_of_both():
    body = read(prompt="pier", tags=["sea"])
    assert (body.prompt, body.tags) == ("pier", ["sea"])
    assert read().prompt == "a"


def test_a_derived_body_keeps_to_the_limits_of_both():
    with pytest.raises(InvalidRequest, match="prompt may have at most 5 characters"):
        read(prompt="a long one")
    with pytest.raises(InvalidRequest, match="colour is not a field"):
        read(colour="red")


def test_a_list_that_was_left_out_is_not_shared():
    read().tags.append("sea")
    assert read().tags == []
