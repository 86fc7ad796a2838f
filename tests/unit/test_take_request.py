import json
from dataclasses import replace

import pytest

from darkroom.domain.errors import (
    InsufficientCredits,
    InvalidRequest,
    NotFound,
    RateLimited,
    TooManyInFlight,
    Unavailable,
)
from darkroom.domain.operations import Offer, Standing, SubmitJob, Submitted
from darkroom.domain.webhook import Webhook
from darkroom.usecases.take_request import Intake
from darkroom.usecases.tell import Mail, Teller
from tests.builders import NOW, WORKSPACE, image_request, new_job
from tests.fakes.telling import FakeBus, FakeDeliveries, FakeDeliveryQueue, FakeWebhooks
from tests.fakes.world import FakeClock

REQUEST = {"prompt": "a red boat"}
STANDING = Standing(limit=1, remaining=1, resets_in=1, resets_at=1)


class FakeQueue:
    def __init__(self):
        self.later, self.rejected = [], []

    def send_later(self, body, tries, seconds):
        self.later.append((json.loads(body), tries, seconds))

    def keep_rejected(self, body, reason):
        self.rejected.append((body, reason))


class House:
    def __init__(self):
        self.queue, self.bus, self.clock = FakeQueue(), FakeBus(), FakeClock()
        self.webhooks, self.deliveries = FakeWebhooks(), FakeDeliveries()
        self.asked, self.error, self.dry_run = [], None, False
        self.intake = Intake(
            submit=self.submit,
            read=self.read,
            explain=lambda error: {"code": type(error).__name__, "detail": str(error)},
            teller=Teller(
                bus=self.bus,
                webhooks=self.webhooks,
                mail=Mail(
                    deliveries=self.deliveries,
                    queue=FakeDeliveryQueue(),
                    source="https://darkroom.example",
                    describe=lambda job: {"id": job.id},
                    clock=self.clock,
                ),
            ),
            queue=self.queue,
        )

    def read(self, body, caller, token):
        self.asked.append((json.loads(body), caller, token))
        return SubmitJob(
            dialect="native",
            request=image_request(),
            offer=Offer(name="painter", price=1),
            idempotency_key=token,
            dry_run=self.dry_run,
        )

    def submit(self, _command, caller):
        if self.error:
            raise self.error
        job = replace(new_job(), request_id=caller.request_id)
        return Submitted(job=job, balance=1, standing=STANDING)

    def take(self, values, message="message-1", tries=0):
        body = values if isinstance(values, str) else json.dumps(values)
        return self.intake.take(body, message, tries, NOW)


@pytest.fixture
def house():
    return House()


def message(**changes):
    return {"workspace": WORKSPACE, "client_token": "order-1", "request": REQUEST, **changes}


def event(**changes):
    return {"id": "event-1", "detail-type": "SubmitImageJob", "detail": message(**changes)}


@pytest.mark.parametrize("sent", [message(), event()])
def test_a_request_becomes_a_job_of_its_workspace(house, sent):
    taken = house.take(sent)
    assert (taken.result, taken.workspace, taken.job) == ("accepted", WORKSPACE, new_job().id)
    [(request, caller, token)] = house.asked
    assert (request, token) == (REQUEST, "order-1")
    assert (caller.workspace, caller.request_id) == (WORKSPACE, "message-1")


def without_token(sent):
    body = sent.get("detail", sent)
    del body["client_token"]
    return sent


def test_without_a_token_the_messages_own_id_stands_for_it(house):
    house.take(without_token(message()))
    house.take(without_token(event()))
    assert [token for *_, token in house.asked] == ["message-1", "event-1"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ("not json", "message"),
        ("[]", "message"),
        ("[" * 100_000, "message"),
        (message(workspace=7), "workspace"),
        (message(workspace=""), "workspace"),
        (message(request="a boat"), "request"),
        (message(client_token=""), "client_token"),
        (message(client_token="x" * 256), "client_token"),
        (message(prompt="a boat"), "message"),
        ({"detail-type": "SubmitImageJob", "detail": []}, "detail"),
    ],
)
def test_what_cannot_be_read_is_rejected_and_kept_as_it_was_sent(house, sent, field):
    taken = house.take(sent)
    assert taken.result == "rejected"
    [(body, reason)] = house.queue.rejected
    assert body == (sent if isinstance(sent, str) else json.dumps(sent))
    assert field in reason["detail"] or field == "message"
    [told] = house.bus.told
    assert told["type"] == "darkroom.job.rejected"
    assert house.asked == []


@pytest.mark.parametrize(
    "error",
    [
        InvalidRequest("prompt", "required", "prompt is required."),
        InsufficientCredits(5, 1, "painter"),
        NotFound("workspace"),
    ],
)
def test_a_refusal_is_an_event_with_its_reason(house, error):
    house.error = error
    assert house.take(message()).code == type(error).__name__
    [told] = house.bus.told
    assert told["workspace"] == WORKSPACE
    assert told["requestid"] == "message-1"
    assert told["data"]["client_token"] == "order-1"
    assert told["data"]["error"]["detail"] == str(error)
    assert house.queue.later == []


def test_a_message_that_comes_twice_is_rejected_once(house):
    hook = Webhook(id="hook-1", workspace=WORKSPACE, url="https://a.example", created_at=NOW)
    house.webhooks.add(hook)
    house.error = NotFound("workspace")
    house.take(message())
    house.clock.pass_time(180)
    house.take(message())
    first, second = house.bus.told
    assert first == second
    [delivery] = house.deliveries.kept.values()
    assert json.loads(delivery.body) == first


@pytest.mark.parametrize("error", [RateLimited(60, 17), TooManyInFlight(10), Unavailable(3)])
def test_what_passes_is_put_off_with_the_token_it_had(house, error):
    house.error = error
    assert house.take(without_token(event()), tries=4).result == "later"
    [(body, tries, seconds)] = house.queue.later
    assert (body["client_token"], tries, seconds) == ("event-1", 5, error.retry_after)
    assert house.bus.told == house.queue.rejected == []
    house.error = None
    assert house.take(body, message="message-2").result == "accepted"
    assert house.asked[-1][2] == "event-1"


def test_what_does_not_pass_in_half_a_day_is_rejected(house):
    house.error = TooManyInFlight(10)
    assert house.take(message(), tries=500).result == "rejected"


def test_a_dry_run_has_nobody_to_answer_to(house):
    house.dry_run = True
    assert house.take(message()).result == "rejected"


def test_an_outage_leaves_the_message_where_it_is(house):
    house.error = ConnectionError("no table")
    with pytest.raises(ConnectionError):
        house.take(message())
    assert house.bus.told == house.queue.rejected == house.queue.later == []
