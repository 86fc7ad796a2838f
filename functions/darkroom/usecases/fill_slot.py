"""Fill one slot of a job: lease it, work on it, keep what came of it, settle after the last.

Whoever dies in the middle leaves a lease that runs out; whoever wakes up too late finds that its
token opens nothing any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from darkroom.domain.errors import NotFound
from darkroom.domain.file_links import files_of
from darkroom.domain.job import (
    Job,
    JobKind,
    Lease,
    LeaseLost,
    NotLeasable,
    Slot,
    SlotStatus,
)
from darkroom.domain.ports import Clock, Ids, ImageStore, Jobs, Order
from darkroom.usecases.settle_job import settle_job

# Outages of providers and deaths of workers count alike.
MAX_LEASES = 3
_RETRY_AFTER = 10


class Result(StrEnum):
    STORED = "stored"
    FAILED = "failed"
    RETRY = "retry"
    NOTHING_TO_DO = "nothing_to_do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of an order; `retry_after` is for one that has to come back."""

    result: Result
    retry_after: int = 0


class Craft(Protocol):
    def finished(self, job: Job, index: int) -> Slot:
        """The slot as its worker leaves it: stored, failed, or waiting for another try."""
        ...


def fill_slot(
    order: Order,
    *,
    jobs: Jobs,
    crafts: Mapping[JobKind, Craft],
    images: ImageStore,
    clock: Clock,
    ids: Ids,
    lease_time: timedelta,
) -> Report:
    now = clock.now()
    lease = Lease(token=ids.new_id(), until=now + lease_time)
    try:
        job = jobs.lease(order.workspace, order.job, order.slot, lease, now)
    except NotFound:
        return Report(result=Result.NOTHING_TO_DO)
    except NotLeasable as taken:
        return _stand_back(taken.job, order.slot, jobs, clock)
    try:
        finished = crafts[job.kind].finished(job, order.slot)
        job = jobs.finish_slot(job, order.slot, lease.token, finished, clock.now())
    except LeaseLost as lost:
        _clear_up(lost.job, order.slot, images)
        return Report(result=Result.NOTHING_TO_DO)
    if finished.status is SlotStatus.WAITING:
        return Report(result=Result.RETRY, retry_after=_RETRY_AFTER)
    settle_job(job, jobs=jobs, clock=clock)
    is_stored = finished.status is SlotStatus.STORED
    return Report(result=Result.STORED if is_stored else Result.FAILED)


def _stand_back(job: Job, index: int, jobs: Jobs, clock: Clock) -> Report:
    """The slot is not free: come back after the other's lease, or finish what it left undone."""
    lease = job.slots[index].lease
    if not job.status.is_terminal and lease is not None:
        left = (lease.until - clock.now()).total_seconds()
        return Report(result=Result.RETRY, retry_after=max(1, int(left) + 1))
    settle_job(job, jobs=jobs, clock=clock)
    return Report(result=Result.NOTHING_TO_DO)


def _clear_up(job: Job, index: int, images: ImageStore) -> None:
    """An ended slot that is not stored owns no file; any other may be its new holder's."""
    if job.slots[index].status is SlotStatus.FAILED:
        images.delete(files_of(job, index))
