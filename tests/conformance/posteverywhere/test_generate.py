"""POST /ai/generate-image where all goes well, statement by statement."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from darkroom.dialects.vendors.posteverywhere.images import image
from darkroom.domain.outcomes import Submitted
from tests.builders import new_job
from tests.conformance.vendors import UUID, assert_is_image, bearer_of, new_key
from tests.contexts import caller_of, context_of

# As the document has it.
EXAMPLE = """{
"prompt": "A professional photo of a modern office workspace with natural lighting",
"aspect_ratio": "16:9",
"model": "nano-banana-pro"
}"""
OFFICE = "A professional photo of a modern office workspace with natural lighting"
PATH = "/ai/generate-image"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
JSON = {"Content-Type": "application/json"}


@pytest.mark.statement("F1", "F2", "F3", "F8", "F21", "F22", "F23", "F25", "F26", "F27", "F28")
@pytest.mark.statement("F29", "F31", "F32", "F33", "F34", "F36", "F38", "F39", "F41", "F42", "F43")
@pytest.mark.statement("F44")
@pytest.mark.parametrize("prefix", ["", "/v1", "/api/v1"])
def test_the_documents_example_is_answered_as_documented(opened, prefix):
    client = opened(f"posteverywhere-example{prefix.replace('/', '-')}", 500)
    answer = client.post(prefix + PATH, content=EXAMPLE, headers=JSON)
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    data, media = body["data"], body["data"]["media_id"]
    assert re.fullmatch(UUID, media)
    assert data == {
        "media_id": media,
        "media_ids": [media],
        "type": "image",
        "width": 1920,
        "height": 1080,
        "aspect_ratio": "16:9",
        "ai": {"model": "nano-banana-pro", "prompt": OFFICE},
        "credits_used": 15,
        "credits_remaining": 485,
        "created_at": data["created_at"],
        "next_step": (
            f'Image generated. Attach it to a post by passing "media_ids": ["{media}"]'
            " to POST /v1/posts."
        ),
    }
    assert set(body) == {"data", "error", "meta"}
    assert body["error"] is None
    assert set(body["meta"]) == {"request_id", "timestamp"}
    assert re.fullmatch(r"[a-z0-9]{8}", body["meta"]["request_id"])
    assert re.fullmatch(MOMENT, body["meta"]["timestamp"])
    assert re.fullmatch(MOMENT, data["created_at"])


@pytest.mark.statement("F1")
def test_the_paths_stand_at_the_root_of_a_host_of_that_name(posteverywhere):
    port = posteverywhere.local.file["port"]
    by_name = posteverywhere.with_headers(Host=f"posteverywhere.localhost:{port}")
    root = f"http://{posteverywhere.host}"
    for path in (PATH, f"/v1{PATH}", f"/api/v1{PATH}"):
        body = {"prompt": "a boat", "model": "flux-schnell"}
        assert by_name.post(path, body, base=root).status_code == 201


@pytest.mark.statement("F4", "F5", "F8", "F28", "F30", "F32", "F41")
def test_the_image_is_in_the_library_under_its_id_and_is_what_was_said(posteverywhere, generated):
    data = generated(posteverywhere, aspect_ratio="4:5")
    [media] = data["media_ids"]
    kept = posteverywhere.get(f"/media/{media}").json()["data"]
    for name in ("media_id", "media_ids", "type", "width", "height", "created_at"):
        assert kept[name] == data[name]
    assert posteverywhere.get("/media").json()["data"]["media"][0] == kept
    content = posteverywhere.get(f"/media/{media}/content", follow_redirects=True).content
    assert_is_image(content, "JPEG", data["width"], data["height"])


@pytest.mark.statement("F11", "F14", "F35", "F37", "F38")
def test_a_prompt_is_enough_for_a_square_of_nano_banana_pro(posteverywhere, generated):
    data = generated(posteverywhere)
    assert (data["aspect_ratio"], data["width"], data["height"]) == ("1:1", 1080, 1080)
    assert (data["ai"]["model"], data["credits_used"]) == ("nano-banana-pro", 15)


@pytest.mark.statement("F12", "F32", "F33", "F34")
@pytest.mark.parametrize(
    ("ratio", "size"),
    [
        ("1:1", (1080, 1080)),
        ("16:9", (1920, 1080)),
        ("9:16", (1080, 1920)),
        ("4:3", (1440, 1080)),
        ("3:4", (1080, 1440)),
        ("4:5", (1080, 1350)),
        ("5:4", (1350, 1080)),
    ],
)
def test_each_ratio_has_its_size(posteverywhere, generated, ratio, size):
    data = generated(posteverywhere, aspect_ratio=ratio, model="flux-schnell")
    assert (data["aspect_ratio"], (data["width"], data["height"])) == (ratio, size)
    path = f"/media/{data['media_id']}/content"
    assert_is_image(posteverywhere.get(path, follow_redirects=True).content, "JPEG", *size)


@pytest.mark.statement("F15", "F17", "F18", "F19", "F20", "F38", "F39", "F40")
def test_each_model_costs_what_is_listed_and_any_key_of_the_workspace_pays_it(opened, generated):
    client, left = opened("posteverywhere-prices", 100), 100
    other_key = new_key(client.local, client.workspace)
    prices = {"nano-banana-pro": 15, "ideogram-v2": 8, "gemini-3-pro": 5, "flux-schnell": 1}
    for model, price in prices.items():
        data = generated(client, model=model)
        left -= price
        assert data["ai"]["model"] == model
        assert (data["credits_used"], data["credits_remaining"]) == (price, left)
    left -= 1
    other = replace(client, key=other_key, headers=bearer_of(other_key))
    assert generated(other, model="flux-schnell")["credits_remaining"] == left
    account = client.account()
    assert (account["balance"], account["spent"], account["held"]) == (left, 100 - left, 0)


@pytest.mark.statement("F9", "F36")
@pytest.mark.parametrize("prompt", ["Ein Boot, «größer»\n\tund 赤い 🚤", " a ", "a" * 2000])
def test_the_prompt_is_answered_unchanged(posteverywhere, generated, prompt):
    data = generated(posteverywhere, prompt=prompt, model="flux-schnell")
    assert data["ai"]["prompt"] == prompt


@pytest.mark.statement("F8")
def test_what_outlasts_the_wait_is_answered_with_the_id_that_it_will_have():
    terms = {"aspect_ratio": "1:1", "model": "flux-schnell"}
    job = replace(new_job(), terms=terms)
    context = context_of(
        "posteverywhere", request_id="0123-4567-89", caller=caller_of(job.workspace)
    )
    answer = image(Submitted(job=job, balance=1), context)
    body = answer.body
    assert answer.status == 202
    assert body["data"]["status"] == "processing"
    assert body["data"]["media_id"] == job.slots[0].media_id
    assert body["meta"]["request_id"] == "01234567"
