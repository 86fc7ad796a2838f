from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.job import (
    JOB_MOVES,
    SLOT_MOVES,
    JobStatus,
    Lease,
    LeaseLost,
    NotLeasable,
    SlotStatus,
)
from darkroom.domain.job_moves import CANCELED, IllegalMove, cancel, finish_slot, lease, settle
from darkroom.domain.money import Charge
from tests.builders import NOW, new_job, stored

MINE = Lease(token="mine", until=NOW + timedelta(seconds=60))


def made(job, index=0):
    leased = lease(job, index, MINE, NOW)
    return finish_slot(leased, index, "mine", stored(leased.slots[index]), NOW)


def failed(job, index=0):
    leased = lease(job, index, MINE, NOW)
    ended = replace(leased.slots[index], status=SlotStatus.FAILED)
    return finish_slot(leased, index, "mine", ended, NOW)


def test_terminal_states_never_change():
    for status in JobStatus:
        assert status.is_terminal == (not JOB_MOVES[status])
    assert {status for status in JobStatus if status.is_terminal} == {
        JobStatus.COMPLETED,
        JobStatus.PARTIAL,
        JobStatus.FAILED,
        JobStatus.CANCELED,
    }
    assert {status for status in SlotStatus if status.is_terminal} == {
        SlotStatus.STORED,
        SlotStatus.FAILED,
    }


def test_every_state_is_in_the_table_of_moves():
    assert set(JOB_MOVES) == set(JobStatus)
    assert set(SLOT_MOVES) == set(SlotStatus)


def test_the_first_lease_starts_the_job_and_later_ones_keep_its_start():
    first = lease(new_job(2), 0, MINE, NOW)
    second = lease(first, 1, MINE, NOW + timedelta(seconds=9))
    assert (first.status, second.started_at) == (JobStatus.PROCESSING, NOW)


def test_a_slot_is_leased_again_only_when_its_lease_ran_out():
    job = lease(new_job(), 0, MINE, NOW)
    with pytest.raises(NotLeasable):
        lease(job, 0, MINE, MINE.until)
    assert lease(job, 0, MINE, MINE.until + timedelta(seconds=1)).slots[0].leases == 2


def test_a_stored_slot_is_never_leased():
    with pytest.raises(NotLeasable):
        lease(made(new_job(2)), 0, MINE, NOW)


def test_only_the_holder_of_the_lease_finishes_the_slot():
    job = lease(new_job(), 0, MINE, NOW)
    with pytest.raises(LeaseLost):
        finish_slot(job, 0, "another", stored(job.slots[0]), NOW)


@pytest.mark.parametrize(
    ("outcomes", "status", "charge"),
    [
        ("ss", JobStatus.COMPLETED, Charge(captured=6, released=0)),
        ("sf", JobStatus.PARTIAL, Charge(captured=3, released=3)),
        ("ff", JobStatus.FAILED, Charge(captured=0, released=6)),
    ],
)
def test_a_job_is_charged_for_what_is_stored(outcomes, status, charge):
    job = new_job(2, price=3)
    for index, outcome in enumerate(outcomes):
        job = made(job, index) if outcome == "s" else failed(job, index)
    ended = settle(job, NOW)
    assert (ended.status, ended.charge, ended.finished_at) == (status, charge, NOW)


def test_a_job_with_an_open_slot_is_not_settled():
    with pytest.raises(IllegalMove):
        settle(made(new_job(2)), NOW)


def test_cancel_keeps_what_is_stored_and_gives_up_the_rest():
    job = lease(made(new_job(3, price=2)), 1, MINE, NOW)
    ended = cancel(job, NOW)
    assert ended.status is JobStatus.CANCELED
    assert [slot.status for slot in ended.slots] == [
        SlotStatus.STORED,
        SlotStatus.FAILED,
        SlotStatus.FAILED,
    ]
    assert ended.slots[1].failure == CANCELED
    assert ended.charge == Charge(captured=2, released=4)


def test_an_ended_job_is_not_canceled():
    with pytest.raises(IllegalMove):
        cancel(settle(made(new_job()), NOW), NOW)


def test_every_move_makes_a_new_version():
    versions = [new_job().version, lease(new_job(), 0, MINE, NOW).version, made(new_job()).version]
    assert versions == [1, 2, 3]
