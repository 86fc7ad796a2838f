"""A workspace's jobs, newest first."""

from __future__ import annotations

from darkroom.domain.operations import Caller, ListJobs
from darkroom.domain.outcomes import JobPage
from darkroom.domain.ports import Jobs


def list_jobs(command: ListJobs, caller: Caller, *, jobs: Jobs) -> JobPage:
    return jobs.page(
        caller.workspace,
        limit=command.limit,
        cursor=command.cursor,
        statuses=command.statuses,
        kind=command.kind,
    )
