"""Changes of the table, from its stream: all of a batch, or all of it again."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from darkroom.bootstrap.relay import RelayPorts, relay
from darkroom.handlers.logs import function_logger
from darkroom.settings import RelaySettings
from darkroom.usecases.relay_changes import Relay

_settings = RelaySettings.from_environment()
_log = function_logger("relay", _settings.log_level)
_relay = relay(RelayPorts(_settings))


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return serve(event, _relay, _log)


def serve(event: dict[str, Any], relay: Relay, log: Logger) -> dict[str, Any]:
    """Telling is harmless to repeat, and what fails is an outage: there is no part of a batch."""
    relayed = relay.relay(event["Records"])
    for one in relayed.events:
        log.info(
            "event",
            event_name=one.name,
            event_id=one.id,
            workspace=one.workspace,
            subject=one.subject,
            request_id=one.request_id,
        )
    log.info("relayed", records=len(event["Records"]), unread=relayed.unread)
    return {"batchItemFailures": []}
