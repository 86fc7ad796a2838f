from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from darkroom.domain.captions import (
    HASHTAGS,
    LIMITS,
    LONGEST_PROMPT,
    POST_TYPES,
    TITLES,
    CaptionBrief,
    length_on,
)
from darkroom.providers.embedded_writer import EmbeddedWriter
from texts import HASHTAG
from writer import media, pictures, platforms, vocabulary
from writer.phrases import PHRASES

WRITER = EmbeddedWriter()
WORDS_TO_TRY = (
    "a an the red golden fox fisherman ramen perfume lake Tokyo bedroom car tulips galaxy dragon "
    "team logo poster abstract night snow underwater watercolour photo funeral no without and, "
    "in on with of. #tag @me https://a.test 8k, cinematic lighting Café Luna 猫 🦊 'OPEN' und "
    "eine Write caption about running -- IMG_1.png Our new menu! # . , … 。"
)
WORDS = st.sampled_from(WORDS_TO_TRY.replace("'", '"').split())
# With the address in its place it is longer than a title may be, and its first clause is empty.
LEADING_COMMA = ", a a a a a an " + "golden " * 7 + "abstract https://a.test the"
PROMPTS = st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=400)
PHOTOGRAPHIC = re.compile(r"photograph|lens|aperture|tripod|depth of field", re.IGNORECASE)


def captions(prompt, *, seen=(), mode="regular", post_types=POST_TYPES):
    brief = CaptionBrief(
        prompt=prompt, seen=tuple(seen), post_types=tuple(post_types), research_mode=mode
    )
    return {name: caption.text for name, caption in WRITER.captions(brief).items()}


def added(prompt):
    enhanced = WRITER.enhance(prompt)
    assert enhanced.startswith(prompt.strip())
    return enhanced[len(prompt.strip()) :].casefold()


def test_it_says_who_it_is():
    assert WRITER.name == "darkroom-house-writer"


@pytest.mark.parametrize(
    ("prompt", "fitting"),
    [
        ("a fox on a hill", "fox"),
        ("an old fisherman", "fisherman"),
        ("a perfume bottle on marble", "perfume bottle"),
        ("a logo for a bakery", "vector"),
        ("a turtle at a coral reef", "underwater"),
        ("a kitchen at night", "lamp|low, intimate"),
        ("a village in the fog", "diffused|muted light"),
        ("a galaxy", "black"),
        ("a red and blue kite", "red and blue carry the palette"),
        ('a poster that says "Jazz Night"', "spelled exactly as given"),
    ],
)
def test_what_is_added_fits_the_subject(prompt, fitting):
    assert re.search(fitting, added(prompt))


@pytest.mark.parametrize(
    "prompt",
    [
        "a dragon over a castle, watercolor",
        "oil painting of a fisherman",
        "a pencil sketch of a cathedral",
        "pixel art of a city",
        "eine Stadt bei Nacht, Aquarell",
        "an origami fox",
        "a flat vector illustration of a team",
        "anime girl in a garden",
    ],
)
def test_no_photograph_is_made_of_what_is_to_be_painted(prompt):
    assert not PHOTOGRAPHIC.search(added(prompt))


@pytest.mark.parametrize("prompt", ["a city at midnight", "a fox under the stars", "a dark forest"])
def test_night_and_darkness_get_no_sunshine(prompt):
    assert not re.search(r"\bsun\b|bright feel|fresh feel|clear, gentle daylight", added(prompt))


@pytest.mark.parametrize(
    ("prompt", "aspect"),
    [
        ("a fox at golden hour", r"\blight\b|daylight"),
        ("a fox in soft window light", r"\bsun\b|light from"),
        ("close-up of a fox", "eye-level|off centre"),
        ("a fox in muted colours", "palette|colour"),
        ("a highly detailed fox", "photograph|texture"),
    ],
)
def test_what_a_prompt_has_decided_is_left_alone(prompt, aspect):
    assert not re.search(aspect, added(prompt))


def test_what_a_prompt_refuses_is_not_added():
    for subject in ("two friends", "a fox", "a mug", "a man", "a dragon", "a tulip", "a ship"):
        assert not re.search("background|surroundings|setting", added(f"{subject}, no background"))


def test_a_prompt_that_decides_everything_is_kept_as_it_is():
    prompt = "Close-up of a fox, golden hour, muted colours, fine texture."
    assert WRITER.enhance(prompt) == prompt


def test_every_kind_of_subject_and_of_post_is_provided_for():
    kinds = {*vocabulary.SUBJECTS, "logo", "lettering", "anything"}
    for table in (pictures.COMPOSITIONS, pictures.COLOURS, media.USUAL, PHRASES):
        assert kinds <= set(table)
    assert set(media.NAMES) == set(media.FINISHES)
    assert set(platforms.LAYOUTS) == set(platforms.THEMES) == set(POST_TYPES)


def test_an_unfinished_sentence_is_carried_on():
    assert re.match(r"a fox, [a-z]", WRITER.enhance("a fox,"))
    assert re.match(r"a fox! [A-Z]", WRITER.enhance("a fox!"))


def test_words_of_an_unknown_language_get_advice_that_suits_anything():
    assert "subject" not in added("ein Hund und eine Katze im Garten").replace("main subject", "")


def test_an_empty_prompt_gives_one_that_can_be_used():
    assert WRITER.enhance("  ").endswith(".")


@pytest.mark.parametrize("length", [0, 1, 2, 2000])
def test_a_prompt_that_leaves_no_room_is_kept_to_the_last_word(length):
    prompt = "fox " * (LONGEST_PROMPT // 4) + "x" * length
    assert len(prompt) >= LONGEST_PROMPT
    assert WRITER.enhance(f" {prompt}\n") == prompt.strip()


@given(PROMPTS)
def test_enhancing_keeps_the_users_words_first_and_the_limit_always(prompt):
    enhanced = WRITER.enhance(prompt)
    assert enhanced.startswith(prompt.strip())
    assert 0 < len(enhanced) <= LONGEST_PROMPT
    assert enhanced == EmbeddedWriter().enhance(prompt)


@given(PROMPTS, st.lists(PROMPTS, max_size=3), st.sampled_from(("regular", "deep")))
@example("\x1fAB", [], "regular")
@example("AB", ["\x85x"], "deep")
@example("\xa0K", [], "regular")
@example("AB", ["\u3000x"], "deep")
@example(LEADING_COMMA, [], "regular")
@example(LEADING_COMMA.replace("the", "is a great place to be on a Sunday"), [], "deep")
@example(", " + "golden " * 12 + "https://a.test", [LEADING_COMMA], "deep")
@example("(" * 95 + " https://a.test", [], "regular")
@example(("a " * 43) + "https://a.test", [], "regular")
def test_captions_keep_every_limit_and_are_always_the_same(prompt, seen, mode):
    texts = captions(prompt, seen=seen, mode=mode)
    assert tuple(texts) == POST_TYPES
    for post_type, text in texts.items():
        assert text.strip() == text != ""
        assert length_on(post_type, text) <= LIMITS[post_type]
        assert len(text.splitlines()[0]) <= TITLES.get(post_type, LIMITS[post_type])
    assert texts == captions(prompt, seen=seen, mode=mode)


@given(st.lists(WORDS.filter(lambda word: "#" not in word), max_size=40).map(" ".join))
def test_there_are_as_many_hashtags_as_do_well(prompt):
    for post_type, text in captions(prompt).items():
        fewest, most = HASHTAGS[post_type]
        assert fewest <= len(HASHTAG.findall(text)) <= most


@given(PROMPTS, st.lists(PROMPTS, max_size=2))
def test_deep_captions_are_never_shorter(prompt, seen):
    regular, deep = captions(prompt, seen=seen), captions(prompt, seen=seen, mode="deep")
    assert all(len(deep[post_type]) >= len(regular[post_type]) for post_type in POST_TYPES)


@pytest.mark.parametrize("mode", ["regular", "deep"])
@pytest.mark.parametrize("link", ["https://a.test", "www.a.test/" + "x" * 300])
def test_an_address_anywhere_in_a_prompt_of_any_length_breaks_no_limit(link, mode):
    """It is replaced by words that may be longer than it, or shorter."""
    for words in range(1, 130, 3):
        for prompt in (
            "golden " * words + link,
            ", " + "golden " * words + link + " the",
            "golden, " * words + link + ". More.",
            f"Our menu: {link} " + "golden " * words,
        ):
            for post_type, text in captions(prompt, mode=mode).items():
                assert length_on(post_type, text) <= LIMITS[post_type], prompt
                most = TITLES.get(post_type, LIMITS[post_type])
                assert 0 < len(text.splitlines()[0]) <= most, prompt


def test_every_hook_is_short_enough_for_a_title():
    hooks = [hook for phrases in PHRASES.values() for hook in phrases.hooks]
    assert max(map(len, hooks)) <= min(TITLES.values())


def test_deep_captions_are_longer_where_there_is_room():
    regular, deep = captions("a red fox"), captions("a red fox", mode="deep")
    assert all(len(deep[post_type]) > len(regular[post_type]) for post_type in POST_TYPES)


def test_the_users_words_are_in_every_caption():
    for text in captions("Unser neues Café am Fluss").values():
        assert "Unser neues Café am Fluss" in text


def test_different_prompts_get_different_words_around_them():
    texts = {
        captions(f"a red {thing}")["instagram-feed"].replace(thing, "")
        for thing in ("fox", "cat", "dog")
    }
    assert len({text.split("#")[0] for text in texts}) > 1


def test_only_what_is_asked_for_is_written():
    assert set(captions("a fox", post_types=["x-post"])) == {"x-post"}


def test_words_for_the_maker_of_a_picture_are_not_posted():
    prompt = WRITER.enhance("a red fox in the snow, 8k, shot on 85mm") + " --ar 16:9"
    for text in captions(prompt).values():
        assert not re.search(r"8k|85mm|--ar|palette|photograph", text.split("#")[0])


@pytest.mark.parametrize(
    ("order", "theme"),
    [
        ("Write a caption for my bakery's new sourdough", "My bakery's new sourdough"),
        ("picture of a cat", "A cat"),
        ("Announce that we open on Friday", "We open on Friday"),
        ("We need a post that shows our new office", "Our new office"),
        ("Make the most of your morning", "Make the most of your morning"),
    ],
)
def test_orders_to_the_writer_are_not_posted(order, theme):
    assert captions(order)["facebook-post"].startswith(f"{theme}.")


def test_a_users_hashtags_and_link_are_kept():
    texts = captions("Our menu is here https://luna.test/menu #CafeLuna")
    assert "https://luna.test/menu" in texts["facebook-post"]
    assert "https" not in texts["instagram-feed"]
    assert "Link in bio." in texts["instagram-feed"]
    assert all("#CafeLuna" in text for name, text in texts.items() if HASHTAGS[name][1])


def test_pictures_are_told_of_where_the_prompt_does_not():
    seen = ("a bowl of ramen on a wooden table", "IMG_2041.jpg")
    text = captions("Lunch is served", seen=seen)["instagram-feed"]
    assert "In the picture: a bowl of ramen on a wooden table." in text
    assert "IMG" not in text


def test_pictures_alone_are_enough():
    assert "A dragon over a castle." in captions("", seen=["a dragon over a castle"])["x-post"]
    assert "Red mug hero." in captions("", seen=["red-mug-hero.png"])["x-post"]


@pytest.mark.parametrize("prompt", ["In memory of my grandfather", "A refugee camp after the war"])
def test_sad_things_get_a_quiet_voice(prompt):
    for text in captions(prompt, mode="deep").values():
        assert not re.search("[\U0001f300-\U0001faff✨]|favourite|friend|subscribe|follow", text)


def test_films_and_shorts_have_a_title():
    texts = captions("a red fox in the snow")
    assert "#Shorts" in texts["youtube-short"]
    for post_type in TITLES:
        assert re.match(r"[^\n]*[aA] red fox in the snow\n\n", texts[post_type])


def test_a_link_stays_in_its_sentence():
    texts = captions("Join our webinar. Register at https://luna.test/web by Friday.")
    for name, text in texts.items():
        if name.startswith(("facebook", "youtube", "x-", "linkedin", "threads", "pinterest")):
            assert "Register at https://luna.test/web by Friday." in text
            assert text.count("https") == 1
        elif "Register" in text:
            assert "Register at the link" in text


def test_words_of_craft_are_kept_where_they_lead_to_a_link():
    assert (
        "Details at https://a.test/1." in captions("A fox. Details at https://a.test/1")["x-post"]
    )


def test_a_link_that_is_cut_off_is_on_a_line_of_its_own():
    story = "Our menu is full of good things to eat. " * 4
    text = captions(f"Read on at https://luna.test/{'menu/' * 40}. {story}")["x-post"]
    assert not re.search(r"Read on at[.…]", text)


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("write a post about our dog treats, don't mention the price", "Our dog treats."),
        ("Our dog treats but don't mention the price, and keep it short", "Our dog treats."),
        ("Our dog treats. Keep it short and use a funny tone, please.", "Our dog treats."),
        ("Write a short, funny Instagram caption about our dog treats", "Our dog treats."),
        ("Our dog treats (no emojis)", "Our dog treats."),
        ("Our dog treats, no hashtags please. Tone: witty", "Our dog treats."),
        ("Our dog treats, professional tone, under 50 words", "Our dog treats."),
        ("Mention that our dog treats are back", "Our dog treats are back."),
        ("Please join us on Friday, and bring a dog", "Please join us on Friday, and bring a dog."),
        (
            "Don't miss our sale - and keep it a secret",
            "Don't miss our sale - and keep it a secret.",
        ),
        ("Use our new app, in the city", "Use our new app, in the city."),
    ],
)
def test_instructions_are_not_published(prompt, told):
    text = captions(prompt)["facebook-story"]
    assert text.split("\n")[0] == told


def test_hashtags_and_emoji_that_are_not_wanted_are_left_out():
    texts = captions("Our new sourdough, no hashtags or emojis", mode="deep")
    assert not re.search("#|[\U0001f300-\U0001faff]", "".join(texts.values()))


@pytest.mark.parametrize("prompt", ["We opened a small bakery", "Our café in Lisbon is open"])
def test_where_food_is_sold_is_about_food(prompt):
    for text in captions(prompt, mode="deep").values():
        assert not re.search("[Ii]nterior|Home|renovation|room, ", text)
    assert "#Food" in captions(prompt)["instagram-feed"]


def test_a_room_for_food_may_still_be_about_the_room():
    assert "#Interior" in captions("The interior of a café")["instagram-feed"]


@pytest.mark.parametrize(
    "notice",
    [
        "Recall: the charger can catch fire",
        "Our website is down",
        "We apologise for the late deliveries",
        "Warning: icy steps at the shop",
        "Undeclared nuts in our cookies",
    ],
)
def test_notices_are_plain(notice):
    for text in captions(notice, mode="deep").values():
        assert set(text.split("\n\n")) <= {notice, f"{notice}."}


@pytest.mark.parametrize("nothing", ["x", "X.", "7", "?! a", "xxx"])
def test_what_has_no_word_is_no_theme(nothing):
    assert captions(nothing, seen=[nothing]) == captions("")
    assert captions("a fox", seen=[nothing]) == captions("a fox")
