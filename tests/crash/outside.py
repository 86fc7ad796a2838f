"""The functions between the table and the rest of the world: relay, delivery workers and intake."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from darkroom.aws.breakers import DynamoBreaker
from darkroom.aws.delivery_limit import DynamoDeliveryLimit
from darkroom.aws.delivery_queue import SqsDeliveryQueue
from darkroom.aws.intake_queue import SqsIntakeQueue, read_intake_message
from darkroom.aws.secrets import DerivedSecrets
from darkroom.aws.session import Clients
from darkroom.aws.table import Table
from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
from darkroom.bootstrap.intake import IntakePorts, intake
from darkroom.bootstrap.relay import RelayPorts, relay
from darkroom.clock_and_ids import SystemClock
from darkroom.domain.event_ports import read_delivery_message
from darkroom.domain.webhook import Webhook
from darkroom.settings import IntakeSettings, RelaySettings
from darkroom.usecases.accept_message import IntakeMessage, IntakeResult
from darkroom.usecases.deliver_webhook import DeliveryWorker
from darkroom.usecases.sweep_deliveries import DeliverySweep
from tests.builders import WORKSPACE, number_id
from tests.crash import storage
from tests.crash.mailbox import Mailbox, Message
from tests.crash.receivers import Receivers
from tests.crash.stream import Stream

if TYPE_CHECKING:
    from tests.crash.world import World

URL, URL_OF_REQUEST = "https://shop.example/hook", "https://shop.example/one-job"
REQUEST = {"prompt": "a red boat"}


class Outside:
    def __init__(self, world: World, clients: Clients, environment: Mapping[str, str]) -> None:
        self._world = world
        self.stream, self.posts, self.requests = Stream(), Mailbox(), Mailbox()
        self.receivers = Receivers(world.wire)
        table, sqs = environment["TABLE_NAME"], clients.get("sqs")
        settings = RelaySettings.from_environment(environment)
        own = (settings.signing_secret, environment["WEBHOOK_SECRET"])
        self._secrets, self._webhook_secrets = (
            DerivedSecrets(clients.get("secretsmanager"), name, SystemClock()) for name in own
        )
        for secrets in (self._secrets, self._webhook_secrets):
            secrets.generations()  # read by now, as in a function that has run before
        self._table = table
        self.webhooks = DynamoWebhooks(Table(world.dynamodb, table))
        self.deliveries = DynamoDeliveries(Table(world.dynamodb, table))
        self._queues = (settings.webhooks_queue_url, settings.slow_webhooks_queue_url)
        self._sqs = sqs
        ports = RelayPorts(settings)
        ports.clients, ports.clock, ports.secrets = clients, world.clock, self._secrets
        self._event_publisher, self._relay = ports.event_publisher, relay(ports)
        self._intake = replace(
            intake(IntakePorts(IntakeSettings.from_environment(environment))),
            submit=world.submit_command,
            queue=SqsIntakeQueue(
                sqs, environment["INTAKE_QUEUE_URL"], environment["INTAKE_DEAD_LETTER_QUEUE_URL"]
            ),
            event_publisher=self._event_publisher,
            clock=world.clock,
        )

    def reset(self) -> None:
        self.stream.reset()
        self.posts.reset()
        self.requests.reset()
        self.receivers.reset()
        self.places = 2
        # What it knows of delivery workers it has of this run.
        outbox = replace(self._event_publisher.outbox, queue=self._queue(self._limit()))
        self._event_publisher = replace(self._event_publisher, outbox=outbox)
        self._relay = replace(self._relay, event_publisher=self._event_publisher)
        self._intake = replace(self._intake, event_publisher=self._event_publisher)
        self.hooks: list[Webhook] = []
        self.sends: Counter[str] = Counter()  # by delivery: how often it was sent once more
        self.intake_messages: dict[str, IntakeMessage] = {}  # by their ids, as they were sent first
        self.taken: dict[str, IntakeResult] = {}  # by letter: what became of it at last

    def collect(self, process: str) -> None:
        """What a process has sent, out of the queues of moto."""
        now = self._world.clock.now()
        sent = storage.take_messages(storage.WEBHOOKS)
        # Whoever tells may send for as long as nobody has looked at it; what finds all places taken
        # comes again in a second, untouched.
        for body in {
            message.body
            for message in sent
            if process == "sweeper" or (process == "delivery_worker" and message.held_back > 1)
        }:
            self.sends[json.loads(body)["delivery"]] += 1
        self.posts.put_all(sent, now)
        self.posts.put_all(storage.take_messages(storage.SLOW_WEBHOOKS), now, slow=True)
        self.requests.put_all(storage.take_messages(storage.INTAKE), now)

    def hook(self, *events: str, workspace: str = WORKSPACE, url: str = URL) -> Webhook:
        """One that is there before anything happens."""
        webhook = Webhook(
            id=number_id(900 + len(self.hooks)),
            workspace=workspace,
            url=url,
            events=events,
            created_at=self._world.clock.now(),
        )
        with self._world.wire.unnumbered():
            self.webhooks.add(webhook)
        self.hooks.append(webhook)
        return webhook

    def relay(self) -> None:
        batch = self.stream.batch()
        if not batch:
            return
        ended = self._world.run("relay", partial(self._relay.relay, batch))
        if ended.is_over:
            self.stream.done(batch)
        else:
            self.stream.failed(batch)

    def tell_the_rest(self) -> None:
        """Faults are for the relay of histories that are about it; elsewhere its calls would only
        be more of the same.
        """
        if self.hooks:
            self.relay()
            return
        batch = self.stream.batch()
        with self._world.wire.unnumbered():
            self._relay.relay(batch)
        self.stream.done(batch)

    def bring(self, *, twice: bool = False) -> None:
        """Each message that is there now, to a delivery worker."""
        for message in self.posts.visible(self._world.clock.now()):
            self.bring_one(message)
            if twice:
                self.bring_one(self.posts.again(message, self._world.clock.now()))

    def bring_one(self, message: Message) -> None:
        self._serve(self.posts, message, "delivery_worker", partial(self._brought, message))

    def _brought(self, message: Message) -> Any:
        delivery_message = read_delivery_message(message.body)
        with self.receivers.posting(limit=None if message.slow else self.places):
            return delivery_message and self._delivery_worker().deliver(
                delivery_message, slow=message.slow
            )

    def _delivery_worker(self) -> DeliveryWorker:
        clock = self._world.clock
        return DeliveryWorker(
            webhooks=self.webhooks,
            deliveries=self.deliveries,
            queue=self._queue(limit := self._limit()),
            sender=self.receivers,
            # It remembers what it read for seconds of the clock, and the clock is ours.
            breaker=DynamoBreaker(
                Table(self._world.dynamodb, self._table), clock, lambda: clock.now().timestamp()
            ),
            limit=limit,
            secrets=self._webhook_secrets,
            clock=clock,
            ids=self._world.ids,
        )

    def _limit(self) -> DynamoDeliveryLimit:
        clock = self._world.clock
        return DynamoDeliveryLimit(
            Table(self._world.dynamodb, self._table),
            self.places,
            clock,
            lambda: clock.now().timestamp(),
        )

    def _queue(self, limit: DynamoDeliveryLimit) -> SqsDeliveryQueue:
        return SqsDeliveryQueue(self._sqs, *self._queues, limit)

    def send_due(self) -> int:
        return DeliverySweep(
            deliveries=self.deliveries,
            queue=self._queue(self._limit()),
            clock=self._world.clock,
        ).send_due()

    def ask(self, token: str, workspace: str = WORKSPACE, **request: Any) -> Message:
        """Somebody sends a request to the queue."""
        values = {"workspace": workspace, "client_token": token, "request": REQUEST | request}
        self._world.told_of(token)
        return self.requests.put(json.dumps(values), self._world.clock.now())

    def take(self) -> None:
        for message in self.requests.visible(self._world.clock.now()):
            self.take_one(message)

    def take_one(self, message: Message) -> None:
        intake_message = read_intake_message(message.record())
        self.intake_messages[intake_message.id] = intake_message
        taken = self._serve(
            self.requests, message, "intake", partial(self._intake.accept, intake_message)
        )
        if taken:
            self.taken[intake_message.id] = taken
            if taken.job:
                self._world.told_of(token_of(intake_message.body)).job = taken.job

    def _serve(self, mailbox: Mailbox, message: Message, name: str, work: Callable[[], Any]) -> Any:
        """One delivery, as SQS does it; what is a dead letter waits for a person."""
        if not mailbox.receive(message, self._world.clock.now()):
            return None
        ended = self._world.run(name, work)
        if ended.is_over:
            mailbox.done(message)
        return ended.value


def token_of(body: str) -> str:
    return str(json.loads(body)["client_token"])
