"""The queue of images to make: a message each, sent in one batch."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from darkroom.domain.job import Job
from darkroom.domain.ports import DeadLetter, ImportOrder, Order, read_order

log = logging.getLogger(__name__)

# SQS takes ten messages a batch, which is the most images a job has.
_TRIES = 2
_LONGEST_DELAY = 900  # SQS's own


class SqsImageQueue:
    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, job: Job, slots: Sequence[int]) -> Sequence[int]:
        unsent = list(slots)
        for _ in range(_TRIES):
            entries = [_entry(job, slot) for slot in unsent]
            try:
                answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            except (BotoCoreError, ClientError):
                # The job is stored and its credits are held: not sent is a fact, not an error.
                # botocore has tried as often as is good; the sweeper sends it again.
                log.exception("send_failed", extra={"job": job.id})
                break
            unsent = [int(entry["Id"]) for entry in answer.get("Failed", ())]
            if not unsent:
                break
        return unsent

    def send_import(self, order: ImportOrder) -> bool:
        return self._sent(order, 0)

    def send_later(self, order: Order, seconds: int) -> bool:
        return self._sent(order, seconds)

    def _sent(self, order: Order | ImportOrder, seconds: int) -> bool:
        try:
            self._client.send_message(
                QueueUrl=self._url,
                MessageBody=json.dumps(asdict(order)),
                MessageGroupId=order.workspace,
                DelaySeconds=min(seconds, _LONGEST_DELAY),
            )
        except (BotoCoreError, ClientError):
            log.exception("send_failed", extra={"order": asdict(order)})
            return False
        return True

    def delay(self, receipt: str, seconds: int) -> None:
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds
        )


class SqsDeadLetters:
    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def receive(self) -> Sequence[DeadLetter]:
        answer = self._client.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
        return [
            DeadLetter(receipt=message["ReceiptHandle"], order=read_order(message["Body"]))
            for message in answer.get("Messages", ())
        ]

    def discard(self, letter: DeadLetter) -> None:
        self._client.delete_message(QueueUrl=self._url, ReceiptHandle=letter.receipt)


def _entry(job: Job, slot: int) -> dict[str, str]:
    order = Order(workspace=job.workspace, job=job.id, slot=slot, request_id=job.request_id)
    return {
        "Id": str(slot),
        "MessageBody": json.dumps(asdict(order)),
        # Fair queues: one workspace's thousand jobs do not delay another's one.
        "MessageGroupId": job.workspace,
    }
