"""After a stop of all workers their images go on at once, and nobody else's lease is touched."""

from dataclasses import replace
from datetime import timedelta

from darkroom.domain.attempts import PendingGeneration
from darkroom.domain.due import Stop
from darkroom.domain.job import Lease, SlotStatus
from darkroom.usecases.resume_jobs import resume_jobs
from tests.builders import WORKSPACE
from tests.unit.test_sweep import House

LEASE_TIME = timedelta(seconds=60)


def resumed(house, after=10):
    """What is resumed by a start so many seconds after the house was opened."""
    house.queue.sent.clear()
    house.clock.pass_time(after)
    stop = Stop(at=house.clock.now(), lease_time=LEASE_TIME)
    repairs = resume_jobs(stop, jobs=house.jobs, queue=house.queue, clock=house.clock)
    return [(repair.kind, repair.slots) for repair in repairs]


def pending(house, slot=0):
    job = house.take(slot)
    kept = job.slots[slot]
    receipt = PendingGeneration(
        provider="fal",
        model="m",
        id="i",
        poll="p",
        cancel="",
        pace=2,
        begun_at=house.clock.now(),
    )
    house.jobs.finish_slot(job, slot, "t", replace(kept, pending=receipt), house.clock.now())


def test_an_image_whose_worker_was_stopped_can_be_taken_at_once():
    house = House()
    house.take(0)
    assert resumed(house) == [("interrupted", (0, 1))]
    assert sorted(slot for _, _, slot in house.queue.sent) == [0, 1]
    job = house.jobs.lease(
        WORKSPACE, house.first.id, 0, Lease(token="new", until=house.clock.now()), house.clock.now()
    )
    assert job.slots[0].lease.token == "new"


def test_one_whose_worker_began_since_the_start_keeps_its_lease():
    house = House(n=1)
    house.clock.pass_time(10)
    started = house.clock.now()
    house.clock.pass_time(1)
    taken = house.take(0)
    house.queue.sent.clear()
    stop = Stop(at=started, lease_time=LEASE_TIME)
    assert list(resume_jobs(stop, jobs=house.jobs, queue=house.queue, clock=house.clock)) == []
    assert house.job.slots[0].lease == taken.slots[0].lease
    assert house.queue.sent == []


def test_what_a_provider_makes_is_asked_after_by_whoever_holds_its_lease():
    house = House(n=1)
    pending(house)
    assert resumed(house) == [("interrupted", (0,))]
    assert house.job.slots[0].lease.token == "t"
    [(order, seconds)] = house.queue.later
    assert (order.held, order.slot, seconds) == ("t", 0, 0)


def test_what_has_ended_is_left_alone():
    house = House(n=1)
    house.store(0)
    assert house.job.slots[0].status is SlotStatus.STORED
    assert resumed(house) == []


def test_a_worker_that_begins_meanwhile_leaves_the_other_images_to_be_resumed():
    house = House(n=2)
    house.take(0)
    save, began = house.jobs.save, []

    def overtaken(before, after):
        if not began:
            house.clock.pass_time(1)
            began.append(house.take(1))
        return save(before, after)

    house.jobs.save = overtaken
    assert resumed(house) == [("interrupted", (0,))]
    assert [slot for _, _, slot in house.queue.sent] == [0]
    assert house.job.slots[0].lease.until < house.clock.now()
    assert house.job.slots[1].lease == began[0].slots[1].lease


def test_a_job_that_cannot_be_resumed_is_left_to_the_sweeper():
    house = House(n=1)
    house.take(0)
    house.jobs.save = lambda *_: False
    assert resumed(house) == []
    assert house.queue.sent == []
