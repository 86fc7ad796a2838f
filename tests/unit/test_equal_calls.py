"""Which job a repeated call joins, told by the tries of clients as they come in."""

from datetime import UTC, datetime, timedelta

import pytest

from darkroom.domain.equal_calls import JOINED_WITHIN, EqualCalls
from darkroom.domain.ids import uuid7

START = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


class Server:
    """Answers tries of one call: each with the job that it joined, or with a new one."""

    def __init__(self):
        self.calls, self.now, self.count = EqualCalls(call="c"), START, 0

    def receive(self, number=0):
        job = self.calls.joined_by(number, self.now)
        if job is not None:
            self.calls = self.calls.with_try(job, number)
            return job
        self.count += 1
        job = uuid7(int(self.now.timestamp() * 1000), self.count)
        self.calls = self.calls.with_job(job, number)
        return job

    def ask_again(self, job):
        self.calls = self.calls.with_retriable(job)

    def pass_time(self, **period):
        self.now += timedelta(**period)


@pytest.fixture
def server():
    return Server()


def test_two_equal_calls_are_two_jobs(server):
    assert server.receive() != server.receive()


def test_each_repeat_joins_its_call(server):
    job = server.receive(0)
    assert [server.receive(1), server.receive(2)] == [job, job]


def test_the_repeats_of_two_equal_calls_join_both(server):
    jobs = {server.receive(0), server.receive(0)}
    assert {server.receive(1), server.receive(1)} == jobs
    assert {server.receive(2), server.receive(2)} == jobs


def test_however_often_a_client_repeats_its_call_it_is_one_job(server):
    assert len({server.receive(number) for number in range(30)}) == 1


def test_a_repeat_whose_first_try_never_came_in_makes_a_job_once(server):
    job = server.receive(1)
    assert server.receive(2) == job


def test_a_first_try_that_its_repeat_overtook_joins_it(server):
    job = server.receive(1)
    server.pass_time(seconds=3)
    assert server.receive(0) == job
    assert server.receive(0) != job


def test_a_later_first_try_is_a_call_of_its_own(server):
    job = server.receive(1)
    server.pass_time(seconds=11)
    assert server.receive(0) != job


def test_a_call_that_was_answered_with_send_it_again_is_joined_once(server):
    job = server.receive()
    server.ask_again(job)
    assert server.receive() == job
    assert server.receive() != job


def test_a_repeat_that_counts_its_tries_is_the_one_that_was_asked_for(server):
    job = server.receive(0)
    server.ask_again(job)
    assert server.receive(1) == job
    assert server.receive(0) != job


def test_two_calls_that_were_both_asked_again_are_joined_once_each(server):
    jobs = [server.receive(), server.receive()]
    for job in jobs:
        server.ask_again(job)
    assert {server.receive(), server.receive()} == set(jobs)
    assert server.receive() not in jobs


def test_after_some_minutes_a_repeat_makes_a_job_of_its_own(server):
    job = server.receive(0)
    server.pass_time(seconds=JOINED_WITHIN.total_seconds() - 1)
    assert server.receive(1) == job
    server.pass_time(seconds=2)
    assert server.receive(2) != job


def test_send_it_again_is_good_for_ten_minutes_after_the_longest_wait(server):
    job = server.receive()
    server.pass_time(seconds=250)
    server.ask_again(job)
    server.pass_time(minutes=10)
    assert server.receive() == job
    server.ask_again(job)
    server.pass_time(minutes=5)
    assert server.receive() != job


def test_only_the_newest_of_many_equal_calls_are_remembered(server):
    jobs = [server.receive(0) for _ in range(70)]
    assert len(server.calls.jobs) == 50
    assert server.receive(1) == max(jobs)
