"""Writes: everything that is not a GET."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

# Loaded with the function rather than with its first request, as pydantic is with it.
import darkroom.dialects.native.jobs
import darkroom.dialects.reading_bodies  # noqa: F401
from darkroom.bootstrap.submit import SubmitPorts, submit_api
from darkroom.clock_and_ids import after_restore
from darkroom.handlers.gateway import serve
from darkroom.handlers.logs import function_logger
from darkroom.settings import SubmitSettings

_settings = SubmitSettings.from_environment()
_log = function_logger("submit", _settings.log_level)
_api = submit_api(SubmitPorts(_settings))


def _renew() -> None:
    """A snapshot is days old: its catalogue has models that have ended since. Clients stay."""
    global _api  # noqa: PLW0603
    _api = submit_api(SubmitPorts(_settings, _api.ports.clients))


after_restore(_renew)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    return serve(event, _api, _log)
