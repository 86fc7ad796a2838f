"""Images after references, and images for captions."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest
from PIL import ImageStat

from tests.conformance.vendors import Worker, assert_is_image, fetched, settings, site

GENERATE = "/api/v1/images/generate"
CAPTIONS = {
    "instagram-feed": "A fox asleep under a birch in the first snow. #fox #snow",
    "x-post": "Seven whales turn below the harbour lights. #whales",
}


@contextmanager
def own_writer(client):
    """The test as the writer of captions: each post type has its own subject, and no other's."""

    def answer(sent):
        asked = json.loads(json.loads(sent)["messages"][1]["content"])
        texts = {name: CAPTIONS[name] for name in asked["posts"]}
        return json.dumps({"choices": [{"message": {"content": json.dumps(texts)}}]}).encode()

    with site() as web:
        web.answers["/chat/completions"] = answer
        with settings(client.local, ("worker",), WRITER_URL=web.address, WRITER_MODEL="the test"):
            yield


@pytest.fixture(scope="module")
def captions(powerpost, written, uploaded):
    """Captions of two subjects, once without media and once with two pictures."""
    types = tuple(CAPTIONS)
    with own_writer(powerpost):
        plain = written(powerpost, "Winter", *types)["generation_id"]
        media = [uploaded(powerpost, color) for color in ("red", "green")]
        pictured = written(powerpost, "Winter", *types, media_ids=media)["generation_id"]
    return {"plain": plain, "pictured": pictured, "media": media}


def blueness(image):
    red, _, blue = ImageStat.Stat(image.convert("RGB")).mean
    return blue - red


def told(client, seen):
    return client.native(f"/v1/jobs/{seen['image_generation_id']}")


@pytest.mark.statement("P6", "P7", "P9", "P25", "P52", "P53", "P54", "P55")
def test_the_prompt_says_what_is_shown_and_the_reference_how(powerpost, made, uploaded):
    images = {}
    for color in ("red", "blue"):
        body = {
            "prompt": "headphones on a marble surface",
            "style_images": [uploaded(powerpost, color)],
        }
        seen = made(powerpost, **body)
        [image] = seen["images"]
        assert seen["prompt"] == told(powerpost, seen)["prompt"] == body["prompt"]
        assert image["media_id"] not in body["style_images"]
        images[color] = assert_is_image(fetched(image["url"]).content, "WEBP", 1024, 1024)
    assert blueness(images["blue"]) > blueness(images["red"]) + 10
    for image in images.values():
        # A picture of its own: the references are of one colour each.
        assert max(ImageStat.Stat(image.convert("L")).stddev) > 5


@pytest.mark.statement("P11", "P25", "P56")
@pytest.mark.parametrize(
    "model",
    [
        "flux2-flex",
        "gpt-image-1.5",
        "nano-banana-2",
        "ideogram-3",
    ],
)
def test_up_to_four_references_go_with_everything_else(powerpost, made, uploaded, model):
    media = [uploaded(powerpost, color) for color in ("red", "green", "blue", "white")]
    seen = made(
        powerpost,
        prompt="a red boat",
        style_images=media,
        model=model,
        size="portrait",
        quantity=2,
        enhance_prompt=True,
    )
    job = told(powerpost, seen)
    assert job["references"] == [{"media": name} for name in media]
    assert job["prompt_used"]["text"]
    assert (len(seen["images"]), seen["size"]) == (2, "portrait")


@pytest.mark.statement("P6", "P7", "P10", "P16", "P17", "P58", "P59", "P62", "P86")
def test_captions_alone_are_enough_and_all_of_them_are_considered(powerpost, made, captions):
    seen = made(powerpost, generation_id=captions["plain"], size="portrait", quantity=2)
    assert (len(seen["images"]), seen["size"]) == (2, "portrait")
    assert "fox" in seen["prompt"]
    assert "whales" in seen["prompt"]
    assert seen["prompt"] == told(powerpost, seen)["prompt"]
    assert "references" not in told(powerpost, seen)


@pytest.mark.statement("P27", "P28", "P61", "P86")
@pytest.mark.parametrize("source", CAPTIONS)
def test_the_caption_of_one_platform_can_be_the_source(powerpost, made, captions, source):
    seen = made(powerpost, generation_id=captions["plain"], source_post_type=source)
    assert ("fox" in seen["prompt"]) is (source == "instagram-feed")
    assert ("whales" in seen["prompt"]) is (source == "x-post")


@pytest.mark.statement("P10", "P11", "P60", "P86")
def test_a_prompt_is_laid_over_what_the_captions_say(powerpost, made, captions):
    direction = "Use dark background with neon accents"
    seen = made(
        powerpost,
        generation_id=captions["plain"],
        prompt=direction,
        source_post_type="instagram-feed",
        size="feed",
    )
    used = told(powerpost, seen)["prompt"]
    assert "fox" in used
    assert direction in used
    assert seen["prompt"] == direction


@pytest.mark.statement("P63")
def test_the_media_of_the_captions_are_references_by_themselves(
    powerpost, made, captions, uploaded
):
    seen = made(powerpost, generation_id=captions["pictured"])
    assert told(powerpost, seen)["references"] == [{"media": name} for name in captions["media"]]
    # Those that are asked for in so many words take their place.
    own = uploaded(powerpost, "blue")
    seen = made(powerpost, generation_id=captions["pictured"], style_images=[own])
    assert told(powerpost, seen)["references"] == [{"media": own}]


@pytest.mark.statement("P28", "P74")
def test_a_source_that_the_captions_do_not_have_is_refused(powerpost, captions):
    for source in ("facebook-post", "nothing"):
        body = {"generation_id": captions["plain"], "source_post_type": source}
        answer = powerpost.post(GENERATE, body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
        assert "instagram-feed, x-post" in answer.json()["error"]["message"]


@pytest.mark.statement("P64")
def test_a_generation_of_images_is_no_source_and_captions_on_their_way_are_none_yet(
    powerpost, made
):
    images = made(powerpost, prompt="a red boat")["image_generation_id"]
    assert powerpost.post(GENERATE, {"generation_id": images}).status_code == 404
    with Worker(powerpost.local).held():
        body = {"prompt": "Winter", "post_types": ["x-post"], "research_mode": "regular"}
        waiting = powerpost.post("/api/v1/content/generate", body).json()["generation_id"]
        answer = powerpost.post(GENERATE, {"generation_id": waiting})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
