"""The worker function, wired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial

from darkroom.aws.images import S3Images
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.library import DynamoLibrary
from darkroom.aws.queue import SqsImageQueue
from darkroom.aws.secrets import SecretUnreadable, read_secret
from darkroom.aws.session import Clients
from darkroom.bootstrap.catalogue import load_catalogue, web_policy
from darkroom.domain.job import JobKind
from darkroom.domain.media import Media
from darkroom.domain.ports import ImageQueue, ImportOrder, Order
from darkroom.domain.tools import Writer, WriterFailed
from darkroom.fetching.fetcher import SafeFetcher
from darkroom.imaging.finish import PillowFinisher
from darkroom.providers.chat_writer import ChatWriter
from darkroom.providers.maker import RoutedMaker
from darkroom.providers.registry import ADAPTERS, IN_PROCESS
from darkroom.providers.sender import HttpSender
from darkroom.settings import WorkerSettings
from darkroom.system import SystemClock, SystemIds
from darkroom.usecases.bring_in import take_in
from darkroom.usecases.captioning import CaptionCraft
from darkroom.usecases.fill_slot import Report, fill_slot
from darkroom.usecases.making import ImageCraft
from darkroom.writing.house import HouseWriter

# A writer's silence is time that is missing for the image, or for the writer built in.
_WRITER_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    fill: Callable[[Order], Report]
    take_in: Callable[[ImportOrder], Media | None]
    queue: ImageQueue


def worker(settings: WorkerSettings) -> Worker:
    clients, clock = Clients(), SystemClock()
    dynamodb, table = clients.get("dynamodb"), settings.table_name
    jobs, library = DynamoJobs(dynamodb, table), DynamoLibrary(dynamodb, table)
    images = S3Images(lambda: clients.get("s3"), settings.bucket_name)
    finisher, sender = PillowFinisher(), HttpSender(IN_PROCESS)
    fetcher = SafeFetcher(web_policy(settings))
    writers = _writers(settings, clients)
    image_craft = ImageCraft(
        jobs=jobs,
        catalogue=load_catalogue(settings),
        maker=RoutedMaker(ADAPTERS, sender),
        finisher=finisher,
        images=images,
        fetcher=fetcher,
        writers=writers,
        clock=clock,
    )
    fill = partial(
        fill_slot,
        jobs=jobs,
        crafts={
            JobKind.IMAGES: image_craft,
            JobKind.CAPTIONS: CaptionCraft(library=library, writer=writers[0]),
        },
        images=images,
        clock=clock,
        ids=SystemIds(),
        lease_time=timedelta(seconds=int(settings.lease_seconds)),
    )
    return Worker(
        fill=fill,
        take_in=partial(
            take_in, library=library, images=images, fetcher=fetcher, finisher=finisher
        ),
        queue=SqsImageQueue(clients.get("sqs"), settings.images_queue_url),
    )


def _writers(settings: WorkerSettings, clients: Clients) -> tuple[Writer, ...]:
    """The one that was set up, if any, and the one that is always there."""
    if not settings.writer_url:
        return (HouseWriter(),)

    @cache
    def key() -> str:
        name = settings.writer_secret
        try:
            return read_secret(clients.get("secretsmanager"), name) if name else ""
        except SecretUnreadable:
            # The chain would name the secret.
            raise WriterFailed from None

    sender = HttpSender({}, total_seconds=_WRITER_SECONDS)
    return ChatWriter(sender, settings.writer_url, settings.writer_model, key), HouseWriter()
