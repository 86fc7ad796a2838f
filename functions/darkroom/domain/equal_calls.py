"""Which job a client's repeat of its call joins: one that lost its answer sends its call again.

A client that says which of its tries a request is (`x-stainless-retry-count`) joins the newest job
that this try of a call has not joined yet. One that says nothing joins only where Darkroom has
answered an equal call with "send it again". Two equal calls at the same moment are two jobs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from darkroom.domain.ids import begun_at

JOINED_WITHIN = timedelta(minutes=10)
# The first try may still be on its way when the second, sent after it, has made the job.
_OVERTAKEN_WITHIN = timedelta(seconds=10)
# "Send it again" is said after the longest chain of waits, and then holds as long.
_ANSWERED_AFTER = timedelta(minutes=5)
# So many equal calls can be told apart at once; older ones are forgotten.
_MOST_JOBS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualCalls:
    call: str
    # The jobs that were made for them, each with the numbers of the tries that it answers.
    jobs: Mapping[str, frozenset[int]] = field(default_factory=dict)
    # Made by a repeat, before the first try came in.
    early: frozenset[str] = frozenset()
    # Answered with "send it again".
    retriable: frozenset[str] = frozenset()
    version: int = 0  # 0: none has come in yet

    def joined_by(self, number: int, now: datetime) -> str | None:
        """The job that a try of this number joins, if there is one."""
        if number:
            found = {job for job, tries in self.jobs.items() if number not in tries}
            return _newest(found, now - JOINED_WITHIN)
        return _newest(self.retriable, now - JOINED_WITHIN - _ANSWERED_AFTER) or _newest(
            self.early, now - _OVERTAKEN_WITHIN
        )

    def with_try(self, job: str, number: int) -> EqualCalls:
        """After a try has joined this job: what was open for one more is so no longer."""
        return self._with(
            jobs={**self.jobs, job: self.jobs.get(job, frozenset()) | {number}},
            early=self.early - {job},
            retriable=self.retriable - {job},
        )

    def with_job(self, job: str, number: int) -> EqualCalls:
        """After a try has made this job."""
        newest = sorted(self.jobs)[1 - _MOST_JOBS :]
        return self._with(
            jobs={**{one: self.jobs[one] for one in newest}, job: frozenset({number})},
            early=(self.early & set(newest)) | ({job} if number else set()),
            retriable=self.retriable & set(newest),
        )

    def with_retriable(self, job: str) -> EqualCalls:
        jobs = {job: frozenset({0}), **self.jobs}
        return self._with(jobs=jobs, early=self.early, retriable=self.retriable | {job})

    def _with(
        self,
        *,
        jobs: Mapping[str, frozenset[int]],
        early: frozenset[str],
        retriable: frozenset[str],
    ) -> EqualCalls:
        return replace(self, jobs=jobs, early=early, retriable=retriable, version=self.version + 1)


def _newest(jobs: frozenset[str] | set[str], since: datetime) -> str | None:
    """Ids sort as they were made."""
    return max((job for job in jobs if begun_at(job) >= since), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTry:
    """One of a client's tries of a call. `call` is equal for equal calls of one key."""

    call: str
    number: int = 0
    # The equal calls as they were read; None where they were not.
    seen: EqualCalls | None = None


class MayJoin(Exception):  # noqa: N818 - what happened
    """The job was not created: there may be one to join, or there is news of equal calls."""

    def __init__(self, *, is_void: bool) -> None:
        super().__init__()
        self.is_void = is_void  # it can never be created


class Calls(Protocol):
    """Equal calls, kept for some minutes."""

    def read(self, call: str) -> EqualCalls: ...

    def save(self, before: EqualCalls, after: EqualCalls) -> bool:
        """False where they have changed since they were read."""
        ...
