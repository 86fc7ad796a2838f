"""Jobs that are past their deadline, and that the sweeper has not ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from darkroom.admin.deployment import Deployment
from darkroom.admin.diagnosis.finding import Finding, bad, good

# The sweeper begins each minute and works for less; a job is looked at once after its deadline.
_SWEEPERS_TIME = timedelta(minutes=3)
_MOST = 1000  # of each part of the index
_MOST_NAMED = 5


def check_jobs(deployment: Deployment) -> Iterator[Finding]:
    jobs, late = deployment.services.jobs, deployment.services.clock.now() - _SWEEPERS_TIME
    found = (jobs.get(workspace, name) for workspace, name in jobs.due(late, _MOST))
    # One that ended waits for its files to be cleared, which is not urgent.
    stuck = [job for job in found if job and not job.status.is_terminal and job.deadline <= late]
    if not stuck:
        yield good("stuck jobs", "none")
        return
    names = ", ".join(f"{job.workspace} {job.id}" for job in stuck[:_MOST_NAMED])
    more = " and more" if len(stuck) > _MOST_NAMED else ""
    yield bad("stuck jobs", f"{len(stuck)} past their deadline: {names}{more}")
