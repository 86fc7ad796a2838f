"""What must hold at the end of a history, once the faults have stopped and all is mended."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from darkroom.domain.errors import DarkroomError, OutcomeUnknown, StillMaking, Unavailable
from darkroom.domain.file_links import files_of
from darkroom.domain.job import Job, SlotStatus
from darkroom.domain.money import Account, Entry
from darkroom.usecases.process_slot import MAX_LEASES
from darkroom.usecases.reconcile import reconcile
from tests.crash import storage
from tests.crash.ended import Ended, Told
from tests.crash.event_invariants import broken_in_telling
from tests.crash.faults import HARMLESS, INTERLEAVINGS
from tests.crash.watch import Watch
from tests.crash.world import World

# A quarter of an hour to the deadline, and some looks of the sweeper that faults may spoil.
BOUND = timedelta(minutes=20)


def broken_at_the_end(world: World, watch: Watch) -> Iterator[str]:
    jobs = {job.id: job for job in storage.jobs().values()}
    for job in jobs.values():
        yield from _of_job(job, watch)
    yield from _of_files(jobs, watch)
    yield from _of_library(jobs)
    for account in storage.accounts():
        yield from _of_money(world, account, jobs)
    for told in world.told:
        yield from _of_client(told, jobs)
    yield from _of_answers(world, jobs)
    yield from _of_keys(world)
    yield from (f"I12 in the wrong queue: {body}" for body in world.astray)
    yield from broken_in_telling(world, watch)
    for ended in world.ended:
        yield from _of_process(ended)
    if storage.dead_letters():
        yield "I2 a dead letter was never dealt with"


def _of_job(job: Job, watch: Watch) -> Iterator[str]:
    if job.finished_at is None or not job.status.is_terminal:
        yield f"I2 {job.id} is still {job.status}"
        return
    if job.finished_at - job.created_at > BOUND:
        yield f"I2 {job.id} ended {job.finished_at - job.created_at} after it was taken"
    told = [name for owner, name, _ in watch.events.elements() if owner == job.id]
    # Accepted, perhaps started, the end of each image, the end of the job.
    images = 0 if job.writes_captions else len(job.slots)
    expected = 1 + (job.started_at is not None) + images + 1
    if len(told) != expected:
        yield f"I6 {job.id} told {told}, {expected} events were due"
    for index in range(len(job.slots)):
        asked = watch.asked[job.id, index]
        if asked > MAX_LEASES:
            yield f"I10 the provider was asked {asked} times for image {index} of {job.id}"


def _of_files(jobs: dict[str, Job], watch: Watch) -> Iterator[str]:
    files = storage.files()
    owned = set()
    for job in jobs.values():
        for index, slot in enumerate(job.slots):
            keys = files_of(job, index)
            if slot.status is not SlotStatus.STORED or job.writes_captions:
                continue
            owned.update(keys)
            image, thumbnail = (files.get(key, b"") for key in keys)
            if not (image.startswith(b"image ") and thumbnail.startswith(b"thumbnail ")):
                yield f"I4 image {index} of {job.id} is charged and cannot be read"
            elif image.split()[-1] != thumbnail.split()[-1]:
                yield f"I4 image {index} of {job.id} has the thumbnail of another making"
            elif slot.image and slot.image.size != len(image):
                yield f"I4 image {index} of {job.id} has another size than it says"
            for key in keys:
                if watch.stored_files.get(key) != files.get(key):
                    yield f"I8 {key} was written over"
    for key in files.keys() - owned:
        yield f"I9 {key} belongs to nothing"


def _of_library(jobs: dict[str, Job]) -> Iterator[str]:
    """What is charged is in the library, and in its collection once."""
    stored = {
        slot.media_id: job for job in jobs.values() for slot in job.slots if slot.image is not None
    }
    if stored.keys() != storage.library():
        yield f"I4 the library holds {storage.library()}, stored are {sorted(stored)}"
    gathered = sorted(name for name, job in stored.items() if job.collection)
    if storage.members() != gathered:
        yield f"I4 the collection has {storage.members()}, stored for it are {gathered}"
    for job in jobs.values():
        has_words = all(slot.captions for slot in job.slots)
        if job.writes_captions and has_words != bool(job.count(SlotStatus.STORED)):
            yield f"I4 the captions of {job.id} are charged and not there"


def _of_money(world: World, account: Account, jobs: dict[str, Job]) -> Iterator[str]:
    if not account.is_balanced():
        yield f"I1 the account does not add up: {account}"
    if account.held or account.in_flight:
        yield f"I5 at the end {account.held} are held and {account.in_flight} in flight"
    for difference in _differences(world, account):
        yield f"I5 {difference}"
    ledger = list(world.accounts.ledger(account.workspace))
    for job in jobs.values():
        if job.workspace != account.workspace:
            continue
        entries = [(entry.kind, entry.amount) for entry in ledger if entry.job == job.id]
        sums: Counter[Entry] = Counter()
        for kind, amount in entries:
            sums[kind] += amount
        if len(sums) != len(entries) or sums[Entry.HOLD] != job.total:
            yield f"I5 {job.id} has the entries {entries}"
        stored = job.price * job.count(SlotStatus.STORED)
        charged = job.charge.captured if job.charge else 0
        if not sums[Entry.CAPTURE] == charged == stored:
            yield f"I4 {job.id} stored {stored} and charged {charged}"
    if ledger and {entry.job for entry in ledger if entry.job and entry.amount} - jobs.keys():
        yield "I5 the ledger knows jobs that are not there"


def _differences(world: World, account: Account) -> Iterator[str]:
    return reconcile(account, accounts=world.accounts, jobs=world.jobs, library=world.library)


def _of_client(told: Told, jobs: dict[str, Job]) -> Iterator[str]:
    if told.job is not None and told.job not in jobs:
        yield f"I2 a client was told of {told.job}, which is not there"
    elif told.job is not None and len(jobs[told.job].slots) != told.n:
        yield f"I2 a client that asked for {told.n} images was told of a job with others"


def _of_answers(world: World, jobs: dict[str, Job]) -> Iterator[str]:
    """Whoever was answered, and not with the job, has not paid for a job that it does not know."""
    for job in jobs.values():
        ended = world.requests.get(job.request_id)
        if ended is None or ended.process.is_dead or ended.value or not job.charge:
            continue
        named = {told.job for told in world.told if ended in told.processes}
        if isinstance(ended.error, OutcomeUnknown | StillMaking):
            named.add(ended.error.job)
        if job.id not in named:
            yield f"I11 {job.id} was charged, and its client was told {ended.error!r}"


def _of_keys(world: World) -> Iterator[str]:
    """One key, one job: whoever repeats a request with its key is told of the first."""
    answers = defaultdict(set)
    for told in world.told:
        if told.key and told.job:
            answers[told.key].add(told.job)
    for key, named in answers.items():
        if len(named) > 1:
            yield f"I5 the key {key} stands for {len(named)} jobs"
    keys = {told.key for told in world.told}
    if None not in keys and len(storage.jobs()) > len(keys):
        yield f"I5 {len(keys)} keys made {len(storage.jobs())} jobs"


def _of_process(ended: Ended) -> Iterator[str]:
    """What retries can hide, they hide: a lost answer is no client's error, and no sweep's."""
    if not set(ended.process.faults) <= HARMLESS | set(INTERLEAVINGS):
        return
    faults = ", ".join(ended.process.faults) or "nothing"
    error = ended.error
    is_told = isinstance(error, StillMaking) or (
        isinstance(error, DarkroomError) and not isinstance(error, Unavailable)
    )
    if error is not None and not is_told:
        yield f"I2 {ended.process.name} failed with {error!r} after {faults}"
    if ended.process.name == "sweeper" and any(
        repair.kind == "fault" for repair in ended.value or ()
    ):
        yield f"I2 the sweeper met an error after {faults}"
