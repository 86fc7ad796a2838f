"""Deliveries by their time, and how many of a webhook wait or have failed."""

from datetime import UTC, datetime, timedelta

import pytest

from darkroom.aws import webhooks as stored
from darkroom.aws.table import Table
from darkroom.aws.webhooks import DynamoDeliveries
from darkroom.domain.delivery import Delivery, DeliveryStatus, delivery_id
from darkroom.domain.webhook import OF_REQUESTS
from tests.builders import number_id

NOW = datetime.now(UTC).replace(microsecond=0)
PENDING, FAILED, DELIVERED = DeliveryStatus.PENDING, DeliveryStatus.FAILED, DeliveryStatus.DELIVERED
PAGE = f"/v1/webhooks/{OF_REQUESTS}/deliveries"


@pytest.fixture
def kept(system):
    """Puts deliveries of `default` into the table, by how long ago their events were."""
    deliveries = DynamoDeliveries(
        Table(system.clients["dynamodb"], system.environment["TABLE_NAME"])
    )

    def put(ago, status=DELIVERED, *, body="{}", webhook=OF_REQUESTS, number=1):
        at = NOW - ago
        one = Delivery(
            id=delivery_id(at, number_id(number), webhook),
            workspace="acme",
            webhook=webhook,
            url="https://shop.example/done",
            event=number_id(number),
            name="job.completed",
            body=body,
            created_at=at,
            next_at=at,
            due_at=NOW if status is PENDING else None,
            since=at,
            status=status,
        )
        deliveries.add(one)
        return one.id

    return put


def hours(number):
    return timedelta(hours=number)


def stamp(ago):
    return (NOW - ago).isoformat().replace("+00:00", "Z")


def found(system, **query):
    return [one["id"] for one in system.http("GET", PAGE, query=query).json["deliveries"]]


def test_deliveries_are_found_by_their_time(system, kept):
    old, middle, new = (kept(hours(number)) for number in (5, 3, 1))
    assert found(system) == [new, middle, old]
    assert found(system, since=stamp(hours(3))) == [new, middle]
    assert found(system, until=stamp(hours(3))) == [old]
    assert found(system, since=stamp(hours(4)), until=stamp(hours(2))) == [middle]
    assert found(system, since=stamp(hours(4)), status="failed") == []
    first = system.http("GET", PAGE, query={"since": stamp(hours(4)), "limit": "1"}).json
    assert [one["id"] for one in first["deliveries"]] == [new]
    rest = {"since": stamp(hours(4)), "limit": "1", "cursor": first["cursor"]}
    second = system.http("GET", PAGE, query=rest).json
    assert ([one["id"] for one in second["deliveries"]], second["cursor"]) == ([middle], None)


def test_a_time_that_no_event_of_a_job_can_have_finds_nothing(system, kept):
    kept(hours(1))
    job = system.submit(width=64, height=64).json["id"]
    assert found(system, job=job, until=stamp(hours(9))) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"since": "yesterday"}, "since.malformed"),
        ({"until": "2026-11-21T13:00:00"}, "until.malformed"),
        ({"since": stamp(hours(1)), "until": stamp(hours(1))}, "until.out_of_range"),
        ({"since": stamp(hours(1)), "until": stamp(hours(2))}, "until.out_of_range"),
    ],
)
def test_a_time_that_is_none_is_refused(system, query, code):
    refused = system.http("GET", PAGE, query=query)
    assert (refused.status, refused.json["code"]) == (400, code)


def test_what_failed_within_a_time_is_sent_again(system, kept):
    _, middle, _ = (kept(hours(number), FAILED) for number in (5, 3, 1))
    body = {"since": stamp(hours(4)), "until": stamp(hours(2))}
    sent = system.http("POST", f"/v1/webhooks/{OF_REQUESTS}/redeliver", body)
    assert sent.json == {"redelivered": 1, "has_more": False, "cursor": None}
    assert found(system, status="pending") == [middle]


def counts(system, webhook=OF_REQUESTS):
    return system.http("GET", f"/v1/webhooks/{webhook}").json["deliveries"]


def test_a_webhook_shows_how_many_wait_and_how_many_failed_in_the_last_day(system, kept):
    assert counts(system) == {"pending": 0, "failed_last_day": 0, "has_more": False}
    kept(hours(90), PENDING, number=1)
    kept(hours(1), PENDING, number=2)
    kept(hours(2), FAILED, number=3)
    kept(hours(30), FAILED, number=4)
    kept(hours(1), DELIVERED, number=5)
    kept(hours(1), PENDING, webhook=number_id(9), number=6)
    assert counts(system) == {"pending": 2, "failed_last_day": 1, "has_more": False}


def test_more_than_is_looked_at_is_said_to_be_more(system, kept, monkeypatch):
    for number in range(9):
        kept(hours(1), FAILED, number=number, body="x" * 300_000)
    monkeypatch.setattr(stored, "_MOST_BITES", 2)
    system.calls.clear()
    shown = counts(system)
    assert shown["has_more"]
    assert 0 < shown["failed_last_day"] < 9
    # The webhook itself, each shard of what is due, and as many bites as there may be.
    assert system.calls["Query"] == 16 + 2
