"""End a job whose slots have all ended: its state, its charge and its refund at once."""

from __future__ import annotations

from darkroom.domain.job import Job
from darkroom.domain.job_moves import settle
from darkroom.domain.ports import Clock, Jobs


def settle_job(job: Job, *, jobs: Jobs, clock: Clock) -> Job:
    """The job as it stands afterwards; one that is not ready, or was ended by another, as it is."""
    current: Job | None = job
    while current is not None and current.is_ready_to_settle:
        ended = jobs.end(current, settle(current, clock.now()))
        if ended is not None:
            return ended
        current = jobs.get(job.workspace, job.id)
    return current or job
