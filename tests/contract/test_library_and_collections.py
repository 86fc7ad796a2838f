from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.collection import Collection, Member, place_of
from darkroom.domain.errors import IdempotencyKeyReused
from darkroom.domain.job import JobStatus, LeaseLost, SlotStatus, Written
from darkroom.domain.job_moves import settle
from darkroom.domain.library_operations import ListCollections, ListMedia
from darkroom.domain.media import Media, MediaStatus, Source
from darkroom.domain.ports import IdempotencyRecord
from tests.builders import NOW, WORKSPACE, new_job, number_id, stored
from tests.contract.conftest import MEDIA_LIFE

LATER = NOW + timedelta(hours=24)


def uploaded(number=1, **changes):
    kept = {
        "id": number_id(number),
        "workspace": WORKSPACE,
        "source": Source.UPLOADED,
        "status": MediaStatus.READY,
        "created_at": NOW,
        "name": "boat.jpg",
        "format": "jpeg",
        "width": 640,
        "height": 480,
        "size": 1234,
    }
    return Media(**kept | changes)


def collection(number=1):
    return Collection(
        id=number_id(number),
        workspace=WORKSPACE,
        name="Ava",
        description="",
        created_at=NOW,
        updated_at=NOW,
        attributes={"traits": {"hair": "red", "scars": 0, "kind": True}},
    )


def test_what_was_added_is_found_as_it_was(store):
    for media in (uploaded(1), uploaded(2, status=MediaStatus.PROCESSING, format=None, size=None)):
        store.library.add(media)
        assert store.library.get(WORKSPACE, media.id) == media
    assert store.library.get("other", uploaded(1).id) is None


def test_many_are_found_at_once_and_what_is_missing_is_left_out(store):
    for number in (1, 2):
        store.library.add(uploaded(number))
    names = [number_id(1), number_id(2), number_id(2), number_id(3)]
    assert store.library.get_many(WORKSPACE, names) == {
        number_id(number): uploaded(number) for number in (1, 2)
    }
    assert store.library.get_many("other", names) == {}


@pytest.mark.parametrize(
    ("after", "before", "numbers", "has_more"),
    [
        (None, None, [5, 4], True),
        (4, None, [3, 2], True),
        (3, None, [2, 1], False),
        (None, 2, [4, 3], True),
        (None, 3, [5, 4], False),
    ],
)
def test_pages_go_both_ways_and_show_the_newest_first(store, after, before, numbers, has_more):
    for number in range(1, 6):
        store.library.add(uploaded(number))
    which = ListMedia(
        limit=2, after=after and number_id(after), before=before and number_id(before)
    )
    page = store.library.page(WORKSPACE, which)
    assert [media.id for media in page.media] == [number_id(number) for number in numbers]
    assert page.has_more == has_more


def test_only_the_first_of_two_workers_advances_an_upload(funded):
    waiting = uploaded(status=MediaStatus.PROCESSING, format=None)
    funded.library.add(waiting)
    ready = replace(waiting, status=MediaStatus.READY, format="png", size=500)
    assert funded.library.advance(waiting, ready)
    assert funded.library.advance(waiting, ready)  # its own repeat
    assert not funded.library.advance(waiting, replace(waiting, status=MediaStatus.FAILED))
    assert funded.library.get(WORKSPACE, waiting.id) == ready
    assert funded.accounts.get(WORKSPACE).stored_bytes == 500
    assert not funded.library.remove(waiting)
    assert funded.library.remove(ready)
    assert not funded.library.remove(ready)
    assert funded.accounts.get(WORKSPACE).stored_bytes == 0


def test_what_was_deleted_before_it_was_ready_stays_deleted(store):
    waiting = uploaded(status=MediaStatus.PROCESSING, format=None)
    assert not store.library.advance(waiting, replace(waiting, status=MediaStatus.READY))
    assert store.library.get(WORKSPACE, waiting.id) is None


def finished(store, **changes):
    job = replace(new_job(n=2), **changes)
    store.jobs.create(job, None, 50)
    slots = (stored(job.slots[0]), replace(job.slots[1], status=SlotStatus.FAILED))
    ended = settle(replace(job, status=JobStatus.PROCESSING, slots=slots), NOW)
    assert store.jobs.end(job, ended) == ended
    return ended


def test_the_end_of_a_job_puts_what_is_stored_into_the_library(funded):
    job = finished(funded)
    [media] = funded.library.page(WORKSPACE, ListMedia(limit=9)).media
    assert (media.id, media.job, media.slot) == (job.slots[0].media_id, job.id, 0)
    assert (media.source, media.prompt, media.format) == ("generated", "a red boat", "webp")


def test_and_into_its_collection_even_when_that_is_gone(funded):
    kept = collection()
    funded.collections.add(kept)
    job = finished(funded, collection=kept.id)
    [member] = funded.collections.members(WORKSPACE, kept.id, 9)
    assert member == Member(
        place=place_of(job.id, 0),
        media=job.slots[0].media_id,
        file=f"{job.slots[0].media_id}.webp",
    )


def test_a_deleted_image_is_gone_from_the_answers_of_its_job(funded):
    job = finished(funded)
    media = funded.library.get(WORKSPACE, job.slots[0].media_id)
    funded.library.remove(media)
    assert funded.library.get(WORKSPACE, media.id) is None
    assert funded.jobs.get(WORKSPACE, job.id).slots[0].image.is_deleted


def test_a_media_outlives_its_job_and_can_be_deleted_then(funded):
    orphan = uploaded(job=number_id(99), slot=0, source=Source.GENERATED)
    funded.library.add(orphan)
    assert funded.library.remove(orphan)
    assert funded.library.get(WORKSPACE, orphan.id) is None


def test_the_first_enhanced_prompt_stays(funded):
    job = new_job()
    funded.jobs.create(job, None, 50)
    first, second = Written(text="more", writer="a"), Written(text="other", writer="b")
    assert funded.jobs.keep_prompt(job, first).enhanced == first
    assert funded.jobs.keep_prompt(job, second).enhanced == first
    assert funded.jobs.get(WORKSPACE, job.id).enhanced == first


def test_a_collection_keeps_its_notes_and_its_members_in_order(store):
    kept = collection()
    store.collections.add(kept)
    assert store.collections.get(WORKSPACE, kept.id) == kept
    assert store.collections.get("other", kept.id) is None
    members = [
        Member(place=number_id(number), url=f"https://a.example/{number}")
        for number in range(1, 61)
    ]
    store.collections.fill(kept, members, ())
    assert store.collections.members(WORKSPACE, kept.id, 100) == members
    places = store.collections.places(WORKSPACE, kept.id)
    assert sorted(places) == [member.place for member in members]
    store.collections.fill(kept, [Member(place=number_id(99), media=number_id(1))], places)
    assert store.collections.places(WORKSPACE, kept.id) == [number_id(99)]


def test_a_removed_collection_leaves_nothing(store):
    kept = collection()
    store.collections.add(kept)
    member = Member(place=number_id(1), media=number_id(1), file="a.webp")
    store.collections.fill(kept, [member], ())
    store.collections.remove(kept)
    assert store.collections.get(WORKSPACE, kept.id) is None
    assert store.collections.members(WORKSPACE, kept.id, 9) == []


def test_collections_are_listed_newest_first(store):
    for number in (1, 2, 3):
        store.collections.add(collection(number))
    found, has_more = store.collections.page(WORKSPACE, ListCollections(limit=2))
    assert [one.id for one in found] == [number_id(3), number_id(2)]
    assert has_more


def test_a_page_is_full_however_large_its_items_are(store):
    for number in range(1, 41):
        store.library.add(uploaded(number, prompt="星" * 12_000))
    page = store.library.page(WORKSPACE, ListMedia(limit=35))
    assert len(page.media) == 35
    assert page.has_more


def test_a_page_of_what_is_ready_goes_past_what_is_not(store):
    for number in range(1, 31):
        status = MediaStatus.READY if number in (2, 15) else MediaStatus.AWAITED
        store.library.add(uploaded(number, status=status))
    page = store.library.page(WORKSPACE, ListMedia(limit=1, only_ready=True))
    assert [media.id for media in page.media] == [number_id(15)]
    assert page.has_more


def test_more_are_found_at_once_than_one_batch_takes(store):
    names = [number_id(number) for number in range(1, 131)]
    for number in range(1, 131):
        store.library.add(uploaded(number))
    assert store.library.get_many(WORKSPACE, names).keys() == set(names)


def test_a_collection_that_is_gone_is_not_brought_back_by_a_change(store):
    kept = collection()
    changed = replace(kept, name="Rin", version=1)
    assert not store.collections.change(kept, changed)
    store.collections.add(kept)
    assert store.collections.change(kept, changed)
    assert store.collections.get(WORKSPACE, kept.id).name == "Rin"


def test_a_change_of_a_collection_that_was_changed_meanwhile_is_refused(store):
    kept = collection()
    store.collections.add(kept)
    first, second = (replace(kept, name=name, version=1) for name in ("Rin", "Ran"))
    assert store.collections.change(kept, first)
    assert store.collections.change(kept, first)  # a repeat whose answer was lost
    assert not store.collections.change(kept, second)
    assert store.collections.get(WORKSPACE, kept.id) == first


def test_a_deleted_image_leaves_its_collection_and_the_mark_is_not_overwritten(funded):
    kept = collection()
    funded.collections.add(kept)
    job = finished(funded, collection=kept.id)
    stale = funded.jobs.get(WORKSPACE, job.id)
    funded.library.remove(funded.library.get(WORKSPACE, job.slots[0].media_id))
    assert funded.collections.members(WORKSPACE, kept.id, 9) == []
    assert not funded.jobs.save(stale, replace(stale, version=stale.version + 1, looks=9))
    assert funded.jobs.get(WORKSPACE, job.id).slots[0].image.is_deleted


def test_a_job_that_has_ended_takes_no_prompt_any_more(funded):
    job = finished(funded)
    with pytest.raises(LeaseLost):
        funded.jobs.keep_prompt(job, Written(text="late", writer="w"))


def test_a_key_finds_its_job_again_and_no_other_request(funded):
    job, record = new_job(), IdempotencyRecord(key="k", fingerprint="f", expires_at=LATER)
    assert funded.jobs.claimed(WORKSPACE, record, NOW) is None
    funded.jobs.create(job, record, 50)
    assert funded.jobs.claimed(WORKSPACE, record, NOW) == job
    assert funded.jobs.claimed("other", record, NOW) is None
    assert funded.jobs.claimed(WORKSPACE, record, LATER + timedelta(seconds=1)) is None
    with pytest.raises(IdempotencyKeyReused):
        funded.jobs.claimed(WORKSPACE, replace(record, fingerprint="g"), NOW)


def test_an_image_is_due_when_its_time_has_come_however_it_came(funded):
    waiting = uploaded(status=MediaStatus.PROCESSING, format=None)
    funded.library.add(waiting)
    funded.library.advance(waiting, replace(waiting, status=MediaStatus.READY, format="png"))
    job = finished(funded)
    end = NOW + MEDIA_LIFE
    assert funded.library.due(end - timedelta(seconds=1), 10) == []
    both = {(WORKSPACE, waiting.id), (WORKSPACE, job.slots[0].media_id)}
    assert set(funded.library.due(end, 10)) == both
    brought = funded.library.get(WORKSPACE, waiting.id)
    later = end + timedelta(days=1)
    assert funded.library.postpone(brought, later)
    assert set(funded.library.due(end, 10)) == both - {(WORKSPACE, waiting.id)}
    assert set(funded.library.due(later, 10)) == both


def test_what_is_marked_as_expired_is_not_postponed(funded):
    """Its files may be gone by now."""
    funded.library.add(uploaded())
    assert funded.library.mark_expired(uploaded())
    assert not funded.library.postpone(uploaded(), LATER)


def test_what_is_gone_is_not_due_and_cannot_expire(funded):
    funded.library.add(uploaded())
    assert funded.library.mark_expired(uploaded())
    assert funded.library.mark_expired(uploaded())  # after a crash
    assert funded.library.get(WORKSPACE, uploaded().id) == uploaded()
    assert funded.library.remove(uploaded())
    assert not funded.library.mark_expired(uploaded())
    assert not funded.library.postpone(uploaded(), LATER)
    assert funded.library.due(NOW + timedelta(days=99), 10) == []
