"""The operator's command, wired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from darkroom.aws.accounts import DynamoAccounts
from darkroom.aws.aliases import DynamoAliases
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.keys import DynamoKeys
from darkroom.aws.library import DynamoLibrary
from darkroom.aws.rejected_messages import SqsRejectedMessages
from darkroom.aws.secrets import DerivedSecrets, SecretGenerations
from darkroom.aws.session import Clients
from darkroom.aws.stack import stack_outputs
from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
from darkroom.bootstrap.catalogue import names
from darkroom.bootstrap.provider_keys import ProviderKeys
from darkroom.clock_and_ids import SystemClock, SystemIds
from darkroom.domain.event_ports import Deliveries, Webhooks
from darkroom.domain.intake import RejectedMessages
from darkroom.domain.money import Account
from darkroom.domain.ports import Accounts, Clock
from darkroom.providers.sender import HttpSender
from darkroom.settings import AdminSettings
from darkroom.usecases.create_workspace import Limits, create_workspace
from darkroom.usecases.keys import KeyService
from darkroom.usecases.reconcile import reconcile, recount_storage
from darkroom.usecases.secret_rotation import SecretName, SecretRotation


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminServices:
    accounts: Accounts
    clock: Clock
    key_service: KeyService
    aliases: DynamoAliases
    create_workspace: Callable[[str, int, Limits, str], Account]
    reconcile: Callable[[Account], Iterator[str]]
    recount_storage: Callable[[str], None]
    provider_keys: ProviderKeys
    secrets: SecretRotation
    webhooks: Webhooks
    deliveries: Deliveries
    # The queue's client is only made when it is used; None: no queue is configured.
    rejected_messages: Callable[[], RejectedMessages] | None


def settings_of(stack: str) -> AdminSettings:
    """As the stack's outputs have them. Raises LookupError."""
    outputs = stack_outputs(Clients().get("cloudformation"), stack)
    return AdminSettings(
        stage=stack.removeprefix("darkroom-"),
        table_name=outputs["TableName"],
        signing_secret=outputs["SigningSecretArn"],
        webhook_secret=outputs["WebhookSecretArn"],
        providers=outputs.get("Providers", ""),
        provider_secrets=outputs.get("ProviderSecrets", ""),
        intake_dead_letter_queue_url=outputs.get("IntakeDeadLetterQueueUrl", ""),
    )


def admin_services(settings: AdminSettings) -> AdminServices:
    clients, clock = Clients(), SystemClock()
    dynamodb = clients.get("dynamodb")
    accounts = DynamoAccounts(dynamodb, settings.table_name)
    keys = DynamoKeys(dynamodb, settings.table_name, clock)
    webhooks = DynamoWebhooks(dynamodb, settings.table_name)
    secrets = clients.get("secretsmanager")
    library = DynamoLibrary(dynamodb, settings.table_name)
    return AdminServices(
        accounts=accounts,
        clock=clock,
        key_service=KeyService(
            environment=settings.stage,
            keys=keys,
            accounts=accounts,
            secrets=DerivedSecrets(secrets, settings.signing_secret, clock),
            clock=clock,
            ids=SystemIds(),
        ),
        aliases=DynamoAliases(dynamodb, settings.table_name, clock),
        create_workspace=partial(create_workspace, accounts=accounts, clock=clock),
        reconcile=partial(
            reconcile,
            accounts=accounts,
            jobs=DynamoJobs(dynamodb, settings.table_name),
            library=library,
        ),
        recount_storage=partial(recount_storage, accounts=accounts, library=library),
        provider_keys=ProviderKeys(
            enabled=names(settings.providers),
            prefix=settings.provider_secrets,
            secrets=secrets,
            sender=HttpSender({}),
        ),
        secrets=SecretRotation(
            kept={
                SecretName.SIGNING: SecretGenerations(secrets, settings.signing_secret),
                SecretName.WEBHOOKS: SecretGenerations(secrets, settings.webhook_secret),
            },
            accounts=accounts,
            keys=keys,
            webhooks=webhooks,
            clock=clock,
            ids=SystemIds(),
        ),
        webhooks=webhooks,
        deliveries=DynamoDeliveries(dynamodb, settings.table_name),
        rejected_messages=_rejected_messages(clients, settings.intake_dead_letter_queue_url),
    )


def _rejected_messages(clients: Clients, url: str) -> Callable[[], RejectedMessages] | None:
    return (lambda: SqsRejectedMessages(clients.get("sqs"), url)) if url else None
