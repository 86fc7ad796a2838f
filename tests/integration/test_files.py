"""A file's address answers with the bytes, as long as they fit an answer of Lambda."""

from __future__ import annotations

import base64

import pytest

from darkroom.domain.file_links import LIFE
from darkroom.usecases import send_file
from tests.integration.conftest import running_system

WEEK = int(LIFE.total_seconds())
HOUR = 3600


def made(system, **body):
    job = system.submit(width=64, height=64, **body).json["id"]
    system.work()
    return system.http("GET", f"/v1/jobs/{job}").json["images"][0]


def opened(system, url, method="GET", **headers):
    path, _, query = url.removeprefix("https://darkroom.test").partition("?")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    parameters = dict(pair.split("=", 1) for pair in query.split("&"))
    return system.http(method, path, query=parameters, key="", headers=named)


def stored(system, name):
    found = system.clients["s3"].get_object(
        Bucket=system.environment["BUCKET_NAME"], Key=f"media/{name}"
    )
    return found["Body"].read()


def content(system, image):
    return system.http("GET", f"/v1/media/{image['id']}/content")


@pytest.fixture
def only_small_files(monkeypatch):
    monkeypatch.setattr(send_file, "MOST_BYTES", 100)


def test_an_address_answers_with_the_bytes(system):
    image = made(system)
    for url, name, kind in (
        (image["url"], f"{image['id']}.webp", "image/webp"),
        (image["thumbnail_url"], f"{image['id']}-thumb.jpg", "image/jpeg"),
    ):
        answer = opened(system, url)
        assert answer.status == 200
        assert base64.b64decode(answer.text) == stored(system, name)
        assert answer.headers["content-type"] == kind
        assert answer.headers["content-disposition"] == f'inline; filename="{name}"'
        assert answer.headers["etag"].strip('"')
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_browser_may_keep_it_for_as_long_as_the_address_is_good(system):
    directives = opened(system, made(system)["url"]).headers["cache-control"].split(", ")
    assert {"private", "immutable"} < set(directives)
    [age] = [one for one in directives if one.startswith("max-age=")]
    assert WEEK - 60 < int(age.removeprefix("max-age=")) <= WEEK + HOUR


def test_who_has_it_already_is_told_so_and_reads_nothing(system):
    url = made(system)["url"]
    tag = opened(system, url).headers["etag"]
    for given in (tag, f'"another", {tag}', f"W/{tag}", "*"):
        answer = opened(system, url, if_none_match=given)
        assert (answer.status, answer.text) == (304, "")
        assert answer.headers["etag"] == tag
    assert opened(system, url, if_none_match='"another"').status == 200


def test_a_head_says_how_large_it_is(system):
    image = made(system)
    answer = opened(system, image["url"], "HEAD")
    assert (answer.status, answer.text) == (200, "")
    assert answer.headers["content-length"] == str(image["bytes"])


def test_a_larger_one_and_a_part_of_one_are_had_from_the_store(system, request):
    image = made(system)
    part = opened(system, image["url"], range="bytes=0-9")
    request.getfixturevalue("only_small_files")
    for answer in (part, opened(system, image["url"]), content(system, image)):
        assert answer.status == 302
        assert "X-Amz-Expires=300" in answer.headers["location"]
        assert f"filename%3D%22{image['id']}.webp%22" in answer.headers["location"]
        assert answer.headers["cache-control"] == "private, no-store"


def test_behind_a_cdn_a_range_does_not_make_it_keep_a_redirect():
    """It keeps the answer for all readers of the address, with a range or without."""
    with running_system(CDN_KEY="from-the-cdn") as system:
        url, headers = made(system)["url"], {"x_darkroom_cdn_key": "from-the-cdn"}
        part = opened(system, url, range="bytes=0-9", **headers)
        assert part.status == 200
        assert part.text == opened(system, url, **headers).text
        assert opened(system, url, range="bytes=0-9").status == 302


def test_a_deleted_file_is_gone_at_once_for_those_who_have_it_too(system):
    image = made(system)
    tag = opened(system, image["url"]).headers["etag"]
    assert system.http("DELETE", f"/v1/media/{image['id']}").status == 204
    for headers in ({}, {"if_none_match": tag}, {"range": "bytes=0-9"}):
        assert opened(system, image["url"], **headers).status == 404
    assert opened(system, image["url"], "HEAD").status == 404


def test_what_a_key_opens_is_asked_for_again_each_time(system):
    """A key that was revoked must not open what a browser has kept."""
    image = made(system)
    answer = content(system, image)
    assert answer.status == 200
    assert base64.b64decode(answer.text) == stored(system, f"{image['id']}.webp")
    assert answer.headers["cache-control"] == "private, no-cache"
    again = {"if-none-match": answer.headers["etag"]}
    assert system.http("GET", f"/v1/media/{image['id']}/content", headers=again).status == 304


def test_the_name_ends_as_its_format_does(system):
    image = made(system, output={"format": "png"})
    answer = content(system, image)
    assert answer.headers["content-disposition"] == f'inline; filename="{image["id"]}.png"'
