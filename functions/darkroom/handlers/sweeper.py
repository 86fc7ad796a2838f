"""Each minute: what is due and does not move. A line and a metric for each repair.

The local run, which has stopped all workers, asks it to let their images go on.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from darkroom.bootstrap.sweeper import Sweeper, SweeperPorts, sweeper
from darkroom.handlers.logs import function_logger
from darkroom.settings import SweeperSettings

# Its timeout is 55 s, and what is begun is ended.
SECONDS = 50
_settings = SweeperSettings.from_environment()
_log = function_logger("sweeper", _settings.log_level)
_metrics = Metrics(namespace="Darkroom", service="sweeper")
_metrics.set_default_dimensions(stage=_settings.stage)
_sweeper = sweeper(SweeperPorts(_settings))


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    return serve(event, _sweeper, _log, _metrics)


def serve(event: dict[str, Any], sweeper: Sweeper, log: Logger, metrics: Metrics) -> dict[str, int]:
    begun = time.monotonic()
    stopped_at = event.get("workers_stopped_at")
    found = sweeper.resume(datetime.fromisoformat(stopped_at)) if stopped_at else sweeper.sweep()
    repairs: Counter[str] = Counter()
    for repair in found:
        repairs[repair.kind] += 1
        log.warning(
            "repair",
            kind=repair.kind,
            workspace=repair.workspace,
            job=repair.job,
            slots=list(repair.slots),
            request_id=repair.request_id,
        )
        metrics.add_metric(name=f"repair_{repair.kind}", unit=MetricUnit.Count, value=1)
    if repairs:
        metrics.flush_metrics()
    # Most of them waited for their time, and nothing was wrong.
    deliveries = sweeper.send_due()
    # In what is left of the time: what is not reached expires with the next sweep.
    expired = sweeper.expire_media(SECONDS - (time.monotonic() - begun))
    log.info("sweep", repairs=sum(repairs.values()), deliveries=deliveries, expired=expired)
    return dict(repairs)
