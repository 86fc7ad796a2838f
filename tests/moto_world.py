"""The stack's table, queue, bucket and secret in moto, as the template defines them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto import mock_aws

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
BUCKET = "darkroom-test-images"
QUEUE, DEAD_LETTERS = "darkroom-test-images", "darkroom-test-dead-letters"
SECRET = "darkroom-test-secret"
COMMON = {"STAGE": "test", "LOG_LEVEL": "INFO", "TABLE_NAME": TABLE["TableName"]}


@contextmanager
def moto_world() -> Iterator[dict[str, str]]:
    """Everything made, and the environment of all functions together."""
    with mock_aws():
        boto3.client("dynamodb").create_table(**TABLE)
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        sqs = boto3.client("sqs")
        boto3.client("secretsmanager").create_secret(Name=SECRET, SecretString="s" * 64)
        yield {
            **COMMON,
            "BUCKET_NAME": BUCKET,
            "IMAGES_QUEUE_URL": sqs.create_queue(QueueName=QUEUE)["QueueUrl"],
            "DEAD_LETTER_QUEUE_URL": sqs.create_queue(QueueName=DEAD_LETTERS)["QueueUrl"],
            "SIGNING_SECRET": SECRET,
            "LEASE_SECONDS": "30",
            "PROVIDERS": "painter",
            "PUBLIC_URL": "",
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
