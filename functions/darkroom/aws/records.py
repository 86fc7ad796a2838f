"""How jobs and the rest lie in the table: keys, names and shapes (docs/data-model.md)."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, asdict, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from darkroom.aws.values import from_item, to_item
from darkroom.domain.attempts import Attempt, PendingGeneration
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.image_request import ImageRequest, Output, Reference
from darkroom.domain.job import (
    Caption,
    Failure,
    Hook,
    Job,
    JobKind,
    JobStatus,
    Lease,
    Slot,
    SlotStatus,
    StoredImage,
    Written,
)
from darkroom.domain.money import Account, Charge, Entry, LedgerEntry

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Known = TypeVar("Known", bound="DataclassInstance")

JOBS_ARE_KEPT = timedelta(days=90)
DUE_SHARDS = 4
JOB, ACCOUNT, LEDGER = "JOB#", "ACCOUNT", "LEDGER#"
# Of a frequent write of the account that takes nothing from its balance: the stream's filter lets
# holds alone through, and knows them by the job that they name.
FORGET_LAST_JOB = "REMOVE last_job"
DEPLOYMENT = "DEPLOYMENT"  # what is of no workspace


def partition(workspace: str) -> str:
    """Everything of a workspace lies under this, and no other place builds it."""
    return f"WS#{workspace}"


def job_key(workspace: str, job: str) -> dict[str, Any]:
    return to_item({"pk": partition(workspace), "sk": f"{JOB}{job}"})


def read_job_key(item: dict[str, Any]) -> tuple[str, str]:
    key = from_item(item)
    return key["pk"].removeprefix(partition("")), key["sk"].removeprefix(JOB)


def account_key(workspace: str) -> dict[str, Any]:
    return to_item({"pk": partition(workspace), "sk": ACCOUNT})


def aliases_key(workspace: str | None) -> dict[str, Any]:
    """A workspace's are in its account; None: the deployment's, an item of their own."""
    if workspace is None:
        return to_item({"pk": DEPLOYMENT, "sk": "ALIASES"})
    return account_key(workspace)


def idempotency_key(workspace: str, key: str) -> dict[str, Any]:
    digest = hashlib.sha256(key.encode()).hexdigest()
    return to_item({"pk": partition(workspace), "sk": f"IDEM#{digest}"})


def due_shard(job: str) -> str:
    """The index of what is due is spread, so that no one partition takes every job's write."""
    return f"due#{zlib.crc32(job.encode()) % DUE_SHARDS}"


def all_due_shards() -> Iterable[str]:
    return (f"due#{number}" for number in range(DUE_SHARDS))


def ledger_item(entry: LedgerEntry) -> dict[str, Any]:
    """One hold, one capture and one release a job at most, and one grant a reference."""
    values = {
        "pk": partition(entry.workspace),
        "sk": f"{LEDGER}{entry.job or entry.reference}#{entry.kind}",
        "kind": entry.kind,
        "amount": entry.amount,
        "at": stamp(entry.at),
        "job": entry.job,
        "reference": entry.reference,
    }
    return to_item(present(values))


def read_entry(item: dict[str, Any]) -> LedgerEntry:
    values = from_item(item)
    return LedgerEntry(
        workspace=values["pk"].removeprefix(partition("")),
        kind=Entry(values["kind"]),
        amount=values["amount"],
        at=datetime.fromisoformat(values["at"]),
        job=values.get("job"),
        reference=values.get("reference"),
    )


def present(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is not there: a condition can ask whether an attribute exists."""
    return {name: value for name, value in values.items() if value is not None}


def job_item(job: Job) -> dict[str, Any]:
    values = {
        "pk": partition(job.workspace),
        "sk": f"{JOB}{job.id}",
        "id": job.id,
        "workspace": job.workspace,
        "dialect": job.dialect,
        "status": job.status,
        "version": job.version,
        "price": job.price,
        "kind": job.kind,
        # Of captions every field: a version before this one takes them all for granted.
        "request": asdict(job.request) if job.writes_captions else without_defaults(job.request),
        "slots": {str(index): slot_values(slot) for index, slot in enumerate(job.slots)},
        "created_at": stamp(job.created_at),
        "updated_at": stamp(job.updated_at),
        "started_at": stamp(job.started_at),
        "finished_at": stamp(job.finished_at),
        "charge": asdict(job.charge) if job.charge else None,
        "deadline": stamp(job.deadline),
        "looks": job.looks,
        "collection": job.collection,
        "enhanced": asdict(job.enhanced) if job.enhanced else None,
        "terms": dict(job.terms) or None,
        "webhook": asdict(job.webhook) if job.webhook else None,
        "request_id": job.request_id,
        "backlog": job.backlog or None,
        # Both or neither: without them the job is not in the index of what is due.
        "due_at": job.due_at.timestamp() if job.due_at else None,
        "due_shard": due_shard(job.id) if job.due_at else None,
        "expires_at": int((job.created_at + JOBS_ARE_KEPT).timestamp()),
    }
    return to_item(present(values))


def slot_values(slot: Slot) -> dict[str, Any]:
    values = {
        "media_id": slot.media_id,
        "status": slot.status,
        "leases": slot.leases,
        "lease": lease_values(slot.lease) if slot.lease else None,
        "image": without_defaults(slot.image) if slot.image else None,
        "failure": asdict(slot.failure) if slot.failure else None,
        "attempts": [without_defaults(attempt) for attempt in slot.attempts],
    }
    if slot.captions:
        values["captions"] = {name: asdict(caption) for name, caption in slot.captions.items()}
    if slot.pending:
        values["parked"] = asdict(slot.pending) | {"begun_at": stamp(slot.pending.begun_at)}
    return values


def without_defaults(instance: DataclassInstance) -> dict[str, Any]:
    """Without optional fields that hold nothing: each kilobyte of a job costs with every write."""
    values = asdict(instance)
    for one in fields(instance):
        usual = one.default_factory() if one.default_factory is not MISSING else one.default
        if usual is not MISSING and not usual and getattr(instance, one.name) == usual:
            del values[one.name]
    return values


def lease_values(lease: Lease) -> dict[str, Any]:
    return {"token": lease.token, "until": stamp(lease.until)}


def read_job(item: dict[str, Any]) -> Job:
    values = from_item(item)
    return Job(
        id=values["id"],
        workspace=values["workspace"],
        dialect=values["dialect"],
        status=JobStatus(values["status"]),
        version=values["version"],
        price=values["price"],
        request=_READ_REQUEST[values.get("kind", JobKind.IMAGES)](values["request"]),
        slots=tuple(_read_slot(values["slots"][str(n)]) for n in range(len(values["slots"]))),
        created_at=datetime.fromisoformat(values["created_at"]),
        updated_at=datetime.fromisoformat(values["updated_at"]),
        started_at=read_stamp(values.get("started_at")),
        finished_at=read_stamp(values.get("finished_at")),
        charge=Charge(**values["charge"]) if "charge" in values else None,
        deadline=datetime.fromisoformat(values["deadline"]),
        looks=values["looks"],
        collection=values.get("collection"),
        enhanced=Written(**values["enhanced"]) if "enhanced" in values else None,
        terms=values.get("terms", {}),
        webhook=_read_hook(values["webhook"]) if "webhook" in values else None,
        request_id=values.get("request_id", ""),
        backlog=values.get("backlog", False),
        due_at=datetime.fromtimestamp(values["due_at"], UTC) if "due_at" in values else None,
    )


def _read_hook(values: dict[str, Any]) -> Hook:
    return known(Hook, values | {"events": tuple(values["events"])})


def _read_image_request(values: dict[str, Any]) -> ImageRequest:
    mask = values.get("mask")
    read = {
        "output": known(Output, values["output"]),
        "references": _read_references(values.get("references", ())),
        "mask": known(Reference, mask) if mask else None,
    }
    return known(ImageRequest, values | read)


def _read_caption_request(values: dict[str, Any]) -> CaptionRequest:
    read = {
        "media": _read_references(values["media"]),
        "post_types": tuple(values["post_types"]),
    }
    return known(CaptionRequest, values | read)


_READ_REQUEST: Mapping[str, Callable[[dict[str, Any]], ImageRequest | CaptionRequest]] = {
    JobKind.IMAGES: _read_image_request,
    JobKind.CAPTIONS: _read_caption_request,
}


def _read_references(values: Iterable[dict[str, Any]]) -> tuple[Reference, ...]:
    return tuple(known(Reference, reference) for reference in values)


def known(kind: type[Known], values: dict[str, Any]) -> Known:
    """Without fields that this version does not know: during a deployment both are at work."""
    names = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in values.items() if name in names})


def _read_slot(values: dict[str, Any]) -> Slot:
    lease, image, failure = values["lease"], values["image"], values["failure"]
    captions = values.get("captions")
    return Slot(
        media_id=values["media_id"],
        status=SlotStatus(values["status"]),
        leases=values["leases"],
        lease=Lease(token=lease["token"], until=datetime.fromisoformat(lease["until"]))
        if lease
        else None,
        image=known(StoredImage, image) if image else None,
        captions={name: known(Caption, caption) for name, caption in captions.items()}
        if captions
        else None,
        failure=known(Failure, failure) if failure else None,
        attempts=tuple(known(Attempt, attempt) for attempt in values["attempts"]),
        pending=_read_pending(values["parked"]) if values.get("parked") else None,
    )


def _read_pending(values: dict[str, Any]) -> PendingGeneration:
    return known(
        PendingGeneration, values | {"begun_at": datetime.fromisoformat(values["begun_at"])}
    )


def account_item(account: Account) -> dict[str, Any]:
    values = asdict(account)
    del values["requests_of_key"]
    values.update(pk=partition(account.workspace), sk=ACCOUNT, minute=0, of_keys={})
    return to_item(values)


def read_account(item: dict[str, Any], key: str | None = None) -> Account:
    values = from_item(item)
    of_keys = values["of_keys"]
    values["requests_of_key"] = of_keys.get(key, 0) if key else 0
    return known(Account, values)


def stamp(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with microseconds: as text these sort as they follow in time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else None


def read_stamp(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
