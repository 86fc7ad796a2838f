"""Ask once more for what a failed job asked for."""

from __future__ import annotations

from datetime import datetime

from darkroom.domain.due import FIRST_LOOK
from darkroom.domain.errors import InvalidRequest, NotFound
from darkroom.domain.job import Job, JobStatus, Slot
from darkroom.domain.ports import Accounts, Clock, IdempotencyRecord, Ids, ImageQueue, Jobs
from darkroom.usecases.submit_job import IDEMPOTENCY_LIFE, TIME_FOR_A_JOB


def retry_job(
    job: Job,
    request_id: str,
    *,
    accounts: Accounts,
    jobs: Jobs,
    queue: ImageQueue,
    clock: Clock,
    ids: Ids,
) -> Job:
    """A new job with the same request at the same price: what has ended never changes, and its
    credits were given back. Within a day the same job is retried once, however often it is asked
    for. `request_id` is of the request that the new job came with.

    Raises InvalidRequest for a job that has not failed, and what a submit raises.
    """
    if job.status is not JobStatus.FAILED:
        raise InvalidRequest("job", "not_failed", f"It is {job.status}: only failed ones are.")
    account = accounts.get(job.workspace)
    if account is None:
        raise NotFound("workspace")
    account.check_open()
    if not job.writes_captions:
        account.check_storage()
    offered = _anew(job, request_id, clock.now(), ids)
    accepted = jobs.create(offered, _once(job, offered.created_at), account.max_in_flight)
    if accepted.id == offered.id:
        # What cannot be sent is sent by the sweeper, as of every job.
        queue.send(accepted, range(len(accepted.slots)))
    return accepted


def _anew(job: Job, request_id: str, now: datetime, ids: Ids) -> Job:
    return Job(
        id=ids.new_id(),
        workspace=job.workspace,
        dialect=job.dialect,
        request=job.request,
        price=job.price,
        slots=tuple(Slot(media_id=ids.new_id()) for _ in job.slots),
        created_at=now,
        updated_at=now,
        deadline=now + TIME_FOR_A_JOB,
        due_at=now + FIRST_LOOK,
        collection=job.collection,
        # Many at once are not to wait before what clients ask for now.
        backlog=True,
        terms=job.terms,
        webhook=job.webhook,
        request_id=request_id,
    )


def _once(job: Job, now: datetime) -> IdempotencyRecord:
    return IdempotencyRecord(
        # No dialect has this name: a client's key cannot meet it.
        key=f"operator/retry/{job.id}",
        fingerprint=job.id,
        expires_at=now + IDEMPOTENCY_LIFE,
    )
