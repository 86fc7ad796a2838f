"""The writes that transactions on jobs are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from darkroom.aws import records
from darkroom.aws.library_records import library_items_of
from darkroom.aws.table import Item, Write, put, put_new, update
from darkroom.aws.values import to_item
from darkroom.domain.errors import (
    InsufficientCredits,
    NotFound,
    TooManyInFlight,
    WorkspaceSuspended,
)
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
    if not account:
        raise NotFound("workspace")  # deleted since it was counted
    if account.get("suspended_at"):
        raise WorkspaceSuspended
    if account["balance"] < job.total:
        raise InsufficientCredits(job.total, account["balance"])
    if account["in_flight"] + len(job.slots) > max_in_flight:
        raise TooManyInFlight(max_in_flight)


def new_job(job: Job) -> Write:
    return put_new(records.job_item(job))


def end(before: Job, after: Job) -> Write:
    """The whole job anew, where it is as it was read and has not ended."""
    values = ACTIVE_STATUSES | {":version": before.version}
    return put(records.job_item(after), f"{IS_ACTIVE} AND version = :version", values)


def library_entries(job: Job, life: timedelta | None) -> list[Write]:
    """Of the images that the job leaves: written once, as the job ends once."""
    return [put(item) for item in library_items_of(job, life)]


def entry(job: Job, kind: Entry, amount: int, at: datetime) -> Write:
    return put_new(records.ledger_item(_ledger_entry(job, kind, amount, at)))


def void_hold(job: Job) -> Write:
    """In the place of the job's hold: a transaction that would write that later is refused."""
    nothing = _ledger_entry(job, Entry.HOLD, 0, job.created_at)
    expires = int((job.created_at + _VOID_IS_KEPT).timestamp())
    return put_new(records.ledger_item(nothing) | to_item({"void": True, "expires_at": expires}))


def _ledger_entry(job: Job, kind: Entry, amount: int, at: datetime) -> LedgerEntry:
    return LedgerEntry(workspace=job.workspace, kind=kind, amount=amount, at=at, job=job.id)


def is_void(entry: Item) -> bool:
    """Of an item of the ledger: that it stands in the place of a hold."""
    return "void" in entry


def hold(job: Job, max_in_flight: int, share: int | None) -> Write:
    n = len(job.slots)
    condition = (
        "balance >= :total AND in_flight <= :room"
        # Here, too: it may have been suspended since the request was counted.
        " AND (attribute_not_exists(suspended_at) OR suspended_at = :open)"
    )
    values: dict[str, int | str] = {
        ":total": job.total,
        ":n": n,
        ":room": max_in_flight - n,
        ":job": job.id,
        ":request": job.request_id,
        ":open": "",
    }
    if share is not None and not job.backlog:
        # Here, too: of fifty requests at once each has read that nothing is on its way.
        condition += " AND in_flight < :share"
        values[":share"] = share
    return update(
        records.account_key(job.workspace),
        "SET balance = balance - :total, held = held + :total, in_flight = in_flight + :n,"
        " last_job = :job, last_request = :request",
        condition,
        values,
    )


def resolution(job: Job, charge: Charge) -> Write:
    return update(
        records.account_key(job.workspace),
        "SET held = held - :total, spent = spent + :captured,"
        " balance = balance + :released, in_flight = in_flight - :n,"
        " stored_bytes = if_not_exists(stored_bytes, :zero) + :bytes"
        f" {records.FORGET_LAST_JOB}",
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


def stored(workspace: str, more: int) -> Write:
    """Bytes that came into the library, or went."""
    return update(
        records.account_key(workspace),
        "SET stored_bytes = if_not_exists(stored_bytes, :zero) + :more",
        "attribute_exists(pk)",
        {":zero": 0, ":more": more},
    )


def claim(job: Job, record: IdempotencyRecord) -> Write:
    expires = int(record.expires_at.timestamp())
    item = records.idempotency_key(job.workspace, record.key) | to_item(
        {"job": job.id, "fingerprint": record.fingerprint, "expires_at": expires}
    )
    # The table's own expiry may lag for days: it is compared here, too.
    now = int(job.created_at.timestamp())
    return put(item, "attribute_not_exists(pk) OR expires_at < :now", {":now": now})
