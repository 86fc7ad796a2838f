"""Where each port meets its adapter, once for all functions.

An adapter is imported and made when it is first asked for: each function loads what it uses, and
no more. One that its settings do not name cannot be made in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
    from darkroom.aws.delivery_queue import SqsDeliveryQueue, SqsFailedRecords
    from darkroom.aws.images import S3Images
    from darkroom.aws.intake_queue import SqsIntakeQueue
    from darkroom.aws.jobs import DynamoJobs
    from darkroom.aws.keys import DynamoKeys
    from darkroom.aws.library import DynamoLibrary
    from darkroom.aws.queue import SqsDeadLetters, SqsImageQueue
    from darkroom.aws.secrets import DerivedSecrets
    from darkroom.aws.waits import DynamoWaits
    from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
    from darkroom.domain.catalogue import Catalogue
    from darkroom.domain.file_links import LinkSigner
    from darkroom.domain.job import Job
    from darkroom.domain.ports import Tokens
    from darkroom.domain.web_addresses import WebPolicy
    from darkroom.fetching.web import PublicWeb
    from darkroom.usecases.publish_events import EventPublisher, Outbox


class Ports:
    def __init__(self, settings: Any) -> None:
        """Takes the settings of any function."""
        self.settings = settings
        self.clients = Clients()
        self.clock = SystemClock()
        self.ids = SystemIds()

    def make(self, *names: str) -> None:
        """With the function, and not with its first request."""
        for name in names:
            getattr(self, name)

    # What is stored.

    @cached_property
    def table(self) -> Table:
        return Table(self.clients.get("dynamodb"), self.settings.table_name)

    @cached_property
    def accounts(self) -> DynamoAccounts:
        from darkroom.aws.accounts import DynamoAccounts

        return DynamoAccounts(self.table)

    @cached_property
    def aliases(self) -> DynamoAliases:
        from darkroom.aws.aliases import DynamoAliases

        return DynamoAliases(self.table, self.clock)

    @cached_property
    def collections(self) -> DynamoCollections:
        from darkroom.aws.collections import DynamoCollections

        return DynamoCollections(self.table)

    @cached_property
    def deliveries(self) -> DynamoDeliveries:
        from darkroom.aws.webhooks import DynamoDeliveries

        return DynamoDeliveries(self.table)

    @cached_property
    def images(self) -> S3Images:
        from darkroom.aws.images import S3Images

        return S3Images(lambda: self.clients.get("s3"), self.settings.bucket_name)

    @cached_property
    def jobs(self) -> DynamoJobs:
        from darkroom.aws.jobs import DynamoJobs

        return DynamoJobs(self.table)

    @cached_property
    def keys(self) -> DynamoKeys:
        from darkroom.aws.keys import DynamoKeys

        return DynamoKeys(self.table, self.clock)

    @cached_property
    def library(self) -> DynamoLibrary:
        from darkroom.aws.library import DynamoLibrary

        return DynamoLibrary(self.table)

    @cached_property
    def webhooks(self) -> DynamoWebhooks:
        from darkroom.aws.webhooks import DynamoWebhooks

        return DynamoWebhooks(self.table)

    # What is known of the moment.

    def breaker(self, in_process: Collection[str] = ()) -> DynamoBreaker:
        from darkroom.aws.breakers import DynamoBreaker

        return DynamoBreaker(self.table, self.clock, in_process=in_process)

    @cached_property
    def delivery_limit(self) -> DynamoDeliveryLimit:
        from darkroom.aws.delivery_limit import DynamoDeliveryLimit

        places = int(self.settings.webhooks_per_workspace)
        return DynamoDeliveryLimit(self.table, places, self.clock)

    @cached_property
    def waits(self) -> DynamoWaits:
        from darkroom.aws.waits import DynamoWaits

        return DynamoWaits(
            Table(self.clients.get("dynamodb"), self.settings.waits_table_name),
            per_key=int(self.settings.waits_per_key),
            per_workspace=int(self.settings.waits_per_workspace),
        )

    # Queues.

    @cached_property
    def queue(self) -> SqsImageQueue:
        from darkroom.aws.queue import SqsImageQueue

        urls = (self.settings.images_queue_url, self.settings.backlog_queue_url)
        return SqsImageQueue(self.clients.get("sqs"), *urls)

    @cached_property
    def dead_letters(self) -> SqsDeadLetters:
        from darkroom.aws.queue import SqsDeadLetters

        return SqsDeadLetters(self.clients.get("sqs"), self.settings.dead_letter_queue_url)

    @cached_property
    def delivery_queue(self) -> SqsDeliveryQueue:
        from darkroom.aws.delivery_queue import SqsDeliveryQueue

        urls = (self.settings.webhooks_queue_url, self.settings.slow_webhooks_queue_url)
        return SqsDeliveryQueue(self.clients.get("sqs"), *urls, self.delivery_limit)

    @cached_property
    def failed_records(self) -> SqsFailedRecords:
        from darkroom.aws.delivery_queue import SqsFailedRecords

        return SqsFailedRecords(self.clients.get("sqs"), self.settings.set_aside_queue_url)

    @cached_property
    def intake_queue(self) -> SqsIntakeQueue:
        from darkroom.aws.intake_queue import SqsIntakeQueue

        urls = (self.settings.intake_queue_url, self.settings.intake_dead_letter_queue_url)
        return SqsIntakeQueue(self.clients.get("sqs"), *urls)

    # Who may ask, and for what.

    @cached_property
    def secrets(self) -> DerivedSecrets:
        """For API keys and the addresses of files."""
        return self._derived(self.settings.signing_secret)

    @cached_property
    def webhook_secrets(self) -> DerivedSecrets:
        return self._derived(self.settings.webhook_secret)

    def _derived(self, name: str) -> DerivedSecrets:
        from darkroom.aws.secrets import DerivedSecrets

        return DerivedSecrets(self.clients.get("secretsmanager"), name, self.clock)

    def link_signer(self) -> LinkSigner:
        """The first generation of the secret signs, all verify."""
        from darkroom.domain.file_links import LinkSigner

        numbers = self.secrets.generations()
        return LinkSigner(
            {str(number): self.secrets.derive(f"file-links/{number}", number) for number in numbers}
        )

    @cached_property
    def tokens(self) -> Tokens | None:
        if not self.settings.jwt_issuer:
            return None
        # Most deployments know no tokens, and cryptography is slow to load.
        from darkroom.identity.published_keys import key_fetcher
        from darkroom.identity.tokens import JwtTokens

        return JwtTokens(
            issuer=self.settings.jwt_issuer,
            audience=self.settings.jwt_audience,
            fetch=key_fetcher(self.settings.jwt_jwks_url),
            clock=self.clock,
        )

    @cached_property
    def catalogue(self) -> Catalogue:
        from darkroom.bootstrap.catalogue import load_catalogue

        return load_catalogue(self.settings)

    # The web.

    @cached_property
    def web_policy(self) -> WebPolicy:
        from darkroom.bootstrap.catalogue import names
        from darkroom.domain.web_addresses import WebPolicy

        return WebPolicy(allowed_hosts=names(self.settings.fetch_from))

    @cached_property
    def web(self) -> PublicWeb:
        from darkroom.fetching.web import PublicWeb

        return PublicWeb(self.web_policy)

    # Events.

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
