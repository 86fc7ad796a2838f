"""How much waits for a webhook, counted where it lies: nothing but numbers crosses the network."""

from __future__ import annotations

from typing import Any

from darkroom.aws.records import partition
from darkroom.aws.values import to_item
from darkroom.aws.webhook_records import deliveries_under
from darkroom.domain.delivery import DeliveryStatus


class WaitingDeliveries:
    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def count(self, workspace: str, webhook: str) -> int:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            Select="COUNT",
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            FilterExpression="#status = :pending",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=to_item(
                {
                    ":pk": partition(workspace),
                    ":prefix": deliveries_under(webhook),
                    ":pending": DeliveryStatus.PENDING,
                }
            ),
        )
        return sum(page["Count"] for page in pages)
