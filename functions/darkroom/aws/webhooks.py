"""Webhooks and their deliveries in DynamoDB."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from darkroom.aws import webhook_records as records
from darkroom.aws.queries import count_of, due_items, items_under, keys_in_due, page_of
from darkroom.aws.records import partition
from darkroom.aws.transactions import (
    Canceled,
    is_condition_failure,
    pause,
    put_new,
    transact,
    with_retries,
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
_AS_IT_WAS = "version = :version"


class DynamoWebhooks:
    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, webhook: Webhook) -> None:
        item = records.webhook_item(webhook)
        _put(self._client, self._table, item, "attribute_not_exists(pk)", None)

    def add_within(self, limit: int, webhook: Webhook) -> bool:
        """Each that is added changes the item of the set: what was counted holds still."""
        end, attempt = time.monotonic() + _PATIENCE_SECONDS, 0
        while time.monotonic() < end:
            key = records.set_of_webhooks_key(webhook.workspace)
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
            version = from_item(answer.get("Item", {})).get("version", 0)
            known = self.of_workspace(webhook.workspace)
            if any(one.id == webhook.id for one in known):
                return True  # our own try before this one, whose answer was lost
            if sum(one.id != OF_REQUESTS for one in known) >= limit:
                return False
            item = key | to_item({"version": version + 1})
            condition = _AS_IT_WAS if version else "attribute_not_exists(pk)"
            values = {"ExpressionAttributeValues": to_item({":version": version})}
            put = {"TableName": self._table, "Item": item, "ConditionExpression": condition}
            writes = [
                put_new(self._table, records.webhook_item(webhook)),
                {"Put": put | (values if version else {})},
            ]
            try:
                transact(self._client, writes)
            except Canceled:
                pause(attempt)
                attempt += 1
            else:
                return True
        raise Unavailable

    def get(self, workspace: str, webhook: str) -> Webhook | None:
        answer = self._client.get_item(
            TableName=self._table, Key=records.webhook_key(workspace, webhook), ConsistentRead=True
        )
        return records.read_webhook(answer["Item"]) if "Item" in answer else None

    def of_workspace(self, workspace: str) -> Sequence[Webhook]:
        pk = partition(workspace)
        items = items_under(self._client, self._table, pk, records.WEBHOOK)
        return [webhook for item in items if (webhook := _readable(item))]

    def change(self, before: Webhook, after: Webhook) -> bool:
        item = records.webhook_item(after)
        if _put(self._client, self._table, item, _AS_IT_WAS, before.version):
            return True
        # It may be our own first try whose answer was lost.
        return self.get(after.workspace, after.id) == after

    def remove(self, webhook: Webhook) -> None:
        self._client.delete_item(
            TableName=self._table, Key=records.webhook_key(webhook.workspace, webhook.id)
        )


class DynamoDeliveries:
    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, delivery: Delivery) -> bool:
        item = records.delivery_item(delivery)
        return _put(self._client, self._table, item, "attribute_not_exists(pk)", None)

    def get(self, workspace: str, webhook: str, delivery: str) -> Delivery | None:
        answer = self._client.get_item(
            TableName=self._table,
            Key=records.delivery_key(workspace, webhook, delivery),
            ConsistentRead=True,
        )
        return records.read_delivery(answer["Item"]) if "Item" in answer else None

    def change(self, before: Delivery, after: Delivery) -> bool:
        item = records.delivery_item(after)
        if _put(self._client, self._table, item, _AS_IT_WAS, before.version):
            return True
        return self.get(after.workspace, after.webhook, after.id) == after

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
            self._client,
            self._table,
            workspace,
            records.deliveries_under(webhook),
            names=records.sort_key_range(which),
            most_bites=_MOST_BITES,
            equal=records.filters_of(which),
        )

    def pending(self, workspace: str) -> Counted:
        shards = records.all_due_shards()
        keys, has_more = keys_in_due(self._client, self._table, shards, workspace)
        number = Counter(records.read_message_key(key).webhook for key in keys)
        return Counted(number=number, has_more=has_more)

    def failed_since(self, workspace: str, webhook: str, moment: datetime) -> Counted:
        which = WhichDeliveries(status=DeliveryStatus.FAILED, since=moment)
        number, has_more = self._under(count_of, workspace, webhook, which)()
        return Counted(number={webhook: number}, has_more=has_more)

    def due(self, now: datetime, limit: int) -> Sequence[DeliveryMessage]:
        shards = records.all_due_shards()
        items = due_items(self._client, self._table, shards, now=now, limit=limit)
        return [records.read_message_key(item) for item in items]


def _readable(item: dict[str, Any]) -> Webhook | None:
    """One that is spoilt must not keep the others from being told."""
    try:
        return records.read_webhook(item)
    except (KeyError, TypeError, ValueError):
        log.exception("webhook_unread", extra={"key": item["sk"]["S"]})
        return None


def _put(
    client: Any, table: str, item: dict[str, Any], condition: str, version: int | None
) -> bool:
    """Whether the condition held."""
    values = {} if version is None else {":version": version}
    given = {"ExpressionAttributeValues": to_item(values)} if values else {}
    write = partial(
        client.put_item, TableName=table, Item=item, ConditionExpression=condition, **given
    )
    try:
        with_retries(write)
    except ClientError as error:
        if not is_condition_failure(error):
            raise
        return False
    return True
