"""Jobs in DynamoDB: each move of the domain as one conditional write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from darkroom.aws import records
from darkroom.aws.job_creation import JobCreation
from darkroom.aws.job_pages import job_page
from darkroom.aws.job_writes import ACTIVE_STATUSES, IS_ACTIVE, JobWrites
from darkroom.aws.queries import due_items
from darkroom.aws.transactions import Canceled, is_condition_failure, transact, with_retries
from darkroom.aws.values import from_item, to_item
from darkroom.domain.errors import IdempotencyKeyReused, NotFound
from darkroom.domain.job import (
    Job,
    JobKind,
    JobStatus,
    Lease,
    LeaseLost,
    NotLeasable,
    Slot,
    SlotStatus,
    Written,
    as_left,
)
from darkroom.domain.money import Entry
from darkroom.domain.outcomes import JobPage
from darkroom.domain.ports import IdempotencyRecord, SlotMessage


class DynamoJobs:
    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table
        self._writes = JobWrites(table)
        self._creation = JobCreation(client, self._writes, self.get)

    def create(
        self,
        job: Job,
        record: IdempotencyRecord | None,
        max_in_flight: int,
        share: int | None = None,
    ) -> Job:
        return self._creation.create(job, record, max_in_flight, share)

    def get(self, workspace: str, job: str) -> Job | None:
        answer = self._client.get_item(
            TableName=self._table, Key=records.job_key(workspace, job), ConsistentRead=True
        )
        return records.read_job(answer["Item"]) if "Item" in answer else None

    def claimed(self, workspace: str, record: IdempotencyRecord, now: datetime) -> Job | None:
        answer = self._client.get_item(
            TableName=self._table,
            Key=records.idempotency_key(workspace, record.key),
            ConsistentRead=True,
        )
        claim = from_item(answer.get("Item", {}))
        if not claim or claim["expires_at"] < now.timestamp():
            return None
        if claim["fingerprint"] != record.fingerprint:
            raise IdempotencyKeyReused
        return self.get(workspace, claim["job"])

    def page(
        self,
        workspace: str,
        *,
        limit: int,
        cursor: str | None,
        statuses: Sequence[JobStatus] = (),
        kind: JobKind | None = None,
    ) -> JobPage:
        return job_page(
            self._client,
            self._table,
            workspace,
            limit=limit,
            cursor=cursor,
            statuses=statuses,
            kind=kind,
        )

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
            names={"#until": "until"},
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
            names={"#token": "token"},
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
            names={"#token": "token"},
        )
        if changed:
            return changed
        if stands is None:
            raise LeaseLost(job)
        if stands.slots[slot] == left:
            return stands  # it was written; only the answer was lost
        raise LeaseLost(stands)

    def keep_prompt(self, job: Job, written: Written) -> Job:
        values = {":written": asdict(written), ":one": 1} | ACTIVE_STATUSES
        try:
            answer = with_retries(
                partial(
                    self._client.update_item,
                    TableName=self._table,
                    Key=records.job_key(job.workspace, job.id),
                    UpdateExpression="SET enhanced = if_not_exists(enhanced, :written),"
                    " version = version + :one",
                    ConditionExpression=IS_ACTIVE,
                    ExpressionAttributeNames={"#status": "status"},
                    ExpressionAttributeValues=to_item(values),
                    ReturnValues="ALL_NEW",
                )
            )
        except ClientError as error:
            if not is_condition_failure(error):
                raise
            raise LeaseLost(self.get(job.workspace, job.id) or job) from None
        return records.read_job(answer["Attributes"])

    def save(self, before: Job, after: Job) -> bool:
        put = self._writes.replacement(after, "version = :version", {":version": before.version})
        try:
            with_retries(partial(self._client.put_item, **put["Put"]))
        except ClientError as error:
            if not is_condition_failure(error):
                raise
            # It may be our own first try whose answer was lost.
            return self.get(after.workspace, after.id) == after
        return True

    def due(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        shards = records.all_due_shards()
        items = due_items(self._client, self._table, shards, now=now, limit=limit)
        return [records.read_job_key(item) for item in items]

    def end(self, before: Job, after: Job) -> Job | None:
        if after.charge is None or after.finished_at is None:
            raise ValueError(f"{after.id} has not ended")
        captured, released = after.charge.captured, after.charge.released
        writes = [
            self._writes.replacement(
                after,
                f"{IS_ACTIVE} AND version = :version",
                ACTIVE_STATUSES | {":version": before.version},
            ),
            self._writes.resolution(after, after.charge),
            *(
                self._writes.entry(after, kind, amount, after.finished_at)
                for kind, amount in ((Entry.CAPTURE, captured), (Entry.RELEASE, released))
                if amount
            ),
            *self._writes.library_entries(after),
        ]
        try:
            transact(self._client, writes)
        except Canceled as canceled:
            if not canceled.failed(0):
                raise
            stands = self.get(after.workspace, after.id)
            return stands if stands is not None and stands.status.is_terminal else None
        return after

    def _move(
        self,
        key: dict[str, Any],
        slot: int,
        *,
        change: str,
        condition: str,
        values: dict[str, Any],
        names: dict[str, str],
    ) -> tuple[Job | None, Job | None]:
        """One write on one slot: the job as it is now, or as it stood against the condition."""
        used = values | ACTIVE_STATUSES | {":one": 1}
        try:
            answer = with_retries(
                partial(
                    self._client.update_item,
                    TableName=self._table,
                    Key=key,
                    UpdateExpression=change,
                    ConditionExpression=condition,
                    ExpressionAttributeNames={"#slot": str(slot), "#status": "status"} | names,
                    ExpressionAttributeValues=to_item(used),
                    ReturnValues="ALL_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            )
        except ClientError as error:
            if not is_condition_failure(error):
                raise
            item: Any = error.response.get("Item")
            return None, records.read_job(item) if item else None
        return records.read_job(answer["Attributes"]), None


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
