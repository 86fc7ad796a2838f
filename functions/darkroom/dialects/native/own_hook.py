"""The webhook that a job's request has named, as those see it who ask for the job."""

from __future__ import annotations

from typing import Any

from darkroom.domain.job import Job


def with_hook(shown: dict[str, Any], job: Job) -> dict[str, Any]:
    """Never in an event: its address may hold a secret, and other receivers get those."""
    if job.webhook is None:
        return shown
    hook = {"url": job.webhook.url, "events": list(job.webhook.events)}
    return {**shown, "webhook": hook}
