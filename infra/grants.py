"""What a role may do, and on what: the words of which the rows of functions.py are made."""

from __future__ import annotations

from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from infra.constructs.queue import WorkQueue
from infra.constructs.storage import DUE_INDEX
from infra.options import Options
from infra.provider_rows import BEDROCK, is_keyless, models_of
from infra.resources import Resources

ResourceArn = Callable[[Resources], str]
Grant = Callable[[Resources], iam.PolicyStatement]


def allow(*actions: str, on: ResourceArn) -> Grant:
    def grant(resources: Resources) -> iam.PolicyStatement:
        return iam.PolicyStatement(actions=list(actions), resources=[on(resources)])

    return grant


def table(resources: Resources) -> str:
    """The table alone, without its indexes."""
    return resources.table.table_arn


def waits(resources: Resources) -> str:
    return resources.waits.table_arn


def due_index(resources: Resources) -> str:
    return f"{resources.table.table_arn}/index/{DUE_INDEX}"


def stream(resources: Resources) -> str:
    return resources.table.stream_arn


def all_streams(resources: Resources) -> str:
    """Of the table: who lists them does not know their names yet."""
    return resources.table.all_streams_arn


def objects(resources: Resources) -> str:
    return resources.bucket.arn_for_objects("*")


def uploads(resources: Resources) -> str:
    """Where files lie as they were sent."""
    return resources.bucket.arn_for_objects("uploads/*")


def images_queue(resources: Resources) -> str:
    return resources.images.queue.queue_arn


def backlog_queue(resources: Resources) -> str:
    return resources.backlog.queue.queue_arn


def images_dead_letters(resources: Resources) -> str:
    return resources.images.dead_letters.queue_arn


def webhooks_queue(resources: Resources) -> str:
    return resources.webhooks.queue.queue_arn


def slow_webhooks_queue(resources: Resources) -> str:
    return resources.slow_webhooks.queue.queue_arn


def intake_queue(resources: Resources) -> str:
    return resources.intake.queue.queue_arn


def intake_dead_letters(resources: Resources) -> str:
    return resources.intake.dead_letters.queue_arn


def set_aside(resources: Resources) -> str:
    return resources.set_aside.queue_arn


def bus(resources: Resources) -> str:
    return resources.bus.event_bus_arn


def signing_secret(resources: Resources) -> str:
    return resources.signing_secret.arn


def webhook_secret(resources: Resources) -> str:
    return resources.webhook_secret.arn


def consume(queue: Callable[[Resources], WorkQueue]) -> Grant:
    return allow(
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ChangeMessageVisibility",
        on=lambda resources: queue(resources).queue.queue_arn,
    )


def provider_secrets(stage: str) -> str:
    """What the names of the providers' secrets begin with. The operator makes them, one a provider:
    a key is no part of a template.
    """
    return f"darkroom/{stage}/"


def providers_keys(options: Options) -> tuple[Grant, ...]:
    prefix = provider_secrets(options.stage)
    # Secrets Manager ends each ARN with six characters of its own.
    return tuple(
        allow("secretsmanager:GetSecretValue", on=_named_secret(f"{prefix}{name}-??????"))
        for name in options.providers
        if not is_keyless(name)
    )


def writers_key(options: Options) -> tuple[Grant, ...]:
    secret = options.writer.secret
    return (allow("secretsmanager:GetSecretValue", on=lambda _: secret),) if secret else ()


def bedrock(options: Options) -> tuple[Grant, ...]:
    if BEDROCK not in options.providers:
        return ()
    # The worker asks in its own region.
    return tuple(
        allow("bedrock:InvokeModel", on=_foundation_model(model)) for model in models_of(BEDROCK)
    )


def _foundation_model(name: str) -> ResourceArn:
    def arn(resources: Resources) -> str:
        # A model belongs to no account.
        return cdk.Stack.of(resources.table).format_arn(
            service="bedrock", account="", resource="foundation-model", resource_name=name
        )

    return arn


def _named_secret(name: str) -> ResourceArn:
    def arn(resources: Resources) -> str:
        return cdk.Stack.of(resources.table).format_arn(
            service="secretsmanager",
            resource="secret",
            resource_name=name,
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )

    return arn
