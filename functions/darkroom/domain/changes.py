"""What has changed in the table, as the stream tells it, and the events that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from darkroom.domain.events import (
    Event,
    credits_are_low,
    events_between,
    media_removed,
    webhook_disabled,
)
from darkroom.domain.job import Job
from darkroom.domain.media import Media
from darkroom.domain.money import Account
from darkroom.domain.webhook import Webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChanged:
    before: Job | None
    after: Job


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRemoved:
    media: Media
    at: datetime
    has_expired: bool = False  # its owner has not deleted it


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged:
    before: Account
    after: Account
    number: str  # of the change, in the stream
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChanged:
    before: Webhook
    after: Webhook
    at: datetime


Change = JobChanged | MediaRemoved | AccountChanged | WebhookChanged


def events_of(change: Change) -> tuple[Event, ...]:
    match change:
        case JobChanged(before=before, after=after):
            return events_between(before, after)
        case MediaRemoved(media=media, at=at, has_expired=has_expired):
            return (media_removed(media, at, has_expired=has_expired),)
        case AccountChanged(before=old, after=new, number=number, at=at):
            return credits_are_low(old, new, number, at)
        case WebhookChanged(before=was, after=now, at=at):
            return webhook_disabled(was, now, at)
