"""Fail an image that its workers could not make, however often they tried."""

from __future__ import annotations

from darkroom.domain.job_moves import give_up
from darkroom.domain.ports import Clock, Jobs, SlotMessage
from darkroom.usecases.jobs import settle_job

_TRIES = 25


def fail_slot(message: SlotMessage, *, jobs: Jobs, clock: Clock) -> bool:
    """Whether the message is dealt with; of an image that a worker has leased it is not, yet."""
    for _ in range(_TRIES):
        job = jobs.get(message.workspace, message.job)
        if job is None or job.status.is_terminal:
            return True
        if not 0 <= message.slot < len(job.slots):
            return True  # not an image of this job: no worker will ever make it
        slot = job.slots[message.slot]
        now = clock.now()
        if slot.pending is not None and not slot.status.is_terminal:
            return True  # its provider makes it: that has messages of its own, and a deadline
        if slot.lease is not None and slot.lease.until >= now:
            return False
        if not slot.status.is_terminal:
            failed = give_up(job, message.slot, now)
            if not jobs.save(job, failed):
                continue
            job = failed
        settle_job(job, jobs=jobs, clock=clock)
        return True
    return False
