"""The sweeper function, wired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from darkroom.aws.images import S3Images
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.library import DynamoLibrary
from darkroom.aws.queue import SqsDeadLetters, SqsImageQueue
from darkroom.aws.session import Clients
from darkroom.settings import SweeperSettings
from darkroom.system import SystemClock
from darkroom.usecases.sweep import Repair, sweep

Sweep = Callable[[], Iterator[Repair]]


def sweeper(settings: SweeperSettings) -> Sweep:
    clients = Clients()
    sqs, dynamodb = clients.get("sqs"), clients.get("dynamodb")
    return partial(
        sweep,
        jobs=DynamoJobs(dynamodb, settings.table_name),
        library=DynamoLibrary(dynamodb, settings.table_name),
        queue=SqsImageQueue(sqs, settings.images_queue_url),
        letters=SqsDeadLetters(sqs, settings.dead_letter_queue_url),
        images=S3Images(lambda: clients.get("s3"), settings.bucket_name),
        clock=SystemClock(),
    )
