"""Queries of what lies under a prefix: all of it, or a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import count
from types import MappingProxyType
from typing import Any

from darkroom.aws.records import partition
from darkroom.aws.values import to_item

# The items, and where to go on from, if there may be more.
Page = tuple[list[dict[str, Any]], str | None]
# Names are ids: digits, letters and dashes.
_AFTER_ALL_NAMES = "~"


def items_under(client: Any, table: str, pk: str, prefix: str) -> Iterator[dict[str, Any]]:
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues=to_item({":pk": pk, ":prefix": prefix}),
        ConsistentRead=True,
    )
    for page in pages:
        yield from page["Items"]


def due_items(
    client: Any, table: str, shards: Iterable[str], *, now: datetime, limit: int
) -> Iterator[dict[str, Any]]:
    """The keys of what is due, the longest due first in each shard."""
    for shard in shards:
        yield from client.query(
            TableName=table,
            IndexName="due",
            KeyConditionExpression="due_shard = :shard AND due_at <= :now",
            ExpressionAttributeValues=to_item({":shard": shard, ":now": now.timestamp()}),
            Limit=limit,
        )["Items"]


def keys_in_due(
    client: Any, table: str, shards: Iterable[str], workspace: str
) -> Iterator[dict[str, Any]]:
    """Of everything of a workspace that waits for its time, however far that is."""
    for shard in shards:
        pages = client.get_paginator("query").paginate(
            TableName=table,
            IndexName="due",
            KeyConditionExpression="due_shard = :shard",
            FilterExpression="pk = :pk",
            ExpressionAttributeValues=to_item({":shard": shard, ":pk": partition(workspace)}),
        )
        for page in pages:
            yield from page["Items"]


def page_of(
    client: Any,
    table: str,
    workspace: str,
    prefix: str,
    *,
    limit: int,
    after: str | None,
    before: str | None,
    names: tuple[str, str] | None = None,
    most_bites: int | None = None,
    equal: Mapping[str, str | None] = MappingProxyType({}),
) -> Page:
    """Those after (older than) or before (newer than) one.

    `names`: between which theirs lie. `equal`: what their attributes must be; None: whatever they
    are. With `most_bites` a page of them may be short.
    """
    low, high = names or ("", _AFTER_ALL_NAMES)
    values = {":pk": partition(workspace), ":low": prefix + low, ":high": prefix + high}
    query: dict[str, Any] = {
        "TableName": table,
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
        "ScanIndexForward": before is not None,
        # One more than is asked for tells whether another page follows.
        "Limit": limit + 1,
    }
    wanted = {name: value for name, value in equal.items() if value is not None}
    if wanted:
        values |= {f":{name}": value for name, value in wanted.items()}
        query |= {
            "FilterExpression": " AND ".join(f"#{name} = :{name}" for name in wanted),
            "ExpressionAttributeNames": {f"#{name}": name for name in wanted},
        }
    beside = before or after
    if beside and (beside > high if before else beside < low):
        return [], None
    if beside and low <= beside <= high:
        query["ExclusiveStartKey"] = to_item({"pk": partition(workspace), "sk": prefix + beside})
    found: list[dict[str, Any]] = []
    last: dict[str, Any] | None = None
    # A query stops at a megabyte, and a filter may leave nothing of it.
    for bites in count(1):
        answer = client.query(**query, ExpressionAttributeValues=to_item(values))
        found += answer["Items"]
        last = answer.get("LastEvaluatedKey")
        if last is None or len(found) > limit or bites == most_bites:
            break
        query["ExclusiveStartKey"] = last
        # What is rare lies far apart: it is not to be looked for in small steps.
        query.pop("Limit", None)
    page = found[:limit]
    if len(found) > limit:
        last = page[-1]
    if before is not None:
        page.reverse()
    return page, last["sk"]["S"].removeprefix(prefix) if last else None
