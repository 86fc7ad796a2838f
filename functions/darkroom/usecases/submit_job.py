"""Take a request: everything that can be refused is refused before anything is stored."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.catalogue import Catalogue
from darkroom.domain.due import FIRST_LOOK
from darkroom.domain.equal_calls import Calls
from darkroom.domain.errors import (
    DarkroomError,
    InsufficientCredits,
    InvalidRequest,
    TierRequired,
)
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.job import Job, JobKind, Slot
from darkroom.domain.money import Account
from darkroom.domain.operations import Caller, JobRequest, QuoteJob, SubmitJob
from darkroom.domain.outcomes import Quote, Submitted
from darkroom.domain.ports import Clock, IdempotencyRecord, Ids, ImageQueue, Jobs
from darkroom.usecases.jobs import wait_for
from darkroom.usecases.resolve_references import ReferenceStores, resolve_references
from darkroom.usecases.synchronous import check_wait, create_or_join, joined

log = logging.getLogger(__name__)

# Clients repeat within minutes; a day covers a queue of theirs that was down over night.
IDEMPOTENCY_LIFE = timedelta(hours=24)
TIME_FOR_A_JOB = timedelta(minutes=15)


def submit_job(
    command: SubmitJob,
    caller: Caller,
    account: Account,
    *,
    catalogue: Catalogue,
    stores: ReferenceStores,
    queue: ImageQueue,
    clock: Clock,
    ids: Ids,
    share: int,
    calls: Calls | None = None,
) -> Submitted:
    """`share`: so many images of a workspace on their way, and what comes then is its backlog.
    `calls`: of clients that wait for their images.
    """
    now = clock.now()
    jobs = stores.jobs
    try:
        request = _judged(command, account, catalogue, stores)
    except DarkroomError:
        # What it refers to may be gone since, and its job is there all the same.
        job = earlier_job(command, caller, jobs=jobs, clock=clock, calls=calls)
        if job is None:
            raise
        replayed = True
    else:
        backlog = account.in_flight >= share
        offered = replace(_offered(command, request, caller, ids, now), backlog=backlog)
        job = _accepted(
            command, caller, offered, account, jobs=jobs, share=share, calls=calls, clock=clock
        )
        replayed = job.id != offered.id
    if not replayed:
        unsent = queue.send(job, range(len(job.slots)))
        if unsent:
            # The job is accepted all the same: the sweeper sends what was not.
            log.error("unsent", extra={"job": job.id, "slots": list(unsent)})
    if command.wait:
        # From when the request came in: what was written since then counts.
        until = now + timedelta(seconds=command.wait)
        try:
            job = wait_for(job, until, jobs=jobs, clock=clock)
        except Exception:
            # It is accepted and will be charged: its client must get its id all the same.
            log.exception("wait_failed", extra={"job": job.id})
    if command.synchronous and calls is not None:
        can_go_on = bool(command.wait) and not command.synchronous.is_last_wait
        check_wait(job, calls=calls, can_go_on=can_go_on)
    balance = account.balance if replayed else account.balance - job.total
    if job.charge is not None and not replayed:
        balance += job.charge.released
    return Submitted(job=job, balance=balance, replayed=replayed)


def quote_job(
    command: QuoteJob,
    _caller: Caller,
    account: Account,
    *,
    catalogue: Catalogue,
    stores: ReferenceStores,
) -> Quote:
    request = _judged(command, account, catalogue, stores)
    return Quote(request=request, price=command.offer.price, balance=account.balance)


def _offered(
    command: SubmitJob,
    request: ImageRequest | CaptionRequest,
    caller: Caller,
    ids: Ids,
    now: datetime,
) -> Job:
    return Job(
        id=ids.new_id(),
        workspace=caller.workspace,
        dialect=command.dialect,
        request=request,
        price=command.offer.price,
        slots=tuple(Slot(media_id=ids.new_id()) for _ in range(request.n)),
        created_at=now,
        updated_at=now,
        deadline=now + TIME_FOR_A_JOB,
        due_at=now + FIRST_LOOK,
        collection=command.collection,
        terms=command.job_terms,
        webhook=command.webhook,
        request_id=caller.request_id,
    )


def _judged(
    command: JobRequest, account: Account, catalogue: Catalogue, stores: ReferenceStores
) -> ImageRequest | CaptionRequest:
    """The request, complete. Raises whatever is wrong with it but what it costs."""
    offer = command.offer
    if command.request.n > account.max_in_flight:
        n = command.fields.of("n")
        limit = f"{n}: this workspace may have at most {account.max_in_flight} images on their way."
        raise InvalidRequest(n, "out_of_range", limit)
    if offer.tier is not None and offer.tier.lower() != account.tier.lower():
        raise TierRequired(offer.name, offer.tier)
    asked = command.request
    if isinstance(asked, ImageRequest):
        # Before it is accepted, and not later: an image that is made is kept.
        account.check_storage()
        if catalogue.model(asked.model).lacks_provider:
            catalogue = catalogue.with_aliases(
                {**stores.aliases.of_deployment(), **account.aliases}
            )
    request = resolve_references(command, account.workspace, catalogue=catalogue, stores=stores)
    if not isinstance(request, ImageRequest):
        return request
    model = catalogue.model(request.model)
    model.check(request, offer.name, command.fields)
    return replace(request, served_by=model.alias_of)


def _accepted(
    command: SubmitJob,
    caller: Caller,
    offered: Job,
    account: Account,
    *,
    jobs: Jobs,
    share: int,
    calls: Calls | None,
    clock: Clock,
) -> Job:
    """The job that now stands for the request: this one, or an earlier one."""
    # A repeat finds its first job even when there is no credit left for a second.
    if account.balance < offered.total and command.idempotency_key is None:
        job = earlier_job(command, caller, jobs=jobs, clock=clock, calls=calls)
        if job is not None:
            return job
        raise InsufficientCredits(offered.total, account.balance, command.offer.name)
    tried = command.synchronous.tried if command.synchronous else None
    try:
        if tried is not None and calls is not None:
            room = account.max_in_flight
            return create_or_join(tried, offered, room, share, calls=calls, jobs=jobs, clock=clock)
        record = _record(command, offered.created_at)
        return jobs.create(offered, record, account.max_in_flight, share)
    except InsufficientCredits as short:
        raise InsufficientCredits(short.required, short.available, command.offer.name) from None


def earlier_job(
    command: SubmitJob, caller: Caller, *, jobs: Jobs, clock: Clock, calls: Calls | None = None
) -> Job | None:
    """The job that the request's key stands for already, or that it joins as a repeat. Raises
    IdempotencyKeyReused.
    """
    now = clock.now()
    record = _record(command, now)
    if record is not None:
        return jobs.claimed(caller.workspace, record, now)
    tried = command.synchronous.tried if command.synchronous else None
    if tried is None or calls is None:
        return None
    job, _ = joined(tried, caller.workspace, calls=calls, jobs=jobs, clock=clock)
    return job


def _record(command: SubmitJob, now: datetime) -> IdempotencyRecord | None:
    if command.idempotency_key is None:
        return None
    kind = JobKind.IMAGES if isinstance(command.request, ImageRequest) else JobKind.CAPTIONS
    return IdempotencyRecord(
        key=f"{command.dialect}/{kind}/{command.idempotency_key}",
        fingerprint=command.fingerprint,
        expires_at=now + IDEMPOTENCY_LIFE,
    )
