"""moto's own memory, read and emptied directly: a snapshot after each call must cost nothing."""

from __future__ import annotations

from typing import Any

from botocore.retries.quota import RetryQuota
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

from darkroom.aws import records
from darkroom.domain.job import Job
from tests.moto_world import BUCKET, DEAD_LETTERS, QUEUE, TABLE

_REGION = "us-east-1"


def items() -> dict[tuple[str, str], dict[str, Any]]:
    """Every item by its key, in DynamoDB's own JSON."""
    return {
        (pk.value, sk.value): item.to_json()["Attributes"]
        for pk, by_range in _table().items.items()
        for sk, item in by_range.items()
    }


def jobs() -> dict[str, Job]:
    return {
        sk: records.read_job(item) for (_, sk), item in items().items() if sk.startswith("JOB#")
    }


def library() -> set[str]:
    return {sk.removeprefix("MEDIA#") for _, sk in items() if sk.startswith("MEDIA#")}


def members() -> list[str]:
    """The media of all collections, each as often as it is there."""
    return sorted(
        item["media"]["S"] for (_, sk), item in items().items() if sk.startswith("MEMBER#")
    )


def files() -> dict[str, bytes]:
    bucket = get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].buckets[BUCKET]
    return {key: bucket.keys[key].value for key in bucket.keys}


def take_messages() -> list[tuple[str, int]]:
    """What was sent, and for how many seconds it is to be held back, out of the queue: from here on
    the harness delivers it.
    """
    queue = _queue(QUEUE)
    taken = [(message.body, _held_back(message)) for message in queue._messages]
    _empty(queue)
    return taken


def _held_back(message: Any) -> int:
    milliseconds = message.delayed_until - float(message.sent_timestamp)
    return max(0, round(milliseconds / 1000))


def dead_letters() -> int:
    return len(_queue(DEAD_LETTERS)._messages)


def empty() -> None:
    _table().items.clear()
    get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].buckets[BUCKET].keys.clear()
    _empty(_queue(QUEUE))
    _empty(_queue(DEAD_LETTERS))


def refill(quotas: list[RetryQuota]) -> None:
    """Crashes eat botocore's allowance of retries; another run starts with all of it."""
    for quota in quotas:
        quota._available_capacity = RetryQuota.INITIAL_CAPACITY


def _table() -> Any:
    return get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][_REGION].tables[TABLE["TableName"]]


def _queue(name: str) -> Any:
    return get_backend("sqs")[DEFAULT_ACCOUNT_ID][_REGION].queues[name]


def _empty(queue: Any) -> None:
    queue._messages.clear()
    queue._pending_messages.clear()
    queue.deleted_messages.clear()
