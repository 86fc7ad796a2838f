"""The restore of the whole table as docs/deploying.md has it, and the events that it makes."""

from __future__ import annotations

import pytest

from tests.stream_filter import wakes_the_relay


def made(system):
    job = system.submit(width=64, height=64).json["id"]
    system.work()
    [image] = system.http("GET", f"/v1/jobs/{job}").json["images"]
    return job, image["id"]


def key_of(item):
    return item["pk"]["S"], item["sk"]["S"]


def restore(system, backup):
    """Put what the backup has, then delete what it has not."""
    dynamodb, table = system.clients["dynamodb"], system.environment["TABLE_NAME"]
    for item in backup:
        dynamodb.put_item(TableName=table, Item=item)
    for item in system.items():
        if key_of(item) not in set(map(key_of, backup)):
            key = {"pk": item["pk"], "sk": item["sk"]}
            dynamodb.delete_item(TableName=table, Key=key)


@pytest.fixture
def restored(system, published):
    """A table that lost an image, and got another, since its backup."""
    kept, lost = made(system), made(system)
    backup = system.items()
    assert system.http("DELETE", f"/v1/media/{lost[1]}").status == 204
    made_since = made(system)
    system.relay()
    published.clear()
    seen = len(system.changes())
    restore(system, backup)
    assert sorted(system.items(), key=key_of) == sorted(backup, key=key_of)
    records = [one for one in system.changes()[seen:] if wakes_the_relay(one)]
    system.handlers["relay"].handler({"Records": records}, None)
    return kept, lost, made_since


def test_an_image_that_is_still_there_is_not_told_as_deleted(restored, published):
    _, _, (_, made_since) = restored
    # That one has lost its entry: its files are all that is left of it.
    assert [one for one in published if one[0].startswith("darkroom.media.")] == [
        ("darkroom.media.deleted", f"media/{made_since}")
    ]


def test_a_job_that_is_as_it_was_makes_no_event(restored, published):
    (kept, _), *_ = restored
    assert f"jobs/{kept}" not in {subject for _, subject in published}
