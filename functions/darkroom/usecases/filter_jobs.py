"""Which of a workspace's jobs an operator means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from darkroom.domain.errors import InvalidRequest, NotFound
from darkroom.domain.job import Job, JobKind, JobStatus
from darkroom.domain.operations import ListJobs
from darkroom.domain.ports import Jobs

_PAGE = 100
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_AGE = re.compile(r"([0-9]{1,4})([smhd])")
_CHOICES = {"status": JobStatus, "kind": JobKind}
_OTHERS = ("dialect", "model", "code", "older", "newer")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    """What is not given does not count."""

    statuses: tuple[JobStatus, ...] = ()
    kind: JobKind | None = None
    dialect: str = ""
    model: str = ""
    code: str = ""  # of an image that failed
    created_before: datetime | None = None
    created_after: datetime | None = None

    def fits(self, job: Job) -> bool:
        return (
            (not self.statuses or job.status in self.statuses)
            and self.kind in {None, job.kind}
            and self.dialect in {"", job.dialect}
            and self.model in {"", model_of(job)}
            and (not self.code or self.code in failure_codes(job))
            and (self.created_before is None or job.created_at < self.created_before)
            and (self.created_after is None or job.created_at > self.created_after)
        )


def model_of(job: Job) -> str:
    """Captions have none."""
    return "" if job.writes_captions else job.picture.model


def failure_codes(job: Job) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slot.failure.code for slot in job.slots if slot.failure))


def filtered_jobs(workspace: str, wanted: JobFilter, *, jobs: Jobs) -> Iterator[Job]:
    """Newest first."""
    cursor: str | None = None
    while True:
        which = ListJobs(limit=_PAGE, cursor=cursor, statuses=wanted.statuses, kind=wanted.kind)
        page = jobs.page(workspace, which)
        for job in page.jobs:
            if wanted.created_after is not None and job.created_at <= wanted.created_after:
                return  # so are all that follow
            if wanted.fits(job):
                yield job
        cursor = page.cursor
        if cursor is None:
            return


def named_jobs(workspace: str, names: Sequence[str], *, jobs: Jobs) -> Iterator[Job]:
    """Raises NotFound."""
    for name in dict.fromkeys(names):
        job = jobs.get(workspace, name)
        if job is None:
            raise NotFound(f"job {name}")
        yield job


def read_filter(texts: Sequence[str], now: datetime) -> JobFilter:
    """Of texts like `status=failed`. Raises InvalidRequest."""
    wanted = JobFilter()
    for text in texts:
        name, _, value = text.partition("=")
        if not value:
            raise _refused(f"A filter is name=value, not {text!r}.")
        wanted = _narrowed(wanted, name, value, now)
    return wanted


def _narrowed(wanted: JobFilter, name: str, value: str, now: datetime) -> JobFilter:
    match name:
        case "status":
            status = JobStatus(_choice(name, value))
            narrowed = replace(wanted, statuses=(*wanted.statuses, status))
        case "kind":
            narrowed = replace(wanted, kind=JobKind(_choice(name, value)))
        case "dialect":
            narrowed = replace(wanted, dialect=value)
        case "model":
            narrowed = replace(wanted, model=value)
        case "code":
            narrowed = replace(wanted, code=value)
        case "older":
            narrowed = replace(wanted, created_before=now - _age(value))
        case "newer":
            narrowed = replace(wanted, created_after=now - _age(value))
        case _:
            names = ", ".join((*_CHOICES, *_OTHERS))
            raise _refused(f"There is no filter {name}: {names}.")
    return narrowed


def _choice(name: str, value: str) -> str:
    choices = [str(one) for one in _CHOICES[name]]
    if value not in choices:
        raise _refused(f"There is no {name} {value}: {', '.join(choices)}.")
    return value


def _age(text: str) -> timedelta:
    match = _AGE.fullmatch(text)
    if match is None:
        raise _refused(f"A time is like 90s, 15m, 6h or 2d, not {text!r}.")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def _refused(sentence: str) -> InvalidRequest:
    return InvalidRequest("filter", "malformed", sentence)
