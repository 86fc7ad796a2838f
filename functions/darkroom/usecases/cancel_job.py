"""Stop what can be stopped, keep what is stored, refund the rest."""

from __future__ import annotations

from darkroom.domain.errors import AlreadyFinished, NotFound, Unavailable
from darkroom.domain.job import Job, JobStatus
from darkroom.domain.job_moves import cancel
from darkroom.domain.operations import Caller, CancelJob
from darkroom.domain.ports import Clock, ImageQueue, Jobs

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
