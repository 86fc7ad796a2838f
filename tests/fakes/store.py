"""Jobs, accounts, keys, queue and files in memory, by the domain's own moves."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from darkroom.domain import job_moves as moves
from darkroom.domain.api_key import KeyRecord
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.collection import Collection, Member, place_of
from darkroom.domain.errors import (
    IdempotencyKeyReused,
    InsufficientCredits,
    NotFound,
    TooManyInFlight,
)
from darkroom.domain.job import Job, Lease, LeaseLost, Slot, Written
from darkroom.domain.library_operations import ListCollections, ListMedia
from darkroom.domain.library_ports import OpenedFile, StoredFile
from darkroom.domain.media import Media, MediaStatus, media_of
from darkroom.domain.money import Account, Entry, LedgerEntry, Terms
from darkroom.domain.operations import ListJobs
from darkroom.domain.outcomes import JobPage, MediaPage
from darkroom.domain.ports import (
    DeadLetter,
    IdempotencyRecord,
    ImportMessage,
    SlotMessage,
    WorkspaceExists,
)
from darkroom.domain.provider_callback import ProviderCallback
from darkroom.domain.quotas import day_of


class FakeTable:
    """What the fakes share: `jobs`, `accounts`, `ledger` and `claims` lie open."""

    def __init__(self, media_life: timedelta | None = None) -> None:
        self.media_life = media_life
        self.lock = threading.RLock()
        self.jobs: dict[tuple[str, str], Job] = {}
        self.accounts: dict[str, Account] = {}
        self.minutes: dict[str, int] = {}
        self.of_keys: dict[str, Counter[str]] = {}
        self.ledger: list[LedgerEntry] = []
        self.media: dict[tuple[str, str], Media] = {}
        self.due_media: dict[tuple[str, str], datetime] = {}
        self.expired_media: set[tuple[str, str]] = set()
        self.collections: dict[tuple[str, str], Collection] = {}
        self.members: dict[tuple[str, str], list[Member]] = {}
        self.claims: dict[tuple[str, str], tuple[IdempotencyRecord, str]] = {}

    def keep(self, media: Media) -> None:
        self.media[media.workspace, media.id] = media
        if self.media_life is not None and media.status is MediaStatus.READY:
            self.due_media[media.workspace, media.id] = media.created_at + self.media_life


class FakeJobs:
    def __init__(self, table: FakeTable) -> None:
        self.table = table

    def create(
        self,
        job: Job,
        record: IdempotencyRecord | None,
        max_in_flight: int,
        share: int | None = None,
    ) -> Job:
        with self.table.lock:
            claim = record and self.table.claims.get((job.workspace, record.key))
            if record and claim and claim[0].expires_at >= job.created_at:
                if claim[0].fingerprint != record.fingerprint:
                    raise IdempotencyKeyReused
                return self.table.jobs[job.workspace, claim[1]]
            account = self.table.accounts[job.workspace]
            account.check_open()
            if account.balance < job.total:
                raise InsufficientCredits(job.total, account.balance)
            if account.in_flight + len(job.slots) > max_in_flight:
                raise TooManyInFlight(max_in_flight)
            if share is not None and account.in_flight >= share:
                job = replace(job, backlog=True)
            self.table.accounts[job.workspace] = replace(
                account,
                balance=account.balance - job.total,
                held=account.held + job.total,
                in_flight=account.in_flight + len(job.slots),
                last_job=job.id,
                last_request=job.request_id,
            )
            self._enter(job, Entry.HOLD, job.total, job.created_at)
            if record:
                self.table.claims[job.workspace, record.key] = (record, job.id)
            self.table.jobs[job.workspace, job.id] = job
            return job

    def get(self, workspace: str, job: str) -> Job | None:
        return self.table.jobs.get((workspace, job))

    def claimed(self, workspace: str, record: IdempotencyRecord, now: datetime) -> Job | None:
        claim = self.table.claims.get((workspace, record.key))
        if claim is None or claim[0].expires_at < now:
            return None
        if claim[0].fingerprint != record.fingerprint:
            raise IdempotencyKeyReused
        return self.table.jobs[workspace, claim[1]]

    def page(self, workspace: str, which: ListJobs) -> JobPage:
        found = [
            job
            for (owner, name), job in sorted(self.table.jobs.items(), reverse=True)
            if owner == workspace
            and (which.cursor is None or name < which.cursor)
            and (not which.statuses or job.status in which.statuses)
            and which.kind in (None, job.kind)
        ]
        shown = found[: which.limit]
        cursor = shown[-1].id if len(found) > which.limit else None
        return JobPage(jobs=tuple(shown), cursor=cursor)

    def lease(self, workspace: str, job: str, slot: int, lease: Lease, now: datetime) -> Job:
        with self.table.lock:
            current = self.get(workspace, job)
            if current is None:
                raise NotFound("job")
            return self._keep(moves.lease(current, slot, lease, now))

    def resume(self, message: SlotMessage, lease: Lease, now: datetime) -> Job:
        with self.table.lock:
            current = self.get(message.workspace, message.job)
            if current is None:
                raise NotFound("job")
            return self._keep(moves.resume(current, message.slot, message.held, lease, now))

    def finish_slot(self, job: Job, slot: int, token: str, finished: Slot, now: datetime) -> Job:
        with self.table.lock:
            current = self.table.jobs[job.workspace, job.id]
            return self._keep(moves.finish_slot(current, slot, token, finished, now))

    def save(self, before: Job, after: Job) -> bool:
        with self.table.lock:
            if self.table.jobs[after.workspace, after.id].version != before.version:
                return False
            self._keep(after)
            return True

    def due(self, now: datetime, limit: int) -> list[tuple[str, str]]:
        due = [job for job in self.table.jobs.values() if job.due_at and job.due_at <= now]
        due.sort(key=lambda job: job.due_at)
        return [(job.workspace, job.id) for job in due][:limit]

    def end(self, before: Job, after: Job) -> Job | None:
        with self.table.lock:
            current = self.table.jobs[after.workspace, after.id]
            if current.status.is_terminal:
                return current
            if current.version != before.version:
                return None
            account = self.table.accounts[after.workspace]
            self.table.accounts[after.workspace] = replace(
                account,
                held=account.held - after.total,
                spent=account.spent + after.charge.captured,
                balance=account.balance + after.charge.released,
                in_flight=account.in_flight - len(after.slots),
                stored_bytes=account.stored_bytes + sum(media.size for media in media_of(after)),
            )
            self._enter(after, Entry.CAPTURE, after.charge.captured, after.finished_at)
            self._enter(after, Entry.RELEASE, after.charge.released, after.finished_at)
            for media in media_of(after):
                self.table.keep(media)
                if after.collection is not None:
                    place = self.table.members.setdefault((after.workspace, after.collection), [])
                    place.append(
                        Member(
                            place=place_of(after.id, media.slot), media=media.id, file=media.file
                        )
                    )
            return self._keep(after)

    def keep_prompt(self, job: Job, written: Written) -> Job:
        with self.table.lock:
            current = self.table.jobs[job.workspace, job.id]
            if current.status.is_terminal:
                raise LeaseLost(current)
            kept = replace(
                current, enhanced=current.enhanced or written, version=current.version + 1
            )
            return self._keep(kept)

    def _keep(self, job: Job) -> Job:
        self.table.jobs[job.workspace, job.id] = job
        return job

    def _enter(self, job: Job, kind: Entry, amount: int, at: datetime) -> None:
        if amount:
            self.table.ledger.append(
                LedgerEntry(workspace=job.workspace, kind=kind, amount=amount, at=at, job=job.id)
            )


class FakeLibrary:
    def __init__(self, table: FakeTable) -> None:
        self.table = table

    def add(self, media: Media) -> None:
        self.table.keep(media)

    def get(self, workspace: str, media: str) -> Media | None:
        return self.table.media.get((workspace, media))

    def get_many(self, workspace: str, media: list[str]) -> dict[str, Media]:
        found = {name: self.get(workspace, name) for name in media}
        return {name: kept for name, kept in found.items() if kept}

    def page(self, workspace: str, which: ListMedia) -> MediaPage:
        kept = {
            key: media
            for key, media in self.table.media.items()
            if media.status == "ready" or not which.only_ready
        }
        found, has_more = _page(kept, workspace, which)
        return MediaPage(media=tuple(found), has_more=has_more)

    def advance(self, before: Media, after: Media) -> bool:
        current = self.get(before.workspace, before.id)
        if current is None or current.status is not before.status:
            return current == after
        self.add(after)
        self._count(after, 1)
        return True

    def _count(self, media: Media, sign: int) -> None:
        account = self.table.accounts.get(media.workspace)
        if account and media.status is MediaStatus.READY:
            stored = account.stored_bytes + sign * (media.size or 0)
            self.table.accounts[media.workspace] = replace(account, stored_bytes=stored)

    def remove(self, media: Media) -> bool:
        if not self._is_in_state(media):
            return False
        self.table.media.pop((media.workspace, media.id), None)
        self.table.due_media.pop((media.workspace, media.id), None)
        self.table.expired_media.discard((media.workspace, media.id))
        self._count(media, -1)
        self._mark(media)
        return True

    def due(self, now: datetime, limit: int) -> list[tuple[str, str]]:
        due = [(at, place) for place, at in self.table.due_media.items() if at <= now]
        return [place for _, place in sorted(due)][:limit]

    def postpone(self, media: Media, until: datetime) -> bool:
        place = media.workspace, media.id
        if place in self.table.expired_media or not self._is_in_state(media):
            return False
        self.table.due_media[place] = until
        return True

    def mark_expired(self, media: Media) -> bool:
        if not self._is_in_state(media):
            return False
        self.table.expired_media.add((media.workspace, media.id))
        return True

    def _is_in_state(self, media: Media) -> bool:
        known = self.get(media.workspace, media.id)
        return known is not None and known.status is media.status

    def _mark(self, media: Media) -> None:
        job = self.table.jobs.get((media.workspace, media.job))
        if job is None:
            return
        slot = job.slots[media.slot]
        gone = replace(slot, image=replace(slot.image, is_deleted=True))
        slots = (*job.slots[: media.slot], gone, *job.slots[media.slot + 1 :])
        marked = replace(job, slots=slots, version=job.version + 1)
        self.table.jobs[media.workspace, media.job] = marked
        members = self.table.members.get((media.workspace, media.collection), [])
        members[:] = [member for member in members if member.media != media.id]


class FakeCollections:
    def __init__(self, table: FakeTable) -> None:
        self.table = table

    def add(self, collection: Collection) -> None:
        self.table.collections[collection.workspace, collection.id] = collection

    def change(self, before: Collection, after: Collection) -> bool:
        known = self.get(before.workspace, before.id)
        if known is None or known.version != before.version:
            return known == after
        self.add(after)
        return True

    def get(self, workspace: str, collection: str) -> Collection | None:
        return self.table.collections.get((workspace, collection))

    def page(self, workspace: str, which: ListCollections) -> tuple[list[Collection], bool]:
        return _page(self.table.collections, workspace, which)

    def members(self, workspace: str, collection: str, limit: int) -> list[Member]:
        members = self.table.members.get((workspace, collection), [])
        return sorted(members, key=lambda member: member.place)[:limit]

    def places(self, workspace: str, collection: str) -> list[str]:
        return [member.place for member in self.table.members.get((workspace, collection), [])]

    def fill(self, collection: Collection, members: list[Member], instead_of: list[str]) -> None:
        kept = self.table.members.get((collection.workspace, collection.id), [])
        kept = [member for member in kept if member.place not in instead_of]
        self.table.members[collection.workspace, collection.id] = [*kept, *members]

    def remove(self, collection: Collection) -> None:
        self.table.collections.pop((collection.workspace, collection.id), None)
        self.table.members.pop((collection.workspace, collection.id), None)


def _page(kept, workspace, which):
    after, before, limit = which.after, which.before, which.limit
    names = sorted((name for owner, name in kept if owner == workspace), reverse=before is None)
    names = [
        name
        for name in names
        if (after is None or name < after) and (before is None or name > before)
    ]
    page = sorted(names[:limit], reverse=True)
    return [kept[workspace, name] for name in page], len(names) > limit


class FakeAccounts:
    def __init__(self, table: FakeTable) -> None:
        self.table = table

    def open(self, account: Account, grant: LedgerEntry) -> None:
        if account.workspace in self.table.accounts:
            raise WorkspaceExists(account.workspace)
        self.table.accounts[account.workspace] = account
        self.table.ledger.append(grant)

    def get(self, workspace: str) -> Account | None:
        return self.table.accounts.get(workspace)

    def change(self, workspace: str, terms: Terms) -> Account:
        with self.table.lock:
            if workspace not in self.table.accounts:
                raise NotFound("workspace")
            changed = replace(self.table.accounts[workspace], **terms.given())
            self.table.accounts[workspace] = changed
            return changed

    def count_request(self, workspace: str, key: str | None, now: datetime) -> Account:
        with self.table.lock:
            if workspace not in self.table.accounts:
                raise NotFound("workspace")
            account, minute = self.table.accounts[workspace], int(now.timestamp()) // 60
            if self.table.minutes.get(workspace, 0) < minute:
                self.table.minutes[workspace] = minute
                account = replace(account, requests_this_minute=0)
                self.table.of_keys[workspace] = Counter()
            if key is not None:
                self.table.of_keys[workspace][key] += 1
            counted = replace(account, requests_this_minute=account.requests_this_minute + 1)
            self.table.accounts[workspace] = counted
            return replace(counted, requests_of_key=self.table.of_keys[workspace][key])

    def grant(self, entry: LedgerEntry) -> bool:
        with self.table.lock:
            if entry.workspace not in self.table.accounts:
                raise NotFound("workspace")
            if any(
                (old.workspace, old.reference) == (entry.workspace, entry.reference)
                for old in self.table.ledger
            ):
                return False
            account = self.table.accounts[entry.workspace]
            self.table.accounts[entry.workspace] = replace(
                account,
                balance=account.balance + entry.amount,
                granted=account.granted + entry.amount,
            )
            self.table.ledger.append(entry)
            return True

    def correct_stored(self, before: Account, stored: int) -> bool:
        account = self.table.accounts[before.workspace]
        if account.stored_bytes != before.stored_bytes:
            return False
        self.table.accounts[before.workspace] = replace(account, stored_bytes=stored)
        return True

    def count_of_day(
        self, workspace: str, what: str, number: int, limit: int, now: datetime
    ) -> bool:
        account, name = self.table.accounts[workspace], f"{what}_of_day"
        if account.day < day_of(now):
            account = replace(account, day=day_of(now), uploads_of_day=0, redeliveries_of_day=0)
        used = getattr(account, name) + number
        if used > limit:
            return False
        self.table.accounts[workspace] = replace(account, **{name: used})
        return True

    def ledger(self, workspace: str) -> Iterator[LedgerEntry]:
        return iter([entry for entry in self.table.ledger if entry.workspace == workspace])

    def all(self) -> Iterator[Account]:
        return iter(list(self.table.accounts.values()))


class FakeKeys:
    """`lookups` tells how often the store was asked."""

    def __init__(self) -> None:
        self.records: dict[str, KeyRecord] = {}
        self.lookups = 0

    def add(self, record: KeyRecord) -> None:
        self.records[record.hash] = record

    def find(self, hashes: Sequence[str]) -> KeyRecord | None:
        self.lookups += 1
        return next((self.records[one] for one in hashes if one in self.records), None)

    def of_workspace(self, workspace: str) -> list[KeyRecord]:
        return [record for record in self.records.values() if record.workspace == workspace]

    def expire(self, record: KeyRecord, at: datetime) -> None:
        ends = self.records[record.hash].expires_at
        sooner = at if ends is None else min(at, ends)
        self.records[record.hash] = replace(record, expires_at=sooner)


class FakeDeadLetters:
    """`letters` lie here until they are discarded."""

    def __init__(self) -> None:
        self.messages: list[DeadLetter] = []

    def receive(self) -> list[DeadLetter]:
        return list(self.messages)

    def discard(self, dead_letter: DeadLetter) -> None:
        self.messages.remove(dead_letter)


class FakeQueue:
    """`sent` holds the messages; `lost` names slots that cannot be sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, int]] = []
        self.imports: list[ImportMessage] = []
        self.delays: list[tuple[str, int]] = []
        self.later: list[tuple[SlotMessage, int]] = []
        self.callbacks: list[ProviderCallback] = []
        self.lost: set[int] = set()

    def send(self, job: Job, slots: range) -> list[int]:
        self.sent += [(job.workspace, job.id, slot) for slot in slots if slot not in self.lost]
        return [slot for slot in slots if slot in self.lost]

    def send_import(self, message: ImportMessage) -> bool:
        self.imports.append(message)
        return True

    def send_later(self, message: SlotMessage, seconds: int) -> bool:
        self.later.append((message, seconds))
        return True

    def send_callback(self, callback: ProviderCallback) -> bool:
        self.callbacks.append(callback)
        return True

    def delay(self, _order: SlotMessage, receipt: str, seconds: int) -> None:
        self.delays.append((receipt, seconds))


class FakeImages:
    """`files` holds bodies by key; a key is written once."""

    def __init__(self) -> None:
        self.files: dict[str, StoredFile] = {}

    def put_once(
        self, key: str, body: bytes, _content_type: str, made_by: ProviderRoute | None
    ) -> bool:
        if key in self.files:
            return False
        self.files[key] = StoredFile(body=body, made_by=made_by)
        return True

    def find(self, key: str) -> StoredFile | None:
        return self.files.get(key)

    def exists(self, key: str) -> bool:
        return key in self.files

    def invite(
        self, key: str, *, content_type: str, most_bytes: int, seconds: int
    ) -> tuple[str, dict[str, str]]:
        fields = {"key": key, "Content-Type": content_type, "most": str(most_bytes)}
        return f"https://files.test/?seconds={seconds}", fields

    def delete(self, keys: list[str]) -> None:
        for key in keys:
            self.files.pop(key, None)

    def open(self, key: str, most_bytes: int = 0) -> OpenedFile | None:
        if key not in self.files:
            return None
        body = self.files[key].body
        tag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
        return OpenedFile(tag=tag, size=len(body), body=body if len(body) <= most_bytes else None)

    def link(self, key: str, *, content_type: str, file_name: str, seconds: int) -> str:
        query = f"type={content_type}&name={file_name}&seconds={seconds}"
        return f"https://files.test/get/{key}?{query}"


class FakeAliases:
    """`aliases` is what the operator has said for the whole deployment; `looks` counts readings."""

    def __init__(self, aliases=None):
        self.aliases = aliases or {}
        self.looks = 0

    def of_deployment(self):
        self.looks += 1
        return self.aliases
