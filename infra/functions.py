"""One row a Lambda. A new Lambda is a new row, and a module of its name in darkroom.handlers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from darkroom.settings import (
    Settings,
    StatusSettings,
    SubmitSettings,
    SweeperSettings,
    WorkerSettings,
)
from infra.bundling import API, WORKER, Dependencies
from infra.constructs.queue import WorkQueue
from infra.constructs.secret import SigningSecret
from infra.constructs.storage import DUE_INDEX, ImageBucket, JobTable
from infra.options import Options
from infra.provider_rows import BEDROCK, is_keyless

# A little less than the 30 s after which API Gateway stops waiting: the function fails in its own
# name, with a log line, rather than being cut off.
API_TIMEOUT_SECONDS = 29
# CPU follows memory, a whole core at 1,769 MB. A cold start is all CPU, and so is most of what a
# warm request spends beside waiting for AWS: twice the memory halves that for the same price, and
# makes only the waiting dearer.
API_MEMORY_MB = 1024
# A little more than one core, all that Pillow uses, and room for a few 4096 px images decoded at
# 64 MB each.
WORKER_MEMORY_MB = 2048
SWEEPER_MEMORY_MB = 512
SWEEPER_TIMEOUT_SECONDS = 55


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What the functions share."""

    table: JobTable
    bucket: ImageBucket
    images: WorkQueue
    signing_secret: SigningSecret


Grant = Callable[[Resources], iam.PolicyStatement]


@dataclass(frozen=True, slots=True)
class Routes:
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consumes:
    queue: Callable[[Resources], WorkQueue]
    max_concurrency: int


@dataclass(frozen=True, slots=True)
class EveryMinute:
    pass


Trigger = Routes | Consumes | EveryMinute


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRow:
    name: str
    settings: type[Settings]
    trigger: Trigger
    grants: tuple[Grant, ...]
    dependencies: Dependencies
    memory_mb: int
    timeout_seconds: int
    reserved_concurrency: int | None = None
    # Whether it sends to the queue that it takes from: AWS would stop it after sixteen rounds.
    sends_to_itself: bool = False


def may(*actions: str, on: Callable[[Resources], str]) -> Grant:
    def grant(resources: Resources) -> iam.PolicyStatement:
        return iam.PolicyStatement(actions=list(actions), resources=[on(resources)])

    return grant


def table(resources: Resources) -> str:
    """The table alone, without its indexes."""
    return resources.table.table_arn


def objects(resources: Resources) -> str:
    return resources.bucket.arn_for_objects("*")


def uploads(resources: Resources) -> str:
    """Where files lie as they were sent."""
    return resources.bucket.arn_for_objects("uploads/*")


def _writers_key(options: Options) -> tuple[Grant, ...]:
    secret = options.writer.secret
    return (may("secretsmanager:GetSecretValue", on=lambda _: secret),) if secret else ()


def provider_secrets(stage: str) -> str:
    """What the names of the providers' secrets begin with. The operator makes them, one a provider:
    a key is no part of a template.
    """
    return f"darkroom/{stage}/"


def _providers_keys(options: Options) -> tuple[Grant, ...]:
    prefix = provider_secrets(options.stage)
    # Secrets Manager ends each ARN with six characters of its own.
    return tuple(
        may("secretsmanager:GetSecretValue", on=_named_secret(f"{prefix}{name}-??????"))
        for name in options.providers
        if not is_keyless(name)
    )


def _bedrock(options: Options) -> tuple[Grant, ...]:
    if BEDROCK not in options.providers:
        return ()
    return (
        may("bedrock:InvokeModel", on=lambda _: "arn:aws:bedrock:*::foundation-model/*"),
        may("bedrock:InvokeModel", on=lambda _: "arn:aws:bedrock:*:*:inference-profile/*"),
    )


def _named_secret(name: str) -> Callable[[Resources], str]:
    def arn(resources: Resources) -> str:
        return cdk.Stack.of(resources.table).format_arn(
            service="secretsmanager",
            resource="secret",
            resource_name=name,
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )

    return arn


def due_index(resources: Resources) -> str:
    return f"{resources.table.table_arn}/index/{DUE_INDEX}"


def dead_letters(resources: Resources) -> str:
    return resources.images.dead_letters.queue_arn


def images_queue(resources: Resources) -> str:
    return resources.images.queue.queue_arn


def signing_secret(resources: Resources) -> str:
    return resources.signing_secret.arn


def function_rows(options: Options) -> tuple[FunctionRow, ...]:
    return (
        FunctionRow(
            name="submit",
            settings=SubmitSettings,
            trigger=Routes(("$default",)),
            grants=(
                # A transaction is authorised as the puts and updates that it is made of.
                may(
                    "dynamodb:GetItem",
                    "dynamodb:BatchGetItem",
                    "dynamodb:Query",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                    "dynamodb:DeleteItem",
                    "dynamodb:BatchWriteItem",
                    on=table,
                ),
                # So is a batch of messages.
                may("sqs:SendMessage", on=images_queue),
                may("s3:PutObject", "s3:GetObject", on=uploads),
                may("s3:DeleteObject", on=objects),
                may("secretsmanager:GetSecretValue", on=signing_secret),
            ),
            dependencies=API,
            memory_mb=API_MEMORY_MB,
            timeout_seconds=API_TIMEOUT_SECONDS,
        ),
        FunctionRow(
            name="status",
            settings=StatusSettings,
            # `{proxy+}` stands for at least one segment, so the root is a route of its own.
            trigger=Routes(("GET /{proxy+}", "GET /", "HEAD /{proxy+}", "HEAD /")),
            grants=(
                may("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", on=table),
                may("s3:GetObject", on=objects),
                may("secretsmanager:GetSecretValue", on=signing_secret),
            ),
            dependencies=API,
            memory_mb=API_MEMORY_MB,
            timeout_seconds=API_TIMEOUT_SECONDS,
        ),
        FunctionRow(
            name="worker",
            settings=WorkerSettings,
            trigger=Consumes(
                lambda resources: resources.images, max_concurrency=options.worker_concurrency
            ),
            grants=(
                may(
                    "dynamodb:GetItem",
                    "dynamodb:BatchGetItem",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                    on=table,
                ),
                *_writers_key(options),
                *_providers_keys(options),
                *_bedrock(options),
                # The size of an image that a dead worker left is asked for with HeadObject, which
                # is authorised as GetObject.
                may("s3:PutObject", "s3:GetObject", "s3:DeleteObject", on=objects),
                may(
                    "sqs:ReceiveMessage",
                    "sqs:DeleteMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:ChangeMessageVisibility",
                    # Of what is to be looked at again: a try that failed, an image in the making.
                    "sqs:SendMessage",
                    on=images_queue,
                ),
            ),
            dependencies=WORKER,
            memory_mb=WORKER_MEMORY_MB,
            timeout_seconds=options.worker_timeout,
            reserved_concurrency=options.reserved_concurrency,
            sends_to_itself=True,
        ),
        FunctionRow(
            name="sweeper",
            settings=SweeperSettings,
            trigger=EveryMinute(),
            grants=(
                may("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", on=table),
                may("dynamodb:Query", on=due_index),
                may("s3:DeleteObject", on=objects),
                may("sqs:SendMessage", on=images_queue),
                may("sqs:ReceiveMessage", "sqs:DeleteMessage", on=dead_letters),
            ),
            dependencies=API,
            memory_mb=SWEEPER_MEMORY_MB,
            # Less than its minute: two sweeps would only find what the first has in hand.
            timeout_seconds=SWEEPER_TIMEOUT_SECONDS,
        ),
    )
