"""What events are called."""

from __future__ import annotations

from enum import StrEnum


class EventName(StrEnum):
    JOB_ACCEPTED = "job.accepted"
    JOB_STARTED = "job.started"
    IMAGE_STORED = "image.stored"
    IMAGE_FAILED = "image.failed"
    JOB_COMPLETED = "job.completed"
    JOB_PARTIAL = "job.partial"
    JOB_FAILED = "job.failed"
    JOB_CANCELED = "job.canceled"
    JOB_REJECTED = "job.rejected"
    MEDIA_DELETED = "media.deleted"
    MEDIA_EXPIRED = "media.expired"
    CREDITS_LOW = "credits.low"
    WEBHOOK_DISABLED = "webhook.disabled"
    WEBHOOK_TEST = "webhook.test"


# What the client of a job waits for.
ENDS_OF_A_JOB = (
    EventName.JOB_COMPLETED,
    EventName.JOB_PARTIAL,
    EventName.JOB_FAILED,
    EventName.JOB_CANCELED,
)
OF_A_JOB = (
    EventName.JOB_ACCEPTED,
    EventName.JOB_STARTED,
    EventName.IMAGE_STORED,
    EventName.IMAGE_FAILED,
    *ENDS_OF_A_JOB,
)
# And where its refusal is not its answer.
ENDS_OF_A_REQUEST = (*ENDS_OF_A_JOB, EventName.JOB_REJECTED)
OF_A_REQUEST = (*OF_A_JOB, EventName.JOB_REJECTED)
