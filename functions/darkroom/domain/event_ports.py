"""An event's message, and the ports that carry it: the bus and webhooks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from darkroom.domain.delivery import Delivery
from darkroom.domain.events import Event
from darkroom.domain.job import Job
from darkroom.domain.webhook import Webhook
from darkroom.domain.webhook_operations import ALL, DeliveryPage, WhichDeliveries

# So that receivers can take a message in one bite, and ten of them fit into one call to the bus.
LARGEST = 20_000
# Of the message's shape; a change that breaks readers is a new one.
VERSION = 1

# A job as a poll shows it.
DescribeJob = Callable[[Job], Mapping[str, Any]]


def cloud_event(event: Event, source: str, describe: DescribeJob) -> dict[str, Any]:
    """CloudEvents 1.0: the same for the bus and for webhooks."""
    envelope = {
        "specversion": "1.0",
        "id": event.id,
        "source": source,
        "type": f"darkroom.{event.name}",
        "subject": event.subject,
        "time": event.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "dataschema": f"{source}/v1/events/schemas/{event.name}/{VERSION}",
        # Names of extensions have neither capitals nor underscores.
        "workspace": event.workspace,
        **({"requestid": event.request_id} if event.request_id else {}),
    }
    if event.job is None:
        return {**envelope, "data": dict(event.facts)}
    job = describe(event.job)
    # Its metadata goes last: a workflow may wait for the token in it.
    for shown in (job, _in_short(job, "metadata"), _in_short(job)):
        message = {**envelope, "data": _of_job(event, shown)}
        if len(as_text(message).encode()) <= LARGEST:
            break
    return message


def as_text(message: Mapping[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _of_job(event: Event, job: Mapping[str, Any]) -> dict[str, Any]:
    if event.slot is None or "images" not in job:
        return {"job": job}
    return {"job": job, "image": job["images"][event.slot]}


def _in_short(job: Mapping[str, Any], *more: str) -> dict[str, Any]:
    """Without what the receiver has said itself: that is what can be long."""
    images = [
        {name: value for name, value in image.items() if name != "attempts"}
        for image in job.get("images", ())
    ]
    kept = {
        name: job[name]
        for name in ("id", "type", "status", "model", "credits", "created_at", "finished_at", *more)
        if name in job
    }
    return {**kept, **({"images": images} if "images" in job else {}), "in_short": True}


class BusFailed(Exception):  # noqa: N818 - what happened
    """The bus did not take all of it."""


class EventBus(Protocol):
    def publish(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """All of these. Raises BusFailed when one of them could not be published."""
        ...


class Webhooks(Protocol):
    def add(self, webhook: Webhook) -> None: ...

    def add_within(self, limit: int, webhook: Webhook) -> bool:
        """False when the workspace has that many already, `default` aside."""
        ...

    def get(self, workspace: str, webhook: str) -> Webhook | None: ...

    def of_workspace(self, workspace: str) -> Sequence[Webhook]:
        """Oldest first."""
        ...

    def change(self, before: Webhook, after: Webhook) -> bool:
        """False when it is no longer as `before`."""
        ...

    def remove(self, webhook: Webhook) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """As many as were found in one look, which is bounded."""

    number: Mapping[str, int]  # by webhook
    has_more: bool = False


class Deliveries(Protocol):
    def add(self, delivery: Delivery) -> bool:
        """False when it is there already."""
        ...

    def get(self, workspace: str, webhook: str, delivery: str) -> Delivery | None: ...

    def change(self, before: Delivery, after: Delivery) -> bool:
        """False when it is no longer as `before`."""
        ...

    def page(
        self,
        workspace: str,
        webhook: str,
        *,
        limit: int,
        after: str | None,
        which: WhichDeliveries = ALL,
    ) -> DeliveryPage:
        """Newest first: those older than `after`."""
        ...

    def oldest(
        self, workspace: str, webhook: str, *, limit: int, after: str, which: WhichDeliveries
    ) -> DeliveryPage:
        """Oldest first: those newer than `after`."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[DeliveryMessage]: ...

    def pending(self, workspace: str) -> Counted:
        """How many wait, by webhook."""
        ...

    def failed_since(self, workspace: str, webhook: str, moment: datetime) -> Counted:
        """How many have failed whose events are of then and later, by webhook: of this one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryMessage:
    """One delivery to try, as the queue carries it."""

    workspace: str
    webhook: str
    delivery: str
    request_id: str = ""  # that it all began with


def delivery_message(delivery: Delivery) -> DeliveryMessage:
    return DeliveryMessage(
        workspace=delivery.workspace,
        webhook=delivery.webhook,
        delivery=delivery.id,
        request_id=delivery.request_id,
    )


def read_delivery_message(body: str) -> DeliveryMessage | None:
    try:
        return DeliveryMessage(**json.loads(body))
    except (TypeError, ValueError):
        return None


def write_delivery_message(message: DeliveryMessage) -> str:
    return json.dumps(asdict(message))


class DeliveryQueue(Protocol):
    def send(self, message: DeliveryMessage, seconds: int = 0, *, slow: bool = False) -> bool:
        """Whether it could be sent: what could not, the sweeper sends once more.

        What the workspace's load shows to be slow, or `slow` says, goes to the slow queue.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLoad:
    """How a workspace's deliveries go just now."""

    # It has as many delivery workers as it may, and one of those waits for its receiver.
    is_saturated: bool = False
    slow_webhooks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """The right of one delivery worker to deliver for a workspace."""

    workspace: str
    number: int
    token: str


class DeliveryLimit(Protocol):
    """How many workers of the first queue a workspace has at once, and which webhooks are slow."""

    def look(self, workspace: str) -> DeliveryLoad:
        """A moment old at most. It is advice: when it cannot be read, deliveries go on."""
        ...

    def acquire(self, workspace: str, token: str) -> Permit | None: ...

    def release(self, permit: Permit) -> None: ...

    def record_time(self, workspace: str, webhook: str, seconds: float) -> None:
        """How long it took to answer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    retry_after: str = ""
    beginning: bytes = b""  # of what it said beside that, where it did not take the message


class WebhookSender(Protocol):
    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """To an address that a user gave. Raises Unfetchable."""
        ...
