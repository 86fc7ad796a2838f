import pytest

from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.domain.errors import (
    AlreadyFinished,
    InsufficientCredits,
    InvalidRequest,
    NotFound,
    RateLimited,
)
from darkroom.domain.job import Lease
from darkroom.domain.job_moves import cancel, expire, settle
from darkroom.domain.operations import Caller, CancelJob, Offer, ReadJob, SubmitJob
from darkroom.usecases.jobs import cancel_job, read_job, settle_job
from darkroom.usecases.limits import check_rate_limit
from darkroom.usecases.resolve_references import ReferenceStores
from darkroom.usecases.submit_job import submit_job
from tests.builders import WORKSPACE, grant, image_request, stored
from tests.builders import account as new_account
from tests.fakes.store import (
    FakeAccounts,
    FakeAliases,
    FakeCollections,
    FakeJobs,
    FakeLibrary,
    FakeQueue,
    FakeTable,
)
from tests.fakes.world import FakeClock, FakeIds

CALLER = Caller(workspace=WORKSPACE, scopes=frozenset({"read", "generate"}), key="k")


class House:
    def __init__(self, credits_granted=100, rpm=600):
        self.table, self.clock = FakeTable(), FakeClock()
        self.jobs, self.queue = FakeJobs(self.table), FakeQueue()
        self.accounts = FakeAccounts(self.table)
        self.stores = ReferenceStores(
            jobs=self.jobs,
            library=FakeLibrary(self.table),
            collections=FakeCollections(self.table),
            aliases=FakeAliases(),
        )
        opened = new_account(credits_granted, rpm=rpm)
        self.accounts.open(opened, grant(opened))

    def submit(self, wait=0, **request):
        account, _ = check_rate_limit(CALLER, accounts=self.accounts, now=self.clock.now())
        return submit_job(
            SubmitJob(
                dialect="native",
                request=image_request(**request),
                offer=Offer(name="painter", price=1),
                wait=wait,
            ),
            CALLER,
            account,
            catalogue=whole_catalogue(),
            stores=self.stores,
            queue=self.queue,
            clock=self.clock,
            ids=FakeIds(),
            share=5,
        )

    def make_everything(self):
        """What the workers do meanwhile."""
        for workspace, name, slot in self.queue.sent:
            job = self.jobs.get(workspace, name)
            if job.status.is_terminal:
                continue
            now = self.clock.now()
            job = self.jobs.lease(workspace, name, slot, Lease(token="t", until=now), now)
            job = self.jobs.finish_slot(job, slot, "t", stored(job.slots[slot]), now)
            settle_job(job, jobs=self.jobs, clock=self.clock)


def test_an_accepted_job_is_stored_paid_for_and_sent():
    house = House()
    submitted = house.submit(n=3)
    assert house.jobs.get(WORKSPACE, submitted.job.id) == submitted.job
    assert [slot for _, _, slot in house.queue.sent] == [0, 1, 2]
    assert house.accounts.get(WORKSPACE).held == 3


def test_a_refused_job_leaves_nothing():
    house = House(credits_granted=2)
    with pytest.raises(InvalidRequest):
        house.submit(model="unknown")
    with pytest.raises(InsufficientCredits):
        house.submit(n=3)
    assert (house.table.jobs, house.queue.sent) == ({}, [])


def test_requests_over_the_limit_are_told_when_to_come_back():
    house = House(rpm=2)
    house.clock.pass_time(48)
    house.submit()
    house.submit()
    with pytest.raises(RateLimited) as refused:
        house.submit()
    assert refused.value.retry_after == 12
    house.clock.pass_time(12)
    house.submit()


def test_a_job_whose_messages_were_lost_is_accepted_all_the_same():
    house = House()
    house.queue.lost = {0, 1}
    assert house.submit(n=2).job.status == "pending"


def test_a_small_job_is_within_its_workspaces_share_and_what_follows_many_is_not():
    house = House()
    assert [house.submit(n=n).job.backlog for n in (2, 2, 2, 1)] == [False, False, False, True]


def test_a_wait_ends_with_the_job():
    house = House()
    house.clock.on_sleep = house.make_everything
    submitted = house.submit(wait=20, n=2)
    assert submitted.job.status == "completed"
    assert (house.clock.now() - submitted.job.created_at).total_seconds() < 1


def test_a_wait_that_runs_out_gives_the_job_as_it_is():
    house = House()
    submitted = house.submit(wait=5)
    assert submitted.job.status == "pending"
    assert (house.clock.now() - submitted.job.created_at).total_seconds() == pytest.approx(5)


def test_reading_waits_too():
    house = House()
    job = house.submit().job
    house.clock.on_sleep = house.make_everything
    done = read_job(ReadJob(job=job.id, wait=5), CALLER, jobs=house.jobs, clock=house.clock)
    assert done.status == "completed"


def test_a_job_that_changes_while_it_is_canceled_is_canceled_as_it_is_then():
    house = House()
    job = house.submit(n=2).job
    first_look = house.jobs.get

    def changes_behind_our_back(workspace, name):
        seen = first_look(workspace, name)
        house.jobs.get = first_look
        now = house.clock.now()
        leased = house.jobs.lease(workspace, name, 0, Lease(token="t", until=now), now)
        house.jobs.finish_slot(leased, 0, "t", stored(leased.slots[0]), now)
        return seen

    house.jobs.get = changes_behind_our_back
    ended = cancel_job(
        CancelJob(job=job.id), CALLER, jobs=house.jobs, queue=house.queue, clock=house.clock
    )
    assert ended.charge.captured == 1
    assert house.accounts.get(WORKSPACE).spent == 1


@pytest.mark.parametrize("end", [settle, expire], ids=["completed", "failed"])
def test_a_cancel_that_loses_against_the_jobs_end_says_that_the_job_has_finished(end):
    house = House()
    job = house.submit().job
    look = house.jobs.get

    def ends_behind_our_back(workspace, name):
        seen = look(workspace, name)
        house.jobs.get = look
        if end is settle:
            house.make_everything()
        else:
            house.jobs.end(seen, expire(seen, seen.deadline))
        return seen

    house.jobs.get = ends_behind_our_back
    with pytest.raises(AlreadyFinished) as refused:
        cancel_job(
            CancelJob(job=job.id), CALLER, jobs=house.jobs, queue=house.queue, clock=house.clock
        )
    assert refused.value.status == ("completed" if end is settle else "failed")
    assert house.jobs.get(WORKSPACE, job.id).status == refused.value.status


def test_a_cancel_that_loses_against_another_answers_as_it_does():
    house = House()
    job = house.submit().job
    look, command = house.jobs.get, CancelJob(job=job.id)
    given = {"jobs": house.jobs, "queue": house.queue, "clock": house.clock}

    def canceled_behind_our_back(workspace, name):
        seen = look(workspace, name)
        house.jobs.get = look
        cancel_job(command, CALLER, **given)
        return seen

    house.jobs.get = canceled_behind_our_back
    assert cancel_job(command, CALLER, **given).status == "canceled"
    assert house.accounts.get(WORKSPACE).balance == 100


def test_canceling_twice_answers_alike_and_refunds_once():
    house = House()
    job = house.submit(n=2).job
    again = CancelJob(job=job.id)
    first = cancel_job(again, CALLER, jobs=house.jobs, queue=house.queue, clock=house.clock)
    second = cancel_job(again, CALLER, jobs=house.jobs, queue=house.queue, clock=house.clock)
    assert first == second == house.jobs.end(job, cancel(job, house.clock.now()))
    assert house.accounts.get(WORKSPACE).balance == 100


def test_somebody_elses_job_is_not_found():
    house = House()
    job = house.submit().job
    other = Caller(workspace="other", scopes=CALLER.scopes, key="k")
    with pytest.raises(NotFound):
        cancel_job(
            CancelJob(job=job.id), other, jobs=house.jobs, queue=house.queue, clock=house.clock
        )
    with pytest.raises(NotFound):
        read_job(ReadJob(job=job.id), other, jobs=house.jobs, clock=house.clock)
