"""What is known of a workspace's deliveries, in one item: the permits of its delivery workers of
the first queue, and how long its slow webhooks take.

A permit has an end, as a lease has: when a delivery worker dies, its permit is free from then on.
"""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from darkroom.aws.table import ConditionFailed, Item, Table, update
from darkroom.aws.values import from_item
from darkroom.aws.webhook_records import delivery_limit_key
from darkroom.domain.errors import Unavailable
from darkroom.domain.event_ports import DeliveryLoad, Permit
from darkroom.domain.ports import Clock

log = logging.getLogger(__name__)

# The function's own timeout: after this, the worker that held the permit has died.
_HELD_SECONDS = 30
# Most receivers answer in a part of it: a worker that still waits has a slow one.
_HANGING_SECONDS = 1
# From this average on a webhook is slow. Each new time counts for half of it: one slow answer makes
# it slow, and three quick ones make it quick again.
_SLOW_SECONDS = 3
_FRESH_SECONDS = 1
_KEPT_SECONDS = timedelta(days=1).total_seconds()
_PLACE, _AVERAGE = "place_", "average_"


class DynamoDeliveryLimit:
    def __init__(
        self,
        table: Table,
        places: int,
        clock: Clock,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._table = table
        self._places = places
        self._clock = clock
        self._stopwatch = stopwatch
        self._read: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def look(self, workspace: str) -> DeliveryLoad:
        read = self._read.get(workspace)
        if read is None or self._stopwatch() - read[0] >= _FRESH_SECONDS:
            try:
                item = self._table.get(delivery_limit_key(workspace), dict, is_consistent=False)
            except (BotoCoreError, ClientError):
                log.exception("delivery_limit_unread")
                return DeliveryLoad()
            self._know(workspace, item or {})
        held, latest = self._held(workspace), self._now() - _HANGING_SECONDS
        return DeliveryLoad(
            is_saturated=len(held) >= self._places
            and any(one["since"] < latest for one in held.values()),
            slow_webhooks=frozenset(
                name
                for name, seconds in self._averages(workspace).items()
                if seconds >= _SLOW_SECONDS
            ),
        )

    def acquire(self, workspace: str, token: str) -> Permit | None:
        number = zlib.crc32(token.encode()) % self._places
        for _ in range(self._places + 1):
            permit = Permit(workspace=workspace, number=number, token=token)
            if self._acquired(permit):
                return permit
            free = set(range(self._places)) - self._held(workspace).keys()
            if not free:
                return None
            number = min(free)
        return None

    def release(self, permit: Permit) -> None:
        self._noted(
            permit.workspace,
            "REMOVE #place",
            {"place": f"{_PLACE}{permit.number}"},
            {":token": permit.token},
            "#place.#token = :token",
        )

    def record_time(self, workspace: str, webhook: str, seconds: float) -> None:
        self.look(workspace)  # what it knows is older than that where the answer took long
        averages = self._averages(workspace)
        known = averages.get(webhook)
        if known is None and seconds < _SLOW_SECONDS:
            return  # so it is with most, and nothing has to be written of them
        average = seconds if known is None else (known + seconds) / 2
        # Those of deleted webhooks, too, are removed only here.
        old = [name for name in self._named(workspace) if name not in averages and name != webhook]
        names = {f"old{number}": f"{_AVERAGE}{name}" for number, name in enumerate(old)}
        self._noted(
            workspace,
            "SET #average = :average, expires_at = :kept"
            + (f" REMOVE {', '.join(f'#{name}' for name in names)}" if names else ""),
            {"average": f"{_AVERAGE}{webhook}"} | names,
            {
                ":average": {"seconds": round(average, 3), "at": self._now()},
                ":kept": int(self._now() + _KEPT_SECONDS),
            },
        )

    def _acquired(self, permit: Permit) -> bool:
        now = self._now()
        values = {
            ":mine": {"token": permit.token, "since": now, "until": now + _HELD_SECONDS},
            ":kept": int(now + _KEPT_SECONDS),
            ":now": now,
            ":token": permit.token,
        }
        write = update(
            delivery_limit_key(permit.workspace),
            "SET #place = :mine, expires_at = :kept",
            # Its own token: it was given the place, and only the answer was lost.
            "attribute_not_exists(#place) OR #place.#until < :now OR #place.#token = :token",
            values,
            {"place": f"{_PLACE}{permit.number}"},
        )
        try:
            self._know(permit.workspace, self._table.write(write))
        except ConditionFailed as failed:
            self._know(permit.workspace, failed.item or {})
            return False
        return True

    def _noted(
        self,
        workspace: str,
        change: str,
        names: Mapping[str, str],
        values: Mapping[str, Any],
        condition: str = "",
    ) -> None:
        """The delivery has come to its end by now, and is not to be repeated over this."""
        key = delivery_limit_key(workspace)
        try:
            self._table.write(update(key, change, condition, values, names))
        except ConditionFailed:
            pass  # its time was over, and another has the place
        except (BotoCoreError, ClientError, Unavailable):
            log.exception("delivery_limit_unwritten")

    def _know(self, workspace: str, item: Item) -> None:
        self._read[workspace] = (self._stopwatch(), from_item(item))

    def _held(self, workspace: str) -> Mapping[int, Mapping[str, Any]]:
        item = self._read[workspace][1]
        places = ((number, item.get(f"{_PLACE}{number}")) for number in range(self._places))
        return {number: one for number, one in places if one and one["until"] >= self._now()}

    def _averages(self, workspace: str) -> dict[str, float]:
        """Of the last day: a receiver that was not called since may have changed."""
        oldest = self._now() - _KEPT_SECONDS
        named = self._named(workspace).items()
        return {name: one["seconds"] for name, one in named if one["at"] >= oldest}

    def _named(self, workspace: str) -> Mapping[str, Mapping[str, float]]:
        """By webhook."""
        item = self._read[workspace][1] if workspace in self._read else {}
        return {
            name.removeprefix(_AVERAGE): one
            for name, one in item.items()
            if name.startswith(_AVERAGE)
        }

    def _now(self) -> float:
        return self._clock.now().timestamp()
