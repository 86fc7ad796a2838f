"""celery true: a task that is polled until it has ended."""

from __future__ import annotations

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from darkroom.dialects.vendors.qolaba import Generate, generate_images
from darkroom.dialects.vendors.qolaba.answers import submitted
from darkroom.domain.outcomes import Submitted
from tests.builders import new_job
from tests.conformance.vendors import SECONDS, Worker, an_image, assert_is_image, fetched, site
from tests.contexts import context_of, read_with
from tests.running import eventually

PATH = "/api/v1/images/generate"
BODY = {"model": "vertex/nano-banana-flash", "prompt": "a red boat", "aspect_ratio": "16:9"}
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
TASK = {
    "task_id",
    "type",
    "status",
    "created_at",
    "updated_at",
    "output",
    "error",
    "error_detail",
}


def state(client, task):
    answer = client.get(f"/api/v1/tasks/{task}")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert set(body) == TASK
    assert (body["task_id"], body["type"]) == (task, "image")
    assert re.fullmatch(MOMENT, body["created_at"])
    assert re.fullmatch(MOMENT, body["updated_at"])
    return body


@pytest.mark.statement("Q11", "Q12", "Q14", "Q16", "Q53", "Q54", "Q55", "Q56", "Q63", "Q64", "Q65")
@pytest.mark.statement("Q66", "Q67", "Q69")
def test_a_task_is_pending_then_processing_then_a_success_with_the_images(qolaba, ended):
    may_go_on = threading.Event()

    def slow():
        may_go_on.wait(SECONDS)
        return an_image()

    try:
        with site() as web:
            body = BODY | {"celery": True, "image_urls": [web.serve("/slow.png", slow)]}
            with Worker(qolaba.local).held():
                answer = qolaba.post(PATH, body)
                task = answer.json()["task_id"]
                waiting = state(qolaba, task)
            eventually(lambda: web.asked, SECONDS, "the worker at the picture")
            working = state(qolaba, task)
            may_go_on.set()
            done = ended(qolaba, task)
    finally:
        may_go_on.set()
    assert answer.status_code == 202
    assert answer.json() == {"task_id": task, "status": "PENDING", "type": "image"}
    assert re.fullmatch(r"task_\d{13}_[0-9a-z]{1,16}", task)
    assert [seen["status"] for seen in (waiting, working)] == ["PENDING", "PROCESSING"]
    for seen in (waiting, working):
        assert (seen["output"], seen["error"], seen["error_detail"]) == (None, None, None)
    assert state(qolaba, task) == done
    assert (done["status"], done["error"], done["error_detail"]) == ("SUCCESS", None, None)
    output = done["output"]
    assert set(output) == {"prompt", "images", "usage"}
    assert output["prompt"] == "a red boat"
    assert output["usage"] == {"images_generated": 1, "cost_usd": 0.03, "cost_credits": 6}
    [image] = output["images"]
    assert (image["width"], image["height"], image["content_type"]) == (1280, 720, "image/png")
    assert_is_image(fetched(image["url"]).content, "PNG", 1280, 720)


@pytest.mark.statement("Q14", "Q54")
def test_a_task_is_answered_at_once_even_when_a_repeat_finds_it_done(qolaba, ended):
    body, key = BODY | {"celery": True}, {"Idempotency-Key": "task-1"}
    first = qolaba.post(PATH, body, headers=key)
    done = ended(qolaba, first.json()["task_id"])
    again = qolaba.post(PATH, body, headers=key)
    assert (again.status_code, again.json()) == (202, first.json())
    assert state(qolaba, done["task_id"])["output"] == done["output"]


@pytest.mark.statement("Q24", "Q64", "Q68", "Q69")
def test_a_task_whose_picture_cannot_be_had_fails_with_its_name_and_costs_nothing(
    opened, task_of, ended
):
    client = opened("qolaba-refunds", 100)
    with site() as web:
        gone, page = f"{web.address}/gone.png", web.serve("/page.png", b"<html></html>")
        good = web.serve("/good.png", an_image())
        for fields, error, named in (
            ({"image_urls": [gone]}, "reference.status_404", gone),
            ({"image_urls": [page]}, "reference.unreadable", page),
            ({"reference_images": [{"url": good}, {"url": gone}]}, "reference.status_404", gone),
            (
                {"model": "fal/flux-inpainting", "image_urls": [good], "mask_url": page},
                "mask.unreadable",
                page,
            ),
        ):
            done = ended(client, task_of(client, num_images=2, **fields))
            assert (done["status"], done["output"], done["error"]) == ("FAILED", None, error)
            assert named in done["error_detail"]
    account = client.account()
    assert (account["balance"], account["held"], account["spent"]) == (100, 0, 0)


@pytest.mark.statement("Q57", "Q58", "Q62")
def test_while_the_caller_waits_such_a_picture_is_a_bad_request_that_names_it(qolaba):
    with site() as web:
        answer = qolaba.post(PATH, BODY | {"image_urls": [f"{web.address}/gone.png"]})
    assert answer.status_code == 400
    assert answer.json()["error"] == "Bad Request"
    assert "/gone.png" in answer.json()["message"]
    assert state(qolaba, answer.json()["task_id"])["status"] == "FAILED"


@pytest.mark.statement("Q50", "Q67")
def test_of_several_images_those_that_were_made_are_the_output_and_are_paid(opened, ended):
    client = opened("qolaba-half-lucky", 100)
    with Worker(client.local).held() as worker:
        answer = client.post(PATH, BODY | {"celery": True, "num_images": 3})
        [job] = client.native("/v1/jobs")["jobs"]
        worker.give_up(client.workspace, job["id"], 1)
    done = ended(client, answer.json()["task_id"])
    assert (done["status"], done["error"]) == ("SUCCESS", None)
    assert len(done["output"]["images"]) == 2
    usage = done["output"]["usage"]
    assert usage == {"images_generated": 2, "cost_usd": 0.06, "cost_credits": 12}
    assert client.account()["balance"] == 88


@pytest.mark.statement("Q57", "Q60", "Q62")
def test_an_image_that_cannot_be_made_is_an_internal_error_and_costs_nothing(opened):
    client = opened("qolaba-unlucky", 100)
    with ThreadPoolExecutor() as pool, Worker(client.local).held() as worker:
        waiting = pool.submit(client.post, PATH, BODY)
        [job] = eventually(lambda: client.native("/v1/jobs")["jobs"], SECONDS, "the job")
        worker.give_up(client.workspace, job["id"])
        answer = waiting.result()
    assert answer.status_code == 500
    body = answer.json()
    assert (body["error"], body["message"]) == (
        "Internal Server Error",
        "Making the image failed again and again.",
    )
    assert state(client, body["task_id"])["status"] == "FAILED"
    account = client.account()
    assert (account["balance"], account["held"], account["spent"]) == (100, 0, 0)


@pytest.mark.statement("Q46")
def test_an_image_that_is_deleted_is_gone_from_its_task_and_its_address(qolaba, generated):
    body = generated(qolaba, num_images=2)
    job = qolaba.native("/v1/jobs?limit=1")["jobs"][0]
    media = f"http://{qolaba.host}/v1/media/{job['images'][0]['id']}"
    assert httpx.delete(media, headers=qolaba.headers).status_code == 204
    assert fetched(body["images"][0]["url"]).status_code == 404
    output = state(qolaba, body["task_id"])["output"]
    assert output["images"] == body["images"][1:]
    assert output["usage"] == body["usage"]


@pytest.mark.statement("Q56", "Q61")
def test_a_task_is_for_its_owner_and_other_ids_are_none(qolaba, task_of, ended, opened):
    task = task_of(qolaba)
    ended(qolaba, task)
    stranger = opened("qolaba-stranger", 0)
    assert stranger.get(f"/api/v1/tasks/{task}").status_code == 404
    digits, tail = task.split("_")[1:]
    for wrong in (
        f"task_{int(digits) + 1}_{tail}",
        f"task_{digits}_{tail[:-1]}",
        f"task_{digits}_{'z' * 16}",
        f"TASK_{digits}_{tail}",
        "task_1705312200000_abc123",
        "x",
    ):
        answer = qolaba.get(f"/api/v1/tasks/{wrong}")
        assert answer.status_code == 404
        assert answer.json()["error"] == "Not Found"


@pytest.mark.statement("Q12", "Q13", "Q14", "Q15")
def test_nobody_is_waited_for_with_celery_true_and_the_end_is_without():
    def wait(**fields):
        body = json.dumps(BODY | fields).encode()
        return read_with(generate_images, Generate, body, context_of("qolaba")).wait

    assert (wait(celery=True), wait(celery=False), wait()) == (0, 25, 25)


@pytest.mark.statement("Q13", "Q53")
def test_what_outlasts_the_wait_is_answered_as_a_task():
    outcome = Submitted(job=new_job(2), balance=1)
    answer = submitted(outcome, context_of("qolaba"))
    body = answer.body
    assert answer.status == 202
    assert set(body) == {"task_id", "status", "type"}
    assert (body["status"], body["type"]) == ("PENDING", "image")
