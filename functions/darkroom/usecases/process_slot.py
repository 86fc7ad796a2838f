"""Process one slot of a job: lease it, generate, store the outcome, settle after the last.

A worker that dies in the middle leaves a lease that runs out; one that wakes up late finds that its
token opens nothing any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from darkroom.domain.attempts import PendingGeneration
from darkroom.domain.errors import NotFound
from darkroom.domain.file_links import files_of
from darkroom.domain.job import (
    Failure,
    Job,
    JobKind,
    Lease,
    LeaseLost,
    NotLeasable,
    Slot,
    SlotStatus,
)
from darkroom.domain.job_moves import GAVE_UP, given_up
from darkroom.domain.library_ports import ImageStore
from darkroom.domain.ports import Clock, Ids, Jobs, SlotMessage
from darkroom.usecases.jobs import settle_job

# Outages of providers and deaths of workers count alike.
MAX_LEASES = 3
RETRY_AFTER = 10


class Result(StrEnum):
    STORED = "stored"
    FAILED = "failed"
    PENDING = "parked"  # its provider makes it in its own time
    RETRY = "retry"
    TAKEN = "taken"  # another worker has it: come back after its lease
    NOTHING_TO_DO = "nothing_to_do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a message. One that is `TAKEN` has to come back as it is, one with `again` is
    to be sent anew as that; both after so many seconds.
    """

    result: Result
    again: SlotMessage | None = None
    after: int = 0
    why: str = ""  # there is no image yet, or none at all: for the log
    failure: str = ""  # of an image that will not come: its code, as on the job


class SlotResult(StrEnum):
    """What came of one try, in the words of its handler."""

    STORED = "stored"
    PENDING = "pending"  # its provider makes it in its own time
    FAILED = "failed"  # as any other try would
    RETRY = "retry"  # another try may do better
    UNCOUNTED = "uncounted"  # another try may do better, and this lease does not count


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOutcome:
    """What came of a try, the slot with what is to be kept of it, and when to go on."""

    result: SlotResult
    slot: Slot
    failure: Failure | None = None
    after: int = RETRY_AFTER


class SlotHandler(Protocol):
    def handle(self, job: Job, index: int) -> SlotOutcome: ...

    def find_stored(self, job: Job, index: int) -> SlotOutcome | None:
        """What a worker has stored that died before it could say so."""
        ...

    def cancel_image(self, pending: PendingGeneration) -> None:
        """The job has ended: stop what can be stopped."""
        ...


def handle_slot(handler: SlotHandler, job: Job, index: int, now: datetime) -> SlotOutcome:
    """One try, and the slot as it leaves it: stored, failed, waiting for another try, or still
    making. Only here is decided whether there is another one.
    """
    slot = job.slots[index]
    outcome = handler.find_stored(job, index) if slot.leases > 1 else None
    if outcome is None and slot.leases > MAX_LEASES:
        # Its workers died of it, every one. The next would, too.
        if slot.pending is not None:
            handler.cancel_image(slot.pending)
        given = given_up(slot, GAVE_UP, now)
        return SlotOutcome(result=SlotResult.FAILED, slot=given, failure=GAVE_UP)
    outcome = outcome or handler.handle(job, index)
    slot, failure = outcome.slot, outcome.failure
    match outcome.result:
        case SlotResult.STORED:
            slot = replace(slot, status=SlotStatus.STORED, failure=None)
        case SlotResult.RETRY if slot.leases < MAX_LEASES:
            slot = replace(slot, status=SlotStatus.WAITING, failure=failure)
        case SlotResult.RETRY | SlotResult.FAILED:
            slot = replace(slot, status=SlotStatus.FAILED, failure=failure)
        case SlotResult.UNCOUNTED:
            leases = slot.leases - 1
            slot = replace(slot, status=SlotStatus.WAITING, leases=leases, failure=failure)
    return replace(outcome, slot=slot)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotProcessor:
    jobs: Jobs
    handlers: Mapping[JobKind, SlotHandler]
    images: ImageStore
    clock: Clock
    ids: Ids
    lease_time: timedelta

    def process(self, message: SlotMessage) -> Report:
        now = self.clock.now()
        lease = Lease(token=self.ids.new_id(), until=now + self.lease_time)
        try:
            job = self._leased(message, lease, now)
        except NotFound:
            return Report(result=Result.NOTHING_TO_DO)
        except NotLeasable as taken:
            return self._leased_elsewhere(taken.job, message)
        try:
            handler = self.handlers[job.kind]
            outcome = handle_slot(handler, job, message.slot, self.clock.now())
            return self._record(job, message, lease, outcome)
        except LeaseLost as lost:
            self._clear_up(lost.job, message.slot)
            return Report(result=Result.NOTHING_TO_DO)

    def _leased(self, message: SlotMessage, lease: Lease, now: datetime) -> Job:
        if message.held:
            return self.jobs.resume(message, lease, now)
        return self.jobs.lease(message.workspace, message.job, message.slot, lease, now)

    def _record(self, job: Job, message: SlotMessage, lease: Lease, outcome: SlotOutcome) -> Report:
        if outcome.result is SlotResult.PENDING:
            return self._keep_pending(job, message, lease, outcome)
        finished, why = outcome.slot, _why(job.slots[message.slot], outcome.slot)
        job = self.jobs.finish_slot(job, message.slot, lease.token, finished, self.clock.now())
        if finished.status is SlotStatus.WAITING:
            again = replace(message, held="")
            return Report(result=Result.RETRY, again=again, after=outcome.after, why=why)
        settle_job(job, jobs=self.jobs, clock=self.clock)
        if finished.status is SlotStatus.STORED:
            return Report(result=Result.STORED)
        failure = finished.failure.code if finished.failure else ""
        return Report(result=Result.FAILED, why=why, failure=failure)

    def _keep_pending(
        self, job: Job, message: SlotMessage, lease: Lease, outcome: SlotOutcome
    ) -> Report:
        """The lease goes to the message that is to ask after the image. Should that get lost, it
        runs out like a dead worker's.
        """
        if outcome.slot != job.slots[message.slot]:
            # It has just begun. Written before the wait: no other worker is to begin it again.
            now = self.clock.now()
            until = now + self.lease_time + timedelta(seconds=outcome.after)
            kept = replace(outcome.slot, lease=replace(lease, until=until))
            try:
                self.jobs.finish_slot(job, message.slot, lease.token, kept, now)
            except LeaseLost:
                self._cancel_image(job, outcome.slot)
                raise
        again = replace(message, held=lease.token)
        return Report(result=Result.PENDING, again=again, after=outcome.after)

    def _leased_elsewhere(self, job: Job, message: SlotMessage) -> Report:
        """The slot is not free: come back after the other's lease, or finish what is left over."""
        slot = job.slots[message.slot]
        if slot.status is SlotStatus.FAILED:
            self._cancel_image(job, slot)
        # An image that is pending at its provider has a message of its own.
        if not job.status.is_terminal and slot.lease is not None and slot.pending is None:
            seconds = (slot.lease.until - self.clock.now()).total_seconds()
            return Report(result=Result.TAKEN, after=max(1, int(seconds) + 1))
        settle_job(job, jobs=self.jobs, clock=self.clock)
        return Report(result=Result.NOTHING_TO_DO)

    def _cancel_image(self, job: Job, slot: Slot) -> None:
        if slot.pending is not None:
            self.handlers[job.kind].cancel_image(slot.pending)

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
