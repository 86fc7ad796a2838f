"""What a workspace has used: jobs, images and credits, by model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from darkroom.domain.job import SlotStatus
from darkroom.domain.ports import Jobs
from darkroom.usecases.filter_jobs import JobFilter, filtered_jobs, model_of

_CAPTIONS = "(captions)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    workspace: str
    model: str
    jobs: int
    stored: int  # images, or captions
    failed: int
    on_the_way: int
    charged: int
    refunded: int


def usage(workspace: str, since: datetime, *, jobs: Jobs) -> Iterator[Usage]:
    """Of the jobs that were created since."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for job in filtered_jobs(workspace, JobFilter(created_after=since), jobs=jobs):
        counts[model_of(job) or _CAPTIONS].update(
            jobs=1,
            stored=job.count(SlotStatus.STORED),
            failed=job.count(SlotStatus.FAILED),
            on_the_way=sum(not slot.status.is_terminal for slot in job.slots),
            charged=job.charge.captured if job.charge else 0,
            refunded=job.charge.released if job.charge else 0,
        )
    for model, numbers in sorted(counts.items()):
        names = ("jobs", "stored", "failed", "on_the_way", "charged", "refunded")
        yield Usage(workspace=workspace, model=model, **{name: numbers[name] for name in names})
