"""The sweeper function, wired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from darkroom.aws.images import S3Images
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.library import DynamoLibrary
from darkroom.aws.queue import SqsDeadLetters, SqsImageQueue
from darkroom.aws.session import Clients
from darkroom.aws.webhooks import DynamoDeliveries
from darkroom.bootstrap.deliveries import courier_limit, delivery_queue
from darkroom.settings import SweeperSettings
from darkroom.system import SystemClock
from darkroom.usecases.sweep import Repair, sweep
from darkroom.usecases.sweep_deliveries import DeliverySweep


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    sweep: Callable[[], Iterator[Repair]]
    send_due: Callable[[], int]


def sweeper(settings: SweeperSettings) -> Sweeper:
    clients, clock = Clients(), SystemClock()
    sqs, dynamodb = clients.get("sqs"), clients.get("dynamodb")
    deliveries = DeliverySweep(
        deliveries=DynamoDeliveries(dynamodb, settings.table_name),
        queue=delivery_queue(settings, clients, courier_limit(settings, clients, clock)),
        clock=clock,
    )
    repairs = partial(
        sweep,
        jobs=DynamoJobs(dynamodb, settings.table_name),
        library=DynamoLibrary(dynamodb, settings.table_name),
        queue=SqsImageQueue(sqs, settings.images_queue_url, settings.backlog_queue_url),
        letters=SqsDeadLetters(sqs, settings.dead_letter_queue_url),
        images=S3Images(lambda: clients.get("s3"), settings.bucket_name),
        clock=clock,
    )
    return Sweeper(sweep=repairs, send_due=deliveries.send_due)
