"""One row a Lambda. A new Lambda is a new row, and a module of its name in darkroom.handlers."""

from __future__ import annotations

from darkroom.settings import (
    IntakeSettings,
    RelaySettings,
    StatusSettings,
    SubmitSettings,
    SweeperSettings,
    WebhookSettings,
    WorkerSettings,
)
from infra.bundling import API, SENDER, WORKER
from infra.constructs.queue import WorkQueue
from infra.function_row import Consumes, EveryMinute, Follows, FunctionRow, Routes
from infra.grants import (
    all_streams,
    allow,
    backlog_queue,
    bedrock,
    bus,
    consume,
    due_index,
    images_dead_letters,
    images_queue,
    intake_dead_letters,
    intake_queue,
    objects,
    providers_keys,
    set_aside,
    signing_secret,
    slow_webhooks_queue,
    stream,
    table,
    uploads,
    waits,
    webhook_secret,
    webhooks_queue,
    writers_key,
)
from infra.options import Options
from infra.resources import Resources

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
RELAY_MEMORY_MB = 512
RELAY_TIMEOUT_SECONDS = 60
WEBHOOK_MEMORY_MB = 512
# Twice what a receiver may take to answer.
WEBHOOK_TIMEOUT_SECONDS = 30


def function_rows(options: Options) -> tuple[FunctionRow, ...]:
    return (
        FunctionRow(
            name="submit",
            settings=SubmitSettings,
            trigger=Routes(("$default",)),
            grants=(
                # A transaction is authorised as the puts and updates that it is made of.
                allow(
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
                allow("sqs:SendMessage", on=images_queue),
                allow("sqs:SendMessage", on=backlog_queue),
                allow("sqs:SendMessage", on=webhooks_queue),
                allow("sqs:SendMessage", on=slow_webhooks_queue),
                allow("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", on=waits),
                allow("s3:PutObject", "s3:GetObject", on=uploads),
                allow("s3:DeleteObject", on=objects),
                allow("secretsmanager:GetSecretValue", on=signing_secret),
                allow("secretsmanager:GetSecretValue", on=webhook_secret),
            ),
            dependencies=API,
            memory_mb=API_MEMORY_MB,
            timeout_seconds=API_TIMEOUT_SECONDS,
            reserved_concurrency=options.api_reserved_concurrency,
            canary=options.canary,
            snapstart=options.snapstart,
        ),
        FunctionRow(
            name="status",
            settings=StatusSettings,
            # `{proxy+}` stands for at least one segment, so the root is a route of its own.
            trigger=Routes(("GET /{proxy+}", "GET /", "HEAD /{proxy+}", "HEAD /")),
            grants=(
                allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", on=table),
                allow("dynamodb:Query", on=due_index),
                allow("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", on=waits),
                allow("s3:GetObject", on=objects),
                allow("secretsmanager:GetSecretValue", on=signing_secret),
                allow("secretsmanager:GetSecretValue", on=webhook_secret),
            ),
            dependencies=API,
            memory_mb=API_MEMORY_MB,
            timeout_seconds=API_TIMEOUT_SECONDS,
            reserved_concurrency=options.api_reserved_concurrency,
            canary=options.canary,
            snapstart=options.snapstart,
        ),
        FunctionRow(
            name="worker",
            settings=WorkerSettings,
            trigger=Consumes((_images, _backlog), max_concurrency=options.worker_concurrency),
            grants=(
                allow(
                    "dynamodb:GetItem",
                    "dynamodb:BatchGetItem",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                    on=table,
                ),
                *writers_key(options),
                *providers_keys(options),
                *bedrock(options),
                # The size of an image that a dead worker left is asked for with HeadObject, which
                # is authorised as GetObject.
                allow("s3:PutObject", "s3:GetObject", "s3:DeleteObject", on=objects),
                consume(_images),
                consume(_backlog),
                # Of what is to be looked at again: a try that failed, an image in the making.
                allow("sqs:SendMessage", on=images_queue),
                allow("sqs:SendMessage", on=backlog_queue),
            ),
            dependencies=WORKER,
            memory_mb=WORKER_MEMORY_MB,
            timeout_seconds=options.worker_timeout,
            reserved_concurrency=options.reserved_concurrency,
            canary=options.canary,
            sends_to_itself=True,
        ),
        FunctionRow(
            name="sweeper",
            settings=SweeperSettings,
            trigger=EveryMinute(),
            grants=(
                allow("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", on=table),
                # Of the library, where images are not kept for ever.
                *([allow("dynamodb:DeleteItem", on=table)] if options.media_days else []),
                allow("dynamodb:Query", on=due_index),
                allow("s3:DeleteObject", on=objects),
                allow("sqs:SendMessage", on=images_queue),
                allow("sqs:SendMessage", on=backlog_queue),
                allow("sqs:SendMessage", on=webhooks_queue),
                allow("sqs:SendMessage", on=slow_webhooks_queue),
                allow("sqs:ReceiveMessage", "sqs:DeleteMessage", on=images_dead_letters),
            ),
            dependencies=API,
            memory_mb=SWEEPER_MEMORY_MB,
            # Less than its minute: two sweeps would only find what the first has in hand.
            timeout_seconds=SWEEPER_TIMEOUT_SECONDS,
        ),
        FunctionRow(
            name="relay",
            settings=RelaySettings,
            trigger=Follows(parallelism=options.size.relay_concurrency),
            grants=(
                allow(
                    "dynamodb:DescribeStream",
                    "dynamodb:GetRecords",
                    "dynamodb:GetShardIterator",
                    on=stream,
                ),
                allow("dynamodb:ListStreams", on=all_streams),
                allow("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", on=table),
                allow("events:PutEvents", on=bus),
                allow("sqs:SendMessage", on=webhooks_queue),
                allow("sqs:SendMessage", on=slow_webhooks_queue),
                allow("sqs:SendMessage", on=set_aside),
                allow("secretsmanager:GetSecretValue", on=signing_secret),
            ),
            dependencies=API,
            memory_mb=RELAY_MEMORY_MB,
            timeout_seconds=RELAY_TIMEOUT_SECONDS,
        ),
        FunctionRow(
            name="webhook",
            settings=WebhookSettings,
            trigger=Consumes(
                (_webhooks, _slow_webhooks), max_concurrency=options.webhook_concurrency
            ),
            grants=(
                allow("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", on=table),
                consume(_webhooks),
                consume(_slow_webhooks),
                # Of what is to be tried again.
                allow("sqs:SendMessage", on=webhooks_queue),
                allow("sqs:SendMessage", on=slow_webhooks_queue),
                allow("secretsmanager:GetSecretValue", on=webhook_secret),
            ),
            dependencies=SENDER,
            memory_mb=WEBHOOK_MEMORY_MB,
            timeout_seconds=WEBHOOK_TIMEOUT_SECONDS,
            sends_to_itself=True,
        ),
        FunctionRow(
            name="intake",
            settings=IntakeSettings,
            trigger=Consumes((_intake,), max_concurrency=options.size.intake_concurrency),
            grants=(
                allow(
                    "dynamodb:GetItem",
                    "dynamodb:BatchGetItem",
                    "dynamodb:Query",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                    on=table,
                ),
                consume(_intake),
                # Of what has to wait for its turn.
                allow("sqs:SendMessage", on=intake_queue),
                allow("sqs:SendMessage", on=intake_dead_letters),
                allow("sqs:SendMessage", on=images_queue),
                allow("sqs:SendMessage", on=backlog_queue),
                allow("sqs:SendMessage", on=webhooks_queue),
                allow("sqs:SendMessage", on=slow_webhooks_queue),
                allow("events:PutEvents", on=bus),
                allow("secretsmanager:GetSecretValue", on=signing_secret),
            ),
            dependencies=API,
            memory_mb=API_MEMORY_MB,
            timeout_seconds=API_TIMEOUT_SECONDS,
            sends_to_itself=True,
        ),
    )


def _images(resources: Resources) -> WorkQueue:
    return resources.images


def _backlog(resources: Resources) -> WorkQueue:
    return resources.backlog


def _webhooks(resources: Resources) -> WorkQueue:
    return resources.webhooks


def _slow_webhooks(resources: Resources) -> WorkQueue:
    return resources.slow_webhooks


def _intake(resources: Resources) -> WorkQueue:
    return resources.intake
