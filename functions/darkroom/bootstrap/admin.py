"""The operator's command, wired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from darkroom.aws.audit_log import DynamoAuditLog
from darkroom.aws.queue import SqsImageQueue
from darkroom.aws.rejected_messages import SqsRejectedMessages
from darkroom.aws.secrets import SecretGenerations
from darkroom.aws.session import Clients
from darkroom.aws.stack import stack_outputs
from darkroom.aws.workspace_contents import AwsWorkspaceContents
from darkroom.bootstrap.catalogue import names
from darkroom.bootstrap.ports import (
    BucketPorts,
    ImageQueuePorts,
    SigningPorts,
    WebhookSecretPorts,
)
from darkroom.bootstrap.provider_keys import ProviderKeys
from darkroom.domain.intake import RejectedMessages
from darkroom.domain.job import Job
from darkroom.domain.money import Account
from darkroom.domain.operations import Caller, CancelJob
from darkroom.domain.workspace_contents import Contents
from darkroom.providers.sender import HttpSender
from darkroom.settings import AdminSettings
from darkroom.usecases.create_workspace import Limits, create_workspace
from darkroom.usecases.delete_workspace import contents_to_delete, delete_workspace
from darkroom.usecases.jobs import cancel_job
from darkroom.usecases.keys import KeyService
from darkroom.usecases.reconcile import reconcile, recount_storage
from darkroom.usecases.retry_job import retry_job
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
        bucket_name=outputs.get("BucketName", ""),
        media_days=outputs.get("MediaDays", "0"),
        images_queue_url=outputs.get("ImagesQueueUrl", ""),
        backlog_queue_url=outputs.get("BacklogQueueUrl", ""),
    )


class AdminServices(BucketPorts, ImageQueuePorts, SigningPorts, WebhookSecretPorts):
    settings: AdminSettings

    def caller_arn(self) -> str:
        """Whose credentials these are, as AWS names them."""
        return str(self.clients.get("sts").get_caller_identity()["Arn"])

    @cached_property
    def audit_log(self) -> DynamoAuditLog:
        return DynamoAuditLog(self.table)

    def create_workspace(self, workspace: str, grant: int, limits: Limits, tier: str) -> Account:
        return create_workspace(
            workspace, grant, limits, tier, accounts=self.accounts, clock=self.clock
        )

    def reconcile(self, account: Account) -> Iterator[str]:
        return reconcile(account, accounts=self.accounts, jobs=self.jobs, library=self.library)

    def recount_storage(self, workspace: str) -> None:
        recount_storage(workspace, accounts=self.accounts, library=self.library)

    @cached_property
    def queue(self) -> SqsImageQueue:
        """Raises LookupError where it is not known."""
        if not self.settings.images_queue_url:
            raise LookupError("Which queue? Give --stack, or IMAGES_QUEUE_URL.")
        return super().queue

    def cancel_job(self, job: Job, request_id: str) -> Job:
        """Raises AlreadyFinished."""
        caller = Caller(
            workspace=job.workspace, scopes=frozenset(), key="operator", request_id=request_id
        )
        return cancel_job(
            CancelJob(job=job.id), caller, jobs=self.jobs, queue=self.queue, clock=self.clock
        )

    def retry_job(self, job: Job, request_id: str) -> Job:
        """Raises what a submit raises, and InvalidRequest for a job that has not failed."""
        return retry_job(
            job,
            request_id,
            accounts=self.accounts,
            jobs=self.jobs,
            queue=self.queue,
            clock=self.clock,
            ids=self.ids,
        )

    def contents_to_delete(self, workspace: str) -> Contents:
        return contents_to_delete(
            workspace, accounts=self.accounts, contents=self.workspace_contents
        )

    def delete_workspace(self, workspace: str) -> Mapping[str, int]:
        return delete_workspace(
            workspace, accounts=self.accounts, contents=self.workspace_contents, clock=self.clock
        )

    @cached_property
    def workspace_contents(self) -> AwsWorkspaceContents:
        """Raises LookupError where the bucket is not known."""
        if not self.settings.bucket_name:
            raise LookupError("Which bucket? Give --stack, or BUCKET_NAME.")
        return AwsWorkspaceContents(self.table, self.clients.get("s3"), self.settings.bucket_name)

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
