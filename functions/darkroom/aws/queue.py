"""The queues of images to make: a message each, sent in one batch.

What is within its workspace's share goes to the first, the backlog to the second, which has workers
of its own: a workspace's small job never waits behind another's thousand images.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from darkroom.domain.job import Job
from darkroom.domain.ports import DeadLetter, ImportMessage, SlotMessage, read_message, slot_message
from darkroom.domain.provider_callback import ProviderCallback, write_callback

log = logging.getLogger(__name__)

# SQS takes ten messages a batch, which is the most images a job has.
_TRIES = 2
_LONGEST_DELAY = 900  # SQS's own


class SqsImageQueue:
    def __init__(self, client: Any, url: str, backlog_url: str) -> None:
        self._client = client
        self._urls = {False: url, True: backlog_url}

    def send(self, job: Job, slots: Sequence[int]) -> Sequence[int]:
        unsent = list(slots)
        for _ in range(_TRIES):
            entries = [_entry(job, slot) for slot in unsent]
            try:
                answer = self._client.send_message_batch(
                    QueueUrl=self._urls[job.backlog], Entries=entries
                )
            except (BotoCoreError, ClientError):
                # The job is stored and its credits are held: not sent is a fact, not an error.
                # botocore has tried as often as is good; the sweeper sends it again.
                log.exception("send_failed", extra={"job": job.id})
                break
            unsent = [int(entry["Id"]) for entry in answer.get("Failed", ())]
            if not unsent:
                break
        return unsent

    def send_import(self, message: ImportMessage) -> bool:
        return self._sent(message, 0, json.dumps(asdict(message)))

    def send_later(self, message: SlotMessage, seconds: int) -> bool:
        return self._sent(message, seconds, _body(message), backlog=message.backlog)

    def send_callback(self, callback: ProviderCallback) -> bool:
        message = callback.message
        return self._sent(message, 0, write_callback(callback), backlog=message.backlog)

    def _sent(
        self,
        message: SlotMessage | ImportMessage,
        seconds: int,
        body: str,
        *,
        backlog: bool = False,
    ) -> bool:
        try:
            self._client.send_message(
                QueueUrl=self._urls[backlog],
                MessageBody=body,
                MessageGroupId=message.workspace,
                DelaySeconds=min(seconds, _LONGEST_DELAY),
            )
        except (BotoCoreError, ClientError):
            log.exception("send_failed", extra={"order": asdict(message)})
            return False
        return True

    def delay(self, message: SlotMessage, receipt: str, seconds: int) -> None:
        self._client.change_message_visibility(
            QueueUrl=self._urls[message.backlog], ReceiptHandle=receipt, VisibilityTimeout=seconds
        )


class SqsDeadLetters:
    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def receive(self) -> Sequence[DeadLetter]:
        answer = self._client.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
        return [
            DeadLetter(receipt=message["ReceiptHandle"], message=read_message(message["Body"]))
            for message in answer.get("Messages", ())
        ]

    def discard(self, dead_letter: DeadLetter) -> None:
        self._client.delete_message(QueueUrl=self._url, ReceiptHandle=dead_letter.receipt)


def _entry(job: Job, slot: int) -> dict[str, str]:
    return {
        "Id": str(slot),
        "MessageBody": _body(slot_message(job, slot)),
        # Fair queues: one workspace's thousand jobs do not delay another's one.
        "MessageGroupId": job.workspace,
    }


def _body(message: SlotMessage) -> str:
    values = asdict(message)
    if not message.backlog:
        # The code before this one refuses a message with a name in it that it does not know.
        del values["backlog"]
    return json.dumps(values)
