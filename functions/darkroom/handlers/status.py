"""Reads: every GET."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from darkroom.bootstrap.api import ApiPorts
from darkroom.bootstrap.status import status_api
from darkroom.clock_and_ids import after_restore
from darkroom.handlers.gateway import serve
from darkroom.handlers.logs import function_logger
from darkroom.settings import StatusSettings

_settings = StatusSettings.from_environment()
_log = function_logger("status", _settings.log_level)
_api = status_api(ApiPorts(_settings))


def _renew() -> None:
    """A snapshot is days old: its catalogue has models that have ended since. Clients stay."""
    global _api  # noqa: PLW0603
    _api = status_api(ApiPorts(_settings, _api.ports.clients))


after_restore(_renew)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return serve(event, _api, _log)
