"""The routes that the image pages lean on: captions, uploads, credits."""

from __future__ import annotations

import re

import pytest

from tests.conformance.vendors import UUID, Worker, an_image, new_key

CONTENT, CONTENTS = "/api/v1/content/generate", "/api/v1/content/generations"
BODY = {
    "prompt": "Fresh sourdough every morning",
    "post_types": ["instagram-feed", "x-post"],
    "research_mode": "regular",
}


def code_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_captions_are_written_for_each_platform_and_paid_for_at_once(opened, finished):
    client = opened("powerpost-captions", 40)
    answer = client.post(CONTENT, BODY)
    assert answer.status_code == 200
    body = answer.json()
    assert body == {
        "generation_id": body["generation_id"],
        "status": "processing",
        "credits_used": 10,
        "remaining_credits": 30,
        "status_url": f"{CONTENTS}/{body['generation_id']}",
    }
    done = finished(client, body["status_url"])
    assert (done["status"], done["prompt"]) == ("completed", BODY["prompt"])
    assert (done["generation_id"], done["credits_used"]) == (body["generation_id"], 10)
    assert set(done["outputs"]) == set(done["platforms"]) == {"instagram", "x"}
    assert all("sourdough" in text.lower() for text in done["outputs"].values())
    assert set(done["post_types"]) == set(BODY["post_types"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", done["created_at"])
    deep = client.post(CONTENT, BODY | {"research_mode": "deep"}).json()
    assert (deep["credits_used"], deep["remaining_credits"]) == (15, 15)
    client.post(CONTENT, BODY)
    assert code_of(client.post(CONTENT, BODY)) == (402, "INSUFFICIENT_CREDITS")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"prompt": None}, "prompt"),
        ({"prompt": "x" * 2001}, "prompt"),
        ({"post_types": []}, "post_types"),
        ({"post_types": ["myspace-post"]}, "post_types"),
        ({"research_mode": "shallow"}, "research_mode"),
        ({"media_ids": "x"}, "media_ids"),
    ],
)
def test_captions_that_are_not_asked_for_as_documented_are_refused(powerpost, wrong, named):
    body = {name: value for name, value in (BODY | wrong).items() if value is not None}
    answer = powerpost.post(CONTENT, body)
    assert code_of(answer) == (400, "VALIDATION_ERROR")
    assert named in answer.json()["error"]["message"]


def test_captions_can_be_of_pictures_alone_if_those_are_there(powerpost, uploaded, finished):
    body = {name: BODY[name] for name in ("post_types", "research_mode")}
    answer = powerpost.post(CONTENT, body | {"media_ids": [uploaded(powerpost)]})
    assert finished(powerpost, answer.json()["status_url"])["status"] == "completed"
    unknown = "01890000-0000-7000-8000-000000000000"
    assert code_of(powerpost.post(CONTENT, body | {"media_ids": [unknown]})) == (404, "NOT_FOUND")


def test_captions_that_nobody_could_write_are_failed_and_refunded(opened, finished):
    client = opened("powerpost-mute", 10)
    worker = Worker(client.local)
    with worker.held():
        answer = client.post(CONTENT, BODY).json()
        assert answer["remaining_credits"] == 0
        worker.give_up(client.workspace, answer["generation_id"])
    seen = finished(client, answer["status_url"])
    assert (seen["status"], seen["error"]["code"]) == ("failed", "GENERATION_FAILED")
    assert "outputs" not in seen
    assert seen["credits_used"] == 0
    assert client.get("/api/v1/account/credits").json() == {"balance": 10}


def test_captions_are_listed_newest_first_a_page_at_a_time_and_by_status(opened, written):
    client = opened("powerpost-pages")
    names = [written(client, f"Loaf {n}", "x-post")["generation_id"] for n in range(3)]
    names.reverse()
    client.post("/api/v1/images/generate", {"prompt": "no caption"})

    def page(**query):
        answer = client.get(CONTENTS, params=query)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert set(body) == {"data", "next_cursor", "has_more"}
        return [one["generation_id"] for one in body["data"]], body

    assert page()[0] == names
    first, body = page(limit=2)
    assert (first, body["has_more"]) == (names[:2], True)
    last, body = page(limit=2, cursor=body["next_cursor"])
    assert (last, body["has_more"], body["next_cursor"]) == (names[2:], False, None)
    assert page(status="completed")[0] == names
    assert page(status="failed")[0] == []
    with Worker(client.local).held():
        waiting = client.post(CONTENT, BODY).json()["generation_id"]
        assert page(status="pending")[0] == [waiting]
    for wrong in ({"status": "done"}, {"limit": "0"}, {"limit": "101"}, {"cursor": "x"}):
        assert code_of(client.get(CONTENTS, params=wrong)) == (400, "VALIDATION_ERROR")


def test_a_generation_of_images_is_not_found_among_captions(powerpost, made):
    name = made(powerpost, prompt="a red boat")["image_generation_id"]
    assert code_of(powerpost.get(f"{CONTENTS}/{name}")) == (404, "NOT_FOUND")


@pytest.mark.statement("P52", "P53")
@pytest.mark.parametrize(
    ("kind", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_an_upload_gives_the_media_id_that_style_images_take(powerpost, sent, made, kind, mime):
    name = f"shop.{kind.lower()}"
    answer = sent(powerpost, an_image(kind), name)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert re.fullmatch(UUID, body["media_id"])
    assert body == {
        "media_id": body["media_id"],
        "type": "image",
        "file_name": name,
        "file_size": body["file_size"],
        "mime_type": mime,
        "created_at": body["created_at"],
    }
    assert body["file_size"] > 0
    assert made(powerpost, prompt="a red boat", style_images=[body["media_id"]])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image"),
        (an_image()[:60], "image"),
        (an_image("GIF"), "image"),
        (b"", "image"),
        (an_image(), "video"),
        (an_image(), ""),
    ],
)
def test_what_is_no_image_of_these_formats_is_refused(powerpost, sent, body, kind):
    assert code_of(sent(powerpost, body, kind=kind)) == (400, "VALIDATION_ERROR")


def test_a_file_too_large_for_a_request_is_sent_to_the_presigned_upload(powerpost, sent):
    answer = sent(powerpost, b"x" * 4_600_000)
    assert code_of(answer) == (413, "FILE_TOO_LARGE")
    assert "POST /v1/media/uploads" in answer.json()["error"]["message"]


def test_uploads_ask_for_a_form_and_for_the_scope(powerpost, sent):
    assert code_of(powerpost.post("/api/v1/media/upload", {"file": "x"})) == (
        400,
        "VALIDATION_ERROR",
    )
    reader = new_key(powerpost.local, powerpost.workspace, ("read", "generate"))
    answer = sent(powerpost.with_headers(**{"x-api-key": reader}), an_image())
    assert code_of(answer) == (403, "INSUFFICIENT_SCOPE")
