"""What the owner of a collection may write on it, and what not."""

import pytest

from darkroom.domain.collection import LARGEST_NOTES


def create(system, attributes):
    return system.http("POST", "/v1/collections", {"name": "c", "attributes": attributes})


def raw(system, attributes):
    return system.http("POST", "/v1/collections", b'{"name": "c", "attributes": %s}' % attributes)


@pytest.mark.parametrize(
    "attributes",
    [
        {"large": 1e300, "small": -1e-300, "long": 12345678901234567890123456789012345678901},
        {"deep": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["bottom"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]},
        {"nothing": None, "empty": {}, "": "", "word": "ünïcödé"},
    ],
)
def test_json_is_given_back_as_it_came(shared_system, attributes):
    made = create(shared_system, attributes)
    assert made.status == 201, made.text
    place = made.headers["location"]
    assert shared_system.http("GET", place).json["attributes"] == attributes


@pytest.mark.parametrize("attributes", [b'{"a": NaN}', b'{"a": "\\ud800"}', b'{"\\ud800": 1}'])
def test_what_is_no_plain_json_is_refused(shared_system, attributes):
    refused = raw(shared_system, attributes)
    assert (refused.status, refused.json["code"]) == (400, "attributes.malformed")


def test_attributes_are_as_large_as_they_may_be_and_do_not_grow_by_changes(shared_system):
    half = "x" * (LARGEST_NOTES // 2)
    place = create(shared_system, {"first": half}).headers["location"]
    refused = shared_system.http("PATCH", place, {"attributes": {"second": half}})
    assert (refused.status, refused.json["code"]) == (400, "attributes.too_long")
    assert create(shared_system, {"a": half * 3}).json["code"] == "attributes.too_long"


def test_a_collection_whose_attributes_are_as_large_as_may_be_can_still_be_renamed(shared_system):
    place = create(shared_system, {"": "星" * ((LARGEST_NOTES - 8) // 3)}).headers["location"]
    renamed = shared_system.http("PATCH", place, {"name": "Rin"})
    assert (renamed.status, renamed.json["name"]) == (200, "Rin")


def test_an_image_of_a_collection_may_be_named_in_capitals(shared_system):
    shared_system.submit(width=64, height=64)
    shared_system.work()
    media = shared_system.http("GET", "/v1/media").json["media"][0]["id"]
    body = {"name": "c", "images": [media.upper()]}
    assert shared_system.http("POST", "/v1/collections", body).json["images"][0]["media"] == media


def test_a_repeat_finds_its_job_when_what_it_refers_to_is_gone(shared_system):
    shared_system.submit(width=64, height=64)
    shared_system.work()
    media = shared_system.http("GET", "/v1/media").json["media"][0]["id"]
    body = {"prompt": "x", "width": 64, "height": 64, "references": [{"media": media}]}
    once = {"idempotency-key": "once"}
    first = shared_system.http("POST", "/v1/jobs", body, headers=once)
    assert shared_system.http("DELETE", f"/v1/media/{media}").status == 204
    again = shared_system.http("POST", "/v1/jobs", body, headers=once)
    assert (again.json["id"], again.headers["idempotent-replayed"]) == (first.json["id"], "true")
    assert shared_system.http("POST", "/v1/jobs", body).json["code"] == "references.media.not_found"
    # What is only asked about was never a job.
    quoted = shared_system.http("POST", "/v1/jobs", body | {"dry_run": True}, headers=once)
    assert quoted.json["code"] == "references.media.not_found"


def test_the_text_of_a_form_is_utf8_or_refused(shared_system):
    form = (
        b"--b\r\ncontent-disposition: form-data; name=file; filename=a\r\n\r\nx\r\n"
        b"--b\r\ncontent-disposition: form-data; name=type\r\n\r\n\xff\r\n--b--\r\n"
    )
    headers = {
        "content-type": "multipart/form-data; boundary=b",
        "x-workspace-id": "acme",
    }
    refused = shared_system.http("POST", "/powerpost/api/v1/media/upload", form, headers=headers)
    assert (refused.status, refused.json["error"]["code"]) == (400, "VALIDATION_ERROR")
