"""The worker function, wired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from urllib.parse import unquote, urlsplit

from darkroom.aws.bedrock import BedrockRuntime
from darkroom.aws.secrets import SecretUnreadable, read_secret
from darkroom.aws.session import Clients
from darkroom.bootstrap.ports import BucketPorts, CataloguePorts, ImageQueuePorts, WebPorts
from darkroom.bootstrap.providers import Adapters
from darkroom.domain.job import JobKind
from darkroom.domain.media import Media
from darkroom.domain.ports import ImageQueue, ImportMessage, SlotMessage
from darkroom.domain.provider_callback import ProviderCallback
from darkroom.domain.worker_ports import Writer, WriterFailed
from darkroom.fetching.fetcher import FetchLimits, SafeFetcher
from darkroom.imaging.decoder_process import IsolatedFinisher
from darkroom.providers.callbacks import CallbackVerifier
from darkroom.providers.chat_writer import ChatWriter
from darkroom.providers.embedded_writer import EmbeddedWriter
from darkroom.providers.interface import HttpReply, HttpRequest
from darkroom.providers.registry import providers
from darkroom.providers.router import ProviderRouter
from darkroom.providers.sender import HttpSender
from darkroom.providers.vendors import bedrock, painter
from darkroom.settings import WorkerSettings, environment_to_start
from darkroom.usecases.check_callback import check_callback
from darkroom.usecases.generate_captions import CaptionGenerator
from darkroom.usecases.generate_image import ImageGenerator
from darkroom.usecases.media_upload import import_media
from darkroom.usecases.process_slot import Report, SlotProcessor

# A writer's silence is time that is missing for the image, or for the writer built in.
_WRITER_SECONDS = 20
# Of the function's time: the rest is for references, finishing and storing.
_PROVIDERS_SHARE = 0.7
# A lease is longer than that by so much.
_LEASE_MARGIN = timedelta(seconds=10)
# A 4096 × 4096 PNG of noise is some 50 MB.
_LARGEST_RESULT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    process: Callable[[SlotMessage], Report]
    check_callback: Callable[[ProviderCallback], Report]
    import_media: Callable[[ImportMessage], Media | None]
    queue: ImageQueue


class WorkerPorts(BucketPorts, WebPorts, CataloguePorts, ImageQueuePorts):
    settings: WorkerSettings


def worker(ports: WorkerPorts) -> Worker:
    settings, clients = ports.settings, ports.clients
    lease_time = timedelta(seconds=int(settings.lease_seconds))
    finisher = IsolatedFinisher(environment_to_start())
    fetcher = SafeFetcher(ports.web)
    writers = _writers(settings, clients)
    in_process = {painter.HOST: painter.answer, bedrock.HOST: _bedrock(clients)}
    adapters = Adapters(lambda: clients.get("secretsmanager"), settings.provider_secrets)
    sender = HttpSender(in_process)
    router = ProviderRouter(
        adapter_of=adapters.of,
        sender=sender,
        # What a provider gives an address for comes from outside like anything else.
        fetcher=SafeFetcher(ports.web, limits=FetchLimits(bytes=_LARGEST_RESULT)),
        breaker=ports.breaker([name for name, row in providers().items() if row.in_process]),
        now=ports.clock.now,
        seconds=_PROVIDERS_SHARE * (lease_time - _LEASE_MARGIN).total_seconds(),
    )
    image_generator = ImageGenerator(
        jobs=ports.jobs,
        catalogue=ports.catalogue,
        router=router,
        finisher=finisher,
        images=ports.images,
        fetcher=fetcher,
        writers=writers,
        clock=ports.clock,
        algorithms=[name for name, row in providers().items() if not row.trained],
        public_url=_callback_address(settings),
    )
    processor = SlotProcessor(
        jobs=ports.jobs,
        handlers={
            JobKind.IMAGES: image_generator,
            JobKind.CAPTIONS: CaptionGenerator(library=ports.library, writer=writers[0]),
        },
        images=ports.images,
        clock=ports.clock,
        ids=ports.ids,
        lease_time=lease_time,
    )
    return Worker(
        process=processor.process,
        check_callback=partial(
            check_callback,
            verifier=CallbackVerifier(adapter_of=adapters.of, sender=sender),
            process=processor.process,
        ),
        import_media=partial(
            import_media,
            library=ports.library,
            images=ports.images,
            fetcher=fetcher,
            finisher=finisher,
        ),
        queue=ports.queue,
    )


def _callback_address(settings: WorkerSettings) -> str:
    """Where providers say that an image is done: none of them calls a machine behind plain HTTP."""
    return settings.public_url if settings.public_url.startswith("https://") else ""


def _bedrock(clients: Clients) -> Callable[[HttpRequest], HttpReply]:
    """Amazon's own models are asked through its SDK, which signs for the function's role."""
    runtime = BedrockRuntime(lambda: clients.get("bedrock-runtime"))

    def answer(request: HttpRequest) -> HttpReply:
        model = unquote(urlsplit(request.url).path.split("/")[2])
        status, headers, body = runtime.invoke(model, request.body)
        return HttpReply(status=status, headers=headers, body=body)

    return answer


def _writers(settings: WorkerSettings, clients: Clients) -> tuple[Writer, ...]:
    """The one that was set up, if any, and the one that is always there."""
    if not settings.writer_url:
        return (EmbeddedWriter(),)

    @cache
    def key() -> str:
        name = settings.writer_secret
        try:
            return read_secret(clients.get("secretsmanager"), name) if name else ""
        except SecretUnreadable:
            # The chain would name the secret.
            raise WriterFailed from None

    return ChatWriter(
        HttpSender({}), _WRITER_SECONDS, settings.writer_url, settings.writer_model, key
    ), EmbeddedWriter()
