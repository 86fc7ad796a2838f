"""The worker function, wired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from darkroom.aws.images import S3Images
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.queue import SqsImageQueue
from darkroom.aws.session import Clients
from darkroom.bootstrap.catalogue import load_catalogue
from darkroom.domain.ports import ImageQueue, Order
from darkroom.imaging.finish import PillowFinisher
from darkroom.providers.maker import RoutedMaker
from darkroom.providers.registry import ADAPTERS, IN_PROCESS
from darkroom.providers.sender import HttpSender
from darkroom.settings import WorkerSettings
from darkroom.system import SystemClock, SystemIds
from darkroom.usecases.make_image import Report, make_image


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    make: Callable[[Order], Report]
    queue: ImageQueue


def worker(settings: WorkerSettings) -> Worker:
    clients = Clients()
    make = partial(
        make_image,
        jobs=DynamoJobs(clients.get("dynamodb"), settings.table_name),
        catalogue=load_catalogue(),
        maker=RoutedMaker(ADAPTERS, HttpSender(IN_PROCESS)),
        finisher=PillowFinisher(),
        images=S3Images(lambda: clients.get("s3"), settings.bucket_name),
        clock=SystemClock(),
        ids=SystemIds(),
        lease_time=timedelta(seconds=int(settings.lease_seconds)),
    )
    return Worker(make=make, queue=SqsImageQueue(clients.get("sqs"), settings.images_queue_url))
