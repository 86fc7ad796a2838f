"""The stack's table, queues, bucket, bus and secret in moto, as the template defines them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto import mock_aws

from tests.faster_moto import faster_moto

TABLE = {
    "TableName": "darkroom-test",
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ],
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "S"},
        {"AttributeName": "due_shard", "AttributeType": "S"},
        {"AttributeName": "due_at", "AttributeType": "N"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "due",
            "KeySchema": [
                {"AttributeName": "due_shard", "KeyType": "HASH"},
                {"AttributeName": "due_at", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
}
WAITS = {
    "TableName": "darkroom-test-waits",
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
}
BUCKET = "darkroom-test-images"
QUEUE, DEAD_LETTERS = "darkroom-test-images", "darkroom-test-dead-letters"
QUEUES = {
    "IMAGES_QUEUE_URL": QUEUE,
    "BACKLOG_QUEUE_URL": "darkroom-test-images-backlog",
    "DEAD_LETTER_QUEUE_URL": DEAD_LETTERS,
    "WEBHOOKS_QUEUE_URL": "darkroom-test-webhooks",
    "SLOW_WEBHOOKS_QUEUE_URL": "darkroom-test-slow-webhooks",
    "INTAKE_QUEUE_URL": "darkroom-test-intake",
    "INTAKE_DEAD_LETTER_QUEUE_URL": "darkroom-test-intake-dead-letters",
    "SET_ASIDE_QUEUE_URL": "darkroom-test-set-aside",
}
BUS = "darkroom-test"
SECRETS = {"SIGNING_SECRET": "darkroom-test-secret", "WEBHOOK_SECRET": "darkroom-test-webhooks"}
COMMON = {"STAGE": "test", "LOG_LEVEL": "INFO", "TABLE_NAME": TABLE["TableName"]}


@contextmanager
def moto_world(*, own_clients: bool = False) -> Iterator[dict[str, str]]:
    """Everything made, and the environment of all functions together.

    `own_clients`: the test changes its clients for good.
    """
    with mock_aws(), faster_moto(own_clients=own_clients):
        for table in (TABLE, WAITS):
            boto3.client("dynamodb").create_table(**table)
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        sqs = boto3.client("sqs")
        for name in SECRETS.values():
            boto3.client("secretsmanager").create_secret(Name=name, SecretString="s" * 64)
        boto3.client("events").create_event_bus(Name=BUS)
        yield {
            **COMMON,
            "BUCKET_NAME": BUCKET,
            **{
                variable: sqs.create_queue(QueueName=name)["QueueUrl"]
                for variable, name in QUEUES.items()
            },
            "EVENT_BUS_NAME": BUS,
            **SECRETS,
            "WAITS_TABLE_NAME": WAITS["TableName"],
            "WAITS_PER_KEY": "3",
            "WAITS_PER_WORKSPACE": "5",
            "WAITS_PER_FUNCTION": "",
            "LEASE_SECONDS": "30",
            "WORKSPACE_SHARE": "5",
            "WEBHOOKS_PER_WORKSPACE": "2",
            "PROVIDERS": "painter",
            "PUBLIC_URL": "",
            "FILES_URL": "",
            "MEDIA_DAYS": "0",
            "CDN_KEY": "",
            "PROVIDER_SECRETS": "darkroom/test/",
            "STAND_IN": "1",
            "FETCH_FROM": "localhost,127.0.0.1",
            "WRITER_URL": "",
            "WRITER_MODEL": "",
            "WRITER_SECRET": "",
            "JWT_ISSUER": "",
            "JWT_AUDIENCE": "",
            "JWT_JWKS_URL": "",
        }
