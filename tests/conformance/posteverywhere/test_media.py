"""The media library: what is listed, read, brought in and deleted."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.conformance.vendors import UUID, an_image, assert_is_image, site

MEDIA = {
    "media_id",
    "media_ids",
    "status",
    "type",
    "filename",
    "content_type",
    "size",
    "width",
    "height",
    "duration",
    "created_at",
}


def data_of(answer, status=200):
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"data", "error", "meta"}
    assert body["error"] is None
    assert set(body["meta"]) == {"request_id", "timestamp"}
    return body["data"]


@pytest.mark.statement("F4", "F22", "F23", "F25", "F30")
def test_media_are_listed_newest_first_in_pages_and_read_one_by_one(opened, generated):
    client = opened("posteverywhere-shelf", 10)
    oldest, middle, newest = (
        generated(client, model="flux-schnell", prompt=f"boat {number}")["media_id"]
        for number in range(3)
    )
    everything = data_of(client.get("/media"))
    assert set(everything) == {"media", "has_more", "next_cursor"}
    assert [one["media_id"] for one in everything["media"]] == [newest, middle, oldest]
    assert (everything["has_more"], everything["next_cursor"]) == (False, None)
    first = data_of(client.get("/media", params={"limit": 2}))
    assert [one["media_id"] for one in first["media"]] == [newest, middle]
    assert first["has_more"] is True
    rest = data_of(client.get("/media", params={"limit": 2, "cursor": first["next_cursor"]}))
    assert ([one["media_id"] for one in rest["media"]], rest["has_more"]) == ([oldest], False)
    one = data_of(client.get(f"/media/{newest}"))
    assert one == first["media"][0]
    assert set(one) == MEDIA
    assert (one["status"], one["type"], one["duration"]) == ("ready", "image", None)
    assert (one["content_type"], one["filename"]) == ("image/jpeg", f"{newest}.jpg")
    content = client.get(f"/media/{newest}/content", follow_redirects=True)
    assert content.headers["content-type"] == "image/jpeg"
    assert len(content.content) == one["size"]
    head = client.request("HEAD", f"/media/{newest}/content", follow_redirects=True)
    assert int(head.headers["content-length"]) == one["size"]


def test_a_file_is_uploaded_to_the_address_that_was_given_and_then_completed(posteverywhere):
    file = an_image("PNG", "blue", (64, 48))
    asked = {"filename": "sea.png", "content_type": "image/png", "size": len(file)}
    invited = data_of(posteverywhere.post("/media/upload", asked), 201)
    media, how = invited["media_id"], invited["upload_method"]
    assert re.fullmatch(UUID, media)
    assert (how["method"], how["field_name"]) == ("POST", "file")
    early = posteverywhere.post(f"/media/{media}/complete")
    assert (early.status_code, early.json()["error"]["code"]) == (400, "validation_error")
    assert data_of(posteverywhere.get(f"/media/{media}"))["status"] == "processing"
    sent = httpx.post(
        invited["upload_url"], data=how["fields"], files={how["field_name"]: ("sea.png", file)}
    )
    assert sent.status_code in {200, 201, 204}, sent.text
    done = data_of(posteverywhere.post(f"/media/{media}/complete"))
    assert set(done) == MEDIA
    assert (done["status"], done["filename"], done["content_type"]) == (
        "ready",
        "sea.png",
        "image/png",
    )
    assert (done["width"], done["height"]) == (64, 48)
    assert data_of(posteverywhere.post(f"/media/{media}/complete")) == done
    content = posteverywhere.get(f"/media/{media}/content", follow_redirects=True).content
    assert_is_image(content, "PNG", 64, 48)


def test_an_upload_that_is_no_image_is_refused(posteverywhere, refused):
    asked = {"filename": "a.png", "content_type": "image/png", "size": 9}
    invited = data_of(posteverywhere.post("/media/upload", asked), 201)
    how = invited["upload_method"]
    httpx.post(invited["upload_url"], data=how["fields"], files={"file": b"not image"})
    answer = posteverywhere.post(f"/media/{invited['media_id']}/complete")
    assert refused(answer, 400)["code"] == "validation_error"
    assert data_of(posteverywhere.get(f"/media/{invited['media_id']}"))["status"] == "failed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"filename": ""},
        {"content_type": "image/svg+xml"},
        {"content_type": "video/mp4"},
        {"size": 0},
        {"size": 25_000_001},
        {"size": "9"},
    ],
)
def test_what_cannot_be_uploaded_is_refused_before_it_is_sent(posteverywhere, refused, wrong):
    asked = {"filename": "a.png", "content_type": "image/png", "size": 9} | wrong
    error = refused(posteverywhere.post("/media/upload", asked), 400)
    assert error["code"] == "validation_error"
    assert error["message"].startswith(next(iter(wrong)))


def test_an_image_is_taken_from_an_address(posteverywhere, refused):
    with site() as web:
        address = web.serve("/sea.jpg", an_image("JPEG", "blue", (80, 40)))
        sent = {"url": address, "filename": "sea.jpg"}
        taken = data_of(posteverywhere.post("/media/upload-from-url", sent), 201)
        assert (taken["status"], taken["width"], taken["height"]) == ("ready", 80, 40)
        assert taken["filename"] == "sea.jpg"
        content = posteverywhere.get(f"/media/{taken['media_id']}/content", follow_redirects=True)
        assert_is_image(content.content, "JPEG", 80, 40)
        missing = posteverywhere.post("/media/upload-from-url", {"url": f"{web.address}/no.png"})
        assert "status 404" in refused(missing, 400)["message"]
        page = web.serve("/page.png", b"<html></html>")
        nothing = posteverywhere.post("/media/upload-from-url", {"url": page})
        assert "not an image" in refused(nothing, 400)["message"]
    for url in ("http://169.254.169.254/latest", "ftp://example.com/a.png", "sea.jpg"):
        error = refused(posteverywhere.post("/media/upload-from-url", {"url": url}), 400)
        assert (error["code"], error["message"][:4]) == ("validation_error", "url ")


def test_what_is_deleted_is_gone(posteverywhere, generated, refused):
    media = generated(posteverywhere, model="flux-schnell")["media_id"]
    deleted = data_of(posteverywhere.request("DELETE", f"/media/{media}"))
    assert deleted == {"media_id": media, "deleted": True}
    for method, path in (
        ("GET", f"/media/{media}"),
        ("GET", f"/media/{media}/content"),
        ("DELETE", f"/media/{media}"),
        ("POST", f"/media/{media}/complete"),
    ):
        assert refused(posteverywhere.request(method, path), 404)["code"] == "not_found"
    listed = data_of(posteverywhere.get("/media"))["media"]
    assert media not in [one["media_id"] for one in listed]


def test_media_of_others_and_odd_questions_are_refused(posteverywhere, generated, opened, refused):
    media = generated(posteverywhere, model="flux-schnell")["media_id"]
    stranger = opened("posteverywhere-stranger", 0)
    for path in (f"/media/{media}", f"/media/{media}/content", "/media/x", "/nothing"):
        assert refused(stranger.get(path), 404)["code"] == "not_found"
    for query in ({"limit": 0}, {"limit": 101}, {"limit": "few"}, {"cursor": "x"}):
        error = refused(posteverywhere.get("/media", params=query), 400)
        assert error["code"] == "validation_error"
    answer = posteverywhere.request("PUT", "/media")
    assert refused(answer, 405)["code"] == "method_not_allowed"
    assert answer.headers["allow"] == "GET"
