from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from darkroom.domain.delivery import (
    SCHEDULE,
    Delivery,
    DeliveryStatus,
    delivery_id,
    first_look,
    receiver_of,
    restarted,
)
from darkroom.domain.event_ports import Answer, delivery_message
from darkroom.domain.webhook import OF_REQUESTS, PATIENCE, ROTATION_OVERLAP, Webhook
from darkroom.usecases.deliver_webhook import DeliveryWorker
from darkroom.usecases.sweep_deliveries import DeliverySweep
from tests.builders import WORKSPACE
from tests.fakes.event_ports import (
    FakeBreaker,
    FakeDeliveries,
    FakeDeliveryLimit,
    FakeDeliveryQueue,
    FakeWebhooks,
    FakeWebhookSender,
)
from tests.fakes.world import FakeClock, FakeIds, FakeSecrets

URL = "https://shop.example/hook"


class Post:
    """One delivery, its delivery worker, and the sweeper that looks after it."""

    def __init__(self):
        self.clock, self.queue, self.sender = FakeClock(), FakeDeliveryQueue(), FakeWebhookSender()
        self.webhooks, self.deliveries = FakeWebhooks(), FakeDeliveries()
        self.breaker, self.limit = FakeBreaker(), FakeDeliveryLimit()
        self.limit.clock = self.clock
        now = self.clock.now()
        self.webhooks.add(Webhook(id="hook", workspace=WORKSPACE, url=URL, created_at=now))
        self.first = Delivery(
            id=delivery_id(now, "event-1", "hook"),
            workspace=WORKSPACE,
            webhook="hook",
            url=URL,
            event="event-1",
            name="job.completed",
            body='{"id":"event-1"}',
            created_at=now,
            next_at=now,
            due_at=first_look(now),
            since=now,
        )
        self.deliveries.add(self.first)
        self.delivery_worker = DeliveryWorker(
            webhooks=self.webhooks,
            deliveries=self.deliveries,
            queue=self.queue,
            sender=self.sender,
            breaker=self.breaker,
            limit=self.limit,
            secrets=FakeSecrets(),
            clock=self.clock,
            ids=FakeIds(),
        )

    @property
    def delivery(self):
        return self.deliveries.get(WORKSPACE, self.first.webhook, self.first.id)

    @property
    def webhook(self):
        return self.webhooks.get(WORKSPACE, "hook")

    def deliver(self):
        return self.delivery_worker.deliver(delivery_message(self.first)).result

    def sweep(self):
        return DeliverySweep(
            deliveries=self.deliveries, queue=self.queue, clock=self.clock
        ).send_due()

    def go_on(self):
        """Until the next message for it comes, and what becomes of that."""
        sent = self.queue.take()
        if sent:
            self.clock.pass_time(sent[0][1])
        else:
            self.clock.time = self.delivery.due_at
            assert self.sweep() == 1
            self.queue.take()
        return self.deliver()


@pytest.fixture
def post():
    return Post()


def test_a_message_arrives_and_nothing_more_is_due(post):
    assert post.deliver() == "delivered"
    [(url, headers, body)] = post.sender.posts
    assert (url, body) == (URL, b'{"id":"event-1"}')
    assert headers["webhook-id"] == "event-1"
    assert headers["content-type"] == "application/json"
    assert post.delivery.status is DeliveryStatus.DELIVERED
    assert post.delivery.due_at is None
    assert [(one.outcome, one.code) for one in post.delivery.tries] == [("delivered", 200)]


@pytest.mark.parametrize("answer", [301, 400, 404, 500, "timeout", "denied"])
def test_what_did_not_arrive_is_tried_ten_times_with_the_same_id(post, answer):
    post.sender.answers = [answer]
    assert post.deliver() == "again"
    pauses = []
    for _ in SCHEDULE:
        before = post.clock.now()
        result = post.go_on()
        pauses.append(post.clock.now() - before)
    assert result == "failed"
    assert post.delivery.status is DeliveryStatus.FAILED
    assert len(post.sender.posts) == 1 + len(SCHEDULE)
    assert {headers["webhook-id"] for _, headers, _ in post.sender.posts} == {"event-1"}
    assert len({headers["webhook-timestamp"] for _, headers, _ in post.sender.posts}) == 10
    for pause, least in zip(pauses, SCHEDULE, strict=True):
        # Jitter comes on top, and the queue counts whole seconds.
        assert least <= pause <= least * 1.1 + timedelta(seconds=1)
    assert post.queue.sent == []
    assert post.sweep() == 0


@pytest.mark.parametrize(
    "asked", ["600", lambda now: format_datetime(now + timedelta(seconds=600), usegmt=True)]
)
def test_a_receiver_that_asks_for_time_gets_it(post, asked):
    text = asked if isinstance(asked, str) else asked(post.clock.now())
    post.sender.answers = [Answer(status=429, retry_after=text), 200]
    assert post.deliver() == "again"
    [(_, seconds)] = post.queue.sent
    assert seconds == 600
    assert post.breaker.failures == [(receiver_of(post.first).address.model, 600)]


@pytest.mark.parametrize(
    "nonsense",
    [
        "soon",
        "-5",
        "٣",
        "9" * 40,
        "999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
        "Mon, 01 Jan 99999999999999999999999 00:00:00 GMT",
    ],
)
def test_nonsense_asks_for_nothing_out_of_reason(post, nonsense):
    post.sender.answers = [Answer(status=503, retry_after=nonsense)]
    assert post.deliver() == "again"
    assert post.delivery.next_at - post.clock.now() <= timedelta(days=1)
    [(_, open_for)] = post.breaker.failures
    assert (open_for or 0) <= timedelta(days=1).total_seconds()


def test_a_receiver_that_is_gone_is_switched_off_and_says_why(post):
    post.sender.answers = [410]
    assert post.deliver() == "failed"
    assert (post.webhook.enabled, post.webhook.disabled_because) == (False, "gone")


def test_five_days_of_failure_switch_a_webhook_off_and_one_success_forgives(post):
    post.sender.answers = [500]
    post.deliver()
    since = post.webhook.failing_since
    assert since is not None
    post.sender.answers = [200]
    post.go_on()
    assert post.webhook.failing_since is None

    post.webhooks.put(post.webhook.changed(failing_since=since))
    post.deliveries.kept.clear()
    post.deliveries.add(post.first)
    post.sender.answers = [500]
    post.clock.time = since + PATIENCE
    post.deliver()
    assert post.webhook.enabled
    post.clock.pass_time(1)
    post.go_on()
    assert (post.webhook.enabled, post.webhook.disabled_because) == (False, "failing")
    assert post.go_on() == "unwanted"
    assert post.delivery.status is DeliveryStatus.FAILED


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (b"no such table: jobs", "no such table: jobs"),
        (b"<html>\r\n  <b>Oh\x00\x1b[31m no</b>\n", "<html> <b>Oh [31m no</b>"),
        (b"caf\xc3\xa9 \xff", "caf\N{LATIN SMALL LETTER E WITH ACUTE} \N{REPLACEMENT CHARACTER}"),
        (b"\xe2\x80\xaegpj.exe", "gpj.exe"),
        (b"x" * 2000, "x" * 500),
        (b" \n\t", ""),
    ],
    ids=["plain", "control", "no utf-8", "backwards", "long", "blank"],
)
def test_what_a_receiver_says_to_its_refusal_is_kept_for_people(post, said, kept):
    post.sender.answers = [Answer(status=500, beginning=said), 200]
    post.deliver()
    assert post.go_on() == "delivered"
    assert [one.answer for one in post.delivery.tries] == [kept, ""]


def test_a_second_copy_of_a_message_is_not_delivered_again(post):
    post.sender.answers = [500]
    assert post.deliver() == "again"
    assert post.deliver() == "nothing_to_do"
    assert len(post.sender.posts) == 1


def test_while_one_tries_another_does_not(post):
    def second_copy(*_):
        assert post.deliver() == "nothing_to_do"
        return Answer(status=200)

    post.delivery_worker.sender.post = second_copy
    assert post.deliver() == "delivered"


def test_whoever_dies_in_the_middle_has_made_a_try_and_another_goes_on(post):
    def die(*_):
        raise KeyboardInterrupt

    alive, post.delivery_worker.sender.post = post.delivery_worker.sender.post, die
    with pytest.raises(KeyboardInterrupt):
        post.deliver()
    post.delivery_worker.sender.post = alive
    assert post.go_on() == "delivered"
    assert [one.outcome for one in post.delivery.tries] == ["lost", "delivered"]


def test_a_lost_message_is_sent_again_by_whoever_looks(post):
    assert post.sweep() == 0
    post.clock.pass_time(121)
    assert post.sweep() == 1
    assert post.sweep() == 0
    assert post.queue.take() == [(delivery_message(post.first), 0)]


def test_a_queue_that_is_down_loses_nothing(post):
    post.sender.answers, post.queue.is_down = [500, 200], True
    post.deliver()
    post.queue.is_down = False
    assert post.go_on() == "delivered"


def test_a_receiver_that_rests_costs_no_try_and_each_rest_is_longer(post):
    post.breaker.rests[receiver_of(post.first).machine.model] = 30
    begun, rests = post.clock.now(), []
    result = post.deliver()
    while result == "resting":
        rests.append(post.delivery.next_at - post.clock.now())
        result = post.go_on()
    assert result == "unreachable"
    assert post.sender.posts == []
    assert rests == sorted(rests)
    assert rests[-1] == timedelta(days=1)
    assert PATIENCE < post.clock.now() - begun < PATIENCE + timedelta(days=1)


def test_what_waited_for_a_receiver_arrives_when_it_is_back(post):
    receiver = receiver_of(post.first)
    post.breaker.rests[receiver.address.model] = 30
    post.deliver()
    post.breaker.rests.clear()
    assert post.go_on() == "delivered"
    assert post.breaker.worked_again == [receiver.machine.model, receiver.address.model]


def test_silence_rests_its_address_at_once_and_its_machine_in_the_end(post):
    receiver = receiver_of(post.first)
    post.sender.answers = ["timeout", "unreachable", 500]
    post.deliver()
    assert post.breaker.failures == [(receiver.address.model, 30), (receiver.machine.model, None)]
    post.go_on()
    post.go_on()
    assert post.breaker.failures[2:] == [
        (receiver.machine.model, None),
        (receiver.address.model, None),
    ]


def test_all_addresses_of_a_machine_rest_together_and_a_query_makes_no_new_one(post):
    first = receiver_of(post.first)
    other = receiver_of(replace(post.first, url=f"{URL}?job=2"))
    beside = receiver_of(replace(post.first, url="https://shop.example/beside"))
    elsewhere = receiver_of(replace(post.first, workspace="rival"))
    assert other == first
    assert (beside.machine, beside.address) != (first.machine, first.address)
    assert beside.machine == first.machine
    assert elsewhere.machine != first.machine


def test_a_plain_refusal_does_not_keep_others_from_trying(post):
    post.sender.answers = [404]
    post.deliver()
    receiver = receiver_of(post.first)
    assert post.breaker.failures == []
    assert post.breaker.worked_again == [receiver.machine.model, receiver.address.model]


def test_both_secrets_sign_for_a_day_after_a_rotation(post):
    now = post.clock.now()
    # Twice, as whoever lost the first answer does.
    post.webhooks.put(post.webhook.rotated(now, 1).rotated(now + timedelta(seconds=1), 1))
    assert post.webhook.generation == 3
    post.deliver()
    signatures = post.sender.posts[0][1]["webhook-signature"].split()
    assert len(signatures) == 3
    post.clock.time = now + ROTATION_OVERLAP + timedelta(seconds=1)
    post.deliveries.change(post.delivery, restarted(post.delivery, post.clock.now()))
    post.deliver()
    assert len(post.sender.posts[1][1]["webhook-signature"].split()) == 1


def test_what_waits_goes_to_where_the_webhook_points_by_then(post):
    post.sender.answers = [404, 200]
    post.deliver()
    post.webhooks.put(post.webhook.changed(url="https://shop.example/right"))
    assert post.go_on() == "delivered"
    assert post.sender.posts[-1][0] == "https://shop.example/right"


def test_a_webhook_that_was_deleted_is_told_nothing_more(post):
    post.webhooks.remove(post.webhook)
    assert post.deliver() == "unwanted"
    assert post.sender.posts == []


def test_one_of_a_request_is_never_switched_off(post):
    post.first = replace(post.first, webhook=OF_REQUESTS)
    post.deliveries.add(post.first)
    post.sender.answers = [410]
    assert post.deliver() == "failed"
    assert post.webhooks.get(WORKSPACE, OF_REQUESTS) is None
