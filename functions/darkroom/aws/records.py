"""How jobs and the rest lie in the table: keys, names and shapes (docs/data-model.md)."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from darkroom.aws.values import from_item, to_item
from darkroom.domain.image_request import ImageRequest, Output
from darkroom.domain.job import (
    Attempt,
    Failure,
    Job,
    JobStatus,
    Lease,
    Slot,
    SlotStatus,
    StoredImage,
)
from darkroom.domain.money import Account, Charge, LedgerEntry

JOBS_ARE_KEPT = timedelta(days=90)


def partition(workspace: str) -> str:
    """Everything of a workspace lies under this, and no other place builds it."""
    return f"WS#{workspace}"


def job_key(workspace: str, job: str) -> dict[str, Any]:
    return to_item({"pk": partition(workspace), "sk": f"JOB#{job}"})


def account_key(workspace: str) -> dict[str, Any]:
    return to_item({"pk": partition(workspace), "sk": "ACCOUNT"})


def api_key_key(key_hash: str) -> dict[str, Any]:
    return to_item({"pk": f"KEY#{key_hash}", "sk": "KEY"})


def idempotency_key(workspace: str, key: str) -> dict[str, Any]:
    digest = hashlib.sha256(key.encode()).hexdigest()
    return to_item({"pk": partition(workspace), "sk": f"IDEM#{digest}"})


def ledger_item(entry: LedgerEntry) -> dict[str, Any]:
    """One hold, one capture and one release a job at most: its key says so."""
    values = {
        "pk": partition(entry.workspace),
        "sk": f"LEDGER#{entry.job or stamp(entry.at)}#{entry.kind}",
        "kind": entry.kind,
        "amount": entry.amount,
        "at": stamp(entry.at),
        "job": entry.job,
        "note": entry.note,
    }
    return to_item(_present(values))


def _present(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is not there: a condition can ask whether an attribute exists."""
    return {name: value for name, value in values.items() if value is not None}


def job_item(job: Job) -> dict[str, Any]:
    values = {
        "pk": partition(job.workspace),
        "sk": f"JOB#{job.id}",
        "id": job.id,
        "workspace": job.workspace,
        "dialect": job.dialect,
        "status": job.status,
        "version": job.version,
        "price": job.price,
        "request": asdict(job.request),
        "slots": {str(index): slot_values(slot) for index, slot in enumerate(job.slots)},
        "created_at": stamp(job.created_at),
        "updated_at": stamp(job.updated_at),
        "started_at": stamp(job.started_at),
        "finished_at": stamp(job.finished_at),
        "charge": asdict(job.charge) if job.charge else None,
        "expires_at": int((job.created_at + JOBS_ARE_KEPT).timestamp()),
    }
    return to_item(_present(values))


def slot_values(slot: Slot) -> dict[str, Any]:
    return {
        "media_id": slot.media_id,
        "status": slot.status,
        "leases": slot.leases,
        "lease": lease_values(slot.lease) if slot.lease else None,
        "image": asdict(slot.image) if slot.image else None,
        "failure": asdict(slot.failure) if slot.failure else None,
        "attempts": [asdict(attempt) for attempt in slot.attempts],
    }


def lease_values(lease: Lease) -> dict[str, Any]:
    return {"token": lease.token, "until": stamp(lease.until)}


def read_job(item: dict[str, Any]) -> Job:
    values = from_item(item)
    request = values["request"]
    return Job(
        id=values["id"],
        workspace=values["workspace"],
        dialect=values["dialect"],
        status=JobStatus(values["status"]),
        version=values["version"],
        price=values["price"],
        request=ImageRequest(**{**request, "output": Output(**request["output"])}),
        slots=tuple(_read_slot(values["slots"][str(n)]) for n in range(len(values["slots"]))),
        created_at=datetime.fromisoformat(values["created_at"]),
        updated_at=datetime.fromisoformat(values["updated_at"]),
        started_at=read_stamp(values.get("started_at")),
        finished_at=read_stamp(values.get("finished_at")),
        charge=Charge(**values["charge"]) if "charge" in values else None,
    )


def _read_slot(values: dict[str, Any]) -> Slot:
    lease, image, failure = values["lease"], values["image"], values["failure"]
    return Slot(
        media_id=values["media_id"],
        status=SlotStatus(values["status"]),
        leases=values["leases"],
        lease=Lease(token=lease["token"], until=datetime.fromisoformat(lease["until"]))
        if lease
        else None,
        image=StoredImage(**image) if image else None,
        failure=Failure(**failure) if failure else None,
        attempts=tuple(Attempt(**attempt) for attempt in values["attempts"]),
    )


def account_item(account: Account) -> dict[str, Any]:
    values = asdict(account)
    values.update(pk=partition(account.workspace), sk="ACCOUNT", minute=0)
    return to_item(values)


def read_account(item: dict[str, Any]) -> Account:
    values = from_item(item)
    return Account(**{field.name: values[field.name] for field in fields(Account)})


def stamp(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with microseconds: as text these sort as they follow in time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else None


def read_stamp(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
