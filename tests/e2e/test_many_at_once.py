"""Real parallel Lambdas on one table: what must happen once happens once."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import httpx

from tests.running import JOB_SECONDS, eventually

AT_ONCE = 50
SMALL = {"prompt": "a harbour", "width": 64, "height": 64}


def at_once(count, ask):
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda _: ask(), range(count)))


def asking(local, key, body, **headers):
    def ask():
        headers["Authorization"] = f"Bearer {key}"
        answer = post()
        while answer.status_code == 503:  # as its Retry-After says, and as every client does
            time.sleep(int(answer.headers["retry-after"]))
            answer = post()
        return answer

    def post():
        return httpx.post(f"{local.api}/v1/jobs", json=body, headers=headers, timeout=60)

    return ask


def test_ten_images_are_made_by_parallel_workers_each_from_its_own_message(local):
    body = {"prompt": "a city at night", "n": 10}
    job = local.request("POST", "/v1/jobs", json=body).json()["id"]
    ended = local.ended(job)
    assert [image["status"] for image in ended["images"]] == ["stored"] * 10

    def ten():
        found = [entry for entry in local.entries("image") if entry.get("job") == job]
        return found if len(found) == 10 else None

    made = eventually(ten, JOB_SECONDS, "ten lines in the log")
    assert sorted(entry["slot"] for entry in made) == list(range(10))
    assert most_at_the_same_time(made) > 1


def most_at_the_same_time(entries):
    moments = []
    for entry in entries:
        end = datetime.strptime(entry["timestamp"], "%Y-%m-%d %H:%M:%S,%f%z")
        begin = end - timedelta(milliseconds=entry["duration_ms"])
        moments += [(begin, 1), (end, -1)]
    running = most = 0
    for _, change in sorted(moments):
        running += change
        most = max(most, running)
    return most


def test_fifty_identical_requests_with_one_key_are_one_job(local):
    key = local.new_workspace("repeats", 1000)
    answers = at_once(AT_ONCE, asking(local, key, SMALL, **{"Idempotency-Key": "once"}))
    # The whole answers, so that one that is out of place says what it is.
    assert [answer.text for answer in answers if answer.status_code not in {200, 202}] == []
    assert len({answer.json()["id"] for answer in answers}) == 1
    ledger = local.admin("ledger", "repeats").stdout
    assert ledger.count('"kind": "hold"') == 1


def test_of_fifty_requests_with_credit_for_ten_exactly_ten_are_accepted(local):
    key = local.new_workspace("ten", 10)
    answers = at_once(AT_ONCE, asking(local, key, SMALL))
    assert Counter(answer.status_code for answer in answers) == {202: 10, 402: 40}
    refused = next(answer.json() for answer in answers if answer.status_code == 402)
    assert refused["code"] == "credits.insufficient"

    def all_spent():
        return '"balance": 0, "held": 0, "spent": 10' in local.admin("workspace", "list").stdout

    eventually(all_spent, JOB_SECONDS, "ten images made")
    assert local.admin("reconcile", "ten").returncode == 0


def test_no_more_images_are_on_their_way_than_the_workspace_may_have(local):
    key = local.new_workspace("narrow", 1000, max_in_flight=3)
    body = {"prompt": "a mill", "width": 2048, "height": 2048}
    answers = at_once(12, asking(local, key, body))
    refused = [answer for answer in answers if answer.status_code == 429]
    accepted = [answer for answer in answers if answer.status_code == 202]
    assert len(accepted) + len(refused) == 12
    assert refused
    assert {answer.json()["code"] for answer in refused} == {"images.too_many_in_flight"}
