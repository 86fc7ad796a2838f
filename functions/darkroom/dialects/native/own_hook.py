"""The webhook that a job's request has named, as those see it who ask for the job."""

from __future__ import annotations

from typing import Any

from darkroom.dialects.wire import Desk
from darkroom.domain.api_key import GENERATE, WEBHOOKS
from darkroom.domain.job import Job

_MAY_NAME_ONE = {GENERATE, WEBHOOKS}


def with_hook(shown: dict[str, Any], job: Job, desk: Desk) -> dict[str, Any]:
    """Its address may hold a secret: it is for those who could have named it. So it is in no event,
    either, which other receivers get.
    """
    scopes = desk.caller.scopes if desk.caller else frozenset()
    if job.webhook is None or not _MAY_NAME_ONE & scopes:
        return shown
    hook = {"url": job.webhook.url, "events": list(job.webhook.events)}
    return {**shown, "webhook": hook}
