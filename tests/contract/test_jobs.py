from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.attempts import PendingGeneration
from darkroom.domain.due import looked_at
from darkroom.domain.errors import (
    IdempotencyKeyReused,
    InsufficientCredits,
    NotFound,
    TooManyInFlight,
)
from darkroom.domain.job import Failure, JobStatus, Lease, LeaseLost, NotLeasable, SlotStatus
from darkroom.domain.job_moves import cancel, settle
from darkroom.domain.money import Charge
from darkroom.domain.operations import ListJobs
from darkroom.domain.ports import IdempotencyRecord, SlotMessage
from tests.builders import NOW, WORKSPACE, new_job, number_id, stored

LATER = NOW + timedelta(seconds=5)
PARKED = PendingGeneration(
    provider="fal",
    model="fal-ai/x",
    id="task-1",
    poll="https://fal.test/task-1",
    cancel="",
    pace=3,
    begun_at=NOW,
    usd=0.04,
)


def lease_until(seconds, holder="mine"):
    return Lease(token=holder, until=NOW + timedelta(seconds=seconds))


def taken(store, job, slot=0, holder="mine", seconds=60):
    return store.jobs.lease(job.workspace, job.id, slot, lease_until(seconds, holder), NOW)


def with_slot_stored(store, job, slot=0):
    leased = taken(store, job, slot)
    return store.jobs.finish_slot(leased, slot, "mine", stored(leased.slots[slot]), LATER)


def record(fingerprint="print", hours=24):
    return IdempotencyRecord(
        key="native/submit/k", fingerprint=fingerprint, expires_at=NOW + timedelta(hours=hours)
    )


def test_a_created_job_reads_back_as_it_was_written(funded):
    job = new_job(3)
    assert funded.jobs.create(job, None, 50) == job
    assert funded.jobs.get(WORKSPACE, job.id) == job


def test_an_unknown_job_is_none(funded):
    assert funded.jobs.get(WORKSPACE, number_id(9)) is None


def test_a_job_of_another_workspace_is_none(funded):
    funded.jobs.create(new_job(), None, 50)
    assert funded.jobs.get("other", new_job().id) is None


def test_creating_a_job_holds_its_price_and_writes_the_ledger(funded):
    job = new_job(3, price=2)
    funded.jobs.create(job, None, 50)
    account = funded.accounts.get(WORKSPACE)
    assert (account.balance, account.held, account.spent) == (94, 6, 0)
    assert ("hold", 6, job.id) in funded.ledger()
    assert account.is_balanced()


def test_a_job_that_costs_more_than_is_there_is_not_created(funded):
    job = new_job(price=101)
    with pytest.raises(InsufficientCredits) as refused:
        funded.jobs.create(job, None, 50)
    assert (refused.value.required, refused.value.available) == (101, 100)
    assert funded.jobs.get(WORKSPACE, job.id) is None
    assert funded.accounts.get(WORKSPACE).balance == 100


def test_the_same_idempotency_key_gives_the_first_job_and_charges_nothing(funded):
    first, second = new_job(number=1), new_job(number=2)
    funded.jobs.create(first, record(), 50)
    assert funded.jobs.create(second, record(), 50) == first
    assert funded.jobs.get(WORKSPACE, second.id) is None
    assert funded.accounts.get(WORKSPACE).held == 1


def test_the_same_idempotency_key_with_another_request_is_refused(funded):
    funded.jobs.create(new_job(number=1), record(), 50)
    with pytest.raises(IdempotencyKeyReused):
        funded.jobs.create(new_job(number=2), record("another"), 50)


def test_an_idempotency_key_is_free_again_after_its_time(funded):
    first, second = new_job(number=1), new_job(number=2)
    funded.jobs.create(first, record(hours=-1), 50)
    assert funded.jobs.create(second, record(), 50) == second


def test_a_repeat_finds_its_job_when_the_credits_are_gone(funded):
    first, second = new_job(number=1, price=100), new_job(number=2, price=100)
    funded.jobs.create(first, record(), 50)
    assert funded.jobs.create(second, record(), 50) == first


def test_jobs_are_listed_newest_first_in_pages(funded):
    jobs = [new_job(number=number) for number in range(1, 6)]
    for job in jobs:
        funded.jobs.create(job, None, 50)
    first = funded.jobs.page(WORKSPACE, ListJobs(limit=2))
    second = funded.jobs.page(WORKSPACE, ListJobs(limit=2, cursor=first.cursor))
    third = funded.jobs.page(WORKSPACE, ListJobs(limit=2, cursor=second.cursor))
    assert [job.id for page in (first, second, third) for job in page.jobs] == [
        job.id for job in reversed(jobs)
    ]
    assert third.cursor is None


def test_a_page_that_is_just_full_has_no_next_one(funded):
    funded.jobs.create(new_job(), None, 50)
    assert funded.jobs.page(WORKSPACE, ListJobs(limit=1)).cursor is None


def test_jobs_are_listed_by_status_however_rare_it_is(funded):
    jobs = [new_job(number=number) for number in range(1, 8)]
    for job in jobs:
        funded.jobs.create(job, None, 50)
    funded.jobs.end(jobs[0], cancel(jobs[0], NOW))
    page = funded.jobs.page(WORKSPACE, ListJobs(limit=2, statuses=(JobStatus.CANCELED,)))
    assert [job.id for job in page.jobs] == [jobs[0].id]
    assert page.cursor is None


def test_a_lease_starts_the_job(funded):
    funded.jobs.create(new_job(2), None, 50)
    job = taken(funded, new_job(2), slot=1)
    assert job.status is JobStatus.PROCESSING
    assert job.started_at == NOW
    assert job.slots[1].status is SlotStatus.MAKING
    assert job.slots[1].lease == lease_until(60)
    assert job.slots[1].leases == 1
    assert job.slots[0].status is SlotStatus.WAITING
    assert funded.jobs.get(WORKSPACE, job.id) == job


def test_a_leased_slot_is_not_leased_again(funded):
    funded.jobs.create(new_job(), None, 50)
    taken(funded, new_job())
    with pytest.raises(NotLeasable) as refused:
        taken(funded, new_job(), holder="theirs")
    assert refused.value.job.slots[0].lease.token == "mine"


def test_a_lease_that_ran_out_is_given_to_the_next(funded):
    funded.jobs.create(new_job(), None, 50)
    taken(funded, new_job(), seconds=-1)
    job = taken(funded, new_job(), holder="theirs")
    assert job.slots[0].lease.token == "theirs"
    assert job.slots[0].leases == 2


def test_no_slot_of_an_ended_job_is_leased(funded):
    job = new_job()
    funded.jobs.create(job, None, 50)
    funded.jobs.end(job, cancel(job, NOW))
    with pytest.raises(NotLeasable):
        taken(funded, job)


def test_a_lease_on_an_unknown_job_finds_nothing(funded):
    with pytest.raises(NotFound):
        taken(funded, new_job())


def test_a_stored_slot_keeps_its_image_and_gives_up_its_lease(funded):
    funded.jobs.create(new_job(2), None, 50)
    job = with_slot_stored(funded, new_job(2), slot=1)
    assert job.slots[1].status is SlotStatus.STORED
    assert job.slots[1].image.size == 1234
    assert job.slots[1].lease is None
    assert funded.jobs.get(WORKSPACE, job.id) == job


def test_a_worker_that_lost_its_lease_writes_nothing(funded):
    funded.jobs.create(new_job(), None, 50)
    stale = taken(funded, new_job(), holder="stale", seconds=-1)
    current = taken(funded, new_job(), holder="current")
    with pytest.raises(LeaseLost):
        funded.jobs.finish_slot(stale, 0, "stale", stored(stale.slots[0]), LATER)
    assert funded.jobs.get(WORKSPACE, stale.id) == current


def test_a_worker_of_a_canceled_job_writes_nothing(funded):
    funded.jobs.create(new_job(), None, 50)
    job = taken(funded, new_job())
    funded.jobs.end(job, cancel(job, LATER))
    with pytest.raises(LeaseLost) as lost:
        funded.jobs.finish_slot(job, 0, "mine", stored(job.slots[0]), LATER)
    assert lost.value.job.status is JobStatus.CANCELED


def test_a_slot_that_may_be_tried_again_waits_without_a_lease(funded):
    funded.jobs.create(new_job(), None, 50)
    job = taken(funded, new_job())
    failure = Failure(code="provider_failed", message="no")
    waiting = replace(job.slots[0], status=SlotStatus.WAITING, failure=failure)
    job = funded.jobs.finish_slot(job, 0, "mine", waiting, LATER)
    assert (job.slots[0].status, job.slots[0].lease) == (SlotStatus.WAITING, None)
    assert taken(funded, job, holder="again").slots[0].leases == 2


def parked_by(store, job):
    slot = taken(store, job).slots[0]
    kept = replace(slot, pending=PARKED, lease=lease_until(120, "held"))
    return store.jobs.finish_slot(store.jobs.get(WORKSPACE, job.id), 0, "mine", kept, LATER)


def message(job, held="held"):
    return SlotMessage(workspace=WORKSPACE, job=job.id, slot=0, held=held)


def test_a_parked_slot_reads_back_as_it_was_left_and_stays_leased(funded):
    job = funded.jobs.create(new_job(), None, 50)
    pending = parked_by(funded, job)
    assert funded.jobs.get(WORKSPACE, job.id) == pending
    assert pending.slots[0].pending == PARKED
    with pytest.raises(NotLeasable):
        taken(funded, job, holder="another")


def test_a_parked_slot_is_gone_on_with_by_whoever_has_its_lease_and_each_look_is_counted(funded):
    job = funded.jobs.create(new_job(), None, 50)
    parked_by(funded, job)
    resumed = funded.jobs.resume(message(job), lease_until(60, "next"), NOW)
    assert resumed.slots[0].lease == lease_until(60, "next")
    assert (resumed.slots[0].pending.polls, resumed.slots[0].leases) == (1, 1)
    with pytest.raises(NotLeasable):
        funded.jobs.resume(message(job), lease_until(60, "third"), NOW)


def test_only_what_is_parked_is_gone_on_with(funded):
    job = funded.jobs.create(new_job(), None, 50)
    taken(funded, job, holder="held")
    with pytest.raises(NotLeasable):
        funded.jobs.resume(message(job), lease_until(60, "next"), NOW)
    with pytest.raises(NotFound):
        funded.jobs.resume(message(new_job(number=9)), lease_until(60, "next"), NOW)


def test_nothing_of_an_ended_job_is_gone_on_with(funded):
    job = funded.jobs.create(new_job(), None, 50)
    pending = parked_by(funded, job)
    funded.jobs.end(pending, cancel(pending, LATER))
    with pytest.raises(NotLeasable) as ended:
        funded.jobs.resume(message(job), lease_until(60, "next"), NOW)
    assert ended.value.job.slots[0].pending == PARKED


def test_settling_captures_what_is_stored_and_releases_the_rest(funded):
    funded.jobs.create(new_job(2, price=3), None, 50)
    job = with_slot_stored(funded, new_job(2), slot=0)
    leased = taken(funded, job, slot=1)
    failed = replace(leased.slots[1], status=SlotStatus.FAILED)
    job = funded.jobs.finish_slot(leased, 1, "mine", failed, LATER)
    ended = funded.jobs.end(job, settle(job, LATER))
    assert ended.status is JobStatus.PARTIAL
    assert ended.charge == Charge(captured=3, released=3)
    account = funded.accounts.get(WORKSPACE)
    assert (account.balance, account.held, account.spent) == (97, 0, 3)
    assert sorted(funded.ledger()) == sorted(
        [
            ("grant", 100, None),
            ("hold", 6, job.id),
            ("capture", 3, job.id),
            ("release", 3, job.id),
        ]
    )


def test_a_job_ends_once_however_often_it_is_told_to(funded):
    funded.jobs.create(new_job(), None, 50)
    job = with_slot_stored(funded, new_job())
    first = funded.jobs.end(job, settle(job, LATER))
    again = funded.jobs.end(job, settle(job, LATER + timedelta(seconds=1)))
    assert again == first
    assert funded.accounts.get(WORKSPACE).spent == 1


def test_an_end_that_was_decided_on_an_older_job_is_not_written(funded):
    job = new_job()
    funded.jobs.create(job, None, 50)
    current = with_slot_stored(funded, job)
    assert funded.jobs.end(job, cancel(job, LATER)) is None
    assert funded.jobs.get(WORKSPACE, job.id) == current
    assert funded.accounts.get(WORKSPACE).held == 1


def test_no_more_images_are_on_their_way_than_the_limit(funded):
    first, second, third = (new_job(2, number=number) for number in range(1, 4))
    funded.jobs.create(first, None, 4)
    funded.jobs.create(second, None, 4)
    with pytest.raises(TooManyInFlight):
        funded.jobs.create(third, None, 4)
    assert funded.accounts.get(WORKSPACE).in_flight == 4
    funded.jobs.end(first, cancel(first, NOW))
    assert funded.jobs.create(third, None, 4) == third


def test_what_comes_when_its_workspaces_share_is_on_its_way_is_backlog(funded):
    within, beyond, after = (new_job(2, number=number) for number in range(1, 4))
    assert not funded.jobs.create(within, None, 50, share=2).backlog
    assert funded.jobs.create(beyond, None, 50, share=2) == replace(beyond, backlog=True)
    assert funded.jobs.get(WORKSPACE, beyond.id).backlog
    for job in (within, beyond):
        current = funded.jobs.get(WORKSPACE, job.id)
        funded.jobs.end(current, cancel(current, NOW))
    assert not funded.jobs.create(after, None, 50, share=2).backlog
    assert funded.accounts.get(WORKSPACE).in_flight == 2


def test_the_backlog_is_within_the_limits_too(funded):
    first, second, third = (new_job(2, number=number) for number in range(1, 4))
    funded.jobs.create(first, None, 4, share=1)
    funded.jobs.create(second, None, 4, share=1)
    with pytest.raises(TooManyInFlight):
        funded.jobs.create(third, None, 4, share=1)
    with pytest.raises(InsufficientCredits):
        funded.jobs.create(new_job(2, number=4, price=60), None, 50, share=1)


def test_a_change_is_saved_on_the_job_as_it_was_read_and_on_no_other(funded):
    job = new_job()
    funded.jobs.create(job, None, 50)
    looked = looked_at(job, LATER)
    assert funded.jobs.save(job, looked)
    assert funded.jobs.get(WORKSPACE, job.id) == looked
    assert not funded.jobs.save(job, replace(job, looks=7, version=2))


def test_what_is_due_is_found_and_what_has_ended_is_not(funded):
    jobs = [new_job(number=number) for number in range(1, 9)]
    for job in jobs:
        funded.jobs.create(job, None, 50)
    funded.jobs.end(jobs[0], cancel(jobs[0], NOW))
    looked = looked_at(jobs[1], jobs[1].due_at)
    funded.jobs.save(jobs[1], looked)
    due = funded.jobs.due(jobs[1].due_at, 100)
    assert sorted(due) == sorted((WORKSPACE, job.id) for job in jobs[2:])
    assert funded.jobs.due(jobs[1].due_at - timedelta(seconds=1), 100) == []
    assert (WORKSPACE, jobs[1].id) in funded.jobs.due(looked.due_at, 100)
