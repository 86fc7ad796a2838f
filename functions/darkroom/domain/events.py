"""Events: functions of a change alone, their ids included, so that
telling them twice is harmless.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from darkroom.domain.event_names import EventName
from darkroom.domain.job import Hook, Job, JobStatus, SlotStatus
from darkroom.domain.media import Media
from darkroom.domain.money import Account
from darkroom.domain.webhook import Webhook

_NAMESPACE = uuid.UUID("6b0c3c1e-7f0a-5d0b-9d3c-5f6a0a4f2f11")


_OF_JOB = {
    JobStatus.PROCESSING: EventName.JOB_STARTED,
    JobStatus.COMPLETED: EventName.JOB_COMPLETED,
    JobStatus.PARTIAL: EventName.JOB_PARTIAL,
    JobStatus.FAILED: EventName.JOB_FAILED,
    JobStatus.CANCELED: EventName.JOB_CANCELED,
}
_OF_SLOT = {
    SlotStatus.STORED: EventName.IMAGE_STORED,
    SlotStatus.FAILED: EventName.IMAGE_FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    id: str
    name: EventName
    workspace: str
    subject: str  # what it is about: `jobs/<id>`
    at: datetime
    request_id: str = ""
    job: Job | None = None
    slot: int | None = None
    # What it says of anything but a job.
    facts: Mapping[str, Any] = field(default_factory=dict)
    # That a request named which has become no job.
    hook: Hook | None = None

    @property
    def own_hook(self) -> Hook | None:
        return self.job.webhook if self.job else self.hook


def events_between(before: Job | None, after: Job) -> tuple[Event, ...]:
    """Every state that `after` has reached and `before` had not, in the order of its telling."""
    events = []
    if before is None:
        events.append(_of_job(EventName.JOB_ACCEPTED, after))
    old_status = JobStatus.PENDING if before is None else before.status
    started = old_status is JobStatus.PENDING and after.started_at is not None
    if started:
        events.append(_of_job(EventName.JOB_STARTED, after))
    for index, slot in enumerate(() if after.writes_captions else after.slots):
        was = SlotStatus.WAITING if before is None else before.slots[index].status
        if slot.status is not was and slot.status in _OF_SLOT:
            events.append(_of_job(_OF_SLOT[slot.status], after, index))
    if after.status.is_terminal and after.status is not old_status:
        events.append(_of_job(_OF_JOB[after.status], after))
    return tuple(events)


def rejected(
    workspace: str,
    request: str,
    at: datetime,
    facts: Mapping[str, Any],
    hook: Hook | None = None,
) -> Event:
    """A request that came without a client waiting for its answer, and cannot be served. Sent once
    more, under the same token perhaps, it is another one.
    """
    return Event(
        id=_id(workspace, EventName.JOB_REJECTED, request),
        name=EventName.JOB_REJECTED,
        workspace=workspace,
        subject=f"requests/{request}",
        at=at,
        request_id=request,
        facts=facts,
        hook=hook,
    )


def credits_are_low(
    before: Account, after: Account, change: str, at: datetime
) -> tuple[Event, ...]:
    """As the balance passes the mark on its way down, and not again until it has been above.

    `change` names the change: the same balance is passed more than once in a workspace's life.
    """
    if not after.balance < after.low_credits <= before.balance:
        return ()
    event = Event(
        id=_id(after.workspace, EventName.CREDITS_LOW, change),
        name=EventName.CREDITS_LOW,
        workspace=after.workspace,
        subject="account",
        at=at,
        # Code that does not know of it leaves an earlier job's request there.
        request_id=after.last_request if after.last_job != before.last_job else "",
        facts={
            "credits": {
                "balance": after.balance,
                "held": after.held,
                "granted": after.granted,
                "low": after.low_credits,
            }
        },
    )
    return (event,)


def media_removed(media: Media, at: datetime, *, has_expired: bool) -> Event:
    name = EventName.MEDIA_EXPIRED if has_expired else EventName.MEDIA_DELETED
    facts = {"id": media.id, "source": media.source, "name": media.name, "job": media.job}
    return Event(
        id=_id(media.workspace, name, media.id),
        name=name,
        workspace=media.workspace,
        subject=f"media/{media.id}",
        at=at,
        facts={"media": {name: value for name, value in facts.items() if value is not None}},
    )


def webhook_disabled(before: Webhook, after: Webhook, at: datetime) -> tuple[Event, ...]:
    if not before.enabled or after.enabled or not after.disabled_because:
        return ()
    event = Event(
        # It can be switched on and fail again: each time is a change of its own.
        id=_id(after.workspace, EventName.WEBHOOK_DISABLED, after.id, str(after.version)),
        name=EventName.WEBHOOK_DISABLED,
        workspace=after.workspace,
        subject=subject_of(after),
        at=at,
        request_id=after.disabled_by_request,
        facts={
            "webhook": {"id": after.id, "url": _open(after.url), "reason": after.disabled_because}
        },
    )
    return (event,)


def _open(url: str) -> str:
    """Without what may be a secret: other receivers get this."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def subject_of(webhook: Webhook) -> str:
    return f"webhooks/{webhook.id}"


def webhook_test(webhook: Webhook, test: str, at: datetime, request_id: str) -> Event:
    return Event(
        id=test,
        name=EventName.WEBHOOK_TEST,
        workspace=webhook.workspace,
        subject=subject_of(webhook),
        at=at,
        request_id=request_id,
        facts={"webhook": {"id": webhook.id}},
    )


def _of_job(name: EventName, job: Job, slot: int | None = None) -> Event:
    return Event(
        # Within a job each state is reached once.
        id=_id(job.workspace, job.id, name, "" if slot is None else str(slot)),
        name=name,
        workspace=job.workspace,
        subject=f"jobs/{job.id}",
        at=job.updated_at,
        request_id=job.request_id,
        job=job,
        slot=slot,
    )


def _id(*names: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(names)))
