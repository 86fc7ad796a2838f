from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom.domain import caption_prompts
from darkroom.domain.captions import (
    HASHTAGS,
    LIMITS,
    LONGEST_PROMPT,
    POST_TYPES,
    CaptionBrief,
    length_on,
)
from darkroom.domain.job import Caption
from darkroom.providers.embedded_writer import EmbeddedWriter
from texts import sentences, within
from writer.phrases import PHRASES

FOX = {
    "instagram-feed": "No script. 🦊\n\nA red fox in the snow.\n\nSave this for later!\n\n#RedFox",
    "x-post": "Worth a look: a red fox in the snow. #Fox",
    "facebook-post": "A red fox in the snow. Tell us in the comments, and follow for more.",
}
TEXTS = st.dictionaries(
    st.sampled_from(POST_TYPES), st.text(min_size=1, max_size=800), min_size=1, max_size=5
)


def prompt_of(texts, source, direction):
    """Of captions whose writer cannot tell their subject."""
    captions = {name: Caption(text=text, writer="w") for name, text in texts.items()}
    return caption_prompts.prompt_of(captions, source, direction)


def test_there_is_a_limit_and_a_number_of_hashtags_for_every_post_type():
    assert set(LIMITS) == set(HASHTAGS) == set(POST_TYPES)
    assert all(fewest <= most for fewest, most in HASHTAGS.values())


def test_the_caption_that_is_named_is_the_only_source():
    captions = {"x-post": "A red boat.", "threads-post": "A blue house."}
    prompt = prompt_of(captions, "threads-post", None)
    assert "blue house" in prompt
    assert "boat" not in prompt


def test_all_captions_are_considered_when_none_is_named():
    prompt = prompt_of({"x-post": "A red boat.", "threads-post": "A blue house."}, None, None)
    assert "red boat" in prompt
    assert "blue house" in prompt


def test_captions_may_be_named_by_platform():
    assert "red boat" in prompt_of({"instagram": "A red boat."}, "instagram", None)


def test_a_source_that_is_not_there_is_a_key_error():
    with pytest.raises(KeyError, match="tiktok-photo"):
        prompt_of(FOX, "tiktok-photo", None)


def test_what_captions_share_comes_first_and_once():
    prompt = prompt_of(FOX, None, None)
    assert prompt.startswith("A picture that goes with this: A red fox in the snow.")
    assert prompt.count("fox") == 1


@pytest.mark.parametrize(
    "caption",
    [
        "A red boat. #Boat #Sea",
        "A red boat 🚤 @harbour https://example.com/a?b=c",
        "A red boat. Link in bio!",
        "A red boat. Follow us for more!",
        "A red boat. What would you call it?",
        "A red boat. Tag a friend, and share this.",
        "A red boat, order now!",
        "👇 A red boat\nSwipe for more\n\n#boat",
    ],
)
def test_what_is_not_to_be_painted_is_left_out(caption):
    prompt = prompt_of({"x-post": caption}, None, None)
    assert prompt == "A picture that goes with this: A red boat."


def test_a_hashtag_within_a_sentence_is_a_word_of_it():
    assert "I love coffee in the morning." in prompt_of(
        {"x-post": "I love #coffee in the morning."}, None, None
    )


def test_captions_of_nothing_but_hashtags_are_about_those():
    assert "Sunset Beach, summer" in prompt_of({"x-post": "#SunsetBeach #summer"}, None, None)


@pytest.mark.parametrize("caption", ["🎉🎉", "@you https://a.test", " ", "Follow us!"])
def test_a_prompt_comes_of_a_caption_that_says_nothing(caption):
    assert "friendly scene" in prompt_of({"x-post": caption}, None, None)


def test_a_users_direction_is_laid_over_the_captions():
    prompt = prompt_of(FOX, "x-post", "make it watercolour,  no people")
    assert prompt.endswith("make it watercolour,  no people")
    assert "red fox" in prompt


@pytest.mark.parametrize("too_much", [-100, -61, -1, 0, 1, 2000])
def test_a_users_direction_stays_whole_however_long(too_much):
    direction = "no people, " * ((LONGEST_PROMPT + too_much) // 11) + "and make it blue!"
    prompt = prompt_of(FOX, "x-post", direction)
    assert prompt.endswith(direction)
    assert len(prompt) <= max(LONGEST_PROMPT, len(direction))


def test_the_context_is_short():
    long = {name: f"Sentence about {name} {number}." for number, name in enumerate(POST_TYPES)}
    long["x-post"] = "A boat sails on. " * 100
    assert len(prompt_of(long, None, None)) <= 600


def test_scripts_without_spaces_are_told_of_too():
    assert "猫" in prompt_of({"x-post": "猫が屋根の上で眠っている" * 100}, None, "quiet")


def test_the_embedded_writers_captions_lead_back_to_their_subject():
    brief = CaptionBrief(
        prompt="a red fox in the snow", seen=(), post_types=POST_TYPES, research_mode="deep"
    )
    prompt = caption_prompts.prompt_of(EmbeddedWriter().captions(brief), None, None)
    assert prompt.startswith("A picture that goes with this: A red fox in the snow. (Mood: ")
    assert prompt.count("fox") == 1


def mood_of(prompt):
    mood = prompt.partition(" (Mood: ")[2]
    assert not mood or mood.endswith(")")
    return mood.removesuffix(")")


SUBJECTS = ("a red fox in the snow", "Grand opening of our bakery on Friday. Fresh bread from six.")


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("mode", ["regular", "deep"])
def test_the_prompt_follows_the_caption_of_the_built_in_writer_that_is_named(subject, mode):
    brief = CaptionBrief(prompt=subject, seen=(), post_types=POST_TYPES, research_mode=mode)
    captions = EmbeddedWriter().captions(brief)
    prompts = {name: caption_prompts.prompt_of(captions, name, None) for name in (*captions, None)}
    moods = {name: mood_of(prompt) for name, prompt in prompts.items()}
    for name, caption in captions.items():
        assert moods[name], name
        # What it says, this caption says.
        flat = " ".join(caption.text.replace("🐾", "").replace("🍽️", "").split())
        assert all(part.rstrip(".…") in flat for part in sentences(moods[name])), name
    # Where two captions say other things, the prompts do.
    assert len(set(prompts.values())) >= 9
    assert prompts[None] not in {prompts[name] for name in captions}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_without_a_name_the_prompt_tells_all_captions(subject):
    brief = CaptionBrief(prompt=subject, seen=(), post_types=POST_TYPES[:4], research_mode="deep")
    captions = EmbeddedWriter().captions(brief)
    told = caption_prompts.prompt_of(captions, None, None)
    for name in captions:
        mood = mood_of(caption_prompts.prompt_of(captions, name, None))
        assert all(part in told for part in sentences(mood) if not part.endswith("?")), name


@given(TEXTS, st.none() | st.text(max_size=LONGEST_PROMPT))
def test_every_prompt_is_short_enough_says_something_and_keeps_the_direction(captions, direction):
    for source in (None, *captions):
        prompt = prompt_of(captions, source, direction)
        assert 0 < len(prompt) <= LONGEST_PROMPT
        assert (direction or "").strip() in prompt
        assert prompt == prompt_of(captions, source, direction)


@given(st.text(max_size=300), st.integers(min_value=1, max_value=100))
def test_a_text_is_cut_between_its_words(text, most):
    cut = within(text, most)
    assert len(cut) <= most
    if re.fullmatch(r"[a-z]{1,20}( [a-z]{1,20})*", text) and len(text.split()[0]) < most:
        assert set(cut.rstrip("…").split()) <= set(text.split())


def test_x_counts_emoji_and_chinese_for_two():
    assert length_on("x-post", "a fox 🦊 狐") == 11
    assert length_on("threads-post", "a fox 🦊 狐") == 9


@pytest.mark.parametrize("mode", ["regular", "deep"])
@pytest.mark.parametrize(
    "subject", ["a small bakery", "our new office", "a red fox", "Recall: fire"]
)
def test_what_the_embedded_writer_says_of_anything_is_no_more_than_the_mood(subject, mode):
    brief = CaptionBrief(prompt=subject, seen=(), post_types=POST_TYPES, research_mode=mode)
    captions = EmbeddedWriter().captions(brief)
    for source in captions:
        prompt = caption_prompts.prompt_of(captions, source, None)
        about = prompt.partition(" (Mood: ")[0]
        assert about.casefold() == f"a picture that goes with this: {subject.casefold()}."


@pytest.mark.parametrize("kind", PHRASES)
def test_no_phrase_of_the_embedded_writer_is_taken_for_the_subject(kind):
    phrases = PHRASES[kind]
    every = (*phrases.hooks, *phrases.thoughts, *phrases.angles, *phrases.lessons)
    for phrase in (*every, *phrases.questions, phrases.pin):
        caption = Caption(text=f"{phrase}\n\nA red fox.", writer="w", subject="A red fox.")
        prompt = caption_prompts.prompt_of({"x-post": caption}, None, None)
        about, _, mood = prompt.partition(" (Mood: ")
        assert about == "A picture that goes with this: A red fox."
        assert "fox" not in mood


def test_a_caption_that_is_about_nothing_gives_the_mood_alone():
    caption = Caption(text="Breathe in. Look twice.", writer="w", subject="")
    prompt = caption_prompts.prompt_of({"x-post": caption}, None, None)
    assert "friendly scene" in prompt
    assert prompt.endswith("(Mood: Breathe in. Look twice.)")


def test_captions_of_before_subjects_were_kept_are_told_by_their_text():
    brief = CaptionBrief(
        prompt="a red fox in the snow", seen=(), post_types=POST_TYPES, research_mode="deep"
    )
    written = EmbeddedWriter().captions(brief)
    texts = {name: caption.text for name, caption in written.items()}
    assert prompt_of(texts, None, None) == "A picture that goes with this: A red fox in the snow."
    for source in texts:
        assert "red fox in the snow" in prompt_of(texts, source, None).casefold()
