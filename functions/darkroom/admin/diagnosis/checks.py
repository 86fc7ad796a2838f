"""All that the doctor looks at, in the order of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from darkroom.admin.deployment import Deployment
from darkroom.admin.diagnosis.alarms import check_alarms
from darkroom.admin.diagnosis.finding import Finding, bad
from darkroom.admin.diagnosis.jobs import check_jobs
from darkroom.admin.diagnosis.limits import check_concurrency
from darkroom.admin.diagnosis.providers import check_providers
from darkroom.admin.diagnosis.queues import check_queues
from darkroom.admin.diagnosis.system import (
    check_clock,
    check_secrets,
    check_stack,
    check_version,
)
from darkroom.domain.errors import DarkroomError

Check = Callable[[Deployment], Iterator[Finding]]
CHECKS: Mapping[str, Check] = {
    "stack": check_stack,
    "version": check_version,
    "clock": check_clock,
    "secrets": check_secrets,
    "queues": check_queues,
    "stuck jobs": check_jobs,
    "providers": check_providers,
    "functions at once": check_concurrency,
    "alarms": check_alarms,
}


def findings(deployment: Deployment) -> Iterator[Finding]:
    """What cannot be looked at is not well: the others go on."""
    for name, check in CHECKS.items():
        try:
            yield from check(deployment)
        except (BotoCoreError, ClientError, DarkroomError, LookupError) as error:
            yield bad(name, f"cannot be checked: {error}")
