"""What is known of a workspace's delivery workers, on AWS's own interfaces, and what it costs."""

from __future__ import annotations

import pytest

from darkroom.aws.delivery_limit import DynamoDeliveryLimit
from darkroom.aws.delivery_queue import SqsDeliveryQueue
from darkroom.aws.session import Clients
from darkroom.aws.table import Table
from darkroom.aws.webhook_records import delivery_limit_key
from darkroom.domain.event_ports import DeliveryLoad, DeliveryMessage
from tests.contract.test_breakers import READ, WRITE, Away, Workers
from tests.moto_world import moto_world

PLACES = 2
MESSAGE = DeliveryMessage(workspace="acme", webhook="hook", delivery="one")


class Functions(Workers):
    """`limit()` is a further process's."""

    def limit(self, client=None):
        return DynamoDeliveryLimit(
            Table(client or self.client, self.table), PLACES, self.clock, lambda: self.seconds
        )


@pytest.fixture
def functions():
    with moto_world() as environment:
        made = Functions(environment["TABLE_NAME"])
        made.environment = environment
        yield made


def test_a_workspace_has_so_many_delivery_workers_at_once_and_no_more(functions):
    limit = functions.limit()
    places = [limit.acquire("acme", f"token-{number}") for number in range(3)]
    assert [place and place.number for place in places].count(None) == 1
    assert {place.number for place in places if place} == {0, 1}
    assert limit.acquire("another", "token-3") is not None
    limit.release(places[0])
    assert functions.limit().acquire("acme", "token-4").number == places[0].number


def test_a_place_costs_a_call_and_so_does_giving_it_back(functions):
    limit = functions.limit()
    place = limit.acquire("acme", "token")
    limit.look("acme")
    limit.record_time("acme", "hook", 0.1)
    limit.release(place)
    assert functions.calls() == {WRITE: 2}


def test_the_place_of_one_that_died_is_free_after_its_time(functions):
    limit = functions.limit()
    old = [limit.acquire("acme", f"token-{number}") for number in range(PLACES)]
    functions.pass_time(31)
    new = limit.acquire("acme", "another")
    assert new is not None
    for place in old:
        limit.release(place)  # it was not dead, only late
    assert limit.acquire("acme", "third") is not None
    assert limit.acquire("acme", "fourth") is None


def test_a_workspace_is_saturated_where_all_permits_are_held_and_one_for_seconds(functions):
    limit = functions.limit()
    limit.acquire("acme", "token-0")
    functions.pass_time(2)
    assert not functions.limit().look("acme").is_saturated
    limit.acquire("acme", "token-1")
    assert functions.limit().look("acme").is_saturated
    assert not functions.limit().look("another").is_saturated


def test_quick_ones_that_fill_all_places_do_not_hang(functions):
    limit = functions.limit()
    for number in range(PLACES):
        limit.acquire("acme", f"token-{number}")
    assert not functions.limit().look("acme").is_saturated


def test_one_slow_answer_makes_a_webhook_slow_and_three_quick_ones_make_it_quick(functions):
    limit = functions.limit()
    limit.look("acme")
    limit.record_time("acme", "hook", 12)
    functions.pass_time(1)
    slow = []
    for _ in range(3):
        slow.append(limit.look("acme").slow_webhooks)
        limit.record_time("acme", "hook", 0)
        functions.pass_time(1)
    assert slow == [{"hook"}] * 2 + [{"hook"}]
    assert limit.look("acme").slow_webhooks == set()


def test_it_is_quick_again_to_processes_that_have_never_heard_of_it(functions):
    """Those of the slow queue take no places, and so have read nothing yet."""
    functions.limit().record_time("acme", "hook", 12)
    for _ in range(3):
        assert functions.limit().look("acme").slow_webhooks == {"hook"}
        functions.limit().record_time("acme", "hook", 0)
    assert functions.limit().look("acme").slow_webhooks == set()


def test_what_is_old_is_taken_away_with_the_next_that_is_slow(functions):
    for number in range(3):
        functions.limit().record_time("acme", f"gone-{number}", 12)
    functions.pass_time(24 * 3600 + 1)
    functions.limit().record_time("acme", "hook", 12)
    key = delivery_limit_key("acme")
    item = functions.client.get_item(TableName=functions.table, Key=key)["Item"]
    assert [name for name in item if name.startswith("average_")] == ["average_hook"]


def test_a_slow_webhook_is_tried_anew_after_a_day(functions):
    limit = functions.limit()
    limit.record_time("acme", "hook", 12)
    functions.pass_time(24 * 3600 + 1)
    assert limit.look("acme") == DeliveryLoad()


def test_what_was_read_is_good_for_a_second(functions):
    limit = functions.limit()
    for _ in range(3):
        limit.look("acme")
    functions.pass_time(1)
    limit.look("acme")
    assert functions.calls() == {READ: 2}


def test_an_outage_stands_in_nobodys_way(functions):
    limit = functions.limit(Away())
    assert limit.look("acme") == DeliveryLoad()
    limit.record_time("acme", "hook", 12)


@pytest.mark.parametrize(
    ("seconds", "queue"), [(0.2, "WEBHOOKS_QUEUE_URL"), (12, "SLOW_WEBHOOKS_QUEUE_URL")]
)
def test_whatever_sends_a_delivery_sends_slow_ones_to_the_queue_of_those(functions, seconds, queue):
    functions.limit().record_time("acme", "hook", seconds)
    urls = functions.environment
    sqs = Clients().get("sqs")
    sender = SqsDeliveryQueue(
        sqs, urls["WEBHOOKS_QUEUE_URL"], urls["SLOW_WEBHOOKS_QUEUE_URL"], functions.limit()
    )
    assert sender.send(MESSAGE)
    answer = sqs.receive_message(QueueUrl=urls[queue], MessageSystemAttributeNames=["All"])
    [message] = answer["Messages"]
    assert message["Attributes"]["MessageGroupId"] == "acme"


def test_one_whose_workspace_hangs_goes_there_too(functions):
    limit = functions.limit()
    for number in range(PLACES):
        limit.acquire("acme", f"token-{number}")
    functions.pass_time(3)
    urls, sqs = functions.environment, Clients().get("sqs")
    sender = SqsDeliveryQueue(
        sqs, urls["WEBHOOKS_QUEUE_URL"], urls["SLOW_WEBHOOKS_QUEUE_URL"], functions.limit()
    )
    sender.send(MESSAGE)
    assert "Messages" in sqs.receive_message(QueueUrl=urls["SLOW_WEBHOOKS_QUEUE_URL"])
