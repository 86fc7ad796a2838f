"""Read a job, or wait for its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from darkroom.domain.errors import NotFound
from darkroom.domain.job import Job, JobKind
from darkroom.domain.operations import Caller, ReadJob
from darkroom.domain.ports import Clock, Jobs

# The first looks come quickly, for the quick models; later ones spare the database.
_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.1, 1.0, 1.3


def read_job(command: ReadJob, caller: Caller, *, jobs: Jobs, clock: Clock) -> Job:
    job = jobs.get(caller.workspace, command.job)
    if job is None or command.kind not in (None, job.kind):
        raise NotFound("caption" if command.kind is JobKind.CAPTIONS else "job")
    return wait_for(job, clock.now() + timedelta(seconds=command.wait), jobs=jobs, clock=clock)


def wait_for(
    job: Job, until: datetime, *, jobs: Jobs, clock: Clock, slot: int | None = None
) -> Job:
    """The job when it, or this slot of it, has ended, or as it is when the time is up."""
    pause = _FIRST_PAUSE
    while not _has_ended(job, slot):
        left = (until - clock.now()).total_seconds()
        if left <= 0:
            break
        clock.sleep(min(pause, left))
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)
        job = jobs.get(job.workspace, job.id) or job
    return job


def _has_ended(job: Job, slot: int | None) -> bool:
    is_done = slot is not None and job.slots[slot].status.is_terminal
    return is_done or job.status.is_terminal
