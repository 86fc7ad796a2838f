from __future__ import annotations

import json

import pytest

from tests.writer.golden import (
    RECORDED,
    TO_ENHANCE,
    briefs,
    captions,
    enhanced,
    hash_of,
    picture_prompts,
)

GOLDEN = json.loads(RECORDED.read_text("utf-8"))


def test_every_recorded_text_is_still_asked_for():
    assert list(GOLDEN["captions"]) == list(GOLDEN["picture_prompts"]) == list(briefs())
    assert list(GOLDEN["enhanced"]) == list(TO_ENHANCE)


@pytest.mark.parametrize("name", briefs())
def test_captions_are_word_for_word_what_they_were(name):
    assert hash_of(captions(briefs()[name])) == GOLDEN["captions"][name]


@pytest.mark.parametrize("name", briefs())
def test_the_prompts_of_pictures_that_go_with_captions_are_what_they_were(name):
    assert hash_of(picture_prompts(briefs()[name])) == GOLDEN["picture_prompts"][name]


@pytest.mark.parametrize("prompt", TO_ENHANCE)
def test_an_enhanced_prompt_is_word_for_word_what_it_was(prompt):
    assert hash_of(enhanced(prompt)) == GOLDEN["enhanced"][prompt]
