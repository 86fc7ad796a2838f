"""Queries that go on until there is no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from darkroom.aws.values import to_item


def items_under(client: Any, table: str, pk: str, prefix: str) -> Iterator[dict[str, Any]]:
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues=to_item({":pk": pk, ":prefix": prefix}),
        ConsistentRead=True,
    )
    for page in pages:
        yield from page["Items"]
