"""Images that are kept for some days: entry, files, bytes and place in a collection go together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from darkroom.aws.library import DynamoLibrary
from tests.integration.conftest import Operator, running_system

DAYS = 3
DUE_MINUTES = 10


@pytest.fixture
def kept_for_days():
    with running_system(MEDIA_DAYS=str(DAYS)) as system:
        yield system


def made(system, **body):
    job = system.submit(width=64, height=64, **body).json["id"]
    system.work()
    [image] = system.http("GET", f"/v1/jobs/{job}").json["images"]
    return job, image["id"]


def entries(system):
    return [one["id"] for one in system.http("GET", "/v1/media").json["media"]]


def stored_bytes(system):
    return system.http("GET", "/v1/account").json["usage"]["storage_bytes"]["used"]


def sweep(system):
    system.handlers["sweeper"].handler({}, None)


def media_in_due(system):
    return [one for one in system.items() if "due_at" in one and "MEDIA#" in one["sk"]["S"]]


def test_an_image_is_there_to_its_last_day_and_gone_after_it(kept_for_days, passed_time):
    system = kept_for_days
    job, media = made(system)
    assert stored_bytes(system) > 0
    passed_time[0] = timedelta(days=DAYS) - timedelta(minutes=DUE_MINUTES)
    sweep(system)
    assert entries(system) == [media]
    passed_time[0] = timedelta(days=DAYS)
    sweep(system)
    assert entries(system) == []
    assert system.http("GET", f"/v1/media/{media}").status == 404
    assert [key for key in system.files() if media in key] == []
    assert stored_bytes(system) == 0
    [image] = system.http("GET", f"/v1/jobs/{job}").json["images"]
    assert image["deleted"] is True
    assert media_in_due(system) == []


def test_its_event_says_that_it_has_expired(kept_for_days, passed_time, published):
    _, media = made(kept_for_days)
    passed_time[0] = timedelta(days=DAYS, minutes=1)
    sweep(kept_for_days)
    kept_for_days.relay()
    of_media = [one for one in published if one[0].startswith("darkroom.media.")]
    assert of_media == [("darkroom.media.expired", f"media/{media}")]


def test_what_its_owner_deletes_is_told_as_deleted(kept_for_days, published):
    _, media = made(kept_for_days)
    kept_for_days.http("DELETE", f"/v1/media/{media}")
    kept_for_days.relay()
    assert ("darkroom.media.deleted", f"media/{media}") in published
    assert "darkroom.media.expired" not in {name for name, _ in published}


def test_it_leaves_its_collection(kept_for_days, passed_time):
    system = kept_for_days
    collection = system.http("POST", "/v1/collections", {"name": "summer"}).json["id"]
    made(system, collection=collection)
    path = f"/v1/collections/{collection}"
    assert len(system.http("GET", path).json["images"]) == 1
    passed_time[0] = timedelta(days=DAYS, minutes=1)
    sweep(system)
    assert system.http("GET", path).json["images"] == []


@pytest.mark.parametrize("step", ["delete", "remove"])
def test_a_sweeper_that_dies_on_the_way_is_followed_by_one_that_ends_it(
    kept_for_days, passed_time, monkeypatch, step, published
):
    system = kept_for_days
    _, media = made(system)
    passed_time[0] = timedelta(days=DAYS, minutes=1)
    place = {
        "delete": "darkroom.aws.images.S3Images.delete",
        "remove": "darkroom.aws.library.DynamoLibrary.remove",
    }[step]

    def dead(*_):
        raise RuntimeError("the sweeper is dead")

    with monkeypatch.context() as patch:
        patch.setattr(place, dead)
        sweep(system)
    assert entries(system) == [media]
    assert stored_bytes(system) > 0
    sweep(system)
    assert entries(system) == []
    assert stored_bytes(system) == 0
    system.relay()
    assert [one for one in published if "media" in one[0]] == [
        ("darkroom.media.expired", f"media/{media}")
    ]


@pytest.mark.parametrize("step", ["mark_expired", "postpone", "remove"])
def test_two_sweepers_take_its_bytes_off_once(
    kept_for_days, passed_time, monkeypatch, step, published
):
    """Both have read it; before the first one's step the second does all of its own."""
    system = kept_for_days
    _, media = made(system)
    passed_time[0] = timedelta(days=DAYS - 1)
    _, younger = made(system)
    passed_time[0] = timedelta(days=DAYS, minutes=1)
    library = "darkroom.aws.library.DynamoLibrary"
    if step == "postpone":
        # The first one is of a deployment that keeps images for longer.
        slow = system.handlers["sweeper"]._sweeper.expire_media.__self__
        fast = replace(slow)
        object.__setattr__(slow, "life", timedelta(days=2 * DAYS))
        second = partial(fast.expire_due, 10)
    else:
        second = partial(sweep, system)
    with monkeypatch.context() as patch:
        honest = getattr(DynamoLibrary, step)

        def overtaken(*arguments):
            patch.setattr(f"{library}.{step}", honest)
            second()
            return honest(*arguments)

        patch.setattr(f"{library}.{step}", overtaken)
        sweep(system)
    assert entries(system) == [younger]
    [image] = system.http("GET", "/v1/media").json["media"]
    assert stored_bytes(system) == image["bytes"]
    system.relay()
    assert [one for one in published if "media" in one[0]] == [
        ("darkroom.media.expired", f"media/{media}")
    ]


def test_a_deletion_that_stopped_halfway_is_ended_though_images_are_kept_for_longer_now(
    kept_for_days, passed_time, monkeypatch, published
):
    """Its files are gone: an entry without them would be of no use."""
    system = kept_for_days
    _, media = made(system)
    passed_time[0] = timedelta(days=DAYS, minutes=1)

    def dead(*_):
        raise RuntimeError("the sweeper is dead")

    with monkeypatch.context() as patch:
        patch.setattr("darkroom.aws.library.DynamoLibrary.remove", dead)
        sweep(system)
    expiry = system.handlers["sweeper"]._sweeper.expire_media.__self__
    object.__setattr__(expiry, "life", timedelta(days=2 * DAYS))
    sweep(system)
    assert entries(system) == []
    assert stored_bytes(system) == 0
    system.relay()
    assert [one for one in published if "media" in one[0]] == [
        ("darkroom.media.expired", f"media/{media}")
    ]


def test_with_a_longer_time_now_it_stays_for_that(passed_time):
    with running_system(MEDIA_DAYS=str(DAYS)) as system:
        _, media = made(system)
        sweeper = system.handlers["sweeper"]._sweeper
        expiry = sweeper.expire_media.__self__
        object.__setattr__(expiry, "life", timedelta(days=2 * DAYS))
        passed_time[0] = timedelta(days=DAYS, minutes=1)
        sweep(system)
        assert entries(system) == [media]
        assert len(media_in_due(system)) == 1
        passed_time[0] = timedelta(days=2 * DAYS, minutes=1)
        sweep(system)
        assert entries(system) == []


def test_unless_asked_for_nothing_expires_and_nothing_is_asked(system, passed_time):
    _, media = made(system)
    assert media_in_due(system) == []
    passed_time[0] = timedelta(days=3650)
    system.calls.clear()
    assert system.handlers["sweeper"]._sweeper.expire_media(10) == 0
    assert system.calls == {}
    assert entries(system) == [media]


def test_what_an_operator_cancels_expires_as_any_other_image(kept_for_days, monkeypatch):
    """By the stack's outputs, as the command finds a deployed system."""
    system = kept_for_days
    names = {
        "TableName": "TABLE_NAME",
        "SigningSecretArn": "SIGNING_SECRET",
        "WebhookSecretArn": "WEBHOOK_SECRET",
        "ImagesQueueUrl": "IMAGES_QUEUE_URL",
        "BacklogQueueUrl": "BACKLOG_QUEUE_URL",
        "MediaDays": "MEDIA_DAYS",
    }
    outputs = {output: system.environment[name] for output, name in names.items()}
    monkeypatch.setattr("darkroom.bootstrap.admin.stack_outputs", lambda *_: outputs)
    monkeypatch.delenv("MEDIA_DAYS")
    job = system.submit(width=64, height=64, n=2).json["id"]
    system.work(system.messages()[:1])
    Operator().type("--stack", "darkroom-test", "jobs", "cancel", "acme", job)
    [media] = system.http("GET", "/v1/media").json["media"]
    assert [one["sk"]["S"] for one in media_in_due(system)] == [f"MEDIA#{media['id']}"]
