"""Calls whose client waits for its images: which job a repeat joins, and how the wait goes on."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from darkroom.domain.equal_calls import Calls, CallTry, EqualCalls, MayJoin
from darkroom.domain.errors import NotFound, StillMaking, Unavailable
from darkroom.domain.job import CALL, ROUTE, Job
from darkroom.domain.operations import Caller, WaitForJob
from darkroom.domain.outcomes import Submitted
from darkroom.domain.ports import Accounts, Clock, Jobs
from darkroom.usecases.jobs import wait_for

log = logging.getLogger(__name__)

# Of so many that meet, each round lets one through.
_ROUNDS = 10


def joined(
    one: CallTry, workspace: str, *, calls: Calls, jobs: Jobs, clock: Clock
) -> tuple[Job | None, EqualCalls]:
    """The job that this try joins, and the equal calls as they were seen last."""
    seen = calls.read(one.call)
    for _ in range(_ROUNDS):
        found = seen.joined_by(one.number, clock.now())
        if found is None:
            return None, seen
        after = seen.with_try(found, one.number)
        if calls.save(seen, after):
            job = jobs.get(workspace, found)
            if job is not None:
                return job, after
            seen = after
        else:
            seen = calls.read(one.call)
    raise Unavailable


def create_or_join(
    one: CallTry,
    offered: Job,
    max_in_flight: int,
    share: int,
    *,
    calls: Calls,
    jobs: Jobs,
    clock: Clock,
) -> Job:
    """Most are first tries of which nothing is known: these are written without a look."""
    seen: EqualCalls | None = None
    may_have_a_job, is_void = one.number > 0, False
    for _ in range(_ROUNDS):
        if may_have_a_job:
            job, seen = joined(one, offered.workspace, calls=calls, jobs=jobs, clock=clock)
            if job is not None:
                return job
        if is_void:
            break
        try:
            return jobs.create(offered, None, max_in_flight, share, replace(one, seen=seen))
        except MayJoin as may_join:
            may_have_a_job, is_void = True, may_join.is_void
    raise Unavailable


def wait_for_job(
    command: WaitForJob,
    caller: Caller,
    *,
    jobs: Jobs,
    calls: Calls,
    accounts: Accounts,
    clock: Clock,
) -> Submitted:
    """Never makes a job. Raises NotFound, or StillMaking at the end of the last wait."""
    job = jobs.get(caller.workspace, command.job)
    is_meant = job is not None and job.dialect == command.dialect
    if job is None or not is_meant or job.terms.get(ROUTE) != command.route:
        raise NotFound("job")
    job = wait_for(job, clock.now() + timedelta(seconds=command.wait), jobs=jobs, clock=clock)
    check_wait(job, calls=calls, can_go_on=bool(command.wait) and not command.is_last_wait)
    account = accounts.get(caller.workspace)
    return Submitted(job=job, balance=account.balance if account else 0, replayed=True)


def check_wait(job: Job, *, calls: Calls, can_go_on: bool) -> None:
    """Raises StillMaking where the client has to send its call again, which then joins this job."""
    if job.status.is_terminal or can_go_on:
        return
    # Without such a term it has an idempotency key, which joins by itself.
    joins = CALL not in job.terms or _let_join(job.terms[CALL], job.id, calls)
    raise StillMaking(job.id, repeat_joins=joins)


def _let_join(call: str, job: str, calls: Calls) -> bool:
    """Whether the next equal call joins this job. Its client is to know if not."""
    try:
        for _ in range(_ROUNDS):
            before = calls.read(call)
            if calls.save(before, before.with_retriable(job)):
                return True
    except Exception:
        log.exception("repeat_not_expected", extra={"job": job})
    else:
        log.error("repeat_not_expected", extra={"job": job})
    return False
