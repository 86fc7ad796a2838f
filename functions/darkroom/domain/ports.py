"""What the use cases need from the world. Each port has a real adapter, a fake in tests/fakes,
and a contract suite that both pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from darkroom.domain.api_key import KeyRecord
from darkroom.domain.catalogue import Route
from darkroom.domain.image_request import ImageRequest, Output
from darkroom.domain.job import Attempt, Failure, Job, JobStatus, Lease, Slot
from darkroom.domain.money import Account, LedgerEntry
from darkroom.domain.operations import Caller, JobPage


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

    def create(self, job: Job, record: IdempotencyRecord | None, max_in_flight: int) -> Job:
        """Store the job, hold its credits and write the ledger, all or nothing.

        Gives the job that now stands for the request: this one, or the earlier one of the same
        idempotency key. Raises InsufficientCredits, TooManyInFlight or IdempotencyKeyReused.
        """
        ...

    def get(self, workspace: str, job: str) -> Job | None: ...

    def page(
        self, workspace: str, *, limit: int, cursor: str | None, status: JobStatus | None
    ) -> JobPage:
        """Newest first."""
        ...

    def lease(self, workspace: str, job: str, slot: int, lease: Lease, now: datetime) -> Job:
        """Raises NotLeasable, or NotFound where the job is gone."""
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

    def end(self, before: Job, after: Job) -> Job | None:
        """Store the ended job, resolve its hold and write the ledger, all or nothing.

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

    def admit(self, workspace: str, key: str | None, now: datetime) -> Account:
        """Count one request and read the account, in one call; by key for one with a limit."""
        ...

    def grant(self, entry: LedgerEntry) -> bool:
        """Add credits; False when a grant of the same reference was made before."""
        ...

    def ledger(self, workspace: str) -> Iterator[LedgerEntry]: ...

    def all(self) -> Iterator[Account]: ...


class Keys(Protocol):
    def add(self, record: KeyRecord) -> None: ...

    def find(self, key_hash: str) -> KeyRecord | None: ...

    def of_workspace(self, workspace: str) -> Sequence[KeyRecord]: ...

    def expire(self, record: KeyRecord, at: datetime) -> None: ...


class Tokens(Protocol):
    def verify(self, token: str) -> Caller:
        """Raises Unauthenticated."""
        ...


class Secrets(Protocol):
    def derive(self, purpose: str) -> bytes:
        """The key for one purpose, from the deployment's one secret."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One image to make, as the queue carries it."""

    workspace: str
    job: str
    slot: int


class ImageQueue(Protocol):
    def send(self, workspace: str, job: str, slots: Sequence[int]) -> Sequence[int]:
        """One message a slot; gives the slots that could not be sent."""
        ...

    def delay(self, receipt: str, seconds: int) -> None:
        """Let a message that was received come back after this time."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An image that was given to workers as often as it may be."""

    receipt: str
    order: Order | None  # None: not a message of ours


class DeadLetters(Protocol):
    def receive(self) -> Sequence[DeadLetter]: ...

    def discard(self, letter: DeadLetter) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    body: bytes
    made_by: Route


class ImageStore(Protocol):
    def put_once(self, key: str, body: bytes, content_type: str, made_by: Route) -> bool:
        """Store under a key that nothing overwrites; False when something is there already."""
        ...

    def find(self, key: str) -> StoredFile | None: ...

    def delete(self, keys: Sequence[str]) -> None: ...

    def link(
        self, key: str, *, content_type: str, seconds: int, only_head: bool = False
    ) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A provider's image, still as it came from outside."""

    body: bytes
    route: Route
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMade:
    failure: Failure
    may_retry: bool
    attempts: tuple[Attempt, ...]


class ImageMaker(Protocol):
    def make(self, request: ImageRequest, slot: int, routes: Sequence[Route]) -> Made | NotMade: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a finished file says of where it comes from."""

    provider: str
    model: str
    job: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedImage:
    body: bytes
    thumbnail: bytes


class UnreadableImage(Exception):  # noqa: N818 - what it is, not what to do about it
    """The bytes are not an image that we accept."""


class Finisher(Protocol):
    def finish(
        self, body: bytes, *, width: int, height: int, output: Output, origin: Origin
    ) -> FinishedImage:
        """Exactly these pixels, in this format, with a thumbnail. Raises UnreadableImage."""
        ...

    def thumbnail(self, body: bytes) -> bytes:
        """Of an image that was finished before."""
        ...
