"""What dalnulla answers when something is wrong, to the letter."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from darkroom.dialects.vendors.dalnulla import images
from darkroom.domain.outcomes import Submitted
from tests.builders import new_job
from tests.conformance.vendors import SECONDS, Worker, bearer_of, new_key
from tests.running import eventually

PATH = "/api/v1/generate-image"
STANDARD = {"prompt": "a boat"}


@pytest.mark.statement("D7", "D32", "D33", "D35")
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"prompt": None}, "Prompt is required"),
        ({"prompt": ""}, "Prompt is required"),
        ({"prompt": " \n"}, "Prompt is required"),
        ({"prompt": 7}, "Invalid prompt"),
        ({"prompt": "a" * 4001}, "Invalid prompt"),
        ({"aspectRatio": "1:2"}, "Invalid aspectRatio"),
        ({"aspectRatio": "16x9"}, "Invalid aspectRatio"),
        ({"aspectRatio": ""}, "Invalid aspectRatio"),
        ({"aspectRatio": 1}, "Invalid aspectRatio"),
        ({"resolution": "8K"}, "Invalid resolution"),
        ({"resolution": "1k"}, "Invalid resolution"),
        ({"resolution": 1024}, "Invalid resolution"),
        ({"count": 0}, "Invalid count"),
        ({"count": 5}, "Invalid count"),
        ({"count": 1.5}, "Invalid count"),
        ({"count": "2"}, "Invalid count"),
        ({"negativePrompt": ["red"]}, "Invalid negativePrompt"),
        ({"negativePrompt": "a" * 2001}, "Invalid negativePrompt"),
        ({"seed": "42"}, "Invalid seed"),
        ({"seed": 0.5}, "Invalid seed"),
        ({"model": 7}, "Invalid model"),
    ],
)
def test_a_value_that_is_none_of_the_documented_is_refused_by_its_name(dalnulla, wrong, error):
    answer = dalnulla.post(PATH, STANDARD | wrong)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.statement("D7", "D35")
def test_a_missing_prompt_is_refused(dalnulla):
    answer = dalnulla.post(PATH, {"model": "nano-banana"})
    assert (answer.status_code, answer.json()) == (400, {"error": "Prompt is required"})


@pytest.mark.statement("D16")
@pytest.mark.parametrize("name", ["aspect_ratio", "negative_prompt", "n", "size"])
def test_a_field_by_another_name_is_passed_over_and_named(dalnulla, name):
    answer = dalnulla.post(PATH, STANDARD | {name: "1:1"})
    assert answer.status_code == 200
    assert answer.headers["darkroom-ignored"] == name


@pytest.mark.statement("D3", "D27", "D32", "D33")
def test_a_token_that_is_bad_expired_or_not_there_opens_nothing(dalnulla):
    def error_for(header):
        answer = dalnulla.post(PATH, STANDARD, headers={"Authorization": header})
        assert answer.status_code == 401
        return answer.json()

    expired = new_key(dalnulla.local, dalnulla.workspace)
    listed = dalnulla.local.admin("key", "list", dalnulla.workspace).stdout.splitlines()
    newest = max(map(json.loads, listed), key=lambda record: record["created_at"])
    revoked = dalnulla.local.admin("key", "revoke", dalnulla.workspace, newest["id"])
    assert revoked.returncode == 0, revoked.stderr
    unauthorized = {"error": "Unauthorized: Invalid or expired token"}
    for credential in ("nonsense", dalnulla.key[:-1], expired, "eyJh.eyJz.c2ln"):
        assert error_for(f"Bearer {credential}") == unauthorized
    for header in (None, "Bearer", "Basic dXNlcjpwYXNz", dalnulla.key):
        assert error_for(header) == unauthorized


@pytest.mark.statement("D28", "D32", "D33", "D34")
def test_credits_that_do_not_suffice_are_told_in_the_text(opened):
    poor = opened("dalnulla-poor", 10)
    answer = poor.post(PATH, STANDARD | {"model": "nano-banana-pro"})
    assert answer.status_code == 402
    assert answer.json() == {"error": "Insufficient credits. Required: 50, Remaining: 10"}
    answer = poor.post(PATH, STANDARD | {"count": 2})
    assert answer.json() == {"error": "Insufficient credits. Required: 20, Remaining: 10"}
    assert poor.native("/v1/jobs")["jobs"] == []


@pytest.mark.statement("D29", "D30", "D32", "D33")
def test_a_model_above_the_tier_is_refused_before_credits_are_looked_at(opened):
    free = opened("dalnulla-free", 0)
    answer = free.post(PATH, STANDARD | {"model": "flux-2-pro"})
    assert answer.status_code == 403
    assert answer.json() == {
        "error": "This model requires a Pro subscription",
        "code": "MODEL_REQUIRES_SUBSCRIPTION",
        "model": "flux-2-pro",
        "requiredTier": "Pro",
    }
    # The same caller is short of credits for what the tier does include.
    assert free.post(PATH, STANDARD).status_code == 402


@pytest.mark.statement("D31", "D32", "D33")
def test_a_generation_that_fails_is_said_in_one_sentence_and_costs_nothing(opened):
    client = opened("dalnulla-unlucky", 100)
    with ThreadPoolExecutor() as pool, Worker(client.local).held() as worker:
        waiting = pool.submit(client.post, PATH, STANDARD | {"count": 2})
        [job] = eventually(lambda: client.native("/v1/jobs")["jobs"], SECONDS, "the job")
        for slot in range(2):
            worker.give_up(client.workspace, job["id"], slot)
        answer = waiting.result()
    assert (answer.status_code, answer.json()) == (500, {"error": "Failed to generate image"})
    account = client.account()
    assert (account["balance"], account["held"], account["spent"]) == (100, 0, 0)


@pytest.mark.statement("D21")
def test_of_several_images_those_that_were_made_are_answered_and_paid(opened):
    client = opened("dalnulla-half-lucky", 100)
    with ThreadPoolExecutor() as pool, Worker(client.local).held() as worker:
        waiting = pool.submit(client.post, PATH, STANDARD | {"count": 3})
        [job] = eventually(lambda: client.native("/v1/jobs")["jobs"], SECONDS, "the job")
        worker.give_up(client.workspace, job["id"], 0)
    answer = waiting.result()
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert len({one["filePath"] for one in results}) == 2
    assert answer.json()["filePath"] == results[0]["filePath"]
    assert client.account()["balance"] == 80


@pytest.mark.statement("D5")
def test_what_outlasts_the_wait_is_answered_with_its_paths_and_the_jobs_id():
    job = new_job(2)
    job = replace(job, request=replace(job.request, model="nano-banana"))
    answer = images(Submitted(job=job, balance=1))
    body = answer.body
    assert (answer.status, answer.headers["retry-after"]) == (202, "1")
    assert (body["status"], body["jobId"], len(body["results"])) == ("processing", job.id, 2)
    assert set(body) == {"filePath", "prompt", "provider", "results", "status", "jobId"}


def test_a_key_that_may_only_read_cannot_generate(dalnulla):
    reader = bearer_of(new_key(dalnulla.local, dalnulla.workspace, ("read",)))
    answer = dalnulla.post(PATH, STANDARD, headers=reader)
    assert answer.status_code == 403
    assert answer.json() == {"error": "This key lacks the scope generate."}


def test_more_images_than_the_workspace_may_have_on_their_way_are_refused(opened):
    narrow = opened("dalnulla-narrow", 100, max_in_flight=1)
    answer = narrow.post(PATH, STANDARD | {"count": 2})
    assert (answer.status_code, answer.json()) == (400, {"error": "Invalid count"})
