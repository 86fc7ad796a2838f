"""Jobs in DynamoDB: each move of the domain as one conditional write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from darkroom.aws import job_writes, records
from darkroom.aws.calls import DynamoCalls
from darkroom.aws.job_creation import JobCreation
from darkroom.aws.job_writes import ACTIVE_STATUSES, IS_ACTIVE
from darkroom.aws.queries import due_items, page_of
from darkroom.aws.table import Canceled, ConditionFailed, Item, Table, update
from darkroom.aws.values import from_item
from darkroom.domain.equal_calls import CallTry
from darkroom.domain.errors import IdempotencyKeyReused, NotFound
from darkroom.domain.job import (
    Job,
    JobKind,
    Lease,
    LeaseLost,
    NotLeasable,
    Slot,
    SlotStatus,
    Written,
    as_left,
)
from darkroom.domain.money import Entry
from darkroom.domain.operations import ListJobs
from darkroom.domain.outcomes import JobPage
from darkroom.domain.ports import IdempotencyRecord, SlotMessage

# Each reads a megabyte at most: some 500 jobs.
_MOST_BITES = 8


class DynamoJobs:
    def __init__(
        self,
        table: Table,
        media_life: timedelta | None = None,
        calls: DynamoCalls | None = None,
    ) -> None:
        self._table = table
        self._media_life = media_life
        self._creation = JobCreation(table, self.get, calls)

    def create(
        self,
        job: Job,
        record: IdempotencyRecord | None,
        max_in_flight: int,
        share: int | None = None,
        tried: CallTry | None = None,
    ) -> Job:
        return self._creation.create(job, record, max_in_flight, share, tried)

    def get(self, workspace: str, job: str) -> Job | None:
        return self._table.get(records.job_key(workspace, job), records.read_job)

    def claimed(self, workspace: str, record: IdempotencyRecord, now: datetime) -> Job | None:
        claim = self._table.get(records.idempotency_key(workspace, record.key), from_item)
        if not claim or claim["expires_at"] < now.timestamp():
            return None
        if claim["fingerprint"] != record.fingerprint:
            raise IdempotencyKeyReused
        return self.get(workspace, claim["job"])

    def page(self, workspace: str, which: ListJobs) -> JobPage:
        kind = which.kind
        # Jobs of before there were two kinds say none.
        kinds = () if kind is None else (kind, None) if kind is JobKind.IMAGES else (kind,)
        # Of rare ones a page is short, and the next one goes on where this one stopped looking.
        items, last = page_of(
            self._table,
            workspace,
            records.JOB,
            limit=which.limit,
            after=which.cursor,
            most_bites=_MOST_BITES,
            filters={"status": which.statuses, "kind": kinds},
        )
        return JobPage(jobs=tuple(map(records.read_job, items)), cursor=last)

    def lease(self, workspace: str, job: str, slot: int, lease: Lease, now: datetime) -> Job:
        changed, stands = self._move(
            records.job_key(workspace, job),
            slot,
            change="SET slots.#slot.#status = :making, slots.#slot.lease = :lease,"
            " slots.#slot.leases = slots.#slot.leases + :one,"
            " started_at = if_not_exists(started_at, :now),"
            " #status = :processing, updated_at = :now, version = version + :one",
            condition=f"{IS_ACTIVE} AND (slots.#slot.#status = :waiting OR"
            " (slots.#slot.#status = :making AND slots.#slot.lease.#until < :now))",
            values={
                ":making": SlotStatus.MAKING,
                ":waiting": SlotStatus.WAITING,
                ":lease": records.lease_values(lease),
                ":now": records.stamp(now),
            },
        )
        return _leased(changed, stands, slot, lease)

    def resume(self, message: SlotMessage, lease: Lease, now: datetime) -> Job:
        changed, stands = self._move(
            records.job_key(message.workspace, message.job),
            message.slot,
            change="SET slots.#slot.lease = :lease,"
            " slots.#slot.parked.polls = slots.#slot.parked.polls + :one,"
            " updated_at = :now, version = version + :one",
            condition=f"{IS_ACTIVE} AND slots.#slot.lease.#token = :held"
            " AND attribute_exists(slots.#slot.parked.polls)",
            values={
                ":held": message.held,
                ":lease": records.lease_values(lease),
                ":now": records.stamp(now),
            },
        )
        return _leased(changed, stands, message.slot, lease)

    def finish_slot(self, job: Job, slot: int, token: str, finished: Slot, now: datetime) -> Job:
        left = as_left(finished)
        changed, stands = self._move(
            records.job_key(job.workspace, job.id),
            slot,
            change="SET slots.#slot = :finished, updated_at = :now, version = version + :one",
            condition=f"{IS_ACTIVE} AND slots.#slot.lease.#token = :token",
            values={
                ":finished": records.slot_values(left),
                ":token": token,
                ":now": records.stamp(now),
            },
        )
        if changed:
            return changed
        if stands is None:
            raise LeaseLost(job)
        if stands.slots[slot] == left:
            return stands  # it was written; only the answer was lost
        raise LeaseLost(stands)

    def keep_prompt(self, job: Job, written: Written) -> Job:
        write = update(
            records.job_key(job.workspace, job.id),
            "SET enhanced = if_not_exists(enhanced, :written), version = version + :one",
            IS_ACTIVE,
            {":written": asdict(written), ":one": 1} | ACTIVE_STATUSES,
        )
        try:
            return records.read_job(self._table.write(write))
        except ConditionFailed as failed:
            raise LeaseLost(records.read_job(failed.item) if failed.item else job) from None

    def save(self, before: Job, after: Job) -> bool:
        values = {":version": before.version}
        return self._table.put_if(records.job_item(after), "version = :version", values)

    def due(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        shards = records.all_due_shards()
        items = due_items(self._table, shards, now=now, limit=limit)
        return [records.read_job_key(item) for item in items]

    def end(self, before: Job, after: Job) -> Job | None:
        if after.charge is None or after.finished_at is None:
            raise ValueError(f"{after.id} has not ended")
        captured, released = after.charge.captured, after.charge.released
        writes = [
            job_writes.end(before, after),
            job_writes.resolution(after, after.charge),
            *(
                job_writes.entry(after, kind, amount, after.finished_at)
                for kind, amount in ((Entry.CAPTURE, captured), (Entry.RELEASE, released))
                if amount
            ),
            *job_writes.library_entries(after, self._media_life),
        ]
        try:
            self._table.transact(writes)
        except Canceled as canceled:
            if not canceled.failed(0):
                raise
            item = canceled.stands(0)
            stands = records.read_job(item) if item else None
            return stands if stands is not None and stands.status.is_terminal else None
        return after

    def _move(
        self, key: Item, slot: int, *, change: str, condition: str, values: dict[str, Any]
    ) -> tuple[Job | None, Job | None]:
        """One write on one slot: the job as it is now, or as it stood against the condition."""
        used = values | ACTIVE_STATUSES | {":one": 1}
        write = update(key, change, condition, used, {"slot": str(slot)})
        try:
            return records.read_job(self._table.write(write)), None
        except ConditionFailed as failed:
            return None, records.read_job(failed.item) if failed.item else None


def _leased(changed: Job | None, stands: Job | None, slot: int, lease: Lease) -> Job:
    if changed:
        return changed
    if stands is None:
        raise NotFound("job")
    if _holds(stands, slot, lease.token):
        return stands  # the lease was given; only its answer was lost
    raise NotLeasable(stands)


def _holds(job: Job, slot: int, token: str) -> bool:
    lease = job.slots[slot].lease
    return lease is not None and lease.token == token
