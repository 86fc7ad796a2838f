"""The queue of requests that come without HTTP, and where those lie that were refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from darkroom.domain.intake import IntakeMessage

_LONGEST_DELAY = 900  # SQS's own
_LONGEST_REASON = 500
_NO_WORKSPACE = "nobody"
# What one that was put off carries of the first.
_OF_THE_FIRST = {"id", "sent_at", "tries"}


class SqsIntakeQueue:
    def __init__(self, client: Any, url: str, rejected_url: str) -> None:
        self._client = client
        self._url = url
        self._rejected_url = rejected_url

    def send_later(self, message: IntakeMessage, workspace: str, seconds: int) -> None:
        first = {
            "id": message.id,
            "sent_at": str(round(message.sent_at.timestamp() * 1000)),
            "tries": str(message.tries + 1),
        }
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=message.body,
            DelaySeconds=min(seconds, _LONGEST_DELAY),
            # One workspace's thousand that wait do not delay another's one.
            MessageGroupId=workspace or _NO_WORKSPACE,
            MessageAttributes=_attributes(first),
        )

    def keep_rejected(
        self, message: IntakeMessage, workspace: str, reason: Mapping[str, Any]
    ) -> None:
        """The reason lies beside the body, so that it can be sent again as it is."""
        attributes = {name: str(reason[name])[:_LONGEST_REASON] for name in ("code", "detail")}
        # That of this message is another, which stands in no event and in no log.
        attributes["request_id"] = message.id
        if workspace:
            attributes["workspace"] = workspace
        self._client.send_message(
            QueueUrl=self._rejected_url,
            MessageBody=message.body,
            MessageAttributes=_attributes(attributes),
        )


def read_intake_message(record: Mapping[str, Any]) -> IntakeMessage:
    """As the function is handed it; of one that was put off, as it was first."""
    first = {
        name: attribute["stringValue"]
        for name, attribute in record.get("messageAttributes", {}).items()
        if name in _OF_THE_FIRST
    }
    is_first = first.keys() != _OF_THE_FIRST
    sent = record["attributes"]["SentTimestamp"] if is_first else first["sent_at"]
    return IntakeMessage(
        body=record["body"],
        id=record["messageId"] if is_first else first["id"],
        sent_at=datetime.fromtimestamp(int(sent) / 1000, UTC),
        tries=0 if is_first else int(first["tries"]),
    )


def _attributes(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"DataType": "String", "StringValue": value} for name, value in values.items()}
