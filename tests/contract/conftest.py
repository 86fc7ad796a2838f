"""Each port twice: in memory and on AWS's own interfaces. Both must keep the same promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from darkroom.aws.accounts import DynamoAccounts
from darkroom.aws.collections import DynamoCollections
from darkroom.aws.images import S3Images
from darkroom.aws.jobs import DynamoJobs
from darkroom.aws.keys import DynamoKeys
from darkroom.aws.library import DynamoLibrary
from darkroom.aws.queue import SqsImageQueue
from darkroom.aws.session import Clients
from darkroom.aws.table import Table
from darkroom.aws.values import from_item
from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
from tests.builders import account, grant
from tests.fakes.event_ports import FakeDeliveries, FakeWebhooks
from tests.fakes.store import (
    FakeAccounts,
    FakeCollections,
    FakeImages,
    FakeJobs,
    FakeKeys,
    FakeLibrary,
    FakeQueue,
    FakeTable,
)
from tests.fakes.world import FakeClock
from tests.moto_world import moto_world

MEDIA_LIFE = timedelta(days=30)


@dataclass
class Store:
    jobs: Any
    accounts: Any
    keys: Any
    queue: Any
    images: Any
    library: Any
    collections: Any
    webhooks: Any
    deliveries: Any
    ledger: Any  # () -> [(kind, amount, job)], in no order


@pytest.fixture(params=["memory", "aws"])
def store(request):
    if request.param == "memory":
        yield _in_memory()
    else:
        with moto_world() as environment:
            yield _on_aws(environment)


@pytest.fixture
def funded(store):
    """A workspace with 100 credits."""
    opened = account()
    store.accounts.open(opened, grant(opened))
    return store


def _in_memory():
    table = FakeTable(MEDIA_LIFE)
    return Store(
        jobs=FakeJobs(table),
        accounts=FakeAccounts(table),
        keys=FakeKeys(),
        queue=FakeQueue(),
        images=FakeImages(),
        library=FakeLibrary(table),
        collections=FakeCollections(table),
        webhooks=FakeWebhooks(),
        deliveries=FakeDeliveries(),
        ledger=lambda: [(entry.kind, entry.amount, entry.job) for entry in table.ledger],
    )


def _on_aws(environment):
    clients, table = Clients(), environment["TABLE_NAME"]
    dynamodb = clients.get("dynamodb")

    def ledger():
        items = [from_item(item) for item in dynamodb.scan(TableName=table)["Items"]]
        return [
            (item["kind"], item["amount"], item.get("job"))
            for item in items
            if item["sk"].startswith("LEDGER#")
        ]

    return Store(
        jobs=DynamoJobs(Table(dynamodb, table), MEDIA_LIFE),
        accounts=DynamoAccounts(Table(dynamodb, table)),
        keys=DynamoKeys(Table(dynamodb, table), FakeClock()),
        queue=SqsImageQueue(
            clients.get("sqs"), environment["IMAGES_QUEUE_URL"], environment["BACKLOG_QUEUE_URL"]
        ),
        images=S3Images(lambda: clients.get("s3"), environment["BUCKET_NAME"]),
        library=DynamoLibrary(Table(dynamodb, table), MEDIA_LIFE),
        collections=DynamoCollections(Table(dynamodb, table)),
        webhooks=DynamoWebhooks(Table(dynamodb, table)),
        deliveries=DynamoDeliveries(Table(dynamodb, table)),
        ledger=ledger,
    )
