"""Take a request: everything that can be refused is refused before anything is stored."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from darkroom.domain.catalogue import Catalogue
from darkroom.domain.due import FIRST_LOOK
from darkroom.domain.errors import InsufficientCredits, InvalidRequest, RateLimited
from darkroom.domain.job import Job, Slot
from darkroom.domain.money import Account
from darkroom.domain.operations import Caller, Quoted, Standing, SubmitJob, Submitted
from darkroom.domain.ports import Accounts, Clock, IdempotencyRecord, Ids, ImageQueue, Jobs
from darkroom.usecases.read_job import wait_for

log = logging.getLogger(__name__)

# Clients repeat within minutes; a day covers a queue of theirs that was down over night.
IDEMPOTENCY_LIFE = timedelta(hours=24)
TIME_FOR_A_JOB = timedelta(minutes=15)


def submit_job(
    command: SubmitJob,
    caller: Caller,
    *,
    catalogue: Catalogue,
    accounts: Accounts,
    jobs: Jobs,
    queue: ImageQueue,
    clock: Clock,
    ids: Ids,
) -> Submitted | Quoted:
    catalogue.model(command.request.model).check(command.request)
    now = clock.now()
    counted_key = caller.key if caller.requests_per_minute is not None else None
    account = accounts.admit(caller.workspace, counted_key, now)
    if command.request.n > account.max_in_flight:
        limit = f"This workspace may have {account.max_in_flight} images on their way."
        raise InvalidRequest("n", "out_of_range", limit)
    standing = _standing(account, caller, now)
    price = catalogue.price(command.request)
    if command.dry_run:
        return Quoted(
            request=command.request, price=price, balance=account.balance, standing=standing
        )
    offered = Job(
        id=ids.new_id(),
        workspace=caller.workspace,
        dialect=command.dialect,
        request=command.request,
        price=price,
        slots=tuple(Slot(media_id=ids.new_id()) for _ in range(command.request.n)),
        created_at=now,
        updated_at=now,
        deadline=now + TIME_FOR_A_JOB,
        due_at=now + FIRST_LOOK,
    )
    # A repeat finds its first job even when there is no credit left for a second.
    if account.balance < offered.total and command.idempotency_key is None:
        raise InsufficientCredits(offered.total, account.balance)
    job = jobs.create(offered, _record(command, offered), account.max_in_flight)
    replayed = job.id != offered.id
    if not replayed:
        unsent = queue.send(job.workspace, job.id, range(len(job.slots)))
        if unsent:
            # The job is accepted all the same: the sweeper sends what was not.
            log.error("unsent", extra={"job": job.id, "slots": list(unsent)})
    if command.wait:
        # From when the request came in: what was written since then counts.
        job = wait_for(job, now + timedelta(seconds=command.wait), jobs=jobs, clock=clock)
    balance = account.balance if replayed else account.balance - job.total
    if job.charge is not None and not replayed:
        balance += job.charge.released
    return Submitted(job=job, balance=balance, standing=standing, replayed=replayed)


def _standing(account: Account, caller: Caller, now: datetime) -> Standing:
    """Of the workspace's limit and the key's own, the one that leaves less."""
    resets_in = 60 - now.second
    limits = [(account.requests_per_minute, account.requests_this_minute)]
    if caller.requests_per_minute is not None:
        limits.append((caller.requests_per_minute, account.requests_of_key))
    limit, used = min(limits, key=lambda pair: pair[0] - pair[1])
    if used > limit:
        raise RateLimited(limit, resets_in)
    return Standing(limit=limit, remaining=limit - used, resets_in=resets_in)


def _record(command: SubmitJob, job: Job) -> IdempotencyRecord | None:
    if command.idempotency_key is None:
        return None
    return IdempotencyRecord(
        key=f"{command.dialect}/submit/{command.idempotency_key}",
        fingerprint=command.fingerprint,
        expires_at=job.created_at + IDEMPOTENCY_LIFE,
    )
