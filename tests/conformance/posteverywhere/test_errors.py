"""What posteverywhere answers when something is wrong, on every route in the same envelope."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from tests.conformance.vendors import SECONDS, Worker, bearer_of, new_key
from tests.running import eventually

PATH = "/ai/generate-image"
RATIOS = "Invalid aspect ratio. Must be one of: 1:1, 16:9, 9:16, 4:3, 3:4, 4:5, 5:4"
MODELS = "Invalid model. Must be one of: nano-banana-pro, ideogram-v2, gemini-3-pro, flux-schnell"


@pytest.mark.statement("F10", "F12", "F13", "F15", "F16", "F22", "F24", "F25", "F45", "F46", "F47")
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"prompt": ""}, "prompt must say something."),
        ({"prompt": " \n"}, "prompt must say something."),
        ({"prompt": None}, "prompt is required."),
        ({"prompt": 7}, "prompt must be a text."),
        ({"prompt": "a" * 2001}, "prompt may have at most 2000 characters."),
        ({"aspect_ratio": "2:3"}, RATIOS),
        ({"aspect_ratio": "21:9"}, RATIOS),
        ({"aspect_ratio": "16x9"}, RATIOS),
        ({"aspect_ratio": ""}, RATIOS),
        ({"model": "nano-banana"}, MODELS),
        ({"model": "imagen-4"}, MODELS),
        ({"model": ""}, MODELS),
    ],
)
def test_what_is_not_as_documented_is_a_validation_error(posteverywhere, refused, wrong, message):
    error = refused(posteverywhere.post(PATH, {"prompt": "a boat"} | wrong), 400)
    assert error == {"message": message, "code": "validation_error"}


@pytest.mark.statement("F9", "F10", "F45")
def test_a_missing_prompt_is_a_validation_error(posteverywhere, refused):
    error = refused(posteverywhere.post(PATH, {"model": "flux-schnell"}), 400)
    assert error == {"message": "prompt is required.", "code": "validation_error"}


@pytest.mark.statement("F2", "F56")
@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"prompt=a", b'{"prompt": "' + b"a" * 300_000])
def test_a_body_that_is_no_json_object_or_too_large_is_a_validation_error(
    posteverywhere, refused, sent
):
    assert refused(posteverywhere.post(PATH, content=sent), 400)["code"] == "validation_error"


@pytest.mark.statement("F39", "F48", "F49", "F50", "F53")
def test_credits_that_do_not_suffice_are_told_in_words_and_numbers(opened, refused, generated):
    poor = opened("posteverywhere-poor", 4)
    assert generated(poor, model="flux-schnell")["credits_remaining"] == 3
    assert refused(poor.post(PATH, {"prompt": "a boat"}), 402) == {
        "message": "Not enough credits. This model costs 15 credits but you have 3 available.",
        "code": "insufficient_credits",
        "details": {
            "credits_required": 15,
            "credits_available": 3,
            "model": "nano-banana-pro",
        },
    }
    account = poor.account()
    assert (account["balance"], account["held"], account["spent"]) == (3, 0, 1)


@pytest.mark.statement("F52", "F56", "F58")
@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer nonsense", "Bearer eyJh.eyJz.c2ln", "Basic dXNlcjpwYXNz"]
)
def test_without_a_good_key_nothing_is_open(posteverywhere, refused, header):
    headers = {"Authorization": header}
    for answer in (
        posteverywhere.post(PATH, {"prompt": "a boat"}, headers=headers),
        posteverywhere.get("/media", headers=headers),
    ):
        assert refused(answer, 401)["code"] == "unauthorized"


@pytest.mark.statement("F6", "F7", "F56")
def test_a_key_needs_the_ai_scope_to_generate_and_no_other(opened, refused):
    client = opened("posteverywhere-scopes", 10)
    body = {"prompt": "a boat", "model": "flux-schnell"}
    without = bearer_of(new_key(client.local, client.workspace, ("read", "generate")))
    error = refused(client.post(PATH, body, headers=without), 401)
    assert error == {"message": "This key lacks the scope ai.", "code": "unauthorized"}
    with_ai = bearer_of(new_key(client.local, client.workspace, ("ai",)))
    assert client.post(PATH, body, headers=with_ai).status_code == 201
    assert refused(client.get("/media", headers=with_ai), 401)["code"] == "unauthorized"
    assert refused(client.request("DELETE", "/media/x"), 404)["code"] == "not_found"


@pytest.mark.statement("F54", "F57", "F58")
def test_more_requests_than_allowed_are_put_off_until_the_window_resets(opened, refused):
    hasty = opened("posteverywhere-hasty", 0, requests_per_minute=1)
    answers = [hasty.post(PATH, {"prompt": "a boat"}) for _ in range(4)]
    late = [answer for answer in answers if answer.status_code == 429]
    # A minute may end between two of them, but not between all.
    assert len(late) >= 2
    for answer in late:
        assert refused(answer, 429)["code"] == "rate_limit_exceeded"
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        asked_at = datetime.fromisoformat(answer.json()["meta"]["timestamp"]).timestamp()
        assert 0 < int(answer.headers["x-ratelimit-reset"]) - asked_at <= 60
        assert answer.headers["x-ratelimit-limit"] == "1"
        assert answer.headers["x-ratelimit-remaining"] == "0"


@pytest.mark.statement("F57")
def test_every_answer_says_how_many_requests_are_left(posteverywhere):
    for answer in (
        posteverywhere.post(PATH, {"prompt": "a boat", "model": "flux-schnell"}),
        posteverywhere.post(PATH, {}),
        posteverywhere.get("/media"),
        posteverywhere.get("/nothing"),
        posteverywhere.get("/media", headers={"Authorization": None}),
    ):
        limit, remaining, reset = (
            int(answer.headers[f"x-ratelimit-{name}"]) for name in ("limit", "remaining", "reset")
        )
        assert 0 <= remaining < limit
        assert reset % 60 == 0
        assert "retry-after" not in answer.headers


@pytest.mark.statement("F55", "F58")
def test_an_image_that_cannot_be_made_is_an_internal_error_and_costs_nothing(opened, refused):
    client = opened("posteverywhere-unlucky", 100)
    with ThreadPoolExecutor() as pool, Worker(client.local).held() as worker:
        waiting = pool.submit(client.post, PATH, {"prompt": "a boat"})
        [job] = eventually(lambda: client.native("/v1/jobs")["jobs"], SECONDS, "the job")
        worker.give_up(client.workspace, job["id"])
        answer = waiting.result()
    assert refused(answer, 500)["code"] == "internal_error"
    account = client.account()
    assert (account["balance"], account["held"], account["spent"]) == (100, 0, 0)
