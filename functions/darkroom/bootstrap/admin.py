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
from darkroom.aws.refused_letters import SqsRefusedLetters
from darkroom.aws.secrets import DerivedSecrets, KeptGenerations
from darkroom.aws.session import Clients
from darkroom.aws.stack import stack_outputs
from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
from darkroom.bootstrap.catalogue import names
from darkroom.bootstrap.provider_keys import ProviderKeys
from darkroom.domain.intake import RefusedLetters
from darkroom.domain.money import Account
from darkroom.domain.ports import Accounts, Clock
from darkroom.domain.telling import Deliveries, Webhooks
from darkroom.providers.sender import HttpSender
from darkroom.settings import AdminSettings
from darkroom.system import SystemClock, SystemIds
from darkroom.usecases.keep_keys import KeyRing
from darkroom.usecases.open_workspace import Limits, open_workspace
from darkroom.usecases.reconcile import reconcile, recount_storage
from darkroom.usecases.replace_secret import SecretKeeper, Which


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    accounts: Accounts
    clock: Clock
    key_ring: KeyRing
    aliases: DynamoAliases
    open_workspace: Callable[[str, int, Limits, str], Account]
    reconcile: Callable[[Account], Iterator[str]]
    recount_storage: Callable[[str], None]
    provider_keys: ProviderKeys
    secrets: SecretKeeper
    webhooks: Webhooks
    deliveries: Deliveries
    # A client of the queue is only made for who asks; None: nobody has said which queue.
    refused_letters: Callable[[], RefusedLetters] | None


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


def office(settings: AdminSettings) -> Office:
    clients, clock = Clients(), SystemClock()
    dynamodb = clients.get("dynamodb")
    accounts = DynamoAccounts(dynamodb, settings.table_name)
    keys = DynamoKeys(dynamodb, settings.table_name, clock)
    webhooks = DynamoWebhooks(dynamodb, settings.table_name)
    secrets = clients.get("secretsmanager")
    library = DynamoLibrary(dynamodb, settings.table_name)
    return Office(
        accounts=accounts,
        clock=clock,
        key_ring=KeyRing(
            environment=settings.stage,
            keys=keys,
            accounts=accounts,
            secrets=DerivedSecrets(secrets, settings.signing_secret, clock),
            clock=clock,
            ids=SystemIds(),
        ),
        aliases=DynamoAliases(dynamodb, settings.table_name, clock),
        open_workspace=partial(open_workspace, accounts=accounts, clock=clock),
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
        secrets=SecretKeeper(
            kept={
                Which.SIGNING: KeptGenerations(secrets, settings.signing_secret),
                Which.WEBHOOKS: KeptGenerations(secrets, settings.webhook_secret),
            },
            accounts=accounts,
            keys=keys,
            webhooks=webhooks,
            clock=clock,
            ids=SystemIds(),
        ),
        webhooks=webhooks,
        deliveries=DynamoDeliveries(dynamodb, settings.table_name),
        refused_letters=_refused_letters(clients, settings.intake_dead_letter_queue_url),
    )


def _refused_letters(clients: Clients, url: str) -> Callable[[], RefusedLetters] | None:
    return (lambda: SqsRefusedLetters(clients.get("sqs"), url)) if url else None
