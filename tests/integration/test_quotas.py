"""What a workspace may store, upload and send again: counted in the writes, named when exceeded."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from PIL import Image
from typer.testing import CliRunner

from darkroom.admin.command import app
from tests.integration.test_outages import CREATIONS
from tests.integration.test_parallel_changes import each_interleaving, image

IMAGES = [dialect for dialect in CREATIONS if "captions" not in dialect]


def run_admin(system, *words):
    done = CliRunner().invoke(app, [str(word) for word in words], env=system.environment)
    return done.exit_code, done.stdout + done.stderr


def limited(system, **quotas):
    flags = [f"--{name.replace('_', '-')}={most}" for name, most in quotas.items()]
    assert run_admin(system, "workspace", "change", "acme", *flags)[0] == 0


def usage(system):
    return system.http("GET", "/v1/account").json["usage"]


def stored(system):
    return usage(system)["storage_bytes"]["used"]


def in_library(system):
    return sum(one["bytes"] for one in system.http("GET", "/v1/media").json["media"])


def png(colour="red", side=64):
    file = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(file, "PNG")
    return file.getvalue()


def begin(system, size=1000):
    body = {"name": "a.png", "content_type": "image/png", "size": size}
    return system.http("POST", "/v1/media/uploads", body)


def uploaded(system):
    """An upload that a worker is to look at: its id."""
    begun = begin(system).json
    system.clients["s3"].put_object(
        Bucket=system.environment["BUCKET_NAME"],
        Key=f"uploads/{begun['id']}",
        Body=png(),
    )
    return begun["id"]


@pytest.fixture(autouse=True)
def clock(passed_time):
    return passed_time


def test_bytes_are_counted_as_images_come_and_go(system):
    first, second = image(system), image(system)
    assert stored(system) == in_library(system) > 0
    system.http("DELETE", f"/v1/media/{first}")
    assert stored(system) == in_library(system) > 0
    upload = uploaded(system)
    system.http("POST", f"/v1/media/{upload}/complete")
    system.work()
    assert stored(system) == in_library(system)
    for media in (second, upload):
        assert system.http("DELETE", f"/v1/media/{media}").status == 204
    assert stored(system) == in_library(system) == 0


@pytest.mark.parametrize("dialect", IMAGES)
def test_a_full_storage_takes_no_image_and_says_why(system, dialect):
    kept = image(system)
    limited(system, storage_bytes=stored(system))
    spent = system.http("GET", "/v1/account").json["credits"]
    path, body, taken = CREATIONS[dialect]
    headers = {"x-workspace-id": "acme"}
    refused = system.http("POST", path, body, headers=headers)
    assert refused.status == 409
    assert "storage" in refused.text
    assert f"{stored(system):,} bytes" in refused.text
    assert system.http("GET", "/v1/account").json["credits"] == spent
    assert system.messages() == []
    system.http("DELETE", f"/v1/media/{kept}")
    assert system.http("POST", path, body, headers=headers).status == taken


def test_natively_the_code_and_the_figures_are_for_programs(system):
    limited(system, storage_bytes=0)
    assert system.submit().json["code"] == "storage.full"
    assert (system.submit().json["limit"], system.submit().json["used"]) == (0, 0)
    captions = {"prompt": "a pier", "post_types": ["x-post"]}
    assert system.http("POST", "/v1/captions", captions).status == 202  # they store no image


def test_an_image_that_was_accepted_is_kept_though_the_storage_is_full_by_then(system):
    limited(system, storage_bytes=1)
    jobs = [system.submit(width=64, height=64).json["id"] for _ in range(2)]
    system.work()
    for job in jobs:
        assert system.http("GET", f"/v1/jobs/{job}").json["status"] == "completed"
    assert stored(system) == in_library(system) > 1
    assert system.submit().json["code"] == "storage.full"


def test_a_repeat_finds_its_job_though_the_storage_is_full(system):
    headers = {"idempotency-key": "k"}
    first = system.http("POST", "/v1/jobs", {"prompt": "x"}, headers=headers)
    limited(system, storage_bytes=0)
    again = system.http("POST", "/v1/jobs", {"prompt": "x"}, headers=headers)
    assert (again.status, again.json["id"]) == (202, first.json["id"])


def test_an_upload_that_has_no_room_is_refused_before_it_is_begun(system):
    limited(system, storage_bytes=999)
    assert begin(system, 1000).json["code"] == "storage.full"
    assert begin(system, 999).status == 201
    assert usage(system)["uploads_today"]["used"] == 1


def test_uploads_are_counted_by_the_day_however_they_come(system, clock):
    limited(system, uploads_a_day=3)
    assert begin(system).status == 201
    address = {"url": "https://shop.example/a.png"}
    as_json = {"content-type": "application/json"}
    assert system.http("POST", "/v1/media", address, headers=as_json).status == 202
    assert begin(system).status == 201
    refused = begin(system)
    assert (refused.status, refused.json["code"]) == (429, "uploads.too_many_today")
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert "3 uploads a day" in refused.json["detail"]
    vendor = system.http(
        "POST",
        "/posteverywhere/media/upload",
        {"filename": "a.png", "content_type": "image/png", "size": 10},
    )
    assert (vendor.status, vendor.json["error"]["code"]) == (429, "rate_limit_exceeded")
    assert usage(system)["uploads_today"] == {"used": 3, "limit": 3}
    clock[0] += timedelta(seconds=int(refused.headers["retry-after"]))
    assert begin(system).status == 201


def test_two_uploads_that_meet_do_not_pass_the_quota(system, clock):
    limited(system, uploads_a_day=1)
    met = 0
    for one, other in each_interleaving(lambda: begin(system), lambda: begin(system)):
        assert sorted((one.status, other.status)) == [201, 429]
        clock[0] += timedelta(days=1)
        met += 1
    assert met > 3


def test_a_workspace_has_what_its_tier_has_until_the_operator_sets_it(system):
    assert usage(system) == {
        "storage_bytes": {"used": 0, "limit": 5_000_000_000},
        "uploads_today": {"used": 0, "limit": 2_000},
        "redeliveries_today": {"used": 0, "limit": 2_000},
    }
    run_admin(system, "workspace", "change", "acme", "--tier=pro")
    assert usage(system)["uploads_today"]["limit"] == 40_000
    limited(system, storage_bytes=7, redeliveries_a_day=8)
    assert usage(system)["storage_bytes"]["limit"] == 7
    assert usage(system)["redeliveries_today"]["limit"] == 8
    made = run_admin(system, "workspace", "create", "small", "--uploads-a-day=9")[1]
    assert json.loads(made)["uploads_a_day"] == 9
    assert json.loads(made)["storage_bytes"] == 5_000_000_000


def test_no_interleaving_makes_the_count_drift(system):
    """A deletion at each call of the worker that makes the upload an image, and of another one."""
    uploads = []

    def complete():
        uploads.append(uploaded(system))
        # No worker runs before its answer: to wait for one is a hundred looks in vain.
        path, now = f"/v1/media/{uploads[-1]}/complete", {"prefer": "wait=0"}
        assert system.http("POST", path, headers=now).status == 202

    def delete():
        return system.http("DELETE", f"/v1/media/{uploads[-1]}").status

    complete()
    met = 0
    for _, status in each_interleaving(system.work, delete):
        assert status == 204
        assert stored(system) == in_library(system)
        complete()
        met += 1
    assert met > 10
    system.work()
    for statuses in each_interleaving(delete, delete):
        assert sorted(statuses) == [204, 404]
        assert stored(system) == in_library(system) == 0
        complete()
        system.work()


def test_what_differs_all_the_same_is_found_and_corrected(system):
    image(system)
    right = stored(system)
    system.clients["dynamodb"].update_item(
        TableName=system.environment["TABLE_NAME"],
        Key={"pk": {"S": "WS#acme"}, "sk": {"S": "ACCOUNT"}},
        # As on an account from before there were quotas.
        UpdateExpression="REMOVE stored_bytes",
    )
    code, said = run_admin(system, "reconcile", "acme")
    assert code == 1
    assert f"0 bytes stored on the account, {right} in its library" in said
    assert run_admin(system, "reconcile", "acme", "--recount-storage")[0] == 0
    assert stored(system) == right
