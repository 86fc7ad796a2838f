"""Images to make, from SQS: one message each, and only what failed comes back."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from darkroom.bootstrap.worker import Worker, WorkerPorts, worker
from darkroom.domain.ports import ImportMessage, SlotMessage, read_message
from darkroom.domain.provider_callback import read_callback
from darkroom.handlers.logs import function_logger
from darkroom.settings import WorkerSettings
from darkroom.usecases.process_slot import Report, Result

_settings = WorkerSettings.from_environment()
_log = function_logger("worker", _settings.log_level)
_worker = worker(WorkerPorts(_settings))


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
    facts: dict[str, Any] = {"outcome": "fault"}
    log.append_keys(request_id="")
    try:
        callback = read_callback(record["body"])
        message = callback.message if callback else read_message(record["body"])
        if message is None:
            raise ValueError("this message is none of ours")  # noqa: TRY301 - logged as any fault is
        facts |= asdict(message)
        # On every log line from here on.
        log.append_keys(request_id=facts.pop("request_id", ""))
        if callback:
            report = worker.check_callback(callback)
            done = _reported(report, callback.message, record["receiptHandle"], worker)
        else:
            done = _done(message, record["receiptHandle"], worker)
        facts |= done
    except Exception:
        # Raised again: a batch is one message, which comes back all the same, and Lambda counts
        # an error that an alarm can see.
        log.exception("fault", message_id=record["messageId"])
        raise
    else:
        return done["outcome"] != Result.TAKEN
    finally:
        log.info("image", duration_ms=round((time.monotonic() - begun) * 1000), **facts)


def _done(message: SlotMessage | ImportMessage, receipt: str, worker: Worker) -> dict[str, str]:
    """What came of it, and why where it is not the image."""
    if isinstance(message, ImportMessage):
        media = worker.import_media(message)
        if media is None:
            return {"outcome": Result.NOTHING_TO_DO}
        return {"outcome": media.status, **({"why": media.failure} if media.failure else {})}
    return _reported(worker.process(message), message, receipt, worker)


def _reported(report: Report, message: SlotMessage, receipt: str, worker: Worker) -> dict[str, str]:
    if report.again is not None:
        sent = worker.queue.send_later(report.again, report.after)
        if not sent and not report.again.held:
            # The one that was received is as good. Of what is parked the sweeper takes care.
            worker.queue.delay(message, receipt, report.after)
            return {"outcome": Result.TAKEN}
    elif report.result is Result.TAKEN:
        worker.queue.delay(message, receipt, report.after)
    reasons = {"why": report.why, "failure": report.failure}
    return {"outcome": report.result, **{name: text for name, text in reasons.items() if text}}
