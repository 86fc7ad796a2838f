"""Look after what is due and does not move, and mend it. Everything here may be done twice."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.due import Diagnosis, Finding, diagnose, looked_at
from darkroom.domain.file_links import files_of
from darkroom.domain.job import Job, expire
from darkroom.domain.ports import (
    Clock,
    DeadLetter,
    DeadLetters,
    ImageQueue,
    ImageStore,
    Jobs,
    Order,
)
from darkroom.usecases.give_up_image import give_up_image
from darkroom.usecases.settle_job import settle_job

log = logging.getLogger(__name__)

_AT_A_TIME = 100
# The next sweep begins a minute after this one did.
_TIME_FOR_A_SWEEP = timedelta(seconds=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    kind: str
    workspace: str | None = None
    job: str | None = None
    slots: tuple[int, ...] = ()


def sweep(
    *,
    jobs: Jobs,
    queue: ImageQueue,
    letters: DeadLetters,
    images: ImageStore,
    clock: Clock,
) -> Iterator[Repair]:
    until = clock.now() + _TIME_FOR_A_SWEEP
    yield from _bury(letters, jobs, clock, until)
    seen: set[tuple[str, str]] = set()
    while clock.now() < until:
        due = [place for place in jobs.due(clock.now(), _AT_A_TIME) if place not in seen]
        if not due:
            return
        for workspace, name in due:
            seen.add((workspace, name))
            try:
                yield from _look(
                    workspace, name, jobs=jobs, queue=queue, images=images, clock=clock
                )
            except Exception:
                # What one job suffers from must not keep the others from their help.
                log.exception("repair_failed", extra={"workspace": workspace, "job": name})
                yield Repair(kind="fault", workspace=workspace, job=name)


def _look(
    workspace: str,
    name: str,
    *,
    jobs: Jobs,
    queue: ImageQueue,
    images: ImageStore,
    clock: Clock,
) -> Iterator[Repair]:
    job = jobs.get(workspace, name)
    if job is None or job.due_at is None or job.due_at > clock.now():
        return
    diagnosis = diagnose(job, clock.now())
    # The next look is written first: should this one fail on the way, another will come.
    # A job that has ended gets no next one, so its files go first.
    if job.status.is_terminal:
        _clear(job, diagnosis, images)
    later = looked_at(job, clock.now())
    if not jobs.save(job, later):
        return  # it moved meanwhile, or another sweeper has it
    _mend(later, diagnosis, jobs, queue, clock)
    if diagnosis.finding is not Finding.IN_HAND:
        yield Repair(kind=diagnosis.finding, workspace=workspace, job=name, slots=diagnosis.slots)


def _bury(letters: DeadLetters, jobs: Jobs, clock: Clock, until: datetime) -> Iterator[Repair]:
    while clock.now() < until:
        batch = letters.receive()
        repairs = [repair for letter in batch for repair in _bury_one(letter, letters, jobs, clock)]
        yield from repairs
        # What could not be dealt with comes back by itself, later.
        if not any(repair.kind != "fault" for repair in repairs):
            return


def _bury_one(
    letter: DeadLetter, letters: DeadLetters, jobs: Jobs, clock: Clock
) -> Iterator[Repair]:
    order = letter.order
    if not isinstance(order, Order):
        # An upload that its workers died of stays unfinished, and is forgotten in a day.
        letters.discard(letter)
        kind, workspace = ("nonsense", None) if order is None else ("upload", order.workspace)
        yield Repair(kind=kind, workspace=workspace)
        return
    try:
        if give_up_image(order, jobs=jobs, clock=clock):
            letters.discard(letter)
            yield _of_order("dead_letter", order)
    except Exception:
        log.exception("burial_failed", extra={"workspace": order.workspace, "job": order.job})
        yield _of_order("fault", order)


def _of_order(kind: str, order: Order) -> Repair:
    return Repair(kind=kind, workspace=order.workspace, job=order.job, slots=(order.slot,))


def _mend(job: Job, diagnosis: Diagnosis, jobs: Jobs, queue: ImageQueue, clock: Clock) -> None:
    match diagnosis.finding:
        case Finding.UNSETTLED:
            settle_job(job, jobs=jobs, clock=clock)
        case Finding.TOO_LATE:
            # When it moved meanwhile this is not written, and the next look tries again.
            jobs.end(job, expire(job, clock.now()))
        case Finding.STRANDED:
            queue.send(job.workspace, job.id, diagnosis.slots)
        case Finding.IN_HAND | Finding.LEFT_FILES:
            pass


def _clear(job: Job, diagnosis: Diagnosis, images: ImageStore) -> None:
    images.delete([key for index in diagnosis.slots for key in files_of(job, index)])
