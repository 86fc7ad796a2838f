"""The queue between SQS and the workers, in the harness's hands: late, twice, reordered, lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

MAX_RECEIVES = 5
# Six times the function's time-out, as in the template: so long a dead worker's message is away.
VISIBILITY = timedelta(seconds=180)


@dataclass(frozen=True)
class Sent:
    """What somebody sent, and for how many seconds it is to be held back."""

    body: str
    held_back: int
    attributes: dict[str, dict[str, str]]


@dataclass(eq=False)
class Message:
    body: str
    visible_at: datetime
    receipt: str
    sent_at: datetime
    receives: int = 0
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    id: str = ""  # the same at each delivery, and of each duplicate
    slow: bool = False  # it lies in the queue of slow receivers

    def record(self) -> dict[str, Any]:
        """As a function is handed it."""
        return {
            "messageId": self.id,
            "receiptHandle": self.receipt,
            "body": self.body,
            "attributes": {"SentTimestamp": str(round(self.sent_at.timestamp() * 1000))},
            "messageAttributes": self.attributes,
        }


class Mailbox:
    """`loses` names slots whose messages get lost on the way, and what `loses_all` loses any; one
    that `forgets` brings none back of a worker that died.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.messages: list[Message] = []
        self.loses: set[int] = set()
        self.loses_all = False
        self.forgets = False
        self._count = 0

    def put(self, body: str, visible_at: datetime, sent_at: datetime | None = None) -> Message:
        self._count += 1
        message = Message(
            body=body,
            visible_at=visible_at,
            receipt=f"receipt-{self._count}",
            sent_at=sent_at or visible_at,
            id=f"message-{self._count}",
        )
        self.messages.append(message)
        return message

    def put_all(self, sent: list[Sent], now: datetime, *, slow: bool = False) -> None:
        for one in () if self.loses_all else sent:
            message = self.put(one.body, now + timedelta(seconds=one.held_back), now)
            message.attributes, message.slow = one.attributes, slow

    def again(self, message: Message, now: datetime) -> Message:
        """A duplicate of it."""
        duplicate = self.put(message.body, now, message.sent_at)
        duplicate.id, duplicate.attributes = message.id, message.attributes
        duplicate.slow = message.slow
        return duplicate

    def visible(self, now: datetime) -> list[Message]:
        return [message for message in self.messages if message.visible_at <= now]

    def receive(self, message: Message, now: datetime) -> bool:
        """Whether a worker gets it; one that was given out too often is a dead letter."""
        if message.receives >= MAX_RECEIVES:
            self.messages.remove(message)
            return False
        message.receives += 1
        message.visible_at = now + VISIBILITY
        return True

    def done(self, message: Message) -> None:
        if message in self.messages:
            self.messages.remove(message)

    def hide(self, receipt: str, until: datetime) -> None:
        for message in self.messages:
            if message.receipt == receipt:
                message.visible_at = until
