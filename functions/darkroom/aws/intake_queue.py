"""The queue of requests that come without HTTP, and where those lie that were refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_LONGEST_DELAY = 900  # SQS's own
_LONGEST_REASON = 500


class SqsIntakeQueue:
    def __init__(self, client: Any, url: str, rejected_url: str) -> None:
        self._client = client
        self._url = url
        self._rejected_url = rejected_url

    def send_later(self, body: str, tries: int, seconds: int) -> None:
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=body,
            DelaySeconds=min(seconds, _LONGEST_DELAY),
            MessageAttributes={"tries": {"DataType": "Number", "StringValue": str(tries)}},
        )

    def keep_rejected(self, body: str, reason: Mapping[str, Any]) -> None:
        """The reason lies beside the body, so that it can be sent again as it is."""
        told = {name: str(reason[name])[:_LONGEST_REASON] for name in ("code", "detail")}
        self._client.send_message(
            QueueUrl=self._rejected_url,
            MessageBody=body,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": text} for name, text in told.items()
            },
        )


def tries_of(record: Mapping[str, Any]) -> int:
    """How often this message was put off, as the function is handed it."""
    given = record.get("messageAttributes", {}).get("tries", {}).get("stringValue", "0")
    return int(given) if given.isdecimal() else 0


def sent_at(record: Mapping[str, Any]) -> datetime:
    """The same at every delivery of the message."""
    return datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
