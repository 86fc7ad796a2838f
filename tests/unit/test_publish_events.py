import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from darkroom.domain.changes import AccountChanged, MediaRemoved, WebhookChanged, events_of
from darkroom.domain.delivery import DeliveryStatus, begun
from darkroom.domain.event_names import EventName
from darkroom.domain.event_ports import LARGEST, BusFailed, as_text, cloud_event
from darkroom.domain.events import events_between, rejected, webhook_disabled
from darkroom.domain.job import Hook, JobStatus
from darkroom.domain.job_moves import cancel, settle
from darkroom.domain.media import media_of
from darkroom.domain.webhook import OF_REQUESTS, Webhook, of_requests
from darkroom.usecases.publish_events import EventPublisher, Outbox
from darkroom.usecases.relay_changes import Relay
from tests.builders import NOW, WORKSPACE, account, new_job, stored
from tests.fakes.event_ports import FakeBus, FakeDeliveries, FakeDeliveryQueue, FakeWebhooks
from tests.fakes.world import FakeClock

SOURCE = "https://darkroom.example"


def describe(job):
    images = [{"id": slot.media_id, "status": slot.status} for slot in job.slots]
    return {"id": job.id, "status": job.status, "prompt": job.picture.prompt, "images": images}


def completed(n=1, **changes):
    job = replace(new_job(n), status=JobStatus.PROCESSING, started_at=NOW, **changes)
    return settle(replace(job, slots=tuple(stored(slot) for slot in job.slots)), NOW)


class World:
    def __init__(self):
        self.bus, self.webhooks = FakeBus(), FakeWebhooks()
        self.deliveries, self.queue = FakeDeliveries(), FakeDeliveryQueue()
        self.event_publisher = EventPublisher(
            bus=self.bus,
            webhooks=self.webhooks,
            outbox=Outbox(
                deliveries=self.deliveries,
                queue=self.queue,
                source=SOURCE,
                describe=describe,
                clock=FakeClock(),
            ),
        )

    def hook(self, name="hook", events=(), **changes):
        webhook = Webhook(
            id=name,
            workspace=WORKSPACE,
            url=f"https://shop.example/{name}",
            created_at=NOW,
            events=events,
            **changes,
        )
        self.webhooks.put(webhook)
        return webhook

    def publish(self, *events):
        self.event_publisher.publish([self.event_publisher.message_of(event) for event in events])

    @property
    def told(self):
        return sorted((one.webhook, one.name) for one in self.deliveries.kept.values())


@pytest.fixture
def world():
    return World()


def story(**changes):
    return events_between(None, completed(**changes))


def test_an_event_is_a_cloud_event_that_says_all_of_its_job():
    event = events_between(None, completed(2, request_id="req-9"))[-1]
    told = cloud_event(event, SOURCE, describe)
    assert told["specversion"] == "1.0"
    assert told["type"] == "darkroom.job.completed"
    assert told["source"] == SOURCE
    assert told["subject"] == f"jobs/{event.job.id}"
    assert told["time"] == "2026-11-21T12:00:00.000Z"
    assert told["dataschema"] == f"{SOURCE}/v1/events/schemas/job.completed/1"
    assert told["requestid"] == "req-9"
    assert told["data"]["job"]["status"] == "completed"


def test_an_image_is_told_of_with_its_job():
    event = next(one for one in story(n=2) if one.slot == 1)
    data = cloud_event(event, SOURCE, describe)["data"]
    assert data["image"] == data["job"]["images"][1]


def test_what_is_too_long_is_told_in_short():
    long = replace(new_job(), request=replace(new_job().request, prompt="ä" * LARGEST))
    event = events_between(None, long)[0]
    told = cloud_event(event, SOURCE, describe)
    assert len(as_text(told).encode()) <= LARGEST
    assert told["data"]["job"]["in_short"] is True
    assert told["data"]["job"]["images"]
    assert "prompt" not in told["data"]["job"]


@pytest.mark.parametrize(("notes", "kept"), [(1, True), (16, False)])
def test_in_short_a_job_keeps_its_metadata_as_long_as_it_fits(notes, kept):
    metadata = {str(number): "漢" * 1024 for number in range(notes)}

    def lengthy(job):
        return {**describe(job), "prompt": "漢" * 6000, "metadata": metadata}

    told = cloud_event(events_between(None, new_job())[0], SOURCE, lengthy)
    assert len(as_text(told).encode()) <= LARGEST
    assert ("metadata" in told["data"]["job"]) is kept


def test_everybody_is_told_what_they_asked_for(world):
    world.hook("all")
    world.hook("ends", events=("job.completed", "job.failed"))
    world.hook("off", enabled=False)
    world.publish(*story())
    assert [name for webhook, name in world.told if webhook == "ends"] == ["job.completed"]
    assert len([name for webhook, name in world.told if webhook == "all"]) == 4
    assert "off" not in {webhook for webhook, _ in world.told}
    assert [told["type"] for told in world.bus.told] == [
        "darkroom.job.accepted",
        "darkroom.job.started",
        "darkroom.image.stored",
        "darkroom.job.completed",
    ]
    assert len(world.queue.sent) == len(world.told)


def test_another_workspaces_webhook_hears_nothing(world):
    world.webhooks.put(
        Webhook(id="spy", workspace="rival", url="https://spy.example", created_at=NOW)
    )
    world.publish(*story())
    assert world.told == []


@pytest.mark.parametrize(
    ("events", "names"),
    [
        ((), ["job.completed"]),
        (("image.stored",), ["image.stored"]),
        (("job.accepted", "job.completed"), ["job.accepted", "job.completed"]),
    ],
)
def test_a_webhook_of_a_request_hears_of_its_end_or_what_it_named(world, events, names):
    world.publish(*story(webhook=Hook(url="https://a.example/done", events=events)))
    assert world.told == [(OF_REQUESTS, name) for name in names]
    assert {one.url for one in world.deliveries.kept.values()} == {"https://a.example/done"}


def test_the_secret_of_requests_is_no_webhook_of_its_own(world):
    world.webhooks.put(of_requests(WORKSPACE, NOW, 1).changed(generation=2))
    world.publish(*story())
    assert world.told == []


def test_told_twice_a_message_is_written_once_and_sent_until_somebody_has_it_in_hand(world):
    world.hook()
    world.queue.is_down = True  # or whoever told it first has died before they sent it
    world.publish(*story())
    world.queue.is_down = False
    assert world.queue.sent == []
    world.publish(*story())
    sent = len(world.queue.sent)
    for delivery in list(world.deliveries.kept.values()):
        assert world.deliveries.change(delivery, begun(delivery, NOW, "mine"))
    world.publish(*story())
    assert len(world.queue.sent) == sent == len(world.deliveries.kept)
    assert len({told["id"] for told in world.bus.told}) == len(world.bus.told) / 3


def test_messages_are_on_their_way_though_the_bus_is_down(world):
    world.hook()
    world.bus.is_down = True
    with pytest.raises(BusFailed):
        world.publish(*story())
    assert world.queue.sent


def test_each_message_carries_the_id_of_its_event_and_its_request(world):
    world.hook()
    world.publish(*story(request_id="req-1"))
    for delivery in world.deliveries.kept.values():
        assert json.loads(delivery.body)["id"] == delivery.event
        assert delivery.request_id == "req-1"


def accounts(before, after, low=10):
    old = replace(account(), balance=before, low_credits=low)
    return AccountChanged(before=old, after=replace(old, balance=after), number="17", at=NOW)


@pytest.mark.parametrize(
    ("before", "after", "low", "is_told"),
    [
        (11, 9, 10, True),
        (10, 9, 10, True),
        (11, 10, 10, False),
        (9, 8, 10, False),
        (9, 30, 10, False),
        (5, 0, 0, False),
    ],
)
def test_credits_are_low_as_they_pass_the_mark(before, after, low, is_told):
    events = events_of(accounts(before, after, low))
    assert [event.name for event in events] == [EventName.CREDITS_LOW] * is_told
    if is_told:
        assert events[0].facts["credits"]["balance"] == after


def test_low_credits_name_the_request_of_the_job_that_spent_them():
    change = accounts(11, 9)
    spent = replace(change.after, last_job="job-2", last_request="req-2")
    [event] = events_of(replace(change, after=spent))
    assert event.request_id == "req-2"
    # Changed by code that does not write it, or without any job: what stands there is older.
    [event] = events_of(replace(change, before=replace(spent, balance=11), after=spent))
    assert event.request_id == ""


def test_passing_the_mark_again_is_another_event():
    first, again = accounts(11, 9), replace(accounts(11, 9), number="99")
    assert events_of(first)[0].id == events_of(first)[0].id != events_of(again)[0].id


def test_a_deleted_image_is_told_of():
    [media] = media_of(completed())
    [event] = events_of(MediaRemoved(media=media, at=NOW))
    assert (event.name, event.subject) == (EventName.MEDIA_DELETED, f"media/{media.id}")
    assert event.facts["media"]["job"] == media.job


def hooks(**changes):
    before = Webhook(id="hook", workspace=WORKSPACE, url="https://a.example", created_at=NOW)
    return WebhookChanged(before=before, after=before.changed(**changes), at=NOW)


def test_a_webhook_that_we_switch_off_is_told_of_to_others(world):
    change = hooks(enabled=False, disabled_because="gone")
    world.webhooks.put(change.after)
    world.hook("other")
    world.hook("hook", enabled=True)
    world.publish(*events_of(change))
    assert world.told == [("other", "webhook.disabled")]


def test_what_a_webhook_misses_that_we_have_switched_off_is_kept_for_it(world):
    world.hook("gone", enabled=False, disabled_because="gone")
    world.publish(*story())
    world.publish(*story())
    kept = world.deliveries.kept.values()
    assert [(one.status, one.tries[0].outcome, one.due_at) for one in kept] == [
        (DeliveryStatus.FAILED, "unwanted", None)
    ] * 4
    assert world.queue.sent == []


def test_the_address_of_one_that_is_switched_off_is_told_without_what_may_be_a_secret():
    [event] = events_of(
        hooks(url="https://a.example/hook?token=s", enabled=False, disabled_because="gone")
    )
    assert event.facts["webhook"]["url"] == "https://a.example/hook"


def test_a_webhook_that_its_owner_switches_off_is_not_told_of():
    assert events_of(hooks(enabled=False)) == ()
    assert events_of(hooks(failing_since=NOW)) == ()
    change = hooks(enabled=False, disabled_because="failing")
    assert webhook_disabled(change.after, change.after, NOW) == ()


def test_a_rejection_has_one_id_however_often_it_is_told():
    event = rejected(WORKSPACE, "m-1", NOW, {"error": {"code": "prompt.required"}})
    again = rejected(WORKSPACE, "m-1", NOW + timedelta(1), {})
    assert event.id == again.id
    assert event.id != rejected(WORKSPACE, "m-2", NOW, {}).id


def is_temporary(fault):
    return isinstance(fault, ConnectionError)


class Aside:
    def __init__(self):
        self.kept = []

    def keep(self, record, reason):
        self.kept.append((record, reason))


def test_what_nobody_can_read_is_put_aside_and_the_rest_is_told(world):
    failed_records = Aside()

    def read(record):
        if record == {"eventID": "bad"}:
            raise KeyError("slots")
        return hooks(enabled=False, disabled_because="gone")

    relayed = Relay(
        read=read,
        event_publisher=world.event_publisher,
        is_temporary=is_temporary,
        failed_records=failed_records,
    ).relay([{"eventID": "1"}, {"eventID": "bad"}, {"eventID": "2"}])
    assert (len(relayed.events), relayed.unread) == (2, 1)
    assert failed_records.kept == [({"eventID": "bad"}, "KeyError: 'slots'")]


def test_an_outage_is_not_put_aside(world):
    failed_records = Aside()
    world.bus.is_down = True
    relay = Relay(
        read=lambda _: hooks(enabled=False, disabled_because="gone"),
        event_publisher=world.event_publisher,
        is_temporary=is_temporary,
        failed_records=failed_records,
    )
    with pytest.raises(BusFailed):
        relay.relay([{}])
    assert failed_records.kept == []


def test_a_canceled_job_ends_for_its_receiver_too(world):
    job = replace(new_job(), webhook=Hook(url="https://a.example/done"))
    world.publish(*events_between(job, cancel(job, NOW)))
    assert world.told == [(OF_REQUESTS, "job.canceled")]


def test_what_cannot_be_said_is_put_aside_too_and_an_outage_on_the_way_is_not(world):
    faults = {"1": ValueError("no such format"), "2": ConnectionError("no secret")}
    failed_records = Aside()

    def read(record):
        world.fault = faults.get(record["eventID"])
        return hooks(enabled=False, disabled_because="gone")

    def written(event):
        if world.fault:
            raise world.fault
        return event, {"id": event.id, "type": "darkroom.webhook.disabled"}

    event_publisher = SimpleNamespace(message_of=written, publish=world.event_publisher.publish)
    relay = Relay(
        read=read,
        event_publisher=event_publisher,
        is_temporary=is_temporary,
        failed_records=failed_records,
    )
    assert relay.relay([{"eventID": "0"}, {"eventID": "1"}]).unread == 1
    assert [record for record, _ in failed_records.kept] == [{"eventID": "1"}]
    with pytest.raises(ConnectionError):
        relay.relay([{"eventID": "2"}])
