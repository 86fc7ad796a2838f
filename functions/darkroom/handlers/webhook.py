"""Messages for receivers of webhooks, from SQS: one each."""

from __future__ import annotations

import time
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from darkroom.bootstrap.webhook import courier
from darkroom.domain.delivery import Delivery
from darkroom.domain.telling import read_delivery_order
from darkroom.handlers.logs import function_logger
from darkroom.settings import WebhookSettings
from darkroom.usecases.deliver_webhook import Courier

_settings = WebhookSettings.from_environment()
_log = function_logger("webhook", _settings.log_level)
_courier = courier(_settings)
_slow_queue = _settings.slow_webhooks_queue_url.rpartition("/")[2]


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return serve(event, _courier, _log)


def serve(event: dict[str, Any], courier: Courier, log: Logger) -> dict[str, Any]:
    for record in event["Records"]:
        try:
            _deliver(record, courier, log)
        except Exception:
            # Raised again: a batch is one message, which comes back all the same, and Lambda counts
            # an error that an alarm can see.
            log.exception("fault", message_id=record["messageId"])
            raise
    return {"batchItemFailures": []}


def _deliver(record: dict[str, Any], courier: Courier, log: Logger) -> None:
    begun = time.monotonic()
    order = read_delivery_order(record["body"])
    if order is None:
        raise ValueError("this message is none of ours")
    # On every line from here on, whoever writes it.
    log.append_keys(request_id=order.request_id)
    queue = record["eventSourceARN"].rpartition(":")[2]
    report = courier.deliver(order, slow=queue == _slow_queue)
    log.info(
        "delivery",
        outcome=report.result,
        workspace=order.workspace,
        webhook=order.webhook,
        delivery=order.delivery,
        why=report.why,
        **_facts(report.delivery),
        duration_ms=round((time.monotonic() - begun) * 1000),
    )


def _facts(delivery: Delivery | None) -> dict[str, Any]:
    if delivery is None:
        return {}
    return {
        "event_id": delivery.event,
        "event_name": delivery.name,
        "attempt": len(delivery.tries),
    }
