from datetime import timedelta
from itertools import pairwise

from darkroom.domain.events import events_between
from darkroom.domain.job import Lease
from darkroom.domain.job_moves import cancel, finish_slot, lease, settle
from tests.builders import NOW, new_job, stored

MINE = Lease(token="mine", until=NOW + timedelta(seconds=60))


def story(n=1):
    """The versions of a job that goes well."""
    versions = [None, new_job(n)]
    for index in range(n):
        leased = lease(versions[-1], index, MINE, NOW)
        versions += [leased, finish_slot(leased, index, "mine", stored(leased.slots[index]), NOW)]
    return [*versions, settle(versions[-1], NOW)]


def told(before, after):
    return [(event.name, event.slot) for event in events_between(before, after)]


def test_each_change_tells_its_own_event():
    versions = story()
    pairs = pairwise(versions)
    assert [told(before, after) for before, after in pairs] == [
        [("job.accepted", None)],
        [("job.started", None)],
        [("image.stored", 0)],
        [("job.completed", None)],
    ]


def test_a_change_that_was_missed_is_made_up_for_by_the_next():
    versions = story(2)
    assert told(None, versions[-1]) == [
        ("job.accepted", None),
        ("job.started", None),
        ("image.stored", 0),
        ("image.stored", 1),
        ("job.completed", None),
    ]


def test_the_same_change_has_the_same_id_every_time():
    versions = story(2)
    at_once = {event.id for event in events_between(None, versions[-1])}
    one_by_one = {
        event.id for before, after in pairwise(versions) for event in events_between(before, after)
    }
    assert at_once == one_by_one
    assert len(at_once) == 5


def test_no_change_tells_nothing():
    assert told(new_job(), new_job()) == []


def test_canceling_tells_of_each_image_that_will_not_come():
    assert told(new_job(2), cancel(new_job(2), NOW)) == [
        ("image.failed", 0),
        ("image.failed", 1),
        ("job.canceled", None),
    ]
