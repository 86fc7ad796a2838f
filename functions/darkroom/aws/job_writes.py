"""The writes that transactions on jobs are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from darkroom.aws import records
from darkroom.aws.library_records import library_items_of
from darkroom.aws.transactions import put_new
from darkroom.aws.values import to_item, to_value
from darkroom.domain.errors import InsufficientCredits, TooManyInFlight
from darkroom.domain.job import Job, JobStatus
from darkroom.domain.media import media_of
from darkroom.domain.money import Charge, Entry, LedgerEntry
from darkroom.domain.ports import IdempotencyRecord

# The job has not ended.
IS_ACTIVE = "#status IN (:pending, :processing)"
ACTIVE_STATUSES = {":pending": JobStatus.PENDING, ":processing": JobStatus.PROCESSING}

# No request is on its way for that long.
_VOID_IS_KEPT = timedelta(days=1)


def check_room(job: Job, account: Mapping[str, Any], max_in_flight: int) -> None:
    """Raises what a hold was refused for, unless it was its workspace's share alone."""
    if account["balance"] < job.total:
        raise InsufficientCredits(job.total, account["balance"])
    if account["in_flight"] + len(job.slots) > max_in_flight:
        raise TooManyInFlight(max_in_flight)


class JobWrites:
    def __init__(self, table: str) -> None:
        self._table = table

    def new(self, job: Job) -> dict[str, Any]:
        return put_new(self._table, records.job_item(job))

    def replacement(self, after: Job, condition: str, values: dict[str, Any]) -> dict[str, Any]:
        """The whole job anew, where this holds of the one that is there."""
        return self._put(records.job_item(after), condition, values)

    def _put(
        self, item: dict[str, Any], condition: str, values: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        put = {"TableName": self._table, "Item": item, "ConditionExpression": condition}
        if "#status" in condition:
            put["ExpressionAttributeNames"] = {"#status": "status"}
        if values:
            put["ExpressionAttributeValues"] = to_item(values)
        return {"Put": put}

    def library_entries(self, job: Job) -> list[dict[str, Any]]:
        """Of the images that the job leaves: written once, as the job ends once."""
        return [{"Put": {"TableName": self._table, "Item": item}} for item in library_items_of(job)]

    def entry(self, job: Job, kind: Entry, amount: int, at: datetime) -> dict[str, Any]:
        entry = LedgerEntry(workspace=job.workspace, kind=kind, amount=amount, at=at, job=job.id)
        return put_new(self._table, records.ledger_item(entry))

    def void_hold(self, job: Job) -> dict[str, Any]:
        """In the place of the job's hold: a transaction that would write that later is refused."""
        nothing = LedgerEntry(
            workspace=job.workspace, kind=Entry.HOLD, amount=0, at=job.created_at, job=job.id
        )
        expires = int((job.created_at + _VOID_IS_KEPT).timestamp())
        mark = to_item({"void": True, "expires_at": expires})
        put = put_new(self._table, records.ledger_item(nothing) | mark)
        put["Put"]["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return put

    def hold(self, job: Job, max_in_flight: int, share: int | None) -> dict[str, Any]:
        n = len(job.slots)
        condition = "balance >= :total AND in_flight <= :room"
        values: dict[str, int | str] = {
            ":total": job.total,
            ":n": n,
            ":room": max_in_flight - n,
            ":job": job.id,
            ":request": job.request_id,
        }
        if share is not None and not job.backlog:
            # Here, too: of fifty requests at once each has read that nothing is on its way.
            condition += " AND in_flight < :share"
            values[":share"] = share
        return self._account(
            job.workspace,
            "SET balance = balance - :total, held = held + :total, in_flight = in_flight + :n,"
            " last_job = :job, last_request = :request",
            condition,
            values,
        )

    def resolution(self, job: Job, charge: Charge) -> dict[str, Any]:
        return self._account(
            job.workspace,
            "SET held = held - :total, spent = spent + :captured,"
            " balance = balance + :released, in_flight = in_flight - :n,"
            " stored_bytes = if_not_exists(stored_bytes, :zero) + :bytes",
            "held >= :total",
            {
                ":zero": 0,
                ":bytes": sum(media.size or 0 for media in media_of(job)),
                ":total": job.total,
                ":captured": charge.captured,
                ":released": charge.released,
                ":n": len(job.slots),
            },
        )

    def stored(self, workspace: str, more: int) -> dict[str, Any]:
        """Bytes that came into the library, or went."""
        return self._account(
            workspace,
            "SET stored_bytes = if_not_exists(stored_bytes, :zero) + :more",
            "attribute_exists(pk)",
            {":zero": 0, ":more": more},
        )

    def _account(
        self, workspace: str, change: str, condition: str, values: Mapping[str, int | str]
    ) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self._table,
                "Key": records.account_key(workspace),
                "UpdateExpression": change,
                "ConditionExpression": condition,
                "ExpressionAttributeValues": to_item(dict(values)),
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def claim(self, job: Job, record: IdempotencyRecord) -> dict[str, Any]:
        expires = int(record.expires_at.timestamp())
        item = records.idempotency_key(job.workspace, record.key) | to_item(
            {"job": job.id, "fingerprint": record.fingerprint, "expires_at": expires}
        )
        # The table's own expiry may lag for days: it is compared here, too.
        put = self._put(item, "attribute_not_exists(pk) OR expires_at < :now")
        put["Put"] |= {
            "ExpressionAttributeValues": {":now": to_value(int(job.created_at.timestamp()))},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        return put


def is_void(entry: dict[str, Any]) -> bool:
    """Of an item of the ledger: that it stands in the place of a hold."""
    return "void" in entry
