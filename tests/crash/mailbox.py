"""The queue between SQS and the workers, in the harness's hands: late, twice, reordered, lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_RECEIVES = 5
# Six times the function's time-out, as in the template: so long a dead worker's message is away.
VISIBILITY = timedelta(seconds=180)


@dataclass(eq=False)
class Message:
    body: str
    visible_at: datetime
    receipt: str
    receives: int = 0


class Mailbox:
    """`loses` names slots whose messages get lost on the way; one that `forgets` brings none back
    of a worker that died.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.messages: list[Message] = []
        self.loses: set[int] = set()
        self.forgets = False
        self._count = 0

    def put(self, body: str, visible_at: datetime) -> Message:
        self._count += 1
        message = Message(body, visible_at, f"receipt-{self._count}")
        self.messages.append(message)
        return message

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
