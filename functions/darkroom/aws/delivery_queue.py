"""The queues of deliveries to try, and the queue of records that the relay could not read."""

from __future__ import annotations

import json
import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from darkroom.domain.event_ports import DeliveryLimit, DeliveryMessage, write_delivery_message

log = logging.getLogger(__name__)

_LONGEST_DELAY = 900  # SQS's own


class SqsDeliveryQueue:
    def __init__(self, client: Any, url: str, slow_url: str, limit: DeliveryLimit) -> None:
        self._client = client
        self._urls = {False: url, True: slow_url}
        self._limit = limit

    def send(self, message: DeliveryMessage, seconds: int = 0, *, slow: bool = False) -> bool:
        load = self._limit.look(message.workspace)
        slow = slow or load.is_saturated or message.webhook in load.slow_webhooks
        try:
            self._client.send_message(
                QueueUrl=self._urls[slow],
                MessageBody=write_delivery_message(message),
                # One workspace's thousand deliveries do not delay another's one.
                MessageGroupId=message.workspace,
                DelaySeconds=min(seconds, _LONGEST_DELAY),
            )
        except (BotoCoreError, ClientError):
            log.exception("send_failed", extra={"delivery": message.delivery})
            return False
        return True


class SqsFailedRecords:
    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def keep(self, record: dict[str, Any], reason: str) -> None:
        body = json.dumps({"reason": reason, "record": record}, default=str)
        self._client.send_message(QueueUrl=self._url, MessageBody=body)
