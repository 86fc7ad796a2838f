"""Images to make, from SQS: one message each, and only what failed comes back."""

from __future__ import annotations

import json
import time
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from darkroom.bootstrap.worker import Worker, worker
from darkroom.domain.ports import Order
from darkroom.settings import WorkerSettings
from darkroom.usecases.make_image import Result

_settings = WorkerSettings.from_environment()
_log = Logger(service="worker", level=_settings.log_level)
_worker = worker(_settings)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return serve(event, _worker, _log)


def serve(event: dict[str, Any], worker: Worker, log: Logger) -> dict[str, Any]:
    """SQS deletes what is not named here, and brings back what is."""
    failures = [
        {"itemIdentifier": record["messageId"]}
        for record in event["Records"]
        if not _is_done(record, worker, log)
    ]
    return {"batchItemFailures": failures}


def _is_done(record: dict[str, Any], worker: Worker, log: Logger) -> bool:
    begun = time.monotonic()
    order = None
    try:
        order = Order(**json.loads(record["body"]))
        report = worker.make(order)
        if report.result is Result.RETRY:
            worker.queue.delay(record["receiptHandle"], report.retry_after)
        outcome = report.result.value
    except Exception:
        log.exception("fault", message_id=record["messageId"])
        outcome = "fault"
    log.info(
        "image",
        outcome=outcome,
        job=order and order.job,
        slot=order and order.slot,
        workspace=order and order.workspace,
        duration_ms=round((time.monotonic() - begun) * 1000),
    )
    return outcome not in ("fault", Result.RETRY)
