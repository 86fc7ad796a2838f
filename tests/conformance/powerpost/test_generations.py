"""GET /api/v1/images/generations/{id}: a generation on its way, done, failed, and half failed."""

from __future__ import annotations

import re

import pytest

from tests.conformance.vendors import Worker, fetched

GENERATE, GENERATIONS = "/api/v1/images/generate", "/api/v1/images/generations"
ALWAYS = {"image_generation_id", "status", "prompt", "size", "quantity", "created_at"}


def balance(client):
    return client.get("/api/v1/account/credits").json()["balance"]


@pytest.mark.statement("P2", "P80", "P82", "P83", "P84", "P86", "P87", "P88", "P89", "P90", "P97")
def test_a_generation_is_processing_and_then_completed_with_its_images(powerpost, finished):
    with Worker(powerpost.local).held():
        body = {"prompt": "a red boat", "size": "portrait", "quantity": 2}
        name = powerpost.post(GENERATE, body).json()["image_generation_id"]
        waiting = powerpost.get(f"{GENERATIONS}/{name}")
    assert waiting.status_code == 200
    told = waiting.json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told["created_at"])
    assert told == {
        "image_generation_id": name,
        "status": "processing",
        "prompt": "a red boat",
        "size": "portrait",
        "quantity": 2,
        "created_at": told["created_at"],
    }
    done = finished(powerpost, f"{GENERATIONS}/{name}")
    images = done.pop("images")
    assert done == {**told, "status": "completed"}
    assert len(images) == 2


@pytest.mark.statement("P80", "P97")
@pytest.mark.parametrize("name", ["nothing", "01890000-0000-7000-8000-000000000000"])
def test_a_generation_that_there_is_not_is_not_found(powerpost, name):
    answer = powerpost.get(f"{GENERATIONS}/{name}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")


@pytest.mark.statement("P80")
def test_captions_are_no_generation_of_images(powerpost, written):
    name = written(powerpost, "Fresh bread", "x-post")["generation_id"]
    assert powerpost.get(f"{GENERATIONS}/{name}").status_code == 404


@pytest.mark.statement("P85", "P87", "P89", "P90", "P91", "P92", "P93", "P94", "P97")
@pytest.mark.parametrize(("quantity", "lost"), [(2, 1), (4, 3)])
def test_of_a_generation_that_half_failed_there_is_what_was_made_and_the_rest_is_refunded(
    opened, finished, quantity, lost
):
    """The lost images are lost as they are on AWS: their messages end as dead letters.

    The worker is held back meanwhile, so that it cannot be quicker, and makes the others after.
    """
    client = opened(f"powerpost-half-{quantity}", 100)
    worker = Worker(client.local)
    with worker.held():
        answer = client.post(GENERATE, {"prompt": "a red boat", "quantity": quantity}).json()
        assert answer["remaining_credits"] == 100 - 5 * quantity
        for slot in range(lost):
            worker.give_up(client.workspace, answer["image_generation_id"], slot)
        assert client.get(answer["status_url"]).json()["status"] == "processing"
    seen = finished(client, answer["status_url"])
    assert set(seen) == ALWAYS | {"images", "error"}
    assert (seen["status"], seen["quantity"]) == ("failed", quantity)
    assert seen["error"] == {
        "code": "PARTIAL_FAILURE",
        "message": f"{lost} of {quantity} images failed to generate. "
        "Credits refunded for failed images.",
    }
    assert len(seen["images"]) == quantity - lost
    for image in seen["images"]:
        assert fetched(image["url"]).status_code == 200
    assert balance(client) == 100 - 5 * (quantity - lost)


@pytest.mark.statement("P85", "P89", "P90", "P91", "P95", "P96", "P97")
def test_a_generation_that_wholly_failed_has_no_images_and_is_refunded_wholly(
    opened, finished, uploaded
):
    """It fails as it does for a user who deletes the reference before the images are made."""
    client = opened("powerpost-whole", 100)
    media = uploaded(client)
    with Worker(client.local).held():
        body = {"prompt": "a red boat", "quantity": 2, "style_images": [media]}
        answer = client.post(GENERATE, body).json()
        assert answer["remaining_credits"] == 90
        deleted = client.request(
            "DELETE",
            f"/v1/media/{media}",
            base=f"http://{client.host}",
            headers={"Authorization": f"Bearer {client.key}"},
        )
        assert deleted.status_code < 300, deleted.text
    seen = finished(client, answer["status_url"])
    assert set(seen) == ALWAYS | {"error"}
    assert seen["status"] == "failed"
    assert seen["error"] == {
        "code": "GENERATION_FAILED",
        "message": "2 of 2 images failed to generate. Credits refunded for failed images.",
    }
    assert balance(client) == 100
