"""What qolaba refuses, told by someone who has no credits: what is taken, that one cannot pay."""

from __future__ import annotations

import pytest

from tests.conformance.vendors import bearer_of, new_key

PATH = "/api/v1/images/generate"
FLASH = "vertex/nano-banana-flash"
ADDRESS = "https://example.com/a.png"
MODELS = {
    FLASH: {},
    "vertex/nano-banana-pro": {},
    "vertex/imagen-4": {},
    "vertex/imagen-4-fast": {},
    "vertex/imagen-4-ultra": {},
    "fal/flux-dev": {},
    "fal/flux-inpainting": {"image_urls": [ADDRESS]},
    "fal/birefnet": {"image_urls": [ADDRESS]},
    "openai/gpt-image-2": {},
}
IMAGEN = [name for name in MODELS if "imagen" in name]
BAD, UNPAID = (400, "Bad Request"), (402, "Payment Required")


def judged(client, model=FLASH, **fields):
    body = {"model": model, "prompt": "a boat", **MODELS.get(model, {}), **fields}
    answer = client.post(
        PATH, {name: value for name, value in body.items() if value != "leave out"}
    )
    assert set(answer.json()) == {"error", "message"}
    assert answer.json()["message"]
    return answer.status_code, answer.json()["error"]


@pytest.mark.statement("Q18", "Q19", "Q57", "Q58", "Q62")
@pytest.mark.parametrize(
    "model", ["leave out", "", "nano-banana-flash", "vertex/nano-banana", "fal/flux-schnell", 7]
)
def test_the_model_must_be_one_that_is_supported(penniless, model):
    assert judged(penniless, model) == BAD


@pytest.mark.statement("Q19", "Q57", "Q61", "Q62")
@pytest.mark.parametrize("model", MODELS)
def test_what_is_supported_has_only_to_be_paid(penniless, model):
    assert judged(penniless, model) == UNPAID
    assert judged(penniless, model, celery=True) == UNPAID


@pytest.mark.statement("Q20", "Q21")
@pytest.mark.parametrize("model", MODELS)
def test_a_prompt_is_required_but_of_birefnet(penniless, model):
    needed = UNPAID if model == "fal/birefnet" else BAD
    assert judged(penniless, model, prompt="leave out") == needed
    assert judged(penniless, model, prompt="a" * 4000) == UNPAID
    assert judged(penniless, model, prompt="a" * 4001) == BAD


@pytest.mark.statement("Q20", "Q22", "Q24", "Q33", "Q35", "Q36", "Q37", "Q38", "Q39", "Q58")
@pytest.mark.parametrize(
    ("model", "field", "good", "bad"),
    [
        (FLASH, "prompt", ["a"], ["", " \n", 7, None]),
        (FLASH, "celery", [True, False], ["true", 1, 0, "yes"]),
        (FLASH, "num_images", [1, 10], [0, 11, -1, 1.5, "2"]),
        (FLASH, "seed", [0, 2**53, -(2**31)], [0.5, "42", True]),
        ("fal/flux-dev", "num_inference_steps", [1, 150], [0, 151, 1.5, "30"]),
        ("fal/flux-dev", "guidance_scale", [0, 0.5, 30], [-0.1, 30.1, "7"]),
        (FLASH, "temperature", [0, 0.5, 2], [-0.1, 2.1, "1"]),
        (FLASH, "negative_prompt", ["red", "a" * 2000], ["a" * 2001, ["red"]]),
        (FLASH, "aspect_ratio", ["1:1", "21:9"], ["", "1:2", "16x9", 1]),
        (FLASH, "quality", ["1K", "2K", "4K"], ["", "8K", "low", "hd", 2]),
        ("openai/gpt-image-2", "quality", ["low", "medium", "high"], ["2K", "auto", ""]),
        (FLASH, "image_urls", [[ADDRESS]], [ADDRESS, [7], ["a.png"], ["http://10.0.0.1/a.png"]]),
        (
            FLASH,
            "reference_images",
            [
                [{"url": ADDRESS}],
                [{"url": ADDRESS, "description": "the hero"}] * 14,
                [{"url": ADDRESS, "weight": 1}],  # unknown, and passed over
            ],
            [
                [{"url": ADDRESS}] * 15,
                [{"description": "the hero"}],
                [{"url": "https://169.254.169.254/a.png"}],
                [ADDRESS],
                {"url": ADDRESS},
            ],
        ),
        ("fal/flux-inpainting", "mask_url", [ADDRESS], ["a.png", "ftp://example.com/a.png", 7]),
    ],
)
def test_each_field_is_taken_within_its_range_and_refused_outside(
    penniless, model, field, good, bad
):
    for value in good:
        assert judged(penniless, model, **{field: value}) == UNPAID, value
    for value in bad:
        assert judged(penniless, model, **{field: value}) == BAD, value


@pytest.mark.statement("Q26", "Q27", "Q58")
@pytest.mark.parametrize(
    ("field", "value", "takers"),
    [
        ("mask_url", ADDRESS, {"fal/flux-inpainting"}),
        ("num_inference_steps", 30, {"fal/flux-dev", "fal/flux-inpainting"}),
        ("guidance_scale", 7.5, {"fal/flux-dev", "fal/flux-inpainting"}),
        ("temperature", 1, {name for name in MODELS if name.startswith("vertex/")}),
        ("seed", 42, set(MODELS) - {"fal/birefnet", "openai/gpt-image-2"}),
        ("negative_prompt", "red", set(MODELS) - {"fal/birefnet"}),
        ("image_urls", [ADDRESS], set(MODELS) - set(IMAGEN)),
        (
            "reference_images",
            [{"url": ADDRESS}],
            {FLASH, "vertex/nano-banana-pro", "openai/gpt-image-2"},
        ),
        ("quality", "2K", {name for name in MODELS if name.startswith("vertex/")}),
        ("quality", "4K", {FLASH, "vertex/nano-banana-pro"}),
        ("quality", "medium", {"openai/gpt-image-2"}),
        ("num_images", 5, set(MODELS) - set(IMAGEN)),
    ],
)
def test_a_field_is_taken_by_the_models_that_can_honour_it_only(penniless, field, value, takers):
    for model in MODELS:
        wanted = UNPAID if model in takers else BAD
        assert judged(penniless, model, **{field: value}) == wanted, model


@pytest.mark.statement("Q23", "Q27")
@pytest.mark.parametrize("model", ["fal/flux-inpainting", "fal/birefnet"])
def test_a_model_that_changes_a_picture_must_be_given_one(penniless, model):
    assert judged(penniless, model, image_urls="leave out") == BAD
    assert judged(penniless, model, image_urls=[]) == BAD
    assert judged(penniless, model, image_urls=[ADDRESS, ADDRESS]) == BAD


@pytest.mark.statement("Q28", "Q29")
@pytest.mark.parametrize("model", [FLASH, *IMAGEN])
def test_imagen_takes_five_of_the_ten_ratios(penniless, model):
    five = {"1:1", "3:4", "4:3", "9:16", "16:9"}
    for ratio in (*five, "2:3", "3:2", "4:5", "5:4", "21:9"):
        wanted = UNPAID if ratio in five or model == FLASH else BAD
        assert judged(penniless, model, aspect_ratio=ratio) == wanted, ratio


@pytest.mark.statement("Q40")
@pytest.mark.parametrize("name", ["aspectRatio", "numImages", "imageUrls", "n", "size", "width"])
def test_a_field_by_another_name_is_passed_over(penniless, name):
    assert judged(penniless, **{name: 1}) == UNPAID


@pytest.mark.statement("Q2", "Q57", "Q58")
@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"prompt=a", b'{"prompt": "a", "prompt": "b"}'])
def test_a_body_that_is_no_json_object_is_refused(penniless, sent):
    answer = penniless.post(PATH, content=sent)
    assert (answer.status_code, answer.json()["error"]) == BAD


@pytest.mark.statement("Q57", "Q59")
def test_more_requests_than_allowed_are_put_off_for_the_seconds_that_are_told(opened):
    hasty = opened("qolaba-hasty", 0, requests_per_minute=1)
    body = {"model": FLASH, "prompt": "a boat"}
    answers = [hasty.post(PATH, body) for _ in range(4)]
    late = [answer for answer in answers if answer.status_code == 429]
    # A minute may end between two of them, but not between all.
    assert len(late) >= 2
    for answer in late:
        error = answer.json()
        assert error["error"] == "Rate Limited"
        assert 1 <= error["retryAfter"] <= 60
        assert answer.headers["retry-after"] == str(error["retryAfter"])


@pytest.mark.statement("Q57", "Q61", "Q62")
def test_what_the_table_of_errors_leaves_out_has_the_same_shape(penniless):
    reader = bearer_of(new_key(penniless.local, penniless.workspace, ("read",)))
    body = {"model": FLASH, "prompt": "a boat"}
    for answer, status, error in (
        (penniless.post(PATH, body, headers={"Authorization": None}), 401, "Unauthorized"),
        (penniless.post(PATH, body), 402, "Payment Required"),
        (penniless.post(PATH, body, headers=reader), 403, "Forbidden"),
        (penniless.get("/api/v1/tasks/x"), 404, "Not Found"),
        (penniless.get("/nothing"), 404, "Not Found"),
        (penniless.get(PATH), 405, "Method Not Allowed"),
    ):
        assert answer.status_code == status
        assert set(answer.json()) == {"error", "message"}
        assert answer.json()["error"] == error
    assert "6 credits" in penniless.post(PATH, body).json()["message"]
    assert penniless.account()["held"] == 0
