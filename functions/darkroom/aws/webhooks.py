"""Webhooks and their deliveries in DynamoDB."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from darkroom.aws import webhook_records as records
from darkroom.aws.queries import count_of, due_items, items_under, keys_in_due, page_of
from darkroom.aws.records import partition
from darkroom.aws.table import (
    Canceled,
    ConditionFailed,
    Item,
    Table,
    delete,
    pause,
    put,
    put_new,
)
from darkroom.aws.values import from_item, to_item
from darkroom.domain.delivery import Delivery, DeliveryStatus
from darkroom.domain.errors import Unavailable
from darkroom.domain.event_ports import Counted, DeliveryMessage
from darkroom.domain.webhook import OF_REQUESTS, Webhook
from darkroom.domain.webhook_operations import ALL, DeliveryPage, WhichDeliveries

Result = TypeVar("Result")

log = logging.getLogger(__name__)

# Of a megabyte each: a client that filters for rare deliveries gets an answer in time, at a price
# that leaves its workspace's jobs alone.
_MOST_BITES = 5
# Each of many that come at the same moment has its turn, for as long as its client waits.
_PATIENCE_SECONDS = 10
# Of forty that meet, all but one read in vain: the longer they spread, the fewer do.
_LONGEST_PAUSE = 2.5
_AS_IT_WAS = "version = :version"


class DynamoWebhooks:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, webhook: Webhook) -> None:
        _is_new(self._table, records.webhook_item(webhook))

    def add_within(self, limit: int, webhook: Webhook) -> bool:
        """Each that is added changes the item of the set: what was counted holds still."""
        end, attempt = time.monotonic() + _PATIENCE_SECONDS, 0
        while time.monotonic() < end:
            key = records.set_of_webhooks_key(webhook.workspace)
            version = (self._table.get(key, from_item) or {}).get("version", 0)
            known = self.of_workspace(webhook.workspace)
            if any(one.id == webhook.id for one in known):
                return True  # our own try before this one, whose answer was lost
            if sum(one.id != OF_REQUESTS for one in known) >= limit:
                return False
            item = key | to_item({"version": version + 1})
            counted = put(item, _AS_IT_WAS, {":version": version}) if version else put_new(item)
            try:
                self._table.transact([put_new(records.webhook_item(webhook)), counted])
            except Canceled:
                pause(attempt, _LONGEST_PAUSE)
                attempt += 1
            else:
                return True
        raise Unavailable

    def get(self, workspace: str, webhook: str) -> Webhook | None:
        return self._table.get(records.webhook_key(workspace, webhook), records.read_webhook)

    def of_workspace(self, workspace: str) -> Sequence[Webhook]:
        pk = partition(workspace)
        items = items_under(self._table, pk, records.WEBHOOK)
        return [webhook for item in items if (webhook := _readable(item))]

    def change(self, before: Webhook, after: Webhook) -> bool:
        item = records.webhook_item(after)
        return self._table.put_if(item, _AS_IT_WAS, {":version": before.version})

    def remove(self, webhook: Webhook) -> None:
        self._table.write(delete(records.webhook_key(webhook.workspace, webhook.id)))


class DynamoDeliveries:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, delivery: Delivery) -> bool:
        return _is_new(self._table, records.delivery_item(delivery))

    def get(self, workspace: str, webhook: str, delivery: str) -> Delivery | None:
        key = records.delivery_key(workspace, webhook, delivery)
        return self._table.get(key, records.read_delivery)

    def change(self, before: Delivery, after: Delivery) -> bool:
        item = records.delivery_item(after)
        return self._table.put_if(item, _AS_IT_WAS, {":version": before.version})

    def page(
        self,
        workspace: str,
        webhook: str,
        *,
        limit: int,
        after: str | None,
        which: WhichDeliveries = ALL,
    ) -> DeliveryPage:
        pages = self._under(page_of, workspace, webhook, which)
        items, last = pages(limit=limit, after=after, before=None)
        found = tuple(map(records.read_delivery, items))
        return DeliveryPage(deliveries=found, last=last)

    def oldest(
        self, workspace: str, webhook: str, *, limit: int, after: str, which: WhichDeliveries
    ) -> DeliveryPage:
        pages = self._under(page_of, workspace, webhook, which)
        items, last = pages(limit=limit, after=None, before=after)
        found = tuple(map(records.read_delivery, reversed(items)))
        return DeliveryPage(deliveries=found, last=last)

    def _under(
        self,
        query: Callable[..., Result],
        workspace: str,
        webhook: str,
        which: WhichDeliveries,
    ) -> Callable[..., Result]:
        return partial(
            query,
            self._table,
            workspace,
            records.deliveries_under(webhook),
            names=records.sort_key_range(which),
            most_bites=_MOST_BITES,
            filters=records.filters_of(which),
        )

    def pending(self, workspace: str) -> Counted:
        shards = records.all_due_shards()
        keys, has_more = keys_in_due(self._table, shards, workspace)
        number = Counter(records.read_message_key(key).webhook for key in keys)
        return Counted(number=number, has_more=has_more)

    def failed_since(self, workspace: str, webhook: str, moment: datetime) -> Counted:
        which = WhichDeliveries(status=DeliveryStatus.FAILED, since=moment)
        number, has_more = self._under(count_of, workspace, webhook, which)()
        return Counted(number={webhook: number}, has_more=has_more)

    def due(self, now: datetime, limit: int) -> Sequence[DeliveryMessage]:
        shards = records.all_due_shards()
        items = due_items(self._table, shards, now=now, limit=limit)
        return [records.read_message_key(item) for item in items]


def _readable(item: Item) -> Webhook | None:
    """One that cannot be read must not keep events from the others."""
    try:
        return records.read_webhook(item)
    except (KeyError, TypeError, ValueError):
        log.exception("webhook_unread", extra={"key": item["sk"]["S"]})
        return None


def _is_new(table: Table, item: Item) -> bool:
    """Writes it unless one is there."""
    try:
        table.write(put_new(item))
    except ConditionFailed:
        return False
    return True
