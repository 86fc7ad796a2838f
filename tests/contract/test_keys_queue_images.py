from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.api_key import KeyRecord
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.library_ports import StoredFile
from tests.builders import NOW, WORKSPACE, new_job

MADE_BY = ProviderRoute(provider="painter", model="painter")


def key_record(number=1, workspace=WORKSPACE):
    return KeyRecord(
        id=f"key-{number}",
        hash=f"hash-{number}",
        workspace=workspace,
        scopes=frozenset({"read"}),
        label="the shop",
        created_at=NOW,
    )


def test_a_key_is_found_by_its_hash(store):
    store.keys.add(key_record())
    assert store.keys.find(["hash-1"]) == key_record()
    assert store.keys.find(["hash-2"]) is None


def test_the_keys_of_a_workspace_are_its_own(store):
    for record in (key_record(1), key_record(2), key_record(3, "other")):
        store.keys.add(record)
    assert {record.id for record in store.keys.of_workspace(WORKSPACE)} == {"key-1", "key-2"}


def test_a_key_never_lives_longer_than_it_was_said_to(store):
    store.keys.add(key_record())
    store.keys.expire(key_record(), NOW)
    store.keys.expire(key_record(), NOW + timedelta(hours=24))
    [listed] = store.keys.of_workspace(key_record().workspace)
    assert listed.expires_at == store.keys.find([key_record().hash]).expires_at == NOW


def test_an_expired_key_says_so_wherever_it_is_found(store):
    store.keys.add(key_record())
    store.keys.expire(key_record(), NOW)
    assert store.keys.find(["hash-1"]).expires_at == NOW
    assert store.keys.of_workspace(WORKSPACE)[0].expires_at == NOW


def test_every_slot_is_sent(store):
    assert list(store.queue.send(new_job(n=10), range(10))) == []


def put(store, body, key="media/a.webp"):
    return store.images.put_once(key, body, "image/webp", MADE_BY)


def test_a_file_is_written_once_and_keeps_its_first_bytes(store):
    assert put(store, b"first")
    assert not put(store, b"the second")
    assert store.images.find("media/a.webp") == StoredFile(body=b"first", made_by=MADE_BY)


def test_what_was_never_stored_is_not_found(store):
    assert store.images.find("media/never.webp") is None


def test_a_deleted_file_is_gone_and_can_be_written_anew(store):
    put(store, b"first")
    store.images.delete(["media/a.webp", "media/never.webp"])
    assert store.images.find("media/a.webp") is None
    assert put(store, b"the second")


@pytest.mark.parametrize("seconds", [1, 300])
def test_a_link_names_the_file(store, seconds):
    link = store.images.link(
        "media/a.webp", content_type="image/webp", file_name="a.webp", seconds=seconds
    )
    assert "media/a.webp" in link


def test_a_file_is_opened_with_its_bytes_as_long_as_they_are_few(store):
    assert store.images.open("media/a.webp") is None
    assert store.images.open("media/a.webp", 5) is None
    put(store, b"first")
    whole = store.images.open("media/a.webp", 5)
    assert (whole.size, whole.body) == (5, b"first")
    assert store.images.open("media/a.webp", 4) == replace(whole, body=None)
    assert store.images.open("media/a.webp") == replace(whole, body=None)
    store.images.delete(["media/a.webp"])
    put(store, b"other")
    assert store.images.open("media/a.webp").tag != whole.tag
