"""POST /api/v1/images/generate: what it takes, what it refuses, what it answers."""

from __future__ import annotations

import re

import pytest

from tests.conformance.vendors import UUID, bearer_of, new_key

GENERATE = "/api/v1/images/generate"
NOBODY = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
PROMPT = "Minimalist workspace with laptop and coffee, warm morning light"
PRICES = {"flux2-flex": 5, "ideogram-3": 6, "nano-banana-2": 6, "gpt-image-1.5": 14}


def code_of(answer):
    """The code of an error, whose body has the one shape that all of them have."""
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert set(body) == {"error"}
    assert {"message", "code"} <= set(body["error"]) <= {"message", "code", "retryAfter"}
    assert body["error"]["message"]
    return answer.status_code, body["error"]["code"]


@pytest.mark.statement(
    "P1", "P3", "P4", "P5", "P8", "P65", "P66", "P67", "P68", "P69", "P70", "P72", "P73"
)
def test_a_prompt_alone_is_accepted_and_paid_for_at_once(opened):
    client = opened("powerpost-payer", 45)
    answer = client.post(GENERATE, {"prompt": PROMPT})
    assert answer.status_code == 200
    body = answer.json()
    assert re.fullmatch(UUID, body["image_generation_id"])
    assert body == {
        "image_generation_id": body["image_generation_id"],
        "status": "processing",
        "credits_used": 5,
        "remaining_credits": 40,
        "status_url": f"/api/v1/images/generations/{body['image_generation_id']}",
    }
    # What the next one leaves shows that the first was deducted.
    again = client.post(GENERATE, {"prompt": PROMPT, "quantity": 3}).json()
    assert (again["credits_used"], again["remaining_credits"]) == (15, 25)
    assert client.get("/api/v1/account/credits").json() == {"balance": 25}


@pytest.mark.statement("P66")
def test_the_answer_says_processing_even_of_what_is_done_before_it_is_sent(powerpost):
    waited = {"Prefer": "wait=20"}
    answer = powerpost.post(GENERATE, {"prompt": PROMPT}, headers=waited).json()
    assert answer["status"] == "processing"
    assert powerpost.get(answer["status_url"]).json()["status"] == "completed"


@pytest.mark.statement("P29", "P67", "P71")
@pytest.mark.parametrize(("model", "price"), PRICES.items())
def test_credits_are_the_models_price_times_the_quantity(powerpost, model, price):
    one, two = (
        powerpost.post(GENERATE, {"prompt": PROMPT, "model": model, "quantity": n}).json()
        for n in (1, 2)
    )
    assert (one["credits_used"], two["credits_used"]) == (price, 2 * price)
    assert two["remaining_credits"] == one["remaining_credits"] - 2 * price


@pytest.mark.statement("P12", "P16", "P20")
@pytest.mark.parametrize(
    "body", [{"prompt": "x" * 2000}, {"prompt": "x", "quantity": 1}, {"prompt": "x", "quantity": 4}]
)
def test_what_lies_within_the_limits_is_taken(powerpost, body):
    assert powerpost.post(GENERATE, body).status_code == 200


@pytest.mark.statement(
    "P12",
    "P13",
    "P14",
    "P15",
    "P18",
    "P19",
    "P20",
    "P21",
    "P22",
    "P23",
    "P24",
    "P25",
    "P26",
    "P27",
    "P28",
    "P32",
    "P34",
    "P74",
    "P79",
)
@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"prompt": "x" * 2001}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": 7}, "prompt"),
        ({"prompt": None, "style_images": [NOBODY]}, "prompt"),
        ({"size": "huge"}, "size"),
        ({"size": "1:1"}, "size"),
        ({"size": "feed", "model": "gpt-image-1.5"}, "gpt-image-1.5 does not support this size"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": 5}, "quantity"),
        ({"quantity": 1.5}, "quantity"),
        ({"quantity": "2"}, "quantity"),
        ({"model": "flux3"}, "model"),
        ({"enhance_prompt": "yes"}, "enhance_prompt"),
        ({"style_images": NOBODY}, "style_images"),
        ({"style_images": [NOBODY] * 5}, "style_images"),
        ({"generation_id": 7}, "generation_id"),
        ({"source_post_type": "instagram-feed"}, "source_post_type"),
    ],
)
def test_a_body_that_is_not_as_documented_is_refused_and_the_field_named(powerpost, wrong, named):
    body = {"prompt": PROMPT} | wrong
    if body["prompt"] is None:
        del body["prompt"]
    answer = powerpost.post(GENERATE, body)
    assert code_of(answer) == (400, "VALIDATION_ERROR")
    assert named in answer.json()["error"]["message"]


@pytest.mark.statement("P5", "P74")
@pytest.mark.parametrize("sent", [b"", b"prompt=x", b"[]", b'{"prompt": "x"'])
def test_a_body_that_is_no_json_object_is_refused(powerpost, sent):
    assert code_of(powerpost.post(GENERATE, content=sent)) == (400, "VALIDATION_ERROR")


@pytest.mark.statement("P57", "P64", "P77")
@pytest.mark.parametrize("unknown", [NOBODY, "nothing"])
def test_what_is_referred_to_and_not_there_is_not_found_and_costs_nothing(powerpost, unknown):
    before = powerpost.get("/api/v1/account/credits").json()
    for body in (
        {"prompt": PROMPT, "style_images": [unknown]},
        {"generation_id": unknown},
        {"prompt": PROMPT, "generation_id": unknown},
    ):
        assert code_of(powerpost.post(GENERATE, body)) == (404, "NOT_FOUND")
    assert powerpost.get("/api/v1/account/credits").json() == before


@pytest.mark.statement("P57", "P64")
def test_what_is_somebody_elses_is_not_found_either(powerpost, opened, uploaded, written):
    other = opened("powerpost-neighbours")
    theirs = written(other, "Fresh bread", "x-post")["generation_id"]
    for body in (
        {"prompt": PROMPT, "style_images": [uploaded(other)]},
        {"generation_id": theirs},
    ):
        assert code_of(powerpost.post(GENERATE, body)) == (404, "NOT_FOUND")


@pytest.mark.statement("P3", "P75", "P81")
@pytest.mark.parametrize("key", [None, "", "pp_live_sk_YOUR_KEY", "dk_local_nobody"])
def test_neither_request_is_open_without_a_key(powerpost, key):
    status_url = powerpost.post(GENERATE, {"prompt": PROMPT}).json()["status_url"]
    wrong = {"x-api-key": key}
    assert code_of(powerpost.post(GENERATE, {"prompt": PROMPT}, headers=wrong)) == (
        401,
        "INVALID_API_KEY",
    )
    assert code_of(powerpost.get(status_url, headers=wrong)) == (401, "INVALID_API_KEY")


@pytest.mark.statement("P3")
def test_the_key_may_come_as_a_bearer_too(powerpost):
    bearer = {"x-api-key": None, **bearer_of(powerpost.key)}
    assert powerpost.post(GENERATE, {"prompt": PROMPT}, headers=bearer).status_code == 200


@pytest.mark.statement("P4", "P81")
def test_both_requests_name_the_workspace_and_it_is_the_keys(powerpost, opened):
    other = opened("powerpost-others", 0)
    status_url = powerpost.post(GENERATE, {"prompt": PROMPT}).json()["status_url"]
    for workspace, expected in (
        (None, (400, "VALIDATION_ERROR")),
        (other.workspace, (403, "FORBIDDEN")),
        ("nothing", (403, "FORBIDDEN")),
    ):
        named = {"X-Workspace-Id": workspace}
        assert code_of(powerpost.post(GENERATE, {"prompt": PROMPT}, headers=named)) == expected
        assert code_of(powerpost.get(status_url, headers=named)) == expected


@pytest.mark.statement("P76", "P79")
def test_credits_that_do_not_suffice_are_said_in_numbers_and_stay(opened):
    client = opened("powerpost-poor", 9)
    answer = client.post(GENERATE, {"prompt": PROMPT, "quantity": 2})
    assert code_of(answer) == (402, "INSUFFICIENT_CREDITS")
    assert "10 credits" in answer.json()["error"]["message"]
    assert "9 are available" in answer.json()["error"]["message"]
    assert client.get("/api/v1/account/credits").json() == {"balance": 9}


@pytest.mark.statement("P78", "P79")
def test_more_submits_than_allowed_are_told_when_to_come_back(opened):
    client = opened("powerpost-hasty", requests_per_minute=1)
    answers = [client.post(GENERATE, {"prompt": PROMPT}) for _ in range(4)]
    refused = [answer for answer in answers if answer.status_code == 429]
    # A minute may end between two of them, but not between all.
    assert len(refused) >= 2
    for answer in refused:
        assert code_of(answer) == (429, "RATE_LIMIT_EXCEEDED")
        wait = answer.json()["error"]["retryAfter"]
        assert 1 <= wait <= 60
        assert answer.headers["retry-after"] == str(wait)
        assert answer.headers["x-ratelimit-limit"] == "1"
        assert answer.headers["x-ratelimit-remaining"] == "0"


def test_every_answer_tells_its_limits_and_the_id_of_its_request(powerpost):
    reader = {"x-api-key": new_key(powerpost.local, powerpost.workspace, ("read",))}
    answers = {
        200: powerpost.post(GENERATE, {"prompt": PROMPT}),
        400: powerpost.post(GENERATE, {}),
        401: powerpost.post(GENERATE, {}, headers={"x-api-key": "pp_live_sk_YOUR_KEY"}),
        403: powerpost.post(GENERATE, {"prompt": PROMPT}, headers=reader),
        404: powerpost.get("/api/v1/nothing"),
        405: powerpost.get(GENERATE),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        limit, remaining = (
            int(answer.headers[f"x-ratelimit-{name}"]) for name in ("limit", "remaining")
        )
        assert 0 <= remaining < limit
        assert re.fullmatch(r"\d{10}", answer.headers["x-ratelimit-reset"])
    assert len({answer.headers["x-request-id"] for answer in answers.values()}) == len(answers)
    codes = [code_of(answers[status])[1] for status in (403, 404, 405)]
    assert codes == ["INSUFFICIENT_SCOPE", "NOT_FOUND", "METHOD_NOT_ALLOWED"]
    large = powerpost.post(GENERATE, {"prompt": "x" * 300_000})
    assert code_of(large) == (400, "VALIDATION_ERROR")
    # That is for files; there is no other way for a body of JSON.
    assert "presigned" not in large.json()["error"]["message"]
    assert answers[405].headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/", "/api/v1/images", "/v1/jobs", "/api/v1/images/generations"])
def test_a_path_that_is_none_is_an_error_of_the_same_shape(powerpost, path):
    assert code_of(powerpost.get(path)) == (404, "NOT_FOUND")


def test_the_paths_stand_at_the_root_of_a_host_of_that_name(powerpost):
    port = powerpost.local.file["port"]
    by_name = powerpost.with_headers(Host=f"powerpost.localhost:{port}")
    root = f"http://{powerpost.host}"
    answer = by_name.post(GENERATE, {"prompt": PROMPT}, base=root)
    assert answer.status_code == 200
    # Relative as it is, the address to poll is right there.
    assert by_name.get(answer.json()["status_url"], base=root).status_code == 200
    assert code_of(by_name.get("/nothing", base=root)) == (404, "NOT_FOUND")


def test_a_repeat_with_its_idempotency_key_is_the_same_job_and_another_body_is_refused(opened):
    client = opened("powerpost-repeats", 20)
    same = {"Idempotency-Key": "order-7"}
    first, again = (client.post(GENERATE, {"prompt": PROMPT}, headers=same) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["image_generation_id"] == first.json()["image_generation_id"]
    assert client.get("/api/v1/account/credits").json() == {"balance": 15}
    other = client.post(GENERATE, {"prompt": "another"}, headers=same)
    assert code_of(other) == (422, "IDEMPOTENCY_KEY_REUSED")
