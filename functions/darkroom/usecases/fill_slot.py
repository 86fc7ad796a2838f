"""Fill one slot of a job: lease it, work on it, keep what came of it, settle after the last.

Whoever dies in the middle leaves a lease that runs out; whoever wakes up too late finds that its
token opens nothing any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from darkroom.domain.attempts import Parked
from darkroom.domain.errors import NotFound
from darkroom.domain.file_links import files_of
from darkroom.domain.job import Job, JobKind, Lease, LeaseLost, NotLeasable, Slot, SlotStatus
from darkroom.domain.ports import Clock, Ids, ImageStore, Jobs, Order
from darkroom.usecases.settle_job import settle_job

# Outages of providers and deaths of workers count alike.
MAX_LEASES = 3
RETRY_AFTER = 10


class Result(StrEnum):
    STORED = "stored"
    FAILED = "failed"
    PARKED = "parked"  # its provider makes it in its own time
    RETRY = "retry"
    TAKEN = "taken"  # somebody else has it: look whether that goes well
    NOTHING_TO_DO = "nothing_to_do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of an order. One that is `TAKEN` has to come back as it is, one with `again` is
    to be sent anew as that; both after so many seconds.
    """

    result: Result
    again: Order | None = None
    after: int = 0
    why: str = ""  # there is no image yet, or none at all: for the log


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The slot as its craft leaves it: stored, failed, waiting for another try, or still making;
    and when to go on with it.
    """

    slot: Slot
    after: int = RETRY_AFTER


class Craft(Protocol):
    def work(self, job: Job, index: int) -> Left: ...

    def abandon(self, parked: Parked) -> None:
        """Nobody wants it any more: stop what can be stopped."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotFiller:
    jobs: Jobs
    crafts: Mapping[JobKind, Craft]
    images: ImageStore
    clock: Clock
    ids: Ids
    lease_time: timedelta

    def fill(self, order: Order) -> Report:
        now = self.clock.now()
        lease = Lease(token=self.ids.new_id(), until=now + self.lease_time)
        try:
            job = self._leased(order, lease, now)
        except NotFound:
            return Report(result=Result.NOTHING_TO_DO)
        except NotLeasable as taken:
            return self._stand_back(taken.job, order)
        try:
            left = self.crafts[job.kind].work(job, order.slot)
            return self._left(job, order, lease, left)
        except LeaseLost as lost:
            self._clear_up(lost.job, order.slot)
            return Report(result=Result.NOTHING_TO_DO)

    def _leased(self, order: Order, lease: Lease, now: datetime) -> Job:
        if order.held:
            return self.jobs.resume(order, lease, now)
        return self.jobs.lease(order.workspace, order.job, order.slot, lease, now)

    def _left(self, job: Job, order: Order, lease: Lease, left: Left) -> Report:
        if left.slot.status is SlotStatus.MAKING:
            return self._parked(job, order, lease, left)
        finished, why = left.slot, _why(job.slots[order.slot], left.slot)
        job = self.jobs.finish_slot(job, order.slot, lease.token, finished, self.clock.now())
        if finished.status is SlotStatus.WAITING:
            again = replace(order, held="")
            return Report(result=Result.RETRY, again=again, after=left.after, why=why)
        settle_job(job, jobs=self.jobs, clock=self.clock)
        if finished.status is SlotStatus.STORED:
            return Report(result=Result.STORED)
        return Report(result=Result.FAILED, why=why)

    def _parked(self, job: Job, order: Order, lease: Lease, left: Left) -> Report:
        """The lease goes to the message that is to ask after the image. Should that get lost, it
        runs out like a dead worker's.
        """
        if left.slot != job.slots[order.slot]:
            # It has just begun. Written before anybody waits: nobody else is to begin it again.
            now = self.clock.now()
            until = now + self.lease_time + timedelta(seconds=left.after)
            kept = replace(left.slot, lease=replace(lease, until=until))
            try:
                self.jobs.finish_slot(job, order.slot, lease.token, kept, now)
            except LeaseLost:
                self._abandon(job, left.slot)
                raise
        again = replace(order, held=lease.token)
        return Report(result=Result.PARKED, again=again, after=left.after)

    def _stand_back(self, job: Job, order: Order) -> Report:
        """The slot is not free: come back after the other's lease, or finish what is left over."""
        slot = job.slots[order.slot]
        if slot.status is SlotStatus.FAILED:
            self._abandon(job, slot)
        # Whoever is to ask after a parked image has a message of its own.
        if not job.status.is_terminal and slot.lease is not None and slot.parked is None:
            seconds = (slot.lease.until - self.clock.now()).total_seconds()
            return Report(result=Result.TAKEN, after=max(1, int(seconds) + 1))
        settle_job(job, jobs=self.jobs, clock=self.clock)
        return Report(result=Result.NOTHING_TO_DO)

    def _abandon(self, job: Job, slot: Slot) -> None:
        if slot.parked is not None:
            self.crafts[job.kind].abandon(slot.parked)

    def _clear_up(self, job: Job, index: int) -> None:
        """An ended slot that is not stored owns no file; any other may be its new holder's."""
        if job.slots[index].status is SlotStatus.FAILED:
            self.images.delete(files_of(job, index))


def _why(before: Slot, after: Slot) -> str:
    """In our words: who was asked last and what came of it, or else what was in the way."""
    failure = after.failure.code if after.failure else ""
    if after.attempts == before.attempts:
        return failure
    last = after.attempts[-1]
    # What came of what was made may be no image.
    outcome = failure if last.outcome == "made" else last.outcome
    return f"{last.provider} {outcome}"
