"""After a stop of all workers, as of a laptop: let the images go on that were on their way.

Their messages were received and come back only minutes later, and their leases say that a worker
makes them. After a crash the sweeper mends both in its time; after a stop it is known at once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from darkroom.domain.due import Finding, Stop, released, unfinished_slots
from darkroom.domain.job import Job
from darkroom.domain.ports import Clock, ImageQueue, Jobs, slot_message
from darkroom.usecases.sweep import Repair

log = logging.getLogger(__name__)

# A machine that was switched off in the middle of more has the sweeper's help with the rest.
_AT_A_TIME = 1000
# All that is not over has a look before it, at its deadline at the latest.
_ALL = timedelta(days=1)


def resume_jobs(stop: Stop, *, jobs: Jobs, queue: ImageQueue, clock: Clock) -> Iterator[Repair]:
    seen: set[tuple[str, str]] = set()
    while places := [
        place for place in jobs.due(clock.now() + _ALL, _AT_A_TIME) if place not in seen
    ]:
        seen.update(places)
        for workspace, name in places:
            try:
                job = jobs.get(workspace, name)
                if job is not None:
                    yield from _resumed(job, stop, jobs, queue, clock)
            except Exception:
                # The sweeper finds it in its time; the others go on now.
                log.exception("resume_failed", extra={"workspace": workspace, "job": name})


def _resumed(job: Job, stop: Stop, jobs: Jobs, queue: ImageQueue, clock: Clock) -> Iterator[Repair]:
    left = unfinished_slots(job, stop)
    after = released(job, stop, clock.now())
    # One that has moved meanwhile has a worker.
    if not left or (after != job and not jobs.save(job, after)):
        return
    unmade = [index for index in left if after.slots[index].pending is None]
    if unmade:
        queue.send(after, unmade)
    for index in left:
        slot = after.slots[index]
        if slot.pending is not None and slot.lease is not None:
            queue.send_later(replace(slot_message(after, index), held=slot.lease.token), 0)
    yield Repair(
        kind=Finding.INTERRUPTED,
        workspace=job.workspace,
        job=job.id,
        slots=left,
        request_id=job.request_id,
    )
