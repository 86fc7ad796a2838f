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
from darkroom.domain.errors import Unavailable
from darkroom.domain.job import Job
from darkroom.domain.ports import Clock, ImageQueue, Jobs, slot_message
from darkroom.usecases.sweep import Repair

log = logging.getLogger(__name__)

# A machine that was switched off in the middle of more has the sweeper's help with the rest.
_AT_A_TIME = 1000
# All that is not over has a look before it, at its deadline at the latest.
_ALL = timedelta(days=1)
# A job of ten images changes some twenty times in its life.
_TRIES = 25


def resume_jobs(stop: Stop, *, jobs: Jobs, queue: ImageQueue, clock: Clock) -> Iterator[Repair]:
    seen: set[tuple[str, str]] = set()
    while places := [
        place for place in jobs.due(clock.now() + _ALL, _AT_A_TIME) if place not in seen
    ]:
        seen.update(places)
        for workspace, name in places:
            try:
                found = _released(workspace, name, stop, jobs, clock)
                if found is not None:
                    yield _sent(*found, queue)
            except Exception:
                # The sweeper finds it in its time; the others go on now.
                log.exception("resume_failed", extra={"workspace": workspace, "job": name})


def _released(
    workspace: str, name: str, stop: Stop, jobs: Jobs, clock: Clock
) -> tuple[Job, tuple[int, ...]] | None:
    """The job without the leases of workers that were stopped, and the slots that it lacks. A
    worker that has begun with one of its images since leaves the others to be released.
    """
    for _ in range(_TRIES):
        job = jobs.get(workspace, name)
        left = unfinished_slots(job, stop) if job is not None else ()
        if job is None or not left:
            return None
        after = released(job, stop, clock.now())
        if after == job or jobs.save(job, after):
            return after, left
    raise Unavailable


def _sent(job: Job, left: tuple[int, ...], queue: ImageQueue) -> Repair:
    unmade = [index for index in left if job.slots[index].pending is None]
    if unmade:
        queue.send(job, unmade)
    for index in left:
        slot = job.slots[index]
        if slot.pending is not None and slot.lease is not None:
            queue.send_later(replace(slot_message(job, index), held=slot.lease.token), 0)
    return Repair(
        kind=Finding.INTERRUPTED,
        workspace=job.workspace,
        job=job.id,
        slots=left,
        request_id=job.request_id,
    )
