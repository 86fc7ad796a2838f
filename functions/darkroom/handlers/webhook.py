"""Messages for receivers of webhooks, from SQS: one each."""

from __future__ import annotations

import time
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from darkroom.bootstrap.webhook import DeliveryWorkerPorts, delivery_worker
from darkroom.domain.delivery import Delivery
from darkroom.domain.event_ports import read_delivery_message
from darkroom.handlers.logs import function_logger
from darkroom.settings import WebhookSettings
from darkroom.usecases.deliver_webhook import DeliveryWorker

_settings = WebhookSettings.from_environment()
_log = function_logger("webhook", _settings.log_level)
_delivery_worker = delivery_worker(DeliveryWorkerPorts(_settings))
_slow_queue = _settings.slow_webhooks_queue_url.rpartition("/")[2]


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return serve(event, _delivery_worker, _log)


def serve(event: dict[str, Any], delivery_worker: DeliveryWorker, log: Logger) -> dict[str, Any]:
    for record in event["Records"]:
        try:
            _deliver(record, delivery_worker, log)
        except Exception:
            # Raised again: a batch is one message, which comes back all the same, and Lambda counts
            # an error that an alarm can see.
            log.exception("fault", message_id=record["messageId"])
            raise
    return {"batchItemFailures": []}


def _deliver(record: dict[str, Any], delivery_worker: DeliveryWorker, log: Logger) -> None:
    begun = time.monotonic()
    message = read_delivery_message(record["body"])
    if message is None:
        raise ValueError("this message is none of ours")
    # On every log line from here on.
    log.append_keys(request_id=message.request_id)
    queue = record["eventSourceARN"].rpartition(":")[2]
    report = delivery_worker.deliver(message, slow=queue == _slow_queue)
    log.info(
        "delivery",
        outcome=report.result,
        workspace=message.workspace,
        webhook=message.webhook,
        delivery=message.delivery,
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
