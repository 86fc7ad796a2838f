"""Requests without HTTP that were refused, looked at and left where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from darkroom.domain.intake import RejectedMessage

_AT_ONCE = 10
# While one look lasts, so that it shows none twice; should it die, they are back after it.
_HIDDEN_SECONDS = 60


class SqsRejectedMessages:
    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def look(self, limit: int) -> Sequence[RejectedMessage]:
        held: list[Mapping[str, Any]] = []
        try:
            while len(held) < limit and (more := self._receive(min(_AT_ONCE, limit - len(held)))):
                held += more
        finally:
            self._give_back(held)
        return [_read(message) for message in held]

    def _receive(self, count: int) -> Sequence[Mapping[str, Any]]:
        answer = self._client.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=count,
            VisibilityTimeout=_HIDDEN_SECONDS,
            # Without a wait only some of a queue's machines are asked.
            WaitTimeSeconds=1,
            MessageAttributeNames=["code", "detail", "workspace", "request_id"],
            AttributeNames=["SentTimestamp"],
        )
        found: Sequence[Mapping[str, Any]] = answer.get("Messages", [])
        return found

    def _give_back(self, held: Sequence[Mapping[str, Any]]) -> None:
        for first in range(0, len(held), _AT_ONCE):
            batch = held[first : first + _AT_ONCE]
            self._client.change_message_visibility_batch(
                QueueUrl=self._url,
                Entries=[
                    {
                        "Id": str(number),
                        "ReceiptHandle": message["ReceiptHandle"],
                        "VisibilityTimeout": 0,
                    }
                    for number, message in enumerate(batch)
                ],
            )


def _read(message: Mapping[str, Any]) -> RejectedMessage:
    reason = {
        name: attribute["StringValue"]
        for name, attribute in message.get("MessageAttributes", {}).items()
    }
    sent = int(message["Attributes"]["SentTimestamp"])
    return RejectedMessage(
        id=reason.get("request_id") or message["MessageId"],
        body=message["Body"],
        at=datetime.fromtimestamp(sent / 1000, UTC),
        workspace=reason.get("workspace", ""),
        code=reason.get("code", ""),
        detail=reason.get("detail", ""),
    )
