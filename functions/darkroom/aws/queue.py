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
from darkroom.domain.ports import DeadLetter, ImportOrder, Order, order_of, read_order
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

    def send_import(self, order: ImportOrder) -> bool:
        return self._sent(order, 0, json.dumps(asdict(order)))

    def send_later(self, order: Order, seconds: int) -> bool:
        return self._sent(order, seconds, _body(order), backlog=order.backlog)

    def send_callback(self, callback: ProviderCallback) -> bool:
        order = callback.order
        return self._sent(order, 0, write_callback(callback), backlog=order.backlog)

    def _sent(
        self, order: Order | ImportOrder, seconds: int, body: str, *, backlog: bool = False
    ) -> bool:
        try:
            self._client.send_message(
                QueueUrl=self._urls[backlog],
                MessageBody=body,
                MessageGroupId=order.workspace,
                DelaySeconds=min(seconds, _LONGEST_DELAY),
            )
        except (BotoCoreError, ClientError):
            log.exception("send_failed", extra={"order": asdict(order)})
            return False
        return True

    def delay(self, order: Order, receipt: str, seconds: int) -> None:
        self._client.change_message_visibility(
            QueueUrl=self._urls[order.backlog], ReceiptHandle=receipt, VisibilityTimeout=seconds
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
    return {
        "Id": str(slot),
        "MessageBody": _body(order_of(job, slot)),
        # Fair queues: one workspace's thousand jobs do not delay another's one.
        "MessageGroupId": job.workspace,
    }


def _body(order: Order) -> str:
    values = asdict(order)
    if not order.backlog:
        # The code before this one refuses a message with a name in it that it does not know.
        del values["backlog"]
    return json.dumps(values)
