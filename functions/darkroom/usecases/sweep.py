"""Look after what is due and does not move, and mend it. Everything here may be done twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from darkroom.domain.due import Diagnosis, Finding, diagnose, looked_at
from darkroom.domain.file_links import file_keys
from darkroom.domain.job import Job, expire
from darkroom.domain.ports import Clock, DeadLetters, ImageQueue, ImageStore, Jobs
from darkroom.usecases.give_up_image import give_up_image
from darkroom.usecases.settle_job import settle_job

_AT_A_TIME = 100


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
    yield from _bury(letters, jobs, clock)
    for workspace, name in jobs.due(clock.now(), _AT_A_TIME):
        job = jobs.get(workspace, name)
        if job is None or job.due_at is None or job.due_at > clock.now():
            continue
        diagnosis = diagnose(job, clock.now())
        # The next look is written first: should this one fail on the way, another will come.
        # A job that has ended gets no next one, so its files go first.
        if job.status.is_terminal:
            _clear(job, diagnosis, images)
        later = looked_at(job, clock.now())
        if not jobs.save(job, later):
            continue  # it moved meanwhile, or another sweeper has it
        _mend(later, diagnosis, jobs, queue, clock)
        if diagnosis.finding is not Finding.IN_HAND:
            yield Repair(
                kind=diagnosis.finding, workspace=workspace, job=name, slots=diagnosis.slots
            )


def _bury(letters: DeadLetters, jobs: Jobs, clock: Clock) -> Iterator[Repair]:
    for letter in letters.receive():
        order = letter.order
        if order is None:
            letters.discard(letter)
            yield Repair(kind="nonsense")
        elif give_up_image(order, jobs=jobs, clock=clock):
            letters.discard(letter)
            yield Repair(
                kind="dead_letter", workspace=order.workspace, job=order.job, slots=(order.slot,)
            )


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
    keys = [
        key
        for index in diagnosis.slots
        for key in file_keys(job.slots[index].media_id, job.request.output.format)
    ]
    images.delete(keys)
