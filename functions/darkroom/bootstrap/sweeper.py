"""The sweeper function, wired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from darkroom.aws.images import S3Images
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.library import DynamoLibrary
from darkroom.aws.queue import SqsDeadLetters, SqsImageQueue
from darkroom.aws.session import Clients
from darkroom.aws.webhooks import DynamoDeliveries
from darkroom.bootstrap.deliveries import delivery_limit, delivery_queue
from darkroom.clock_and_ids import SystemClock
from darkroom.domain.due import Stop
from darkroom.settings import SweeperSettings
from darkroom.usecases.resume_jobs import resume_jobs
from darkroom.usecases.sweep import Repair, sweep
from darkroom.usecases.sweep_deliveries import DeliverySweep


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    sweep: Callable[[], Iterator[Repair]]
    resume: Callable[[datetime], Iterator[Repair]]  # after all workers were stopped, then
    send_due: Callable[[], int]


def sweeper(settings: SweeperSettings) -> Sweeper:
    clients, clock = Clients(), SystemClock()
    sqs, dynamodb = clients.get("sqs"), clients.get("dynamodb")
    deliveries = DeliverySweep(
        deliveries=DynamoDeliveries(dynamodb, settings.table_name),
        queue=delivery_queue(settings, clients, delivery_limit(settings, clients, clock)),
        clock=clock,
    )
    jobs = DynamoJobs(dynamodb, settings.table_name)
    queue = SqsImageQueue(sqs, settings.images_queue_url, settings.backlog_queue_url)
    lease_time = timedelta(seconds=int(settings.lease_seconds))

    def resume(stopped_at: datetime) -> Iterator[Repair]:
        stop = Stop(at=stopped_at, lease_time=lease_time)
        return resume_jobs(stop, jobs=jobs, queue=queue, clock=clock)

    repairs = partial(
        sweep,
        jobs=jobs,
        library=DynamoLibrary(dynamodb, settings.table_name),
        queue=queue,
        dead_letters=SqsDeadLetters(sqs, settings.dead_letter_queue_url),
        images=S3Images(lambda: clients.get("s3"), settings.bucket_name),
        clock=clock,
    )
    return Sweeper(sweep=repairs, resume=resume, send_due=deliveries.send_due)
