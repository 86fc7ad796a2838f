"""The creation of a job, and what became of it when the database gave no answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from darkroom.aws import job_writes as writes
from darkroom.aws.calls import DynamoCalls
from darkroom.aws.table import Canceled, ConditionFailed, Table
from darkroom.domain.equal_calls import CallTry, MayJoin
from darkroom.domain.errors import (
    IdempotencyKeyReused,
    NotFound,
    OutcomeUnknown,
    Unavailable,
)
from darkroom.domain.job import Job
from darkroom.domain.money import Entry
from darkroom.domain.ports import IdempotencyRecord

log = logging.getLogger(__name__)

# The order of the writes that create a job; a canceled transaction tells its reasons by it.
_ACCOUNT, _CLAIM, _TRY = 1, 3, 3


class JobCreation:
    def __init__(
        self, table: Table, get: Callable[[str, str], Job | None], calls: DynamoCalls | None
    ) -> None:
        self._table = table
        self._get = get
        self._calls = calls

    def create(
        self,
        job: Job,
        record: IdempotencyRecord | None,
        max_in_flight: int,
        share: int | None = None,
        tried: CallTry | None = None,
    ) -> Job:
        together = [
            writes.new_job(job),
            writes.hold(job, max_in_flight, share),
            writes.entry(job, Entry.HOLD, job.total, job.created_at),
        ]
        if record is not None:
            together.append(writes.claim(job, record))
        elif tried is not None and self._calls is not None:
            together.append(self._calls.new_job(job.id, tried))
        try:
            self._table.transact(together)
        except Canceled as canceled:
            standing = self._standing_for(job, record, max_in_flight, canceled, tried)
            if standing is not None:
                return standing
            behind = replace(job, backlog=True)
            return self.create(behind, record, max_in_flight, tried=tried)
        except Exception as error:
            # It may be done, refused, or still on its way to the database.
            is_undone = isinstance(error, Unavailable) and error.is_undone
            if is_undone or self._is_voided(job):
                raise
        return job

    def _standing_for(
        self,
        job: Job,
        record: IdempotencyRecord | None,
        max_in_flight: int,
        why: Canceled,
        tried: CallTry | None,
    ) -> Job | None:
        """None where only its workspace's share is used up."""
        if why.may_have_been_sent_before and not self._is_voided(job):
            return job  # the first try did arrive; only its answer was lost
        if record is not None and why.failed(_CLAIM):
            claim = why.item(_CLAIM)
            if claim["fingerprint"] != record.fingerprint:
                raise IdempotencyKeyReused
            earlier = self._get(job.workspace, claim["job"])
            if earlier is None:
                raise NotFound("job")
            return earlier
        if tried is not None and record is None and why.failed(_TRY):
            raise MayJoin(is_void=why.may_have_been_sent_before)
        if why.failed(_ACCOUNT):
            writes.check_room(job, why.item(_ACCOUNT), max_in_flight)
            if why.may_have_been_sent_before:
                # Its id is used up: nothing was made, and nothing will be.
                raise Unavailable
            return None
        raise why

    def _is_voided(self, job: Job) -> bool:
        """True: this job will never be. False: it was created. Raises OutcomeUnknown.

        An entry in the place of its hold does more than a read: a transaction that is still on its
        way finds it and fails.
        """
        try:
            self._table.write(writes.void_hold(job))
        except ConditionFailed as failed:
            # What is there is the hold, or our own entry, whose answer was lost.
            return writes.is_void(failed.item or {})
        except Exception:
            log.exception("outcome_unknown", extra={"job": job.id})
            raise OutcomeUnknown(job.id) from None
        return True
