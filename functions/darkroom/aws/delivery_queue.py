"""The queues of deliveries to try, and where records go that nobody can read."""

from __future__ import annotations

import json
import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from darkroom.domain.telling import CourierLimit, DeliveryOrder, write_delivery_order

log = logging.getLogger(__name__)

_LONGEST_DELAY = 900  # SQS's own


class SqsDeliveryQueue:
    def __init__(self, client: Any, url: str, slow_url: str, limit: CourierLimit) -> None:
        self._client = client
        self._urls = {False: url, True: slow_url}
        self._limit = limit

    def send(self, order: DeliveryOrder, seconds: int = 0, *, slow: bool = False) -> bool:
        couriers = self._limit.look(order.workspace)
        slow = slow or couriers.hang or order.webhook in couriers.slow_webhooks
        try:
            self._client.send_message(
                QueueUrl=self._urls[slow],
                MessageBody=write_delivery_order(order),
                # One workspace's thousand deliveries do not delay another's one.
                MessageGroupId=order.workspace,
                DelaySeconds=min(seconds, _LONGEST_DELAY),
            )
        except (BotoCoreError, ClientError):
            log.exception("send_failed", extra={"delivery": order.delivery})
            return False
        return True


class SqsSetAside:
    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def keep(self, record: dict[str, Any], reason: str) -> None:
        body = json.dumps({"reason": reason, "record": record}, default=str)
        self._client.send_message(QueueUrl=self._url, MessageBody=body)
