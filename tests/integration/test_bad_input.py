"""Nothing that is refused leaves a trace: no item, no message, no charge."""

import re

import pytest

from darkroom.domain.api_key import new_key


@pytest.fixture(scope="module")
def system(shared_system):
    """One for all: every test here proves that it leaves nothing behind."""
    return shared_system


UNKNOWN = "01890000-0000-7000-8000-000000000000"
BAD_BODIES = {
    "broken JSON": (b'{"prompt": ', 400, "body.not_json"),
    "no body": (b"", 400, "body.not_json"),
    "an endless nest": (b"[" * 100_000, 400, "body.too_deep"),
    "an endless number": (
        b'{"prompt": "x", "n": ' + b"1" * 5000 + b"}",
        400,
        "body.number_too_long",
    ),
    "not UTF-8": (b'{"prompt": "\xff"}', 400, "body.not_utf8"),
    "a field twice": (b'{"prompt": "a", "prompt": "b"}', 400, "prompt.duplicate"),
    "a strange field": ({"prompt": "x", "<b>\0": 1}, 400, "body.unknown_field"),
    "an unprintable prompt": ({"prompt": "\u200b\u0000"}, 400, "prompt.empty"),
    "not an object": ([1], 400, "body.wrong_type"),
    "no prompt": ({"n": 1}, 400, "prompt.required"),
    "a prompt that is a number": ({"prompt": 7}, 400, "prompt.wrong_type"),
    "an empty prompt": ({"prompt": ""}, 400, "prompt.empty"),
    "a prompt of spaces": ({"prompt": " \n "}, 400, "prompt.empty"),
    "a prompt too long": ({"prompt": "x" * 4001}, 400, "prompt.too_long"),
    "half a character": (b'{"prompt": "\\ud800"}', 400, "prompt.malformed"),
    "an unknown field": ({"prompt": "x", "colour": "red"}, 400, "colour.unknown_field"),
    "an unknown field within": (
        {"prompt": "x", "output": {"dpi": 3}},
        400,
        "output.dpi.unknown_field",
    ),
    "n of 0": ({"prompt": "x", "n": 0}, 400, "n.out_of_range"),
    "n of 11": ({"prompt": "x", "n": 11}, 400, "n.out_of_range"),
    "n as text": ({"prompt": "x", "n": "2"}, 400, "n.wrong_type"),
    "n as true": ({"prompt": "x", "n": True}, 400, "n.wrong_type"),
    "n and a half": ({"prompt": "x", "n": 1.5}, 400, "n.wrong_type"),
    "an unknown model": ({"prompt": "x", "model": "dall-e-9"}, 400, "model.unknown"),
    "an unknown ratio": ({"prompt": "x", "aspect_ratio": "7:5"}, 400, "aspect_ratio.unknown"),
    "an unknown resolution": ({"prompt": "x", "resolution": "8K"}, 400, "resolution.unknown"),
    "a ratio and a width": (
        {"prompt": "x", "aspect_ratio": "1:1", "width": 64, "height": 64},
        400,
        "aspect_ratio.conflicts",
    ),
    "a resolution and a width": (
        {"prompt": "x", "resolution": "1K", "width": 64, "height": 64},
        400,
        "resolution.conflicts",
    ),
    "a width alone": ({"prompt": "x", "width": 64}, 400, "height.required"),
    "a width too small": ({"prompt": "x", "width": 63, "height": 64}, 400, "width.out_of_range"),
    "a height too large": (
        {"prompt": "x", "width": 64, "height": 4097},
        400,
        "height.out_of_range",
    ),
    "a seed too large": ({"prompt": "x", "seed": 2**32}, 400, "seed.out_of_range"),
    "a negative seed": ({"prompt": "x", "seed": -1}, 400, "seed.out_of_range"),
    "an unknown format": (
        {"prompt": "x", "output": {"format": "gif"}},
        400,
        "output.format.unknown",
    ),
    "a quality of 0": (
        {"prompt": "x", "output": {"quality": 0}},
        400,
        "output.quality.out_of_range",
    ),
    "an unknown quality": ({"prompt": "x", "quality": "superb"}, 400, "quality.unknown"),
    "guidance beyond": ({"prompt": "x", "guidance": 31}, 400, "guidance.out_of_range"),
    "guidance without end": (b'{"prompt": "x", "guidance": 1e999}', 400, "guidance.out_of_range"),
    "not a number at all": (b'{"prompt": "x", "guidance": NaN}', 400, "guidance.out_of_range"),
    "steps of 0": ({"prompt": "x", "steps": 0}, 400, "steps.out_of_range"),
    "metadata that is a list": ({"prompt": "x", "metadata": []}, 400, "metadata.wrong_type"),
    "metadata without end": (
        {"prompt": "x", "metadata": {str(i): "" for i in range(17)}},
        400,
        "metadata.too_many",
    ),
    "a webhook that is a text": (
        {"prompt": "x", "webhook": "https://a.example"},
        400,
        "webhook.wrong_type",
    ),
    "a webhook to a network of ours": (
        {"prompt": "x", "webhook": {"url": "https://169.254.169.254/latest"}},
        400,
        "webhook.url.address",
    ),
    "a webhook to an unsafe address": (
        {"prompt": "x", "webhook": {"url": "http://a.example"}},
        400,
        "webhook.url.address",
    ),
    "a webhook for an event of no job": (
        {"prompt": "x", "webhook": {"url": "https://a.example", "events": ["credits.low"]}},
        400,
        "webhook.events.unknown",
    ),
    "seven megabytes": (b'{"prompt": "' + b"x" * 7_000_000 + b'"}', 413, "body.too_large"),
}


def left_behind(system):
    """What a request may have left, besides the count of requests."""
    return [
        item["sk"]["S"] for item in system.items() if item["sk"]["S"].startswith(("JOB", "IDEM"))
    ]


@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_bad_body_is_a_problem_that_names_the_field(system, case):
    body, status, code = BAD_BODIES[case]
    answer = system.http("POST", "/v1/jobs", body)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["request_id"] == answer.headers["x-request-id"]
    # The field says where in a list it is, the code does not.
    assert re.sub(r"\.[0-9]+", "", answer.json["field"]) == code.rpartition(".")[0]
    assert left_behind(system) == []
    assert system.messages() == []


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"prefer": "wait=soon"}, "prefer.malformed"),
        ({"idempotency-key": "k" * 256}, "idempotency_key.out_of_range"),
        ({"idempotency-key": ""}, "idempotency_key.out_of_range"),
    ],
)
def test_a_bad_header_is_a_problem(system, headers, code):
    answer = system.http("POST", "/v1/jobs", {"prompt": "x"}, headers=headers)
    assert (answer.status, answer.json["code"]) == (400, code)
    assert left_behind(system) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "0"}, "limit.out_of_range"),
        ({"limit": "51"}, "limit.out_of_range"),
        ({"limit": "0000000015000"}, "limit.out_of_range"),
        ({"limit": "9" * 5000}, "limit.out_of_range"),
        ({"limit": "-1"}, "limit.out_of_range"),
        ({"limit": "ten"}, "limit.wrong_type"),
        ({"limit": "٣"}, "limit.wrong_type"),
        ({"cursor": "next"}, "cursor.malformed"),
        ({"status": "done"}, "status.unknown"),
        ({"order": "asc"}, "order.unknown_field"),
    ],
)
def test_a_bad_query_is_a_problem(system, query, code):
    answer = system.http("GET", "/v1/jobs", query=query)
    assert (answer.status, answer.json["code"]) == (400, code)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "key.missing"),
        ("sk-123", "key.malformed"),
        ("dk_test_" + "0" * 36, "key.malformed"),
    ],
)
def test_without_a_good_key_nothing_opens(system, key, code):
    for method, path in (("POST", "/v1/jobs"), ("GET", "/v1/jobs"), ("GET", "/v1/models")):
        answer = system.http(method, path, key=key)
        assert (answer.status, answer.json["code"]) == (401, code)
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_well_formed_key_of_nobody_opens_nothing(system):
    answer = system.http("POST", "/v1/jobs", {"prompt": "x"}, key=new_key("test", lambda _: 5))
    assert (answer.status, answer.json["code"]) == (401, "key.unknown")


@pytest.mark.parametrize("job", [UNKNOWN, "nonsense", UNKNOWN.upper(), "é", "a" * 5000])
def test_an_unknown_and_a_malformed_id_answer_alike(system, job):
    for method, path in (("GET", f"/v1/jobs/{job}"), ("POST", f"/v1/jobs/{job}/cancel")):
        answer = system.http(method, path)
        assert (answer.status, answer.json["code"]) == (404, "job.not_found")


def test_an_unknown_path_is_404_and_a_wrong_verb_405(system):
    assert system.http("GET", "/v2/jobs").json["code"] == "route.not_found"
    assert system.http("POST", "/v1/jobs/").status == 404
    wrong = system.http("DELETE", "/v1/jobs")
    assert (wrong.status, wrong.headers["allow"]) == (405, "GET, POST")


def test_json_is_taken_for_what_it_is_where_a_file_could_be_sent(system):
    refused = system.http("POST", "/v1/media", {"url": "https://a.internal/x.png"})
    assert (refused.status, refused.json["field"]) == (400, "url")
    neither = system.http("POST", "/v1/media", b"a=b")
    assert neither.json["code"] == "body.not_a_form"
