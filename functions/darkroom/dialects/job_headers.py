"""What headers say of a job in every dialect: which model or provider stands in for another."""

from __future__ import annotations

from typing import Any

from darkroom.domain.catalogue import STAND_IN, Catalogue, is_stand_in
from darkroom.domain.job import Job
from darkroom.domain.outcomes import Submitted


def job_of(outcome: Any) -> Job | None:
    """The job that an outcome is about."""
    job = outcome.job if isinstance(outcome, Submitted) else outcome
    return job if isinstance(job, Job) else None


def job_headers(job: Job, catalogue: Catalogue) -> dict[str, str]:
    if job.writes_captions:
        return {}
    headers = {}
    if job.picture.served_by:
        # By the operator's word.
        headers["x-darkroom-served-by"] = job.picture.served_by
    providers = [image.provider for _, image in job.images]
    if not job.status.is_terminal:
        providers += [route.provider for route in catalogue.routes(job.picture)[:1]]
    if any(is_stand_in(provider, job.picture.model) for provider in providers):
        headers["x-darkroom-stand-in"] = STAND_IN
    return headers
