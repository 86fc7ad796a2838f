from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.delivery import Delivery, DeliveryStatus, begun, delivery_id
from darkroom.domain.errors import NotFound, NotReady, TooManyToday
from darkroom.domain.operations import Caller
from darkroom.domain.webhook import OF_REQUESTS, Webhook
from darkroom.domain.webhook_operations import Redeliver, RedeliverAll, WhichDeliveries
from darkroom.usecases.webhooks import WebhookCommands
from tests.builders import NOW, WORKSPACE, account, grant, number_id
from tests.fakes.event_ports import FakeDeliveries, FakeDeliveryQueue, FakeWebhooks
from tests.fakes.store import FakeAccounts, FakeTable
from tests.fakes.world import FakeClock

DELIVERY = Delivery(
    id=number_id(1),
    workspace=WORKSPACE,
    webhook=OF_REQUESTS,
    url="https://shop.example/done",
    event=number_id(2),
    name="job.completed",
    body="{}",
    created_at=NOW,
    next_at=NOW,
    due_at=None,
    since=NOW,
)
CALLER = Caller(workspace=WORKSPACE, scopes=frozenset({"webhooks"}), key="k")


class Trying(FakeDeliveries):
    """Somebody begins a try between each look and the write after it."""

    def get(self, workspace, webhook, delivery):
        seen = super().get(workspace, webhook, delivery)
        self.kept[workspace, webhook, delivery] = replace(seen, version=seen.version + 1)
        return seen


def opened(**quotas):
    accounts, made = FakeAccounts(FakeTable()), replace(account(), **quotas)
    accounts.open(made, grant(made))
    return accounts


def keeper(deliveries, queue, **quotas):
    deliveries.add(DELIVERY)
    return WebhookCommands(
        webhooks=FakeWebhooks(),
        deliveries=deliveries,
        queue=queue,
        outbox=None,
        secrets=None,
        clock=FakeClock(),
        ids=None,
        accounts=opened(**quotas),
    )


def test_what_is_just_being_tried_is_not_sent_beside_it():
    queue = FakeDeliveryQueue()
    again = Redeliver(webhook=OF_REQUESTS, delivery=DELIVERY.id)
    with pytest.raises(NotReady, match="being tried"):
        keeper(Trying(), queue).redeliver(again, CALLER)
    assert queue.sent == []
    keeper(FakeDeliveries(), queue).redeliver(again, CALLER)
    assert len(queue.sent) == 1


def test_what_somebody_tries_is_not_sent_beside_it():
    deliveries, queue = FakeDeliveries(), FakeDeliveryQueue()
    kept = keeper(deliveries, queue)
    claimed = begun(DELIVERY, FakeClock().now(), "mine")
    deliveries.kept[WORKSPACE, OF_REQUESTS, DELIVERY.id] = claimed
    command = Redeliver(webhook=OF_REQUESTS, delivery=DELIVERY.id)
    with pytest.raises(NotReady):
        kept.redeliver(command, CALLER)
    assert queue.sent == []


def failed(number, **changes):
    at = NOW + timedelta(minutes=number)
    event = number_id(number)
    given = {"id": delivery_id(at, event, OF_REQUESTS), "event": event, "job": number_id(7)}
    return replace(DELIVERY, status=DeliveryStatus.FAILED, step=10, **{**given, **changes})


@pytest.fixture
def many():
    """A keeper of 250 that have failed, and of one that waits."""
    deliveries, queue = FakeDeliveries(), FakeDeliveryQueue()
    kept = keeper(deliveries, queue)
    for number in range(250):
        deliveries.add(failed(number))
    return kept


def all_of(webhook, since=None, after=None, status=DeliveryStatus.FAILED, **asked):
    which = WhichDeliveries(status=status, since=since, **asked)
    return RedeliverAll(webhook=webhook, which=which, after=after)


def statuses(kept):
    return [one.status for one in kept.deliveries.kept.values()]


def test_all_that_failed_is_sent_again_a_hundred_in_a_call_and_oldest_first(many):
    sent, counts, after = [], [], None
    for _ in range(3):
        done = many.redeliver_all(all_of(OF_REQUESTS, after=after), CALLER)
        # Nobody can reach them: they fail as soon as they are tried.
        for order, _ in many.queue.take():
            sent.append(order.delivery)
            known = many.deliveries.get(WORKSPACE, OF_REQUESTS, order.delivery)
            many.deliveries.change(known, replace(known, status=DeliveryStatus.FAILED, version=9))
        counts.append(done.count)
        after = done.last
    assert (counts, after) == ([100, 100, 50], None)
    assert sent == [failed(number).id for number in range(250)]


def test_without_a_cursor_what_is_on_its_way_is_not_sent_again(many):
    command = all_of(OF_REQUESTS)
    counts = [many.redeliver_all(command, CALLER).count for _ in range(4)]
    assert counts == [100, 100, 50, 0]
    assert set(statuses(many)) == {DeliveryStatus.PENDING}
    assert len(many.queue.sent) == 250
    assert {one.step for one in many.deliveries.kept.values()} == {0}


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"since": NOW + timedelta(minutes=200)}, 50),
        ({"since": NOW + timedelta(minutes=200), "after": failed(220).id}, 29),
        ({"since": NOW + timedelta(minutes=245), "after": failed(220).id}, 5),
        ({"job": number_id(8)}, 2),
        ({"event": "job.failed"}, 1),
        ({"event": "job.failed", "job": number_id(9)}, 0),
        ({"status": DeliveryStatus.PENDING}, 1),
        ({"status": DeliveryStatus.DELIVERED}, 0),
    ],
)
def test_only_what_is_asked_for_is_sent_again(many, asked, count):
    many.deliveries.add(failed(300, job=number_id(8), created_at=NOW, id=number_id(300)))
    many.deliveries.add(failed(301, job=number_id(8), name="job.failed", id=number_id(301)))
    done = many.redeliver_all(all_of(OF_REQUESTS, **asked), CALLER)
    assert (done.count, done.last) == (count, None)
    assert len(many.queue.sent) == count


def test_what_waits_for_hours_comes_at_once_where_that_is_asked_for(many):
    later = NOW + timedelta(hours=20)
    waiting = replace(failed(400), status=DeliveryStatus.PENDING, next_at=later, due_at=later)
    many.deliveries.add(waiting)
    asked = all_of(OF_REQUESTS, status=DeliveryStatus.PENDING)
    assert many.redeliver_all(asked, CALLER).count == 2
    order, seconds = many.queue.sent[-1]
    again = many.deliveries.get(WORKSPACE, OF_REQUESTS, waiting.id)
    assert (order.delivery, seconds, again.step, again.next_at) == (waiting.id, 0, 0, NOW)


def test_one_that_somebody_sends_again_meanwhile_is_passed_over(many):
    change = many.deliveries.change

    def lose(before, after):
        return before.id != failed(3).id and change(before, after)

    many.deliveries.change = lose
    done = many.redeliver_all(all_of(OF_REQUESTS), CALLER)
    assert done.count == 99
    assert failed(3).id not in {order.delivery for order, _ in many.queue.sent}


def test_nothing_is_sent_to_a_webhook_that_is_off_or_not_there(many):
    hook = Webhook(
        id=number_id(5), workspace=WORKSPACE, url=DELIVERY.url, created_at=NOW, enabled=False
    )
    many.deliveries.add(failed(1, webhook=hook.id))
    many.webhooks.add(hook)
    with pytest.raises(NotReady, match="switched off"):
        many.redeliver_all(all_of(hook.id), CALLER)
    with pytest.raises(NotFound):
        many.redeliver_all(all_of(number_id(6)), CALLER)
    assert many.queue.sent == []


def test_no_more_are_sent_again_in_a_day_than_the_workspace_may_have():
    deliveries, queue = FakeDeliveries(), FakeDeliveryQueue()
    kept = keeper(deliveries, queue, redeliveries_a_day=3)
    for number in (3, 5, 7):
        deliveries.add(replace(DELIVERY, id=number_id(number), status=DeliveryStatus.FAILED))
    every = RedeliverAll(webhook=OF_REQUESTS, which=WhichDeliveries(status=DeliveryStatus.FAILED))
    kept.redeliver(Redeliver(webhook=OF_REQUESTS, delivery=DELIVERY.id), CALLER)
    first = kept.redeliver_all(every, CALLER)
    assert (first.count, first.last) == (2, number_id(5))
    with pytest.raises(TooManyToday) as refused:
        kept.redeliver_all(every, CALLER)
    assert (refused.value.what, refused.value.limit) == ("redeliveries", 3)
    with pytest.raises(TooManyToday):
        kept.redeliver(Redeliver(webhook=OF_REQUESTS, delivery=number_id(7)), CALLER)
    assert len(queue.sent) == 3
    kept.clock.pass_time(86_400)
    assert kept.redeliver_all(every, CALLER).count == 1
