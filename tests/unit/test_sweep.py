from dataclasses import replace
from datetime import timedelta

from darkroom.domain.attempts import PendingGeneration
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.due import FIRST_LOOK, Finding, diagnose, looked_at
from darkroom.domain.file_links import file_keys
from darkroom.domain.job import JobStatus, Lease, SlotStatus
from darkroom.domain.job_moves import finish_slot, lease
from darkroom.domain.ports import DeadLetter, SlotMessage
from darkroom.usecases.fail_slot import fail_slot
from darkroom.usecases.sweep import sweep
from tests.builders import NOW, WORKSPACE, account, grant, new_job, stored
from tests.fakes.store import (
    FakeAccounts,
    FakeDeadLetters,
    FakeImages,
    FakeJobs,
    FakeLibrary,
    FakeQueue,
    FakeTable,
)
from tests.fakes.world import FakeClock

ROUTE = ProviderRoute(provider="painter", model="painter")


class House:
    def __init__(self, n=2):
        self.table, self.clock, self.queue = FakeTable(), FakeClock(), FakeQueue()
        self.jobs, self.images, self.dead_letters = (
            FakeJobs(self.table),
            FakeImages(),
            FakeDeadLetters(),
        )
        FakeAccounts(self.table).open(account(), grant(account()))
        self.first = self.jobs.create(new_job(n), None, 50)

    def sweep(self, after=0):
        self.clock.pass_time(after)
        repairs = sweep(
            jobs=self.jobs,
            queue=self.queue,
            dead_letters=self.dead_letters,
            library=FakeLibrary(self.table),
            images=self.images,
            clock=self.clock,
        )
        return [(repair.kind, repair.slots) for repair in repairs]

    def take(self, slot=0, seconds=60):
        until = self.clock.now() + timedelta(seconds=seconds)
        mine = Lease(token="t", until=until)
        return self.jobs.lease(WORKSPACE, self.first.id, slot, mine, self.clock.now())

    def store(self, slot=0):
        job = self.take(slot)
        done = stored(job.slots[slot])
        return self.jobs.finish_slot(job, slot, "t", done, self.clock.now())

    @property
    def job(self):
        return self.jobs.get(WORKSPACE, self.first.id)

    @property
    def account(self):
        return self.table.accounts[WORKSPACE]


def test_nothing_is_looked_at_before_its_time():
    assert House().sweep(after=59) == []


def test_images_whose_messages_were_lost_are_sent_again():
    house = House()
    house.store(0)
    assert house.sweep(after=61) == [("stranded", (1,))]
    assert house.queue.sent == [(WORKSPACE, house.first.id, 1)]


def test_each_look_comes_later_than_the_one_before_but_never_after_the_deadline():
    house = House()
    looks = []
    while not house.job.status.is_terminal:
        house.clock.time = house.job.due_at
        looks.append((house.clock.now() - NOW).total_seconds() / 60)
        house.sweep()
    assert looks == [1, 2, 4, 8, 15]


def test_an_image_whose_worker_died_is_sent_again_and_one_in_hand_is_left_alone():
    house = House()
    house.take(0, seconds=30)
    house.take(1, seconds=300)
    assert house.sweep(after=61) == [("stranded", (0,))]


def test_a_job_that_is_in_hand_is_no_repair():
    house = House(1)
    house.take(0, seconds=300)
    assert house.sweep(after=61) == []
    assert house.job.looks == 1


def test_a_job_whose_last_worker_died_before_the_end_is_ended():
    house = House(1)
    house.store(0)
    assert house.sweep(after=61) == [("unsettled", ())]
    assert house.job.status is JobStatus.COMPLETED
    assert house.account.spent == 1


def test_after_the_deadline_what_is_not_stored_fails_and_is_refunded():
    house = House(3)
    house.store(0)
    house.take(1, seconds=100_000)
    assert house.sweep(after=15 * 60) == [("too_late", ())]
    assert house.job.status is JobStatus.PARTIAL
    assert [slot.failure and slot.failure.code for slot in house.job.slots] == [
        None,
        "deadline",
        "deadline",
    ]
    assert (house.account.balance, house.account.spent, house.account.held) == (99, 1, 0)


def test_files_of_an_image_that_failed_are_cleared_away_in_the_end():
    house = House(2)
    house.store(0)
    house.take(1)
    for slot in house.first.slots:
        for key in file_keys(slot.media_id, "webp"):
            house.images.put_once(key, b"x", "image/webp", ROUTE)
    house.sweep(after=15 * 60)
    assert len(house.images.files) == 4
    assert house.sweep(after=21 * 60) == [("left_files", (1,))]
    assert set(house.images.files) == set(file_keys(house.first.slots[0].media_id, "webp"))
    assert house.job.due_at is None


def test_a_job_that_ended_well_is_never_looked_at_again():
    house = House(1)
    house.store(0)
    house.sweep(after=61)
    assert house.job.due_at is None


def test_a_dead_letter_fails_its_image_and_refunds_it():
    house = House(2)
    house.store(0)
    message = SlotMessage(workspace=WORKSPACE, job=house.first.id, slot=1)
    house.dead_letters.messages = [DeadLetter(receipt="r", message=message)]
    assert house.sweep() == [("dead_letter", (1,))]
    assert house.job.status is JobStatus.PARTIAL
    assert house.job.slots[1].failure.code == "gave_up"
    assert house.dead_letters.messages == []
    assert house.account.balance == 99


def test_a_dead_letter_of_an_image_that_somebody_is_at_waits():
    house = House(1)
    house.take(0, seconds=100)
    message = SlotMessage(workspace=WORKSPACE, job=house.first.id, slot=0)
    house.dead_letters.messages = [DeadLetter(receipt="r", message=message)]
    assert house.sweep() == []
    assert len(house.dead_letters.messages) == 1
    assert house.sweep(after=101)[0] == ("dead_letter", (0,))


def test_a_dead_letter_that_is_nonsense_is_put_away():
    house = House()
    house.dead_letters.messages = [DeadLetter(receipt="r", message=None)]
    assert house.sweep() == [("nonsense", ())]
    assert house.dead_letters.messages == []


def test_a_dead_letter_twice_refunds_once():
    house = House(1)
    message = SlotMessage(workspace=WORKSPACE, job=house.first.id, slot=0)
    house.dead_letters.messages = [DeadLetter(receipt=number, message=message) for number in "ab"]
    house.sweep()
    assert house.account.balance == 100
    assert house.dead_letters.messages == []


def test_two_sweepers_send_a_stranded_image_once():
    house = House(1)
    house.clock.pass_time(61)
    seen = house.job
    rival = looked_at(seen, house.clock.now())
    house.jobs.save(seen, rival)
    assert house.sweep() == []


def test_what_is_found_follows_from_the_job_alone():
    fresh = new_job(1)
    held = lease(fresh, 0, Lease(token="t", until=NOW + timedelta(seconds=9)), NOW)
    done = finish_slot(held, 0, "t", stored(held.slots[0]), NOW)
    failed = replace(held.slots[0], status=SlotStatus.FAILED)
    assert diagnose(fresh, NOW).finding is Finding.STRANDED
    assert diagnose(held, NOW).finding is Finding.IN_HAND
    assert diagnose(held, NOW + timedelta(seconds=10)).finding is Finding.STRANDED
    assert diagnose(held, fresh.deadline).finding is Finding.TOO_LATE
    assert diagnose(done, fresh.deadline).finding is Finding.UNSETTLED
    assert diagnose(finish_slot(held, 0, "t", failed, NOW), NOW).finding is Finding.UNSETTLED
    assert looked_at(fresh, NOW).due_at == NOW + FIRST_LOOK


def test_a_job_that_cannot_be_mended_does_not_keep_the_others_from_their_help():
    house = House(1)
    second = house.jobs.create(new_job(1, number=2), None, 50)
    get = house.jobs.get

    def broken(workspace, name):
        if name == house.first.id:
            raise RuntimeError("an item of another version")
        return get(workspace, name)

    house.jobs.get = broken
    assert house.sweep(after=61) == [("fault", ()), ("stranded", (0,))]
    assert house.queue.sent == [(WORKSPACE, second.id, 0)]


def test_a_dead_letter_of_an_image_that_does_not_exist_is_put_away():
    house = House(1)
    message = SlotMessage(workspace=WORKSPACE, job=house.first.id, slot=7)
    house.dead_letters.messages = [DeadLetter(receipt="r", message=message)]
    assert house.sweep() == [("dead_letter", (7,))]
    assert house.job.status is JobStatus.PENDING


def test_a_job_of_which_something_is_parked_is_looked_at_each_minute():
    """A message that asks after what a provider makes may be lost at any time."""
    pending = PendingGeneration(
        provider="fal", model="x", id="t", poll="", cancel="", pace=2, begun_at=NOW
    )
    job = replace(new_job(2), looks=9)
    slot = replace(job.slots[0], status=SlotStatus.MAKING, pending=pending)
    assert looked_at(replace(job, slots=(slot, job.slots[1])), NOW).due_at == NOW + FIRST_LOOK


def test_a_dead_letter_of_an_image_that_its_provider_makes_gives_nothing_up():
    house = House(1)
    leased = house.take()
    pending = PendingGeneration(
        provider="fal", model="x", id="t", poll="", cancel="", pace=2, begun_at=NOW
    )
    kept = replace(leased.slots[0], pending=pending)
    house.jobs.finish_slot(leased, 0, "t", kept, NOW)
    house.clock.pass_time(100)
    message = SlotMessage(workspace=WORKSPACE, job=leased.id, slot=0)
    assert fail_slot(message, jobs=house.jobs, clock=house.clock)
    assert house.job.slots[0].status is SlotStatus.MAKING
