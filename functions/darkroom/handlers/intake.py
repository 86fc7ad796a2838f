"""Requests that come by a queue, or by the bus into that queue: one message each."""

from __future__ import annotations

import time
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from darkroom.aws.intake_queue import read_intake_message
from darkroom.bootstrap.intake import IntakePorts, intake
from darkroom.handlers.logs import function_logger
from darkroom.settings import IntakeSettings
from darkroom.usecases.accept_message import Intake

_settings = IntakeSettings.from_environment()
_log = function_logger("intake", _settings.log_level)
_intake = intake(IntakePorts(_settings))


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return serve(event, _intake, _log)


def serve(event: dict[str, Any], intake: Intake, log: Logger) -> dict[str, Any]:
    for record in event["Records"]:
        begun = time.monotonic()
        message = read_intake_message(record)
        log.append_keys(request_id=message.id)
        taken = intake.accept(message)
        log.info(
            "request",
            duration_ms=round((time.monotonic() - begun) * 1000),
            outcome=taken.result,
            workspace=taken.workspace,
            job=taken.job,
            why=taken.code,
        )
    return {"batchItemFailures": []}
