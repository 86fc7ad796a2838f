"""What the use cases need from the world. Each port has a real adapter, a fake in tests/fakes,
and a contract suite that both pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from darkroom.domain.api_key import KeyRecord
from darkroom.domain.equal_calls import CallTry
from darkroom.domain.job import (
    Job,
    Lease,
    Slot,
    Written,
)
from darkroom.domain.money import Account, LedgerEntry, Terms
from darkroom.domain.operations import Caller, ListJobs
from darkroom.domain.outcomes import JobPage


class Clock(Protocol):
    def now(self) -> datetime: ...
    def sleep(self, seconds: float) -> None: ...


class Ids(Protocol):
    def new_id(self) -> str:
        """A UUIDv7: later ones sort after earlier ones."""
        ...

    def below(self, limit: int) -> int:
        """An unpredictable number from 0 to limit - 1."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyRecord:
    """Which job a client's key stands for, and the request that it was given with."""

    key: str
    fingerprint: str
    expires_at: datetime


class Jobs(Protocol):
    """Jobs with their slots and their money: what must change together changes here."""

    def create(
        self,
        job: Job,
        record: IdempotencyRecord | None,
        max_in_flight: int,
        share: int | None = None,
        tried: CallTry | None = None,
    ) -> Job:
        """Store the job, hold its credits and write the ledger, all or nothing.

        Gives the job that now stands for the request: this one, or the earlier one of the same
        idempotency key. It is in the backlog if so many images of its workspace as `share` are on
        their way. Raises InsufficientCredits, TooManyInFlight, IdempotencyKeyReused, or MayJoin
        where a try may have a job already.
        """
        ...

    def get(self, workspace: str, job: str) -> Job | None: ...

    def claimed(self, workspace: str, record: IdempotencyRecord, now: datetime) -> Job | None:
        """The job that this key stands for already. Raises IdempotencyKeyReused."""
        ...

    def page(self, workspace: str, which: ListJobs) -> JobPage:
        """Newest first."""
        ...

    def lease(self, workspace: str, job: str, slot: int, lease: Lease, now: datetime) -> Job:
        """Raises NotLeasable, or NotFound where the job is gone."""
        ...

    def resume(self, message: SlotMessage, lease: Lease, now: datetime) -> Job:
        """The lease that a parked slot was left with, for a new one, and one more look counted.

        Raises NotLeasable, or NotFound where the job is gone.
        """
        ...

    def finish_slot(self, job: Job, slot: int, token: str, finished: Slot, now: datetime) -> Job:
        """Raises LeaseLost when another holds the slot or the job has ended."""
        ...

    def save(self, before: Job, after: Job) -> bool:
        """Store a change that moves no money; False when the job is no longer as `before`."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """Workspaces and ids of jobs whose look is due, the longest due first in each shard."""
        ...

    def keep_prompt(self, job: Job, written: Written) -> Job:
        """The job with this as its enhanced prompt, or with the one that came first.

        Raises LeaseLost when the job has ended.
        """
        ...

    def end(self, before: Job, after: Job) -> Job | None:
        """Store the ended job, resolve its hold, write the ledger, and put its images into the
        library and its collection, all or nothing.

        Gives None when the job is no longer as it was `before`: read it again and think again.
        """
        ...


class WorkspaceExists(Exception):  # noqa: N818 - what is so, not what to do about it
    """A workspace is opened once."""


class Accounts(Protocol):
    def open(self, account: Account, grant: LedgerEntry) -> None:
        """A new workspace with its first credits. Raises WorkspaceExists."""
        ...

    def get(self, workspace: str) -> Account | None: ...

    def change(self, workspace: str, terms: Terms) -> Account:
        """The account with these, which are one at least. Raises NotFound."""
        ...

    def count_request(self, workspace: str, key: str | None, now: datetime) -> Account:
        """Count one request and read the account, in one call; by key for one with a limit."""
        ...

    def grant(self, entry: LedgerEntry) -> bool:
        """Add credits; False when a grant of the same reference was made before."""
        ...

    def count_of_day(
        self, workspace: str, what: str, number: int, limit: int, now: datetime
    ) -> bool:
        """So many more of this today, in the write itself; False when the limit would be passed."""
        ...

    def correct_stored(self, before: Account, stored: int) -> bool:
        """What the library was found to hold; False when bytes came or went since `before`."""
        ...

    def ledger(self, workspace: str) -> Iterator[LedgerEntry]: ...

    def all(self) -> Iterator[Account]: ...


class Aliases(Protocol):
    def of_deployment(self) -> Mapping[str, str]:
        """Public names of models → those that stand in, wherever no provider makes them."""
        ...


class Keys(Protocol):
    def add(self, record: KeyRecord) -> None: ...

    def find(self, hashes: Sequence[str]) -> KeyRecord | None:
        """The key with one of these hashes, which are tried in this order."""
        ...

    def of_workspace(self, workspace: str) -> Sequence[KeyRecord]: ...

    def expire(self, record: KeyRecord, at: datetime) -> None:
        """From then on, unless it ends sooner already."""
        ...


class Tokens(Protocol):
    def verify(self, token: str) -> Caller:
        """Raises Unauthenticated."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotMessage:
    """One slot to work on, as the queue carries it; with the lease that it is held by, where it is
    in the making at its provider.
    """

    workspace: str
    job: str
    slot: int
    held: str = ""
    request_id: str = ""  # that the job came with
    backlog: bool = False  # as the job


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMessage:
    """A file to take into the library, as the queue carries it."""

    workspace: str
    media: str


def slot_message(job: Job, slot: int) -> SlotMessage:
    return SlotMessage(
        workspace=job.workspace,
        job=job.id,
        slot=slot,
        request_id=job.request_id,
        backlog=job.backlog,
    )


def read_message(body: str) -> SlotMessage | ImportMessage | None:
    try:
        values = json.loads(body)
        return ImportMessage(**values) if "media" in values else SlotMessage(**values)
    except (TypeError, ValueError):
        return None


class ImageQueue(Protocol):
    def send(self, job: Job, slots: Sequence[int]) -> Sequence[int]:
        """One message a slot; gives the slots that could not be sent."""
        ...

    def send_import(self, message: ImportMessage) -> bool:
        """Whether it could be sent."""
        ...

    def send_later(self, message: SlotMessage, seconds: int) -> bool:
        """Whether it could be sent."""
        ...

    def delay(self, message: SlotMessage, receipt: str, seconds: int) -> None:
        """Let a message that was received come back after this time."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An image that was given to workers as often as it may be."""

    receipt: str
    message: SlotMessage | ImportMessage | None  # None: not a message of ours


class DeadLetters(Protocol):
    def receive(self) -> Sequence[DeadLetter]: ...

    def discard(self, dead_letter: DeadLetter) -> None: ...
