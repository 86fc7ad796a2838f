from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.delivery import (
    Delivery,
    DeliveryStatus,
    Try,
    begun,
    delivery_id,
    first_id,
)
from darkroom.domain.event_ports import delivery_message
from darkroom.domain.ids import repeatable_id
from darkroom.domain.webhook import Webhook
from darkroom.domain.webhook_operations import ALL, WhichDeliveries
from tests.builders import NOW, WORKSPACE


def hook(name="hook", workspace=WORKSPACE, **changes):
    return Webhook(
        id=name,
        workspace=workspace,
        url=f"https://shop.example/{name}",
        created_at=NOW,
        events=("job.completed",),
        **changes,
    )


def delivery(number=0, webhook="hook", workspace=WORKSPACE, **changes):
    at = NOW + timedelta(seconds=number)
    event = f"event-{number}"
    given = {
        "id": delivery_id(at, event, webhook),
        "workspace": workspace,
        "webhook": webhook,
        "url": "https://shop.example/hook",
        "event": event,
        "name": "job.completed",
        "body": "{}",
        "created_at": at,
        "next_at": at,
        "due_at": at + timedelta(minutes=2),
        "since": at,
    }
    return Delivery(**{**given, **changes})


def test_webhooks_are_added_as_far_as_a_workspace_may_have_them(store):
    store.webhooks.add(hook("default"))
    assert store.webhooks.add_within(2, hook("first"))
    assert store.webhooks.add_within(2, hook("second"))
    assert not store.webhooks.add_within(2, hook("third"))
    assert store.webhooks.add_within(2, hook("third", "other"))
    store.webhooks.remove(hook("first"))
    assert store.webhooks.add_within(2, hook("third"))
    names = [one.id for one in store.webhooks.of_workspace(WORKSPACE)]
    assert names == ["default", "second", "third"]


def test_a_webhook_is_kept_with_all_that_is_known_of_it(store):
    kept = hook(
        description="the shop",
        enabled=False,
        disabled_because="gone",
        generation=3,
        rotations=(NOW, NOW + timedelta(hours=1)),
        failing_since=NOW,
    )
    store.webhooks.add(kept)
    assert store.webhooks.get(WORKSPACE, "hook") == kept
    assert store.webhooks.get("rival", "hook") is None


def test_one_that_is_there_is_not_made_again(store):
    store.webhooks.add(hook(generation=3))
    store.webhooks.add(hook())
    assert store.webhooks.get(WORKSPACE, "hook").generation == 3


def test_the_webhooks_of_a_workspace_are_its_own(store):
    for one in (hook("a"), hook("b"), hook("c", workspace="rival")):
        store.webhooks.add(one)
    assert [one.id for one in store.webhooks.of_workspace(WORKSPACE)] == ["a", "b"]


def test_a_webhook_changes_only_from_what_it_was(store):
    first = hook()
    store.webhooks.add(first)
    changed = first.changed(url="https://shop.example/new")
    assert store.webhooks.change(first, changed)
    assert store.webhooks.change(first, changed)  # its answer was lost
    assert not store.webhooks.change(first, first.changed(url="https://shop.example/late"))
    assert store.webhooks.get(WORKSPACE, "hook") == changed


def test_a_deleted_webhook_is_gone_and_does_not_come_back(store):
    store.webhooks.add(hook())
    store.webhooks.remove(hook())
    assert store.webhooks.get(WORKSPACE, "hook") is None
    assert not store.webhooks.change(hook(), hook().changed(enabled=False))
    assert store.webhooks.of_workspace(WORKSPACE) == []


def test_a_delivery_is_written_once(store):
    assert store.deliveries.add(delivery())
    assert not store.deliveries.add(delivery(body="another"))
    assert store.deliveries.get(WORKSPACE, "hook", delivery().id) == delivery()


def test_a_delivery_changes_only_from_what_it_was(store):
    first = delivery()
    store.deliveries.add(first)
    claimed = begun(first, NOW, "mine")
    assert store.deliveries.change(first, claimed)
    assert store.deliveries.change(first, claimed)
    assert not store.deliveries.change(first, begun(first, NOW, "yours"))
    tried = replace(
        claimed, tries=(Try(at=NOW, outcome="status_500", code=500, milliseconds=7, answer="no"),)
    )
    assert store.deliveries.change(claimed, replace(tried, version=3, due_at=None))
    assert store.deliveries.get(WORKSPACE, "hook", first.id).tries == tried.tries


def test_deliveries_are_listed_newest_first_page_by_page(store):
    for number in range(5):
        store.deliveries.add(delivery(number))
    store.deliveries.add(delivery(7, webhook="other"))
    store.deliveries.add(delivery(8, workspace="rival"))
    first = store.deliveries.page(WORKSPACE, "hook", limit=2, after=None)
    assert [one.event for one in first.deliveries] == ["event-4", "event-3"]
    assert first.last
    rest = store.deliveries.page(WORKSPACE, "hook", limit=5, after=first.deliveries[-1].id)
    assert [one.event for one in rest.deliveries] == ["event-2", "event-1", "event-0"]
    assert rest.last is None


A, B, C = (repeatable_id(NOW, name) for name in "abc")
FAILED, DELIVERED = DeliveryStatus.FAILED, DeliveryStatus.DELIVERED
MIXED = (
    {"status": FAILED, "job": A},
    {"status": DELIVERED, "job": A},
    {"status": FAILED, "name": "webhook.test"},
    {"status": FAILED, "job": B},
    {"job": A, "name": "job.started"},
    {"status": FAILED, "job": A, "name": "job.started"},
)


def events(page):
    return [int(one.event.removeprefix("event-")) for one in page.deliveries]


@pytest.mark.parametrize(
    ("which", "numbers"),
    [
        (ALL, [0, 1, 2, 3, 4, 5]),
        (WhichDeliveries(status=FAILED), [0, 2, 3, 5]),
        (WhichDeliveries(event="job.completed"), [0, 1, 3]),
        (WhichDeliveries(job=A), [0, 1, 4, 5]),
        (WhichDeliveries(status=FAILED, event="job.started", job=A), [5]),
        (WhichDeliveries(job=C), []),
    ],
)
def test_only_those_that_are_asked_for_are_listed_from_both_ends(store, which, numbers):
    for number, changes in enumerate(MIXED):
        assert store.deliveries.add(delivery(number, **changes))
    store.deliveries.add(delivery(9, webhook="other", job=A, status=FAILED))
    newest = store.deliveries.page(WORKSPACE, "hook", limit=6, after=None, which=which)
    oldest = store.deliveries.oldest(WORKSPACE, "hook", limit=6, after="", which=which)
    assert (events(newest), newest.last) == (numbers[::-1], None)
    assert (events(oldest), oldest.last) == (numbers, None)
    for one in oldest.deliveries:
        assert one == store.deliveries.get(WORKSPACE, "hook", one.id)


def test_pages_of_what_is_rare_leave_nothing_out(store):
    for number in range(60):
        store.deliveries.add(delivery(number, status=DELIVERED if number % 20 else FAILED))
    which, forward, back = WhichDeliveries(status=FAILED), [], []
    after, before = "", None
    for has_more in (True, True, False):
        page = store.deliveries.oldest(WORKSPACE, "hook", limit=1, after=after, which=which)
        forward += events(page)
        after = page.deliveries[-1].id
        assert (page.last is not None) is has_more
        page = store.deliveries.page(WORKSPACE, "hook", limit=1, after=before, which=which)
        back += events(page)
        before = page.deliveries[-1].id
        assert (page.last is not None) is has_more
    assert forward == [0, 20, 40]
    assert back == [40, 20, 0]


def test_the_oldest_from_a_time_on_are_those_of_events_from_then_on(store):
    for number in range(3):
        store.deliveries.add(delivery(number))
    then = first_id(NOW + timedelta(seconds=1))
    page = store.deliveries.oldest(WORKSPACE, "hook", limit=5, after=then, which=ALL)
    assert events(page) == [1, 2]


def test_what_is_due_is_found_and_what_has_ended_is_not(store):
    soon, later, over = delivery(0), delivery(600), delivery(1, due_at=None)
    for one in (soon, later, over):
        store.deliveries.add(one)
    assert store.deliveries.due(NOW, 10) == []
    assert list(store.deliveries.due(NOW + timedelta(minutes=2), 10)) == [delivery_message(soon)]


def test_what_is_due_to_be_delivered_is_no_job(store):
    store.deliveries.add(delivery())
    assert list(store.jobs.due(NOW + timedelta(days=1), 10)) == []


def test_those_of_a_job_are_found_wherever_a_page_begins(store):
    before, began, later = NOW - timedelta(days=3), NOW, NOW + timedelta(days=3)
    job, other = repeatable_id(began, "job"), repeatable_id(later, "job")
    for number, (at, about) in enumerate([(began, job), (began, None), (later, other)]):
        name = repeatable_id(at + timedelta(seconds=number), "event", str(number))
        store.deliveries.add(replace(delivery(number), id=name, job=about))
    which = WhichDeliveries(job=job)
    for after, numbers in ((None, [0]), (first_id(before), []), (first_id(later), [0])):
        page = store.deliveries.page(WORKSPACE, "hook", limit=5, after=after, which=which)
        assert (events(page), page.last) == (numbers, None)
    for after, numbers in (("", [0]), (first_id(before), [0]), (first_id(later), [])):
        page = store.deliveries.oldest(WORKSPACE, "hook", limit=5, after=after, which=which)
        assert (events(page), page.last) == (numbers, None)


def test_what_waits_is_counted_by_webhook(store):
    for number in range(3):
        store.deliveries.add(delivery(number))
    store.deliveries.add(delivery(4, webhook="other"))
    store.deliveries.add(delivery(5, status=DELIVERED, due_at=None))
    store.deliveries.add(delivery(6, workspace="rival"))
    waiting = store.deliveries.pending(WORKSPACE)
    assert (waiting.number, waiting.has_more) == ({"hook": 3, "other": 1}, False)


def test_what_has_failed_since_then_is_counted(store):
    for number in range(4):
        store.deliveries.add(delivery(number, status=FAILED, due_at=None))
    store.deliveries.add(delivery(5))
    store.deliveries.add(delivery(6, webhook="other", status=FAILED, due_at=None))
    counted = store.deliveries.failed_since(WORKSPACE, "hook", NOW + timedelta(seconds=2))
    assert (counted.number, counted.has_more) == ({"hook": 2}, False)
