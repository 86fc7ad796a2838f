import pytest

from darkroom.domain.api_key import KeyRecord
from tests.builders import NOW, WORKSPACE


def test_a_key_is_found_by_its_hash(store):
    record = KeyRecord(hash="abc", workspace=WORKSPACE, scopes=frozenset({"read"}))
    store.keys.add(record, NOW)
    assert store.keys.find("abc") == record
    assert store.keys.find("abd") is None


def test_every_slot_is_sent(store):
    assert list(store.queue.send(WORKSPACE, "job", range(10))) == []


def test_a_file_is_written_once_and_keeps_its_first_bytes(store):
    assert store.images.put_once("media/a.webp", b"first", "image/webp") == 5
    assert store.images.put_once("media/a.webp", b"the second", "image/webp") == 5


def test_a_deleted_file_can_be_written_anew(store):
    store.images.put_once("media/a.webp", b"first", "image/webp")
    store.images.delete(["media/a.webp", "media/never.webp"])
    assert store.images.put_once("media/a.webp", b"the second", "image/webp") == 10


@pytest.mark.parametrize("seconds", [1, 300])
def test_a_link_names_the_file(store, seconds):
    link = store.images.link("media/a.webp", content_type="image/webp", seconds=seconds)
    assert "media/a.webp" in link
