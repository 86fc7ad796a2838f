"""What the workers know together of a route, on AWS's own interfaces, and what it costs them."""

from __future__ import annotations

from collections import Counter

import pytest
from botocore.exceptions import EndpointConnectionError

from darkroom.aws.breakers import DynamoBreaker
from darkroom.aws.session import Clients
from darkroom.aws.table import Table
from darkroom.domain.catalogue import ProviderRoute
from tests.fakes.world import FakeClock
from tests.moto_world import moto_world

ROUTE = ProviderRoute(provider="fal", model="fal-ai/flux/dev")
OTHER_MODEL = ProviderRoute(provider="fal", model="fal-ai/flux/schnell")
PAINTER = ProviderRoute(provider="painter", model="painter")
OUTAGE = 30
READ, WRITE = "get_item", "update_item"


class CountedClient:
    def __init__(self, client):
        self.client, self.calls = client, Counter()

    def __getattr__(self, operation):
        def call(**arguments):
            self.calls[operation] += 1
            return getattr(self.client, operation)(**arguments)

        return call


class Workers:
    """`breaker()` is a further worker's; time passes for all, and `calls()` counts since it was
    last asked.
    """

    def __init__(self, table):
        self.table, self.clock, self.seconds = table, FakeClock(), 0.0
        self.client = CountedClient(Clients().get("dynamodb"))

    def breaker(self):
        return DynamoBreaker(
            Table(self.client, self.table),
            self.clock,
            lambda: self.seconds,
            in_process=("painter",),
        )

    def pass_time(self, seconds):
        self.seconds += seconds
        self.clock.pass_time(seconds)

    def calls(self):
        counted = dict(self.client.calls)
        self.client.calls.clear()
        return counted


@pytest.fixture
def workers():
    with moto_world() as environment:
        yield Workers(environment["TABLE_NAME"])


def fail(breaker, times=1, open_for=None, route=ROUTE):
    for _ in range(times):
        breaker.failed(route, open_for=open_for)


def test_a_route_that_nothing_is_known_of_is_open(workers):
    breaker = workers.breaker()
    assert breaker.open_for(ROUTE) == 0
    assert workers.calls() == {READ: 1}


def test_one_failure_that_tells_for_how_long_closes_the_route_at_once(workers):
    breaker = workers.breaker()
    fail(breaker, open_for=300)
    assert breaker.open_for(ROUTE) == 300
    workers.pass_time(299.5)
    assert breaker.open_for(ROUTE) == 1
    workers.pass_time(0.5)
    assert breaker.open_for(ROUTE) == 0


def test_other_failures_close_it_when_there_are_five_in_a_row(workers):
    breaker = workers.breaker()
    fail(breaker, 4)
    assert breaker.open_for(ROUTE) == 0
    fail(breaker)
    assert breaker.open_for(ROUTE) == OUTAGE


def test_failures_of_all_workers_count_together(workers):
    for _ in range(5):
        fail(workers.breaker())
    assert workers.breaker().open_for(ROUTE) == OUTAGE


def test_a_success_in_between_begins_the_count_anew(workers):
    breaker = workers.breaker()
    fail(breaker, 4)
    breaker.succeeded(ROUTE)
    fail(breaker, 4)
    assert breaker.open_for(ROUTE) == 0


def test_a_success_of_another_worker_that_has_looked_begins_it_anew_too(workers):
    first, second = workers.breaker(), workers.breaker()
    fail(first, 4)
    second.open_for(ROUTE)
    second.succeeded(ROUTE)
    fail(first, 4)
    assert first.open_for(ROUTE) == 0


def test_another_worker_knows_within_two_seconds(workers):
    first, second = workers.breaker(), workers.breaker()
    assert second.open_for(ROUTE) == 0
    fail(first, open_for=60)
    workers.pass_time(1.9)
    workers.calls()
    # What it has read a moment ago, it does not read again.
    assert second.open_for(ROUTE) == 0
    assert workers.calls() == {}
    workers.pass_time(0.1)
    assert second.open_for(ROUTE) == 58
    assert workers.calls() == {READ: 1}


def test_what_is_believed_ages_by_the_stopwatch_and_not_by_the_clock(workers):
    first, second = workers.breaker(), workers.breaker()
    second.open_for(ROUTE)
    fail(first, open_for=60)
    workers.clock.pass_time(10)
    assert second.open_for(ROUTE) == 0
    workers.seconds += 2
    assert second.open_for(ROUTE) == 50


def test_routes_are_closed_one_by_one(workers):
    breaker = workers.breaker()
    fail(breaker, open_for=60)
    assert breaker.open_for(OTHER_MODEL) == 0


def test_when_the_time_is_over_one_of_two_workers_tries_and_the_other_waits(workers):
    first, second = workers.breaker(), workers.breaker()
    fail(first, open_for=60)
    workers.pass_time(58)
    # Both have read the same state.
    assert [first.open_for(ROUTE), second.open_for(ROUTE)] == [2, 2]
    workers.pass_time(2)
    assert [first.open_for(ROUTE), second.open_for(ROUTE)] == [0, OUTAGE]
    workers.pass_time(1)
    assert second.open_for(ROUTE) > 0


def test_two_that_have_read_the_same_and_ask_at_once_are_told_apart_by_the_table(workers):
    first, second = workers.breaker(), workers.breaker()
    fail(first, open_for=1)
    second.open_for(ROUTE)
    workers.pass_time(1)
    workers.calls()
    assert sorted([second.open_for(ROUTE), first.open_for(ROUTE)]) == [0, OUTAGE]
    # Neither has read again: the condition has decided.
    assert workers.calls() == {WRITE: 2}


def test_whoever_comes_too_late_for_the_probe_learns_what_it_found(workers):
    first, second = workers.breaker(), workers.breaker()
    fail(first, open_for=1)
    second.open_for(ROUTE)
    workers.pass_time(1)
    assert first.open_for(ROUTE) == 0
    first.succeeded(ROUTE)
    # It has read what was before, and finds at its own probe that there is nothing to try.
    workers.calls()
    assert second.open_for(ROUTE) == 0
    assert workers.calls() == {WRITE: 1}


def test_a_probe_that_works_opens_the_route_for_all(workers):
    first, second = workers.breaker(), workers.breaker()
    fail(first, 5)
    workers.pass_time(OUTAGE)
    assert first.open_for(ROUTE) == 0
    first.succeeded(ROUTE)
    assert second.open_for(ROUTE) == 0
    fail(second, 4)
    assert second.open_for(ROUTE) == 0


def test_a_probe_that_fails_closes_it_again_at_once(workers):
    breaker = workers.breaker()
    fail(breaker, 5)
    workers.pass_time(OUTAGE)
    assert breaker.open_for(ROUTE) == 0
    fail(breaker)
    assert breaker.open_for(ROUTE) == OUTAGE


def test_a_probe_that_is_never_heard_of_again_is_followed_by_another(workers):
    first, second = workers.breaker(), workers.breaker()
    fail(first, 5)
    workers.pass_time(OUTAGE)
    assert first.open_for(ROUTE) == 0
    workers.pass_time(OUTAGE)
    assert second.open_for(ROUTE) == 0


def test_the_painter_is_in_this_process_and_costs_no_call(workers):
    breaker = workers.breaker()
    fail(breaker, 9, open_for=60, route=PAINTER)
    breaker.succeeded(PAINTER)
    assert breaker.open_for(PAINTER) == 0
    assert workers.calls() == {}


def test_an_image_that_is_made_costs_a_read_every_two_seconds(workers):
    breaker = workers.breaker()
    for _ in range(10):
        assert breaker.open_for(ROUTE) == 0
        breaker.succeeded(ROUTE)
    assert workers.calls() == {READ: 1}


def test_a_failure_costs_a_write_and_one_that_closes_the_route_two(workers):
    breaker = workers.breaker()
    fail(breaker, 4)
    assert workers.calls() == {WRITE: 4}
    fail(breaker)
    assert workers.calls() == {WRITE: 2}
    fail(breaker, open_for=60)
    assert workers.calls() == {WRITE: 2}


def test_a_probe_costs_a_write_and_its_success_another(workers):
    breaker = workers.breaker()
    fail(breaker, open_for=60)
    workers.pass_time(60)
    workers.calls()
    assert breaker.open_for(ROUTE) == 0
    assert workers.calls() == {READ: 1, WRITE: 1}
    breaker.succeeded(ROUTE)
    assert workers.calls() == {WRITE: 1}
    breaker.succeeded(ROUTE)
    assert workers.calls() == {}


def test_what_is_known_goes_by_itself_a_day_after_the_last_word(workers):
    fail(workers.breaker())
    [item] = workers.client.client.scan(TableName=workers.table)["Items"]
    day = 24 * 3600
    assert int(item["expires_at"]["N"]) == workers.clock.now().timestamp() + day


class Away:
    """DynamoDB, while nobody answers there."""

    def __getattr__(self, operation):
        def call(**_arguments):
            raise EndpointConnectionError(endpoint_url="https://dynamodb")

        return call


def test_it_is_advice_an_image_is_made_without_it(workers):
    breaker = DynamoBreaker(Table(Away(), workers.table), workers.clock, lambda: workers.seconds)
    assert breaker.open_for(ROUTE) == 0
    fail(breaker, open_for=300)
    breaker.succeeded(ROUTE)


def test_a_probe_that_is_told_to_wait_a_second_waits_a_second(workers):
    breaker = workers.breaker()
    fail(breaker, open_for=1)
    workers.pass_time(5)
    assert breaker.open_for(ROUTE) == 0
    fail(breaker, open_for=1)
    assert breaker.open_for(ROUTE) == 1


def test_what_another_knows_to_take_longer_stands(workers):
    fail(workers.breaker(), open_for=300)
    breaker = workers.breaker()
    fail(breaker, open_for=15)
    assert breaker.open_for(ROUTE) == 300
