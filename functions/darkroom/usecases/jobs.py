"""Read, list, cancel and settle jobs."""

from __future__ import annotations

from datetime import datetime, timedelta

from darkroom.domain.errors import AlreadyFinished, NotFound, Unavailable
from darkroom.domain.job import Job, JobKind, JobStatus
from darkroom.domain.job_moves import cancel, settle
from darkroom.domain.operations import Caller, CancelJob, ListJobs, ReadJob
from darkroom.domain.outcomes import JobPage
from darkroom.domain.ports import Clock, ImageQueue, Jobs

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


def list_jobs(command: ListJobs, caller: Caller, *, jobs: Jobs) -> JobPage:
    return jobs.page(caller.workspace, command)


# A job of ten images changes some twenty times in its life; more tries than that are not needed.
_TRIES = 25


def cancel_job(
    command: CancelJob, caller: Caller, *, jobs: Jobs, queue: ImageQueue, clock: Clock
) -> Job:
    for _ in range(_TRIES):
        job = jobs.get(caller.workspace, command.job)
        if job is None:
            raise NotFound("job")
        if job.status is JobStatus.CANCELED:
            return job  # a repeat of a call whose answer was lost
        if job.status.is_terminal:
            raise AlreadyFinished(job.status)
        ended = jobs.end(job, cancel(job, clock.now()))
        if ended is not None and ended.status is JobStatus.CANCELED:
            _wake(ended, queue)
            return ended
        # It moved meanwhile, perhaps to its end: look again.
    raise Unavailable


def _wake(job: Job, queue: ImageQueue) -> None:
    """A worker tells the providers at once, rather than at its next look."""
    pending = [index for index, slot in enumerate(job.slots) if slot.pending is not None]
    if pending:
        queue.send(job, pending)


def settle_job(job: Job, *, jobs: Jobs, clock: Clock) -> Job:
    """The job as it stands afterwards; one that is not ready, or was ended by another, as it is."""
    current: Job | None = job
    while current is not None and current.is_ready_to_settle:
        ended = jobs.end(current, settle(current, clock.now()))
        if ended is not None:
            return ended
        current = jobs.get(job.workspace, job.id)
    return current or job
