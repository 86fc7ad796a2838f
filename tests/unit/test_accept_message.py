import json
from dataclasses import replace
from unittest.mock import Mock

import pytest

from darkroom.dialects.reading_bodies import parsed
from darkroom.domain.errors import (
    InsufficientCredits,
    InvalidRequest,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    TooManyInFlight,
    Unavailable,
)
from darkroom.domain.event_ports import LARGEST, BusFailed
from darkroom.domain.intake import IntakeMessage
from darkroom.domain.job import Hook
from darkroom.domain.operations import Offer, SubmitJob
from darkroom.domain.outcomes import Submitted
from darkroom.domain.webhook import OF_REQUESTS, Webhook
from darkroom.usecases.accept_message import Intake
from darkroom.usecases.publish_events import EventPublisher, Outbox
from tests.builders import NOW, WORKSPACE, account, grant, image_request, new_job
from tests.fakes.event_ports import FakeBus, FakeDeliveries, FakeDeliveryQueue, FakeWebhooks
from tests.fakes.store import FakeAccounts, FakeTable
from tests.fakes.world import FakeClock

REQUEST = {"prompt": "a red boat"}


class FakeQueue:
    def __init__(self):
        self.later, self.rejected = [], []

    def send_later(self, message, workspace, seconds):
        self.later.append((message, workspace, seconds))

    def keep_rejected(self, message, _workspace, reason):
        self.rejected.append((message.body, reason))


class House:
    def __init__(self):
        self.queue, self.bus, self.clock = FakeQueue(), FakeBus(), FakeClock()
        self.webhooks, self.deliveries = FakeWebhooks(), FakeDeliveries()
        self.asked, self.error, self.dry_run = [], None, False
        self.created = None  # the job of an earlier try, whose answer was lost
        self.accounts, self.hook_error = FakeAccounts(FakeTable()), None
        self.accounts.open(account(), grant(account()))
        self.intake = Intake(
            submit=self.submit,
            earlier=lambda *_: self.created,
            parse=parsed,
            read=self.read,
            read_hook=self.read_hook,
            accounts=self.accounts,
            is_temporary=lambda fault: isinstance(fault, ConnectionError),
            explain=lambda error: {"code": type(error).__name__, "detail": str(error)},
            event_publisher=EventPublisher(
                bus=self.bus,
                webhooks=self.webhooks,
                outbox=Outbox(
                    deliveries=self.deliveries,
                    queue=FakeDeliveryQueue(),
                    source="https://darkroom.example",
                    describe=lambda job: {"id": job.id},
                    clock=self.clock,
                ),
            ),
            queue=self.queue,
            clock=self.clock,
        )

    def read(self, body, caller, token):
        self.asked.append((json.loads(body), caller, token))
        command = SubmitJob(
            dialect="native",
            request=image_request(),
            offer=Offer(name="painter", price=1),
            idempotency_key=token,
        )
        return command.quote() if self.dry_run else command

    def read_hook(self, request, _caller):
        if self.hook_error:
            raise self.hook_error
        given = request.get("webhook")
        return Hook(url=given["url"], events=tuple(given.get("events", ()))) if given else None

    def submit(self, _command, caller):
        if self.error:
            raise self.error
        job = replace(new_job(), request_id=caller.request_id)
        return Submitted(job=job, balance=1)

    def accept(self, values, message="message-1"):
        body = values if isinstance(values, str) else json.dumps(values)
        return self.intake.accept(IntakeMessage(body=body, id=message, sent_at=NOW))

    def take_again(self):
        """What was put off, when its time has come."""
        [(message, _, seconds)] = self.queue.later
        self.queue.later.clear()
        self.clock.pass_time(seconds)
        return self.intake.accept(replace(message, tries=message.tries + 1))


@pytest.fixture
def house():
    return House()


def message(**changes):
    return {"workspace": WORKSPACE, "client_token": "order-1", "request": REQUEST, **changes}


def event(**changes):
    return {"id": "event-1", "detail-type": "SubmitImageJob", "detail": message(**changes)}


@pytest.mark.parametrize("sent", [message(), event()])
def test_a_request_becomes_a_job_of_its_workspace(house, sent):
    taken = house.accept(sent)
    assert (taken.result, taken.workspace, taken.job) == ("accepted", WORKSPACE, new_job().id)
    [(request, caller, token)] = house.asked
    assert (request, token) == (REQUEST, "order-1")
    assert (caller.workspace, caller.request_id) == (WORKSPACE, "message-1")


def without_token(sent):
    body = sent.get("detail", sent)
    del body["client_token"]
    return sent


def test_without_a_token_the_messages_own_id_stands_for_it(house):
    house.accept(without_token(message()))
    house.accept(without_token(event()))
    assert [token for *_, token in house.asked] == ["message-1", "event-1"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ("not json", "body"),
        ("[]", "body"),
        ("[" * 100_000, "body"),
        ("x" * 300_000, "body"),
        ('{"workspace": "acme", "request": {"n": 1, "n": 4}}', "n"),
        ('{"\\ud800": 1}', "message"),
        (message(workspace="no such name!"), "workspace"),
        (message(client_token="\ud800"), "client_token"),
        (message(client_token="a\nb"), "client_token"),
        ({**message(), "x" * 200_000: 1}, "message"),
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
    taken = house.accept(sent)
    assert taken.result == "rejected"
    [(body, reason)] = house.queue.rejected
    assert body == (sent if isinstance(sent, str) else json.dumps(sent))
    assert field.lower() in reason["detail"].lower()
    [told] = house.bus.told
    assert len(json.dumps(told)) < LARGEST
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
    assert house.accept(message()).code == type(error).__name__
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
    house.accept(message())
    house.clock.pass_time(180)
    house.accept(message())
    first, second = house.bus.told
    assert first == second
    [delivery] = house.deliveries.kept.values()
    assert json.loads(delivery.body) == first


def test_a_refusal_of_what_it_said_is_told_to_whoever_said_it(house):
    house.accept(message(colour="red"))
    [told] = house.bus.told
    assert (told["workspace"], told["data"]["client_token"]) == (WORKSPACE, "order-1")


def test_the_same_token_refused_again_is_another_refusal(house):
    house.error = NotFound("workspace")
    house.accept(message())
    house.accept(message(), message="message-2")
    assert len({told["id"] for told in house.bus.told}) == 2


@pytest.mark.parametrize(
    "error",
    [RateLimited(60, 17), TooManyInFlight(10), Unavailable(3), ConnectionError("no table")],
)
def test_what_passes_is_put_off_and_stays_the_message_it_was(house, error):
    house.error = error
    sent = without_token(event())
    assert house.accept(sent).result == "later"
    [(message, workspace, seconds)] = house.queue.later
    assert (json.loads(message.body), message.id, workspace) == (sent, "message-1", WORKSPACE)
    assert seconds >= getattr(error, "retry_after", 1)
    assert house.bus.told == house.queue.rejected == []
    house.error = None
    assert house.take_again().result == "accepted"
    assert [token for *_, token in house.asked] == ["event-1"] * 2
    assert {caller.request_id for _, caller, _ in house.asked} == {"message-1"}


def test_what_waits_asks_less_and_less_and_is_rejected_after_half_a_day(house):
    house.error = TooManyInFlight(10)
    result, pauses = house.accept(message()).result, []
    while result == "later":
        pauses.append(house.queue.later[0][2])
        result = house.take_again().result
    assert result == "rejected"
    assert pauses == sorted(pauses)
    assert pauses[-1] == 900
    assert 12 * 3600 < sum(pauses) <= 12 * 3600 + 900
    assert json.loads(house.queue.rejected[0][0]) == message()


def test_a_request_whose_job_was_created_is_not_rejected_however_long_it_waited(house):
    house.error, house.created = RateLimited(60, 17), new_job()
    result = house.accept(message())
    while result.result == "later":
        result = house.take_again()
    assert (result.result, result.job) == ("accepted", house.created.id)
    assert house.bus.told == house.queue.rejected == []


def test_a_request_whose_job_may_have_been_created_waits_for_as_long_as_that_is_unknown(house):
    house.error = OutcomeUnknown("job-1")
    house.accept(message())
    for _ in range(100):
        assert house.take_again().result == "later"
    house.error = None
    assert house.take_again().result == "accepted"


def test_a_dry_run_is_rejected_as_a_message_has_no_answer(house):
    house.dry_run = True
    assert house.accept(message()).result == "rejected"


def test_a_fault_of_ours_leaves_the_message_where_it_is(house):
    house.error = KeyError("slots")
    with pytest.raises(KeyError):
        house.accept(message())
    assert house.bus.told == house.queue.rejected == house.queue.later == []


# The webhook that a refused request names for itself.

URL = "https://shop.example/refused"


def with_hook(*events, **changes):
    hook = {"url": URL, **({"events": list(events)} if events else {})}
    return message(request={**REQUEST, "webhook": hook}, **changes)


@pytest.mark.parametrize(
    ("events", "is_told"),
    [
        ((), True),
        (("job.rejected",), True),
        (("job.completed", "job.rejected"), True),
        (("job.completed", "job.failed"), False),
    ],
)
def test_its_own_webhook_hears_of_a_refusal_where_it_wants_to(house, events, is_told):
    house.error = InsufficientCredits(5, 1, "painter")
    house.accept(with_hook(*events))
    house.accept(with_hook(*events))
    told = list(house.deliveries.kept.values())
    assert len(told) == is_told
    assert {(one.webhook, one.url, one.workspace) for one in told} == (
        {(OF_REQUESTS, URL, WORKSPACE)} if is_told else set()
    )
    assert all(json.loads(one.body) == house.bus.told[0] for one in told)


def test_it_hears_of_a_message_that_is_wrong_around_its_request(house):
    house.accept(with_hook(colour="red"))
    [told] = house.deliveries.kept.values()
    assert json.loads(told.body)["data"]["error"] == house.queue.rejected[0][1]


@pytest.mark.parametrize("workspace", ["nobody", "no such name!"])
def test_where_there_is_no_workspace_there_are_no_deliveries(house, workspace):
    house.error = NotFound("workspace")
    assert house.accept(with_hook(workspace=workspace)).result == "rejected"
    assert house.deliveries.kept == {}
    assert len(house.bus.told) == 1


@pytest.mark.parametrize(
    "fault", [InvalidRequest("webhook.url", "address", "no"), KeyError("url"), RecursionError()]
)
def test_a_webhook_that_cannot_be_read_changes_nothing_about_the_refusal(house, fault):
    house.error, house.hook_error = InsufficientCredits(5, 1, "painter"), fault
    assert house.accept(with_hook()).code == "InsufficientCredits"
    assert house.deliveries.kept == {}
    assert len(house.bus.told) == len(house.queue.rejected) == 1


def test_what_is_accepted_is_not_told_of_as_refused(house):
    assert house.accept(with_hook("job.rejected")).result == "accepted"
    assert house.deliveries.kept == {}


@pytest.mark.parametrize("fault", [ConnectionError(), BusFailed("1 event: Throttled")])
def test_a_refusal_that_nobody_can_be_told_of_is_put_off(house, monkeypatch, fault):
    with monkeypatch.context() as away:
        away.setattr(house.bus, "publish", Mock(side_effect=fault))
        taken = house.accept("not json")
        assert (taken.result, house.queue.rejected) == ("later", [])
    assert house.take_again().result == "rejected"
    assert [told["type"] for told in house.bus.told] == ["darkroom.job.rejected"]
    assert len(house.queue.rejected) == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"task_token": "t" * 2048}, {"task_token": "t" * 2048}),
        ({"order": "7", "count": 7}, {"order": "7"}),
        ({"order": "x" * 16_000}, None),
        ({"order": "\ud800"}, None),
        ("order 7", None),
        ({}, None),
    ],
)
def test_a_refusal_brings_back_what_the_request_was_marked_with(house, given, told):
    house.error = InvalidRequest("prompt", "too_long", "prompt is too long.")
    house.accept(message(request={**REQUEST, "metadata": given}))
    [event_] = house.bus.told
    assert event_["data"].get("metadata") == told


def test_a_fault_of_ours_in_a_refusal_is_no_outage(house, monkeypatch):
    monkeypatch.setattr(house.bus, "publish", Mock(side_effect=ValueError("a slip of ours")))
    with pytest.raises(ValueError, match="slip"):
        house.accept("not json")


def test_the_id_of_an_event_that_is_none_stands_for_nothing(house):
    house.accept({**event(), "id": "x" * 200_000, "detail": {"workspace": WORKSPACE}})
    [told] = house.bus.told
    assert told["data"]["client_token"] == "message-1"
