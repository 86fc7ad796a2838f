"""Send deliveries that are due: after a pause, a lost message, a delivery worker that died."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from darkroom.domain.delivery import DeliveryStatus, looked_at
from darkroom.domain.event_ports import Deliveries, DeliveryMessage, DeliveryQueue, delivery_message
from darkroom.domain.ports import Clock

log = logging.getLogger(__name__)

_AT_A_TIME = 100
# Beside the jobs, which have most of a sweep.
_TIME = timedelta(seconds=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySweep:
    deliveries: Deliveries
    queue: DeliveryQueue
    clock: Clock

    def send_due(self) -> int:
        """How many."""
        until = self.clock.now() + _TIME
        sent = 0
        seen: set[DeliveryMessage] = set()
        while self.clock.now() < until:
            due = self.deliveries.due(self.clock.now(), _AT_A_TIME)
            fresh = [message for message in due if message not in seen]
            if not fresh:
                break
            for message in fresh:
                seen.add(message)
                sent += self._sent(message)
        return sent

    def _sent(self, message: DeliveryMessage) -> bool:
        try:
            return self._send(message)
        except Exception:
            # What one delivery suffers from must not keep the others from theirs.
            log.exception("repair_failed", extra={"delivery": message.delivery})
            return False

    def _send(self, message: DeliveryMessage) -> bool:
        delivery = self.deliveries.get(message.workspace, message.webhook, message.delivery)
        if delivery is None or delivery.status is not DeliveryStatus.PENDING:
            return False
        if delivery.due_at is None or delivery.due_at > self.clock.now():
            return False
        # The next look is written first: should this one fail on the way, another will come.
        return self.deliveries.change(delivery, looked_at(delivery, self.clock.now())) and (
            self.queue.send(delivery_message(delivery))
        )
