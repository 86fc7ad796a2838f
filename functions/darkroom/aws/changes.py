"""Records of the table's stream, read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from darkroom.aws.library_records import EXPIRED, MEDIA, read_media
from darkroom.aws.records import ACCOUNT, JOB, read_account, read_job
from darkroom.aws.webhook_records import WEBHOOK, read_webhook
from darkroom.domain.changes import (
    AccountChanged,
    Change,
    JobChanged,
    MediaRemoved,
    WebhookChanged,
)
from darkroom.domain.media import MediaStatus

# DynamoDB's TTL process, which removes expired items.
_EXPIRY = "dynamodb.amazonaws.com"


def read_change(record: dict[str, Any]) -> Change | None:
    """None: a change that makes no event."""
    change = record["dynamodb"]
    sort_key = change["Keys"]["sk"]["S"]
    at = datetime.fromtimestamp(change["ApproximateCreationDateTime"], UTC)
    before, after = change.get("OldImage"), change.get("NewImage")
    if sort_key.startswith(JOB):
        return _of_job(before, after)
    if sort_key.startswith(MEDIA):
        return None if after or _has_expired(record) else _of_media(before, at)
    if before is None or after is None:
        return None
    if sort_key == ACCOUNT:
        return AccountChanged(
            before=read_account(before),
            after=read_account(after),
            number=change["SequenceNumber"],
            at=at,
        )
    if sort_key.startswith(WEBHOOK):
        return WebhookChanged(before=read_webhook(before), after=read_webhook(after), at=at)
    return None


def _of_job(before: dict[str, Any] | None, after: dict[str, Any] | None) -> JobChanged | None:
    if after is None:
        return None
    return JobChanged(before=read_job(before) if before else None, after=read_job(after))


def _of_media(item: dict[str, Any], at: datetime) -> MediaRemoved | None:
    media = read_media(item)
    if media.status is not MediaStatus.READY:
        return None
    return MediaRemoved(media=media, at=at, has_expired=EXPIRED in item)


def _has_expired(record: dict[str, Any]) -> bool:
    return bool(record.get("userIdentity", {}).get("principalId") == _EXPIRY)
