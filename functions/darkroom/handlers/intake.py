"""Requests that come by a queue, or by the bus into that queue: one message each."""

from __future__ import annotations

import time
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from darkroom.aws.intake_queue import letter_of
from darkroom.bootstrap.intake import intake
from darkroom.handlers.logs import function_logger
from darkroom.settings import IntakeSettings
from darkroom.usecases.take_request import Intake

_settings = IntakeSettings.from_environment()
_log = function_logger("intake", _settings.log_level)
_intake = intake(_settings)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return serve(event, _intake, _log)


def serve(event: dict[str, Any], intake: Intake, log: Logger) -> dict[str, Any]:
    for record in event["Records"]:
        begun = time.monotonic()
        letter = letter_of(record)
        log.append_keys(request_id=letter.id)
        taken = intake.take(letter)
        log.info(
            "request",
            duration_ms=round((time.monotonic() - begun) * 1000),
            outcome=taken.result,
            workspace=taken.workspace,
            job=taken.job,
            why=taken.code,
        )
    return {"batchItemFailures": []}
