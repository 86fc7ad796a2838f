"""Add everything up again: ledger, account and jobs must tell the same story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.job import Job, SlotStatus
from darkroom.domain.library_operations import ListMedia
from darkroom.domain.library_ports import Library
from darkroom.domain.money import Account, Entry, LedgerEntry
from darkroom.domain.operations import ListJobs
from darkroom.domain.ports import Accounts, Jobs

_PAGE = 100
_RECOUNTS = 10

Sums = dict[Entry, int]


def recount_storage(workspace: str, *, accounts: Accounts, library: Library) -> None:
    """Bytes that come or go while it counts make it count anew. Raises NotFound or Unavailable."""
    for _ in range(_RECOUNTS):
        account = accounts.get(workspace)
        if account is None:
            raise NotFound("workspace")
        if accounts.correct_stored(account, _bytes_in(workspace, library)):
            return
    raise Unavailable


def reconcile(
    account: Account, *, accounts: Accounts, jobs: Jobs, library: Library
) -> Iterator[str]:
    """Each thing that does not add up, in a sentence that says where."""
    entries = list(accounts.ledger(account.workspace))
    yield from _check_account(account, entries)
    by_job: dict[str, Sums] = defaultdict(lambda: dict.fromkeys(Entry, 0))
    for entry in entries:
        if entry.job is not None:
            by_job[entry.job][entry.kind] += entry.amount
    in_flight = 0
    for job in _all_jobs(account.workspace, jobs):
        # Jobs are forgotten after 90 days, the ledger is not: only what is there is compared.
        yield from _check_job(job, by_job.get(job.id, dict.fromkeys(Entry, 0)))
        if not job.status.is_terminal:
            in_flight += len(job.slots)
    if in_flight != account.in_flight:
        yield (
            f"{account.workspace}: {account.in_flight} images in flight on the account,"
            f" {in_flight} in its jobs"
        )
    stored = _bytes_in(account.workspace, library)
    if stored != account.stored_bytes:
        yield (
            f"{account.workspace}: {account.stored_bytes} bytes stored on the account, {stored} in"
            " its library; --recount-storage corrects it"
        )


def _check_account(account: Account, entries: list[LedgerEntry]) -> Iterator[str]:
    sums = dict.fromkeys(Entry, 0)
    for entry in entries:
        sums[entry.kind] += entry.amount
    stated = {
        "granted": sums[Entry.GRANT],
        "held": sums[Entry.HOLD] - sums[Entry.CAPTURE] - sums[Entry.RELEASE],
        "spent": sums[Entry.CAPTURE],
        "balance": sums[Entry.GRANT] - sums[Entry.HOLD] + sums[Entry.RELEASE],
    }
    for name, amount in stated.items():
        if getattr(account, name) != amount:
            yield (
                f"{account.workspace}: {name} is {getattr(account, name)} on the account"
                f" and {amount} by the ledger"
            )


def _check_job(job: Job, sums: Sums) -> Iterator[str]:
    captured = job.price * job.count(SlotStatus.STORED) if job.status.is_terminal else 0
    expected = {
        Entry.HOLD: job.total,
        Entry.CAPTURE: captured,
        Entry.RELEASE: job.total - captured if job.status.is_terminal else 0,
    }
    for kind, amount in expected.items():
        if sums[kind] != amount:
            yield (
                f"{job.workspace}: job {job.id} ({job.status}) should have a {kind} of {amount},"
                f" the ledger has {sums[kind]}"
            )


def _bytes_in(workspace: str, library: Library) -> int:
    after, total = None, 0
    while True:
        page = library.page(workspace, ListMedia(limit=_PAGE, after=after, only_ready=True))
        total += sum(media.size or 0 for media in page.media)
        if not page.has_more:
            return total
        after = page.media[-1].id


def _all_jobs(workspace: str, jobs: Jobs) -> Iterator[Job]:
    cursor = None
    while True:
        page = jobs.page(workspace, ListJobs(limit=_PAGE, cursor=cursor))
        yield from page.jobs
        cursor = page.cursor
        if cursor is None:
            return
