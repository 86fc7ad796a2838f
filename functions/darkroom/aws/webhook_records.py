"""How webhooks and deliveries lie in the table: keys and shapes (docs/data-model.md)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from darkroom.aws.queries import AFTER_ALL_NAMES, Filters
from darkroom.aws.records import known, partition, present, read_stamp, stamp
from darkroom.aws.values import from_item, to_item
from darkroom.domain.delivery import Delivery, DeliveryStatus, Try, first_id, receiver_of
from darkroom.domain.event_ports import DeliveryMessage
from darkroom.domain.ids import begun_at
from darkroom.domain.webhook import Webhook
from darkroom.domain.webhook_operations import WhichDeliveries

WEBHOOK, DELIVERY = "WEBHOOK#", "DELIVERY#"
DELIVERIES_ARE_KEPT = timedelta(days=30)
# From its request to its last event, and time to spare; clocks differ, and some know but seconds.
_LONGEST_JOB = timedelta(hours=2)
_EARLY = timedelta(minutes=1)
# Beside the jobs in the index of what is due, so that neither waits behind the other.
_SHARDS = 16


def webhook_key(workspace: str, webhook: str) -> dict[str, Any]:
    return to_item({"pk": partition(workspace), "sk": f"{WEBHOOK}{webhook}"})


def set_of_webhooks_key(workspace: str) -> dict[str, Any]:
    return to_item({"pk": partition(workspace), "sk": "WEBHOOKS"})


def webhook_item(webhook: Webhook) -> dict[str, Any]:
    values = asdict(webhook) | {
        "created_at": stamp(webhook.created_at),
        "rotations": [stamp(at) for at in webhook.rotations],
        "failing_since": stamp(webhook.failing_since),
    }
    return webhook_key(webhook.workspace, webhook.id) | to_item(present(values))


def read_webhook(item: dict[str, Any]) -> Webhook:
    values = from_item(item)
    read = {
        "events": tuple(values["events"]),
        "created_at": datetime.fromisoformat(values["created_at"]),
        "rotations": tuple(map(datetime.fromisoformat, values.get("rotations", ()))),
        "rotated_from": tuple(values.get("rotated_from", ())),
        "failing_since": read_stamp(values.get("failing_since")),
    }
    return known(Webhook, values | read)


def delivery_limit_key(workspace: str) -> dict[str, Any]:
    return to_item({"pk": partition(workspace), "sk": "COURIERS"})


def deliveries_under(webhook: str) -> str:
    return f"{DELIVERY}{webhook}#"


def delivery_key(workspace: str, webhook: str, delivery: str) -> dict[str, Any]:
    return to_item({"pk": partition(workspace), "sk": deliveries_under(webhook) + delivery})


def delivery_item(delivery: Delivery) -> dict[str, Any]:
    due = delivery.due_at
    values = asdict(delivery) | {
        "created_at": stamp(delivery.created_at),
        "next_at": stamp(delivery.next_at),
        "since": stamp(delivery.since),
        "tries": [asdict(one) | {"at": stamp(one.at)} for one in delivery.tries],
        # Both or neither: without them it is not in the index of what is due.
        "due_at": due.timestamp() if due else None,
        "due_shard": _due_shard(delivery) if due else None,
        "expires_at": int((delivery.created_at + DELIVERIES_ARE_KEPT).timestamp()),
    }
    key = delivery_key(delivery.workspace, delivery.webhook, delivery.id)
    return key | to_item(present(values))


def read_delivery(item: dict[str, Any]) -> Delivery:
    values = from_item(item)
    due = values.get("due_at")
    read = {
        "status": DeliveryStatus(values["status"]),
        "created_at": datetime.fromisoformat(values["created_at"]),
        "next_at": datetime.fromisoformat(values["next_at"]),
        "since": datetime.fromisoformat(values["since"]),
        "tries": tuple(
            known(Try, one | {"at": datetime.fromisoformat(one["at"])}) for one in values["tries"]
        ),
        "due_at": datetime.fromtimestamp(due, UTC) if due is not None else None,
    }
    return known(Delivery, values | read)


def filters_of(which: WhichDeliveries) -> Filters:
    """The attributes of an item that say whether it is one of these."""
    wanted = {"status": which.status, "name": which.event, "job": which.job}
    return {name: (value,) for name, value in wanted.items() if value is not None}


def sort_key_range(which: WhichDeliveries) -> tuple[str, str] | None:
    """Between which their names lie, which begin with the time of their events. Those of a job's
    events follow the job's own.
    """
    since, until = which.since, which.until
    if which.job is not None:
        begun = begun_at(which.job)
        since = max(begun - _EARLY, since or begun - _EARLY)
        until = min(begun + _LONGEST_JOB, until or begun + _LONGEST_JOB)
    if since is None and until is None:
        return None
    return first_id(since) if since else "", first_id(until) if until else AFTER_ALL_NAMES


def read_message_key(item: dict[str, Any]) -> DeliveryMessage:
    key = from_item(item)
    webhook, _, delivery = key["sk"].removeprefix(DELIVERY).partition("#")
    return DeliveryMessage(
        workspace=key["pk"].removeprefix(partition("")), webhook=webhook, delivery=delivery
    )


def all_due_shards() -> Iterable[str]:
    return (f"deliveries#{number}" for number in range(_SHARDS))


def _due_shard(delivery: Delivery) -> str:
    """By its receiver: ten thousand messages for one that is dead stand in one line."""
    receiver = receiver_of(delivery).machine.model
    return f"deliveries#{zlib.crc32(receiver.encode()) % _SHARDS}"
