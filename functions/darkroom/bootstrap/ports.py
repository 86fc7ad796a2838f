"""Where each port meets its adapter, once for all functions.

An adapter is imported and made when it is first asked for: each function loads what it uses, and
no more. Ports are grouped by the settings that they read, so that a function has those ports alone
that its own settings are enough for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from darkroom.aws.session import Clients
from darkroom.aws.table import Table
from darkroom.clock_and_ids import SystemClock, SystemIds
from darkroom.domain.errors import Unavailable

if TYPE_CHECKING:
    from darkroom.aws.accounts import DynamoAccounts
    from darkroom.aws.aliases import DynamoAliases
    from darkroom.aws.breakers import DynamoBreaker
    from darkroom.aws.collections import DynamoCollections
    from darkroom.aws.delivery_limit import DynamoDeliveryLimit
    from darkroom.aws.delivery_queue import SqsDeliveryQueue
    from darkroom.aws.images import S3Images
    from darkroom.aws.jobs import DynamoJobs
    from darkroom.aws.keys import DynamoKeys
    from darkroom.aws.library import DynamoLibrary
    from darkroom.aws.queue import SqsImageQueue
    from darkroom.aws.secrets import DerivedSecrets
    from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
    from darkroom.domain.catalogue import Catalogue
    from darkroom.domain.file_links import LinkSigner
    from darkroom.domain.job import Job
    from darkroom.domain.web_addresses import WebPolicy
    from darkroom.fetching.web import PublicWeb
    from darkroom.settings import (
        BucketSettings,
        BusSettings,
        CatalogueSettings,
        DeliverySettings,
        EventSettings,
        ImageQueueSettings,
        Settings,
        SigningSettings,
        WebhookSecretSettings,
        WebSettings,
    )
    from darkroom.usecases.publish_events import EventPublisher, Outbox
    from darkroom.usecases.resolve_references import ReferenceStores


class Ports:
    """What needs the table alone."""

    def __init__(self, settings: Settings, clients: Clients | None = None) -> None:
        self.settings = settings
        self.clients = clients or Clients()
        self.clock = SystemClock()
        self.ids = SystemIds()

    def make(self, *names: str) -> None:
        """With the function, and not with its first request."""
        for name in names:
            getattr(self, name)

    @cached_property
    def table(self) -> Table:
        return Table(self.clients.get("dynamodb"), self.settings.table_name)

    @property
    def media_life(self) -> timedelta | None:
        """None where nothing is put into the library, and where images are kept for ever."""
        return None

    @cached_property
    def accounts(self) -> DynamoAccounts:
        from darkroom.aws.accounts import DynamoAccounts

        return DynamoAccounts(self.table)

    @cached_property
    def aliases(self) -> DynamoAliases:
        from darkroom.aws.aliases import DynamoAliases

        return DynamoAliases(self.table, self.clock)

    def breaker(self, in_process: Collection[str] = ()) -> DynamoBreaker:
        from darkroom.aws.breakers import DynamoBreaker

        return DynamoBreaker(self.table, self.clock, in_process=in_process)

    @cached_property
    def collections(self) -> DynamoCollections:
        from darkroom.aws.collections import DynamoCollections

        return DynamoCollections(self.table)

    @cached_property
    def deliveries(self) -> DynamoDeliveries:
        from darkroom.aws.webhooks import DynamoDeliveries

        return DynamoDeliveries(self.table)

    @cached_property
    def jobs(self) -> DynamoJobs:
        from darkroom.aws.jobs import DynamoJobs

        return DynamoJobs(self.table, self.media_life)

    @cached_property
    def keys(self) -> DynamoKeys:
        from darkroom.aws.keys import DynamoKeys

        return DynamoKeys(self.table, self.clock)

    @cached_property
    def library(self) -> DynamoLibrary:
        from darkroom.aws.library import DynamoLibrary

        return DynamoLibrary(self.table, self.media_life)

    @cached_property
    def reference_stores(self) -> ReferenceStores:
        from darkroom.usecases.resolve_references import ReferenceStores

        return ReferenceStores(
            jobs=self.jobs,
            library=self.library,
            collections=self.collections,
            aliases=self.aliases,
        )

    @cached_property
    def webhooks(self) -> DynamoWebhooks:
        from darkroom.aws.webhooks import DynamoWebhooks

        return DynamoWebhooks(self.table)


class BucketPorts(Ports):
    settings: BucketSettings

    @property
    def media_life(self) -> timedelta | None:
        days = int(self.settings.media_days)
        return timedelta(days=days) if days else None

    @cached_property
    def images(self) -> S3Images:
        from darkroom.aws.images import S3Images

        return S3Images(lambda: self.clients.get("s3"), self.settings.bucket_name)


class ImageQueuePorts(Ports):
    settings: ImageQueueSettings

    @cached_property
    def queue(self) -> SqsImageQueue:
        from darkroom.aws.queue import SqsImageQueue

        urls = (self.settings.images_queue_url, self.settings.backlog_queue_url)
        return SqsImageQueue(self.clients.get("sqs"), *urls)


class DeliveryPorts(Ports):
    settings: DeliverySettings

    @cached_property
    def delivery_limit(self) -> DynamoDeliveryLimit:
        from darkroom.aws.delivery_limit import DynamoDeliveryLimit

        places = int(self.settings.webhooks_per_workspace)
        return DynamoDeliveryLimit(self.table, places, self.clock)

    @cached_property
    def delivery_queue(self) -> SqsDeliveryQueue:
        from darkroom.aws.delivery_queue import SqsDeliveryQueue

        urls = (self.settings.webhooks_queue_url, self.settings.slow_webhooks_queue_url)
        return SqsDeliveryQueue(self.clients.get("sqs"), *urls, self.delivery_limit)


class SigningPorts(Ports):
    settings: SigningSettings

    @cached_property
    def secrets(self) -> DerivedSecrets:
        """For API keys and the addresses of files."""
        return _derived(self, self.settings.signing_secret)

    def link_signer(self) -> LinkSigner:
        """The first generation of the secret signs, all verify."""
        from darkroom.domain.file_links import LinkSigner

        numbers = self.secrets.generations()
        return LinkSigner(
            {str(number): self.secrets.derive(f"file-links/{number}", number) for number in numbers}
        )


class WebhookSecretPorts(Ports):
    settings: WebhookSecretSettings

    @cached_property
    def webhook_secrets(self) -> DerivedSecrets:
        return _derived(self, self.settings.webhook_secret)


class WebPorts(Ports):
    settings: WebSettings

    @cached_property
    def web_policy(self) -> WebPolicy:
        from darkroom.bootstrap.catalogue import names
        from darkroom.domain.web_addresses import WebPolicy

        return WebPolicy(allowed_hosts=names(self.settings.fetch_from))

    @cached_property
    def web(self) -> PublicWeb:
        from darkroom.fetching.web import PublicWeb

        return PublicWeb(self.web_policy)


class CataloguePorts(Ports):
    settings: CatalogueSettings

    @cached_property
    def catalogue(self) -> Catalogue:
        from darkroom.bootstrap.catalogue import load_catalogue

        return load_catalogue(self.settings)


class EventPorts(SigningPorts, DeliveryPorts):
    settings: EventSettings

    @cached_property
    def outbox(self) -> Outbox:
        from darkroom.dialects.native.event_answer import describe
        from darkroom.usecases.publish_events import Outbox

        def described(job: Job) -> Mapping[str, Any]:
            """As a client reads it; the addresses of files are the same each time."""
            signer = self.link_signer()

            def file_url(name: str) -> str:
                query = urlencode(signer.query(name, job.updated_at))
                return f"{self.settings.public_url}/v1/files/{name}?{query}"

            return describe(job, file_url)

        return Outbox(
            deliveries=self.deliveries,
            queue=self.delivery_queue,
            source=self.settings.public_url,
            describe=described,
            clock=self.clock,
        )


class BusPorts(EventPorts):
    settings: BusSettings

    @cached_property
    def event_publisher(self) -> EventPublisher:
        from darkroom.aws.bus import EventBridgeBus
        from darkroom.usecases.publish_events import EventPublisher

        return EventPublisher(
            bus=EventBridgeBus(self.clients.get("events"), self.settings.event_bus_name),
            webhooks=self.webhooks,
            outbox=self.outbox,
        )


def is_temporary(fault: Exception) -> bool:
    """The same request may succeed later."""
    from darkroom.aws.outages import is_outage
    from darkroom.aws.secrets import SecretUnreadable

    if isinstance(fault, SecretUnreadable):
        return fault.is_temporary
    return isinstance(fault, Unavailable) or is_outage(fault)


def _derived(ports: Ports, name: str) -> DerivedSecrets:
    from darkroom.aws.secrets import DerivedSecrets

    return DerivedSecrets(ports.clients.get("secretsmanager"), name, ports.clock)
