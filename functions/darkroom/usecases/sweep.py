"""Look after what is due and does not move, and mend it. Everything here may be done twice."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.due import Diagnosis, Finding, diagnose, looked_at
from darkroom.domain.file_links import files_of
from darkroom.domain.job import Job
from darkroom.domain.job_moves import expire
from darkroom.domain.library_ports import ImageStore, Library
from darkroom.domain.ports import (
    Clock,
    DeadLetter,
    DeadLetters,
    ImageQueue,
    ImportMessage,
    Jobs,
    SlotMessage,
)
from darkroom.usecases.fail_slot import fail_slot
from darkroom.usecases.jobs import settle_job
from darkroom.usecases.media_upload import give_up_upload

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
    dead_letters: DeadLetters,
    library: Library,
    images: ImageStore,
    clock: Clock,
) -> Iterator[Repair]:
    until = clock.now() + _TIME_FOR_A_SWEEP
    dead_letter_handler = DeadLetterHandler(
        dead_letters=dead_letters, jobs=jobs, library=library, images=images, clock=clock
    )
    yield from dead_letter_handler.handle_all(until)
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
class DeadLetterHandler:
    """Messages that workers got as often as they may: their images and uploads fail."""

    dead_letters: DeadLetters
    jobs: Jobs
    library: Library
    images: ImageStore
    clock: Clock

    def handle_all(self, until: datetime) -> Iterator[Repair]:
        while self.clock.now() < until:
            repairs = [
                repair
                for dead_letter in self.dead_letters.receive()
                for repair in self._one(dead_letter)
            ]
            yield from repairs
            # What could not be dealt with comes back by itself, later.
            if not any(repair.kind != "fault" for repair in repairs):
                return

    def _one(self, dead_letter: DeadLetter) -> Iterator[Repair]:
        try:
            repair = self._dealt_with(dead_letter.message)
            if repair is not None:
                self.dead_letters.discard(dead_letter)
                yield repair
        except Exception:
            log.exception("burial_failed", extra={"letter": dead_letter.receipt})
            yield _of_message("fault", dead_letter.message)

    def _dealt_with(self, message: SlotMessage | ImportMessage | None) -> Repair | None:
        """None while a worker still has it."""
        match message:
            case None:
                return Repair(kind="nonsense")
            case ImportMessage():
                give_up_upload(message, library=self.library, images=self.images)
                return Repair(kind="upload", workspace=message.workspace)
            case SlotMessage():
                is_over = fail_slot(message, jobs=self.jobs, clock=self.clock)
                return _of_message("dead_letter", message) if is_over else None


def _of_message(kind: str, message: SlotMessage | ImportMessage | None) -> Repair:
    if not isinstance(message, SlotMessage):
        return Repair(kind=kind, workspace=message.workspace if message else None)
    return Repair(kind=kind, workspace=message.workspace, job=message.job, slots=(message.slot,))


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
