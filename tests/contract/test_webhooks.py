from dataclasses import replace
from datetime import timedelta

from darkroom.domain.delivery import Delivery, Try, begun, delivery_id
from darkroom.domain.telling import order_of
from darkroom.domain.webhook import Webhook
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
    claimed = begun(first, NOW)
    assert store.deliveries.change(first, claimed)
    assert store.deliveries.change(first, claimed)
    assert not store.deliveries.change(first, begun(first, NOW + timedelta(seconds=1)))
    tried = replace(claimed, tries=(Try(at=NOW, outcome="status_500", code=500, milliseconds=7),))
    assert store.deliveries.change(claimed, replace(tried, version=3, due_at=None))
    assert store.deliveries.get(WORKSPACE, "hook", first.id).tries == tried.tries


def test_deliveries_are_listed_newest_first_page_by_page(store):
    for number in range(5):
        store.deliveries.add(delivery(number))
    store.deliveries.add(delivery(7, webhook="other"))
    store.deliveries.add(delivery(8, workspace="rival"))
    first = store.deliveries.page(WORKSPACE, "hook", limit=2, after=None)
    assert [one.event for one in first.deliveries] == ["event-4", "event-3"]
    assert first.has_more
    rest = store.deliveries.page(WORKSPACE, "hook", limit=5, after=first.deliveries[-1].id)
    assert [one.event for one in rest.deliveries] == ["event-2", "event-1", "event-0"]
    assert not rest.has_more


def test_what_is_due_is_found_and_what_has_ended_is_not(store):
    soon, later, over = delivery(0), delivery(600), delivery(1, due_at=None)
    for one in (soon, later, over):
        store.deliveries.add(one)
    assert store.deliveries.due(NOW, 10) == []
    assert list(store.deliveries.due(NOW + timedelta(minutes=2), 10)) == [order_of(soon)]


def test_what_is_due_to_be_delivered_is_no_job(store):
    store.deliveries.add(delivery())
    assert list(store.jobs.due(NOW + timedelta(days=1), 10)) == []
