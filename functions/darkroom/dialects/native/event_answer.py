"""A job in an event: as answers show it, without what only some callers may see."""

from __future__ import annotations

from darkroom.dialects.context import FileLink
from darkroom.dialects.native.caption_answer import CaptionsJob, as_job, caption_answer
from darkroom.dialects.native.job_answer import JobAnswer, job_answer
from darkroom.domain.job import Job


def describe(job: Job, file_url: FileLink) -> JobAnswer | CaptionsJob:
    return as_job(caption_answer(job)) if job.writes_captions else job_answer(job, file_url)
