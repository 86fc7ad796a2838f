"""The operator's command, wired."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from darkroom.aws.rejected_messages import SqsRejectedMessages
from darkroom.aws.secrets import SecretGenerations
from darkroom.aws.session import Clients
from darkroom.aws.stack import stack_outputs
from darkroom.bootstrap.catalogue import names
from darkroom.bootstrap.ports import SigningPorts, WebhookSecretPorts
from darkroom.bootstrap.provider_keys import ProviderKeys
from darkroom.domain.intake import RejectedMessages
from darkroom.domain.money import Account
from darkroom.providers.sender import HttpSender
from darkroom.settings import AdminSettings
from darkroom.usecases.create_workspace import Limits, create_workspace
from darkroom.usecases.keys import KeyService
from darkroom.usecases.reconcile import reconcile, recount_storage
from darkroom.usecases.secret_rotation import SecretName, SecretRotation


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


class AdminServices(SigningPorts, WebhookSecretPorts):
    settings: AdminSettings

    def create_workspace(self, workspace: str, grant: int, limits: Limits, tier: str) -> Account:
        return create_workspace(
            workspace, grant, limits, tier, accounts=self.accounts, clock=self.clock
        )

    def reconcile(self, account: Account) -> Iterator[str]:
        return reconcile(account, accounts=self.accounts, jobs=self.jobs, library=self.library)

    def recount_storage(self, workspace: str) -> None:
        recount_storage(workspace, accounts=self.accounts, library=self.library)

    @cached_property
    def key_service(self) -> KeyService:
        return KeyService(
            environment=self.settings.stage,
            keys=self.keys,
            accounts=self.accounts,
            secrets=self.secrets,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def provider_keys(self) -> ProviderKeys:
        return ProviderKeys(
            enabled=names(self.settings.providers),
            prefix=self.settings.provider_secrets,
            secrets=self.clients.get("secretsmanager"),
            sender=HttpSender({}),
        )

    @cached_property
    def secret_rotation(self) -> SecretRotation:
        client = self.clients.get("secretsmanager")
        return SecretRotation(
            kept={
                SecretName.SIGNING: SecretGenerations(client, self.settings.signing_secret),
                SecretName.WEBHOOKS: SecretGenerations(client, self.settings.webhook_secret),
            },
            accounts=self.accounts,
            keys=self.keys,
            webhooks=self.webhooks,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def rejected_messages(self) -> RejectedMessages | None:
        """None: no queue is configured."""
        url = self.settings.intake_dead_letter_queue_url
        return SqsRejectedMessages(self.clients.get("sqs"), url) if url else None
