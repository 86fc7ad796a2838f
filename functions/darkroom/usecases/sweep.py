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
    ImportOrder,
    Jobs,
    Library,
    Order,
)
from darkroom.usecases.bring_in import give_up_upload
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
    request_id: str = ""  # of the job


def sweep(
    *,
    jobs: Jobs,
    queue: ImageQueue,
    letters: DeadLetters,
    library: Library,
    images: ImageStore,
    clock: Clock,
) -> Iterator[Repair]:
    until = clock.now() + _TIME_FOR_A_SWEEP
    burial = Burial(letters=letters, jobs=jobs, library=library, images=images, clock=clock)
    yield from burial.bury(until)
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
        yield Repair(
            kind=diagnosis.finding,
            workspace=workspace,
            job=name,
            slots=diagnosis.slots,
            request_id=job.request_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Burial:
    """What was given to workers as often as it may be: the work fails, and is told so."""

    letters: DeadLetters
    jobs: Jobs
    library: Library
    images: ImageStore
    clock: Clock

    def bury(self, until: datetime) -> Iterator[Repair]:
        while self.clock.now() < until:
            repairs = [repair for letter in self.letters.receive() for repair in self._one(letter)]
            yield from repairs
            # What could not be dealt with comes back by itself, later.
            if not any(repair.kind != "fault" for repair in repairs):
                return

    def _one(self, letter: DeadLetter) -> Iterator[Repair]:
        try:
            repair = self._dealt_with(letter.order)
            if repair is not None:
                self.letters.discard(letter)
                yield repair
        except Exception:
            log.exception("burial_failed", extra={"letter": letter.receipt})
            yield _of_order("fault", letter.order)

    def _dealt_with(self, order: Order | ImportOrder | None) -> Repair | None:
        """None while somebody is still at it."""
        match order:
            case None:
                return Repair(kind="nonsense")
            case ImportOrder():
                give_up_upload(order, library=self.library, images=self.images)
                return Repair(kind="upload", workspace=order.workspace)
            case Order():
                is_over = give_up_image(order, jobs=self.jobs, clock=self.clock)
                return _of_order("dead_letter", order) if is_over else None


def _of_order(kind: str, order: Order | ImportOrder | None) -> Repair:
    if not isinstance(order, Order):
        return Repair(kind=kind, workspace=order.workspace if order else None)
    return Repair(kind=kind, workspace=order.workspace, job=order.job, slots=(order.slot,))


def _mend(job: Job, diagnosis: Diagnosis, jobs: Jobs, queue: ImageQueue, clock: Clock) -> None:
    match diagnosis.finding:
        case Finding.UNSETTLED:
            settle_job(job, jobs=jobs, clock=clock)
        case Finding.TOO_LATE:
            # When it moved meanwhile this is not written, and the next look tries again.
            jobs.end(job, expire(job, clock.now()))
        case Finding.STRANDED:
            queue.send(job, diagnosis.slots)
        case Finding.IN_HAND | Finding.LEFT_FILES:
            pass


def _clear(job: Job, diagnosis: Diagnosis, images: ImageStore) -> None:
    images.delete([key for index in diagnosis.slots for key in files_of(job, index)])
