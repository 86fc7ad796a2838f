"""The real use cases on the real adapters on moto; clients are made once, a run empties them."""

from __future__ import annotations

import gc
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

from botocore.retries.quota import RetryQuota

from darkroom.aws import webhook_records
from darkroom.aws.accounts import DynamoAccounts
from darkroom.aws.calls import DynamoCalls
from darkroom.aws.collections import DynamoCollections
from darkroom.aws.images import S3Images
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.library import DynamoLibrary
from darkroom.aws.queue import SqsDeadLetters, SqsImageQueue
from darkroom.aws.records import JOB
from darkroom.aws.session import Clients
from darkroom.aws.table import Table
from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.domain.collection import Collection
from darkroom.domain.errors import DarkroomError, Unavailable
from darkroom.domain.job import Job, JobKind
from darkroom.domain.operations import Caller, CancelJob, Offer, SubmitJob
from darkroom.domain.ports import SlotMessage, read_message
from darkroom.usecases.create_workspace import Limits, create_workspace
from darkroom.usecases.generate_captions import CaptionGenerator
from darkroom.usecases.jobs import cancel_job
from darkroom.usecases.limits import check_rate_limit
from darkroom.usecases.process_slot import Result, SlotProcessor
from darkroom.usecases.resolve_references import ReferenceStores
from darkroom.usecases.submit_job import submit_job
from darkroom.usecases.sweep import sweep
from tests.builders import WORKSPACE, image_generator, image_request, number_id
from tests.conftest import HARMLESS
from tests.crash import storage
from tests.crash.ended import Ended, Told
from tests.crash.faults import KINDS
from tests.crash.mailbox import Mailbox, Message
from tests.crash.outside import Outside
from tests.crash.provider import ScriptedProvider, TinyFinisher, TinyWriter
from tests.crash.wire import Attempt, ProcessDied, Wire
from tests.fakes.store import FakeAliases
from tests.fakes.world import FakeClock, FakeIds
from tests.moto_world import QUEUE, QUEUES, moto_world

LEASE = timedelta(seconds=30)
CALLER = Caller(workspace=WORKSPACE, scopes=frozenset(), key="key-1")
CREDITS = 10
COLLECTION = number_id(77)
BACKLOG = QUEUES["BACKLOG_QUEUE_URL"]
_RUNS_BETWEEN_COLLECTIONS = 50


class World:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._runs = 0
        self.wire = Wire(KINDS)
        self.clock = FakeClock()
        self.ids = FakeIds(self.clock)
        self.mailbox = Mailbox()
        self.router, self.finisher = ScriptedProvider(self.wire, self.clock), TinyFinisher()
        self.catalogue = whole_catalogue()
        clients = Clients()
        self.dynamodb, self.s3, self.sqs = (clients.get(name) for name in ("dynamodb", "s3", "sqs"))
        self.events = clients.get("events")
        self.outside = Outside(self, clients, environment)
        for client in (self.dynamodb, self.s3, self.sqs, self.events):
            self.wire.watch(client)
        self._quotas = [thing for thing in gc.get_objects() if isinstance(thing, RetryQuota)]
        self.calls = DynamoCalls(Table(self.dynamodb, environment["WAITS_TABLE_NAME"]), self.clock)
        self.jobs = DynamoJobs(Table(self.dynamodb, environment["TABLE_NAME"]), calls=self.calls)
        self.accounts = DynamoAccounts(Table(self.dynamodb, environment["TABLE_NAME"]))
        self.library = DynamoLibrary(Table(self.dynamodb, environment["TABLE_NAME"]))
        self.collections = DynamoCollections(Table(self.dynamodb, environment["TABLE_NAME"]))
        self.queue = SqsImageQueue(
            self.sqs, environment["IMAGES_QUEUE_URL"], environment["BACKLOG_QUEUE_URL"]
        )
        self.dead_letters = SqsDeadLetters(self.sqs, environment["DEAD_LETTER_QUEUE_URL"])
        self.images = S3Images(lambda: self.s3, environment["BUCKET_NAME"])
        self._dead_letter_url = environment["DEAD_LETTER_QUEUE_URL"]
        self.sqs.set_queue_attributes(
            # A letter that is not dealt with is there again at the next look.
            QueueUrl=self._dead_letter_url,
            Attributes={"VisibilityTimeout": "0"},
        )

    def begin(self, plan: Mapping[int, str], *, knows_tokens: bool = True) -> None:
        """As if nothing had ever happened here."""
        self._runs += 1
        if self._runs % _RUNS_BETWEEN_COLLECTIONS == 0:
            gc.collect()
        storage.empty()
        storage.refill(self._quotas)
        self.wire.reset(plan, knows_tokens=knows_tokens)
        self.wire.answer_instead = self.answer_instead
        self.clock.__init__()
        self.ids.__init__(self.clock)
        self.mailbox.reset()
        self.outside.reset()
        self.router.reset()
        self.writer = TinyWriter()
        self.after_work: Callable[[Message, Ended], None] = lambda _message, _ended: None
        self.doomed_workers = 0  # so many die before they do anything
        self.share = 5
        self.astray: list[str] = []  # messages in the queue of other jobs than theirs
        self.told: list[Told] = []
        self.ended: list[Ended] = []
        self.requests: dict[str, Ended] = {}  # of clients, by their ids

    def open(
        self,
        credits_granted: int = CREDITS,
        max_in_flight: int = 10,
        *,
        workspace: str = WORKSPACE,
        low_credits: int = 0,
    ) -> None:
        with self.wire.unnumbered():
            create_workspace(
                workspace,
                credits_granted,
                Limits(max_in_flight=max_in_flight, low_credits=low_credits),
                "free",
                accounts=self.accounts,
                clock=self.clock,
            )

    def run(self, name: str, work: Callable[[], Any], *, is_doomed: bool = False) -> Ended:
        with self.wire.running(name) as process:
            process.is_dead = is_doomed
            ended = Ended(process)
            try:
                ended.value = work()
            except ProcessDied:
                pass
            except Exception as error:  # noqa: BLE001 - the handlers catch as much
                ended.error = error
        self.wire.arrive()
        self.ended.append(ended)
        for queue in (QUEUE, BACKLOG):
            sent = storage.take_messages(queue)
            self.astray += [one.body for one in sent if self._is_astray(one.body, queue)]
            self.mailbox.put_all([one for one in sent if self._arrives(one.body)], self.clock.now())
        self.outside.collect(name)
        return ended

    def _arrives(self, body: str) -> bool:
        slot_message = read_message(body)
        return slot_message is None or slot_message.slot not in self.mailbox.loses

    def _is_astray(self, body: str, queue: str) -> bool:
        slot_message = read_message(body)
        if not isinstance(slot_message, SlotMessage):
            return False
        is_backlog = storage.jobs()[f"{JOB}{slot_message.job}"].backlog
        return is_backlog != (queue == BACKLOG) or slot_message.backlog != is_backlog

    def submit(self, n: int = 1, key: str | None = None, tries: int = 3, **asked: Any) -> Told:
        """A client; one with a key asks again when it was told nothing, or nothing useful."""
        told = Told(key, n)
        self.told.append(told)
        command = SubmitJob(
            **{
                "dialect": "native",
                "request": image_request(n=n),
                "offer": Offer(name="painter", price=1),
                "idempotency_key": key,
                "fingerprint": f"{n} images",
                **asked,
            }
        )
        for _ in range(tries if key else 1):
            # By it a job says which of the requests created it.
            caller = replace(CALLER, request_id=self.ids.new_id())
            ended = self.run("submit", partial(self.submit_command, command, caller))
            self.requests[caller.request_id] = ended
            told.processes.append(ended)
            if ended.value:
                told.job = ended.value.job.id
                break
            if isinstance(ended.error, DarkroomError) and not isinstance(ended.error, Unavailable):
                told.refusal = ended.error
                break
        return told

    def told_of(self, token: str) -> Told:
        """Whoever sent a request with this token to the queue, and what came of it."""
        for told in self.told:
            if told.key == token:
                return told
        self.told.append(Told(token, 1))
        return self.told[-1]

    def submit_command(self, command: SubmitJob, caller: Caller) -> Any:
        account, _ = check_rate_limit(caller, accounts=self.accounts, now=self.clock.now())
        return submit_job(
            command,
            caller,
            account,
            catalogue=self.catalogue,
            stores=ReferenceStores(
                jobs=self.jobs,
                library=self.library,
                collections=self.collections,
                aliases=FakeAliases(),
            ),
            queue=self.queue,
            clock=self.clock,
            ids=self.ids,
            share=self.share,
            calls=self.calls,
        )

    def gather(self) -> str:
        """A collection that is there before anything happens."""
        now = self.clock.now()
        made = Collection(
            id=COLLECTION,
            workspace=WORKSPACE,
            name="c",
            description="",
            created_at=now,
            updated_at=now,
            attributes={},
        )
        with self.wire.unnumbered():
            self.collections.add(made)
        return made.id

    def cancel(self, job: str | None) -> Ended | None:
        if job is None:
            return None  # its client was never told its name
        command = CancelJob(job=job)
        cancel = partial(
            cancel_job, command, CALLER, jobs=self.jobs, queue=self.queue, clock=self.clock
        )
        return self.run("cancel", cancel)

    def work(self, message: Message) -> Ended | None:
        """One delivery, as the worker's handler serves it."""
        if not self.mailbox.receive(message, self.clock.now()):
            with self.wire.unnumbered():
                self.sqs.send_message(QueueUrl=self._dead_letter_url, MessageBody=message.body)
            return None
        is_doomed, self.doomed_workers = self.doomed_workers > 0, max(0, self.doomed_workers - 1)
        ended = self.run("worker", partial(self._work, message), is_doomed=is_doomed)
        is_forgotten = ended.process.is_dead and self.mailbox.forgets
        if ended.value not in (None, Result.TAKEN) or is_forgotten:
            self.mailbox.done(message)
        self.after_work(message, ended)
        return ended

    def _work(self, message: Message) -> Result:
        generator = image_generator(self.jobs, self.router, self.finisher, self.images, self.clock)
        slot_message = read_message(message.body)
        report = SlotProcessor(
            jobs=self.jobs,
            handlers={
                JobKind.IMAGES: generator,
                JobKind.CAPTIONS: CaptionGenerator(library=self.library, writer=self.writer),
            },
            images=self.images,
            clock=self.clock,
            ids=self.ids,
            lease_time=LEASE,
        ).process(slot_message)
        if report.again is not None:
            self.queue.send_later(report.again, report.after)
        elif report.result is Result.TAKEN:
            self.queue.delay(slot_message, message.receipt, report.after)
        return report.result

    def sweep(self) -> Ended:
        return self.run("sweeper", self._sweep_all)

    def _sweep_all(self) -> list[Any]:
        repairs = list(self._sweep())
        # To look for them where there are none costs a tenth of all runs.
        if any(delivery.due_at for delivery in storage.deliveries()):
            self.outside.send_due()
        return repairs

    def _sweep(self) -> Iterator[Any]:
        return sweep(
            jobs=self.jobs,
            queue=self.queue,
            dead_letters=self.dead_letters,
            library=self.library,
            images=self.images,
            clock=self.clock,
        )

    def deliver(self, *, twice: bool = False, backwards: bool = False) -> None:
        """Each message that is there now, once; a duplicate is a delivery of the same body."""
        for message in self.mailbox.visible(self.clock.now())[:: -1 if backwards else 1]:
            self.work(message)
            if twice:
                self.work(self.mailbox.put(message.body, self.clock.now()))

    def all_jobs(self) -> list[Job]:
        return list(storage.jobs().values())

    def duplicate(self, slot: int) -> Message:
        """SQS delivers a message of the first job once more."""
        job = min(self.all_jobs(), key=lambda job: job.id)
        body = json.dumps({"workspace": job.workspace, "job": job.id, "slot": slot})
        return self.mailbox.put(body, self.clock.now())

    def next_event(self) -> datetime | None:
        """When a message comes back, or a job or delivery is due: nothing moves before."""
        moments = [message.visible_at for message in self.mailbox.messages]
        moments += [job.due_at for job in self.all_jobs() if job.due_at]
        moments += [
            message.visible_at
            for mailbox in (self.outside.posts, self.outside.requests)
            for message in mailbox.messages
        ]
        moments += [delivery.due_at for delivery in storage.deliveries() if delivery.due_at]
        if storage.dead_letters():
            moments.append(self.clock.now() + timedelta(minutes=1))
        return min(moments, default=None)

    def answer_instead(self, attempt: Attempt) -> Any:
        """The harness has taken the message from moto, so it hides it, too."""
        if attempt.operation != "ChangeMessageVisibility":
            return None
        wanted = attempt.body
        until = self.clock.now() + timedelta(seconds=int(wanted["VisibilityTimeout"]))
        self.mailbox.hide(wanted["ReceiptHandle"], until)
        return attempt.answer(200, {})


@contextmanager
def open_world() -> Iterator[World]:
    """One for many runs. Nobody sleeps in it, and what is logged of faults is not shown."""
    with (
        patch.dict(os.environ, HARMLESS),
        moto_world(own_clients=True) as environment,
        patch("time.sleep", lambda _seconds: None),
        # One is looked through as any number is, and a look at one is a call.
        patch.object(webhook_records, "_SHARDS", 1),
    ):
        logging.disable(logging.CRITICAL)
        try:
            world = World(environment)
            # What is there now stays: looking for rubbish among it is a quarter of a run.
            gc.collect()
            gc.freeze()
            gc.disable()
            yield world
        finally:
            logging.disable(logging.NOTSET)
            gc.enable()
            gc.unfreeze()
