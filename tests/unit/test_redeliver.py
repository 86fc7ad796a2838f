from dataclasses import replace

import pytest

from darkroom.domain.delivery import Delivery, begun
from darkroom.domain.errors import NotReady
from darkroom.domain.operations import Caller
from darkroom.domain.webhook import OF_REQUESTS
from darkroom.domain.webhook_operations import Redeliver
from darkroom.usecases.keep_webhooks import WebhookKeeper
from tests.builders import NOW, WORKSPACE, number_id
from tests.fakes.telling import FakeDeliveries, FakeDeliveryQueue, FakeWebhooks
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


def keeper(deliveries, queue):
    deliveries.add(DELIVERY)
    return WebhookKeeper(
        webhooks=FakeWebhooks(),
        deliveries=deliveries,
        queue=queue,
        mail=None,
        secrets=None,
        clock=FakeClock(),
        ids=None,
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
    claimed = begun(DELIVERY, FakeClock().now())
    deliveries.kept[WORKSPACE, OF_REQUESTS, DELIVERY.id] = claimed
    command = Redeliver(webhook=OF_REQUESTS, delivery=DELIVERY.id)
    with pytest.raises(NotReady):
        kept.redeliver(command, CALLER)
    assert queue.sent == []
