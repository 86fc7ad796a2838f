"""Those who are told, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from darkroom.domain.delivery import Delivery, DeliveryStatus, first_id
from darkroom.domain.event_ports import (
    Answer,
    BusFailed,
    Counted,
    DeliveryLoad,
    DeliveryMessage,
    Permit,
    delivery_message,
)
from darkroom.domain.webhook import OF_REQUESTS, Webhook
from darkroom.domain.webhook_operations import ALL, DeliveryPage, WhichDeliveries
from darkroom.domain.worker_ports import FetchFailed
from tests.fakes.world import FakeClock


class FakeBus:
    """`told` is what was published; `is_down` takes nothing."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.is_down = False

    def publish(self, told: list[dict[str, Any]]) -> None:
        if self.is_down:
            raise BusFailed("it is down")
        self.told += told


class FakeWebhooks:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Webhook] = {}

    def add(self, webhook: Webhook) -> None:
        self.kept.setdefault((webhook.workspace, webhook.id), webhook)

    def add_within(self, limit: int, webhook: Webhook) -> bool:
        known = [one for one in self.of_workspace(webhook.workspace) if one.id != OF_REQUESTS]
        if len(known) >= limit:
            return False
        self.add(webhook)
        return True

    def put(self, webhook: Webhook) -> None:
        """Whatever is there."""
        self.kept[webhook.workspace, webhook.id] = webhook

    def get(self, workspace: str, webhook: str) -> Webhook | None:
        return self.kept.get((workspace, webhook))

    def of_workspace(self, workspace: str) -> list[Webhook]:
        return [hook for (owner, _), hook in sorted(self.kept.items()) if owner == workspace]

    def change(self, before: Webhook, after: Webhook) -> bool:
        known = self.get(before.workspace, before.id)
        if known is None or known.version != before.version:
            return known == after
        self.put(after)
        return True

    def remove(self, webhook: Webhook) -> None:
        self.kept.pop((webhook.workspace, webhook.id), None)


class FakeDeliveries:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], Delivery] = {}

    def add(self, delivery: Delivery) -> bool:
        if _place(delivery) in self.kept:
            return False
        self.kept[_place(delivery)] = delivery
        return True

    def get(self, workspace: str, webhook: str, delivery: str) -> Delivery | None:
        return self.kept.get((workspace, webhook, delivery))

    def change(self, before: Delivery, after: Delivery) -> bool:
        known = self.kept.get(_place(before))
        if known is None or known.version != before.version:
            return known == after
        self.kept[_place(after)] = after
        return True

    def page(
        self,
        workspace: str,
        webhook: str,
        *,
        limit: int,
        after: str | None,
        which: WhichDeliveries = ALL,
    ) -> DeliveryPage:
        wanted = self._wanted(workspace, webhook, which)
        found = [one for one in reversed(wanted) if after is None or one.id < after]
        return _page(found, limit)

    def oldest(
        self, workspace: str, webhook: str, *, limit: int, after: str, which: WhichDeliveries
    ) -> DeliveryPage:
        found = [one for one in self._wanted(workspace, webhook, which) if one.id > after]
        return _page(found, limit)

    def _wanted(self, workspace: str, webhook: str, which: WhichDeliveries) -> list[Delivery]:
        found = [
            one
            for one in self.kept.values()
            if (one.workspace, one.webhook) == (workspace, webhook)
            and which.status in {None, one.status}
            and which.event in {None, one.name}
            and which.job in {None, one.job}
            and (which.since is None or first_id(which.since) <= one.id)
            and (which.until is None or one.id < first_id(which.until))
        ]
        return sorted(found, key=lambda one: one.id)

    def pending(self, workspace: str) -> Counted:
        waiting = [one for one in self.kept.values() if one.due_at is not None]
        return Counted(number=Counter(one.webhook for one in waiting if one.workspace == workspace))

    def failed_since(self, workspace: str, webhook: str, moment: datetime) -> Counted:
        which = WhichDeliveries(status=DeliveryStatus.FAILED, since=moment)
        return Counted(number={webhook: len(self._wanted(workspace, webhook, which))})

    def due(self, now: datetime, limit: int) -> list[DeliveryMessage]:
        due = [one for one in self.kept.values() if one.due_at is not None and one.due_at <= now]
        return [delivery_message(one) for one in sorted(due, key=lambda one: one.due_at)[:limit]]


def _place(delivery: Delivery) -> tuple[str, str, str]:
    return delivery.workspace, delivery.webhook, delivery.id


class FakeDeliveryQueue:
    """`sent` are orders, each with its delay, `slow` those for slow receivers; `is_down` takes
    nothing.
    """

    def __init__(self) -> None:
        self.sent: list[tuple[DeliveryMessage, int]] = []
        self.slow: list[tuple[DeliveryMessage, int]] = []
        self.is_down = False

    def send(self, message: DeliveryMessage, seconds: int = 0, *, slow: bool = False) -> bool:
        if not self.is_down:
            (self.slow if slow else self.sent).append((message, seconds))
        return not self.is_down

    def take(self) -> list[tuple[DeliveryMessage, int]]:
        taken, self.sent = self.sent, []
        return taken


class FakeWebhookSender:
    """`answers` in their turn, the last one for good: a status, or a reason to reach nobody.
    `takes` happens before each.
    """

    def __init__(self) -> None:
        self.answers: list[int | str | Answer] = [200]
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        self.takes: Callable[[], object] = lambda: None

    def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        self.posts.append((url, dict(headers), body))
        self.takes()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, str):
            raise FetchFailed(answer)
        return answer if isinstance(answer, Answer) else Answer(status=answer)


class FakeBreaker:
    """`rests` are the seconds that a receiver is left alone, by its name."""

    def __init__(self) -> None:
        self.rests: dict[str, int] = {}
        self.failures: list[tuple[str, int | None]] = []
        self.worked_again: list[str] = []

    def open_for(self, route: Any) -> int:
        return self.rests.get(route.model, 0)

    def failed(self, route: Any, *, open_for: int | None) -> None:
        self.failures.append((route.model, open_for))

    def succeeded(self, route: Any) -> None:
        self.worked_again.append(route.model)


class FakeDeliveryLimit:
    """`held` are the places that are taken, and since when; `slow` the webhooks that are; `times`
    what was told of them.
    """

    def __init__(self, places: int = 2) -> None:
        self.places = places
        self.clock = FakeClock()
        self.held: dict[Permit, datetime] = {}
        self.slow: set[str] = set()
        self.times: list[tuple[str, float]] = []

    def look(self, workspace: str) -> DeliveryLoad:
        late = self.clock.now() - timedelta(seconds=1)
        since = [at for place, at in self.held.items() if place.workspace == workspace]
        is_saturated = len(since) >= self.places and min(since) < late
        return DeliveryLoad(is_saturated=is_saturated, slow_webhooks=frozenset(self.slow))

    def acquire(self, workspace: str, token: str) -> Permit | None:
        taken = {place.number for place in self.held if place.workspace == workspace}
        free = set(range(self.places)) - taken
        if not free:
            return None
        place = Permit(workspace=workspace, number=min(free), token=token)
        self.held[place] = self.clock.now()
        return place

    def release(self, place: Permit) -> None:
        self.held.pop(place, None)

    def record_time(self, _workspace: str, webhook: str, seconds: float) -> None:
        self.times.append((webhook, seconds))


def _page(found: list[Delivery], limit: int) -> DeliveryPage:
    last = found[limit - 1].id if len(found) > limit else None
    return DeliveryPage(deliveries=tuple(found[:limit]), last=last)
