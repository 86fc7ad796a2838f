"""moto's own memory, read and emptied directly: a snapshot after each call must cost nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.retries.quota import RetryQuota
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

from darkroom.aws import records
from darkroom.aws.library_records import MEDIA
from darkroom.aws.webhook_records import DELIVERY, read_delivery
from darkroom.domain.delivery import Delivery
from darkroom.domain.job import Job
from darkroom.domain.money import Account
from tests.crash.mailbox import Sent
from tests.moto_world import BUCKET, DEAD_LETTERS, QUEUES, TABLE, WAITS

WEBHOOKS, INTAKE = QUEUES["WEBHOOKS_QUEUE_URL"], QUEUES["INTAKE_QUEUE_URL"]
SLOW_WEBHOOKS = QUEUES["SLOW_WEBHOOKS_QUEUE_URL"]
REJECTED, SET_ASIDE = QUEUES["INTAKE_DEAD_LETTER_QUEUE_URL"], QUEUES["SET_ASIDE_QUEUE_URL"]

_REGION = "us-east-1"


def items() -> dict[tuple[str, str], dict[str, Any]]:
    """Every item by its key, in DynamoDB's own JSON."""
    return {
        (pk.value, sk.value): item.to_json()["Attributes"]
        for pk, by_range in _table().items.items()
        for sk, item in by_range.items()
    }


def jobs() -> dict[str, Job]:
    return {sk: records.read_job(item) for sk, item in _under(records.JOB)}


def accounts() -> list[Account]:
    return [records.read_account(item) for _, item in _under(records.ACCOUNT)]


def library() -> set[str]:
    return {sk.removeprefix(MEDIA) for sk, _ in _under(MEDIA)}


def members() -> list[str]:
    """The media of all collections, each as often as it is there."""
    return sorted(item["media"]["S"] for _, item in _under("MEMBER#"))


def files() -> dict[str, bytes]:
    bucket = get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].buckets[BUCKET]
    return {key: bucket.keys[key].value for key in bucket.keys}


def deliveries() -> list[Delivery]:
    return [read_delivery(item) for _, item in _under(DELIVERY)]


def take_messages(name: str) -> list[Sent]:
    """What was sent, out of the queue: from here on the harness delivers it."""
    queue = _queue(name)
    if not queue._messages:
        return []
    taken = [
        Sent(message.body, _held_back(message), _attributes(message)) for message in queue._messages
    ]
    _empty(queue)
    return taken


def _attributes(message: Any) -> dict[str, dict[str, str]]:
    return {
        name: {"stringValue": given["StringValue"], "dataType": given["DataType"]}
        for name, given in message.message_attributes.items()
    }


def _held_back(message: Any) -> int:
    milliseconds = message.delayed_until - float(message.sent_timestamp)
    return max(0, round(milliseconds / 1000))


def dead_letters() -> int:
    return len(_queue(DEAD_LETTERS)._messages)


def bodies(name: str) -> list[str]:
    """What lies in a queue that nobody reads but people."""
    return [message.body for message in _queue(name)._messages]


def empty() -> None:
    for table in (TABLE, WAITS):
        _table(table).items.clear()
    get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].buckets[BUCKET].keys.clear()
    for name in QUEUES.values():
        _empty(_queue(name))


def refill(quotas: list[RetryQuota]) -> None:
    """Crashes eat botocore's allowance of retries; another run starts with all of it."""
    for quota in quotas:
        quota._available_capacity = RetryQuota.INITIAL_CAPACITY


def _under(prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for by_range in _table().items.values():
        for sk, item in by_range.items():
            if sk.value.startswith(prefix):
                yield sk.value, item.to_json()["Attributes"]


def _table(table: Mapping[str, Any] = TABLE) -> Any:
    return get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][_REGION].tables[table["TableName"]]


def _queue(name: str) -> Any:
    return get_backend("sqs")[DEFAULT_ACCOUNT_ID][_REGION].queues[name]


def _empty(queue: Any) -> None:
    queue._messages.clear()
    queue._pending_messages.clear()
    queue.deleted_messages.clear()
