"""Take a request: everything that can be refused is refused before anything is stored."""

from __future__ import annotations

import logging
from datetime import timedelta

from darkroom.domain.catalogue import Catalogue
from darkroom.domain.errors import InsufficientCredits, RateLimited
from darkroom.domain.job import Job, Slot
from darkroom.domain.operations import Caller, SubmitJob, Submitted
from darkroom.domain.ports import Accounts, Clock, IdempotencyRecord, Ids, ImageQueue, Jobs
from darkroom.usecases.read_job import wait_for

log = logging.getLogger(__name__)

# Clients repeat within minutes; a day covers a queue of theirs that was down over night.
IDEMPOTENCY_LIFE = timedelta(hours=24)


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
) -> Submitted:
    catalogue.model(command.request.model).check(command.request)
    now = clock.now()
    account = accounts.admit(caller.workspace, now)
    if account.requests_this_minute > account.requests_per_minute:
        raise RateLimited(account.requests_per_minute, 60 - now.second)
    offered = Job(
        id=ids.new_id(),
        workspace=caller.workspace,
        dialect=command.dialect,
        request=command.request,
        price=catalogue.price(command.request),
        slots=tuple(Slot(media_id=ids.new_id()) for _ in range(command.request.n)),
        created_at=now,
        updated_at=now,
    )
    # A repeat finds its first job even when there is no credit left for a second.
    if account.balance < offered.total and command.idempotency_key is None:
        raise InsufficientCredits(offered.total, account.balance)
    job = jobs.create(offered, _record(command, offered))
    if job.id == offered.id:
        unsent = queue.send(job.workspace, job.id, range(len(job.slots)))
        if unsent:
            # The job is accepted all the same: what is due and does not move is sent again.
            log.error("unsent", extra={"job": job.id, "slots": list(unsent)})
    if command.wait:
        job = wait_for(job, command.wait, jobs=jobs, clock=clock)
    return Submitted(job=job, account=account, replayed=job.id != offered.id)


def _record(command: SubmitJob, job: Job) -> IdempotencyRecord | None:
    if command.idempotency_key is None:
        return None
    return IdempotencyRecord(
        key=f"{command.dialect}/submit/{command.idempotency_key}",
        fingerprint=command.fingerprint,
        expires_at=job.created_at + IDEMPOTENCY_LIFE,
    )
