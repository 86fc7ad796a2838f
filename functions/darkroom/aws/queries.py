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
AFTER_ALL_NAMES = "~"


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
) -> tuple[list[dict[str, Any]], bool]:
    """Of what waits for its time in a workspace, however far that is: of each shard a megabyte,
    which is some thousand keys; and whether there may be more.
    """
    found: list[dict[str, Any]] = []
    has_more = False
    for shard in shards:
        page = client.query(
            TableName=table,
            IndexName="due",
            KeyConditionExpression="due_shard = :shard",
            FilterExpression="pk = :pk",
            ExpressionAttributeValues=to_item({":shard": shard, ":pk": partition(workspace)}),
        )
        found += page["Items"]
        has_more = has_more or "LastEvaluatedKey" in page
    return found, has_more


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
    low, high = names or ("", AFTER_ALL_NAMES)
    query = _between(table, workspace, (prefix + low, prefix + high), equal) | {
        "ScanIndexForward": before is not None,
        # One more than is asked for tells whether another page follows.
        "Limit": limit + 1,
    }
    if low > high:
        return [], None
    beside = before or after
    if beside and (beside > high if before else beside < low):
        return [], None
    if beside and low <= beside <= high:
        query["ExclusiveStartKey"] = to_item({"pk": partition(workspace), "sk": prefix + beside})
    found: list[dict[str, Any]] = []
    last: dict[str, Any] | None = None
    # A query stops at a megabyte, and a filter may leave nothing of it.
    for bites in count(1):
        answer = client.query(**query)
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


def count_of(
    client: Any,
    table: str,
    workspace: str,
    prefix: str,
    *,
    names: tuple[str, str] | None = None,
    most_bites: int,
    equal: Mapping[str, str | None],
) -> tuple[int, bool]:
    """How many there are, the newest first, and whether there may be more than were looked at."""
    low, high = names or ("", AFTER_ALL_NAMES)
    query = _between(table, workspace, (prefix + low, prefix + high), equal)
    query |= {"ScanIndexForward": False, "Select": "COUNT"}
    number = 0
    for _ in range(most_bites):
        answer = client.query(**query)
        number += answer["Count"]
        if "LastEvaluatedKey" not in answer:
            return number, False
        query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    return number, True


def _between(
    table: str, workspace: str, ends: tuple[str, str], equal: Mapping[str, str | None]
) -> dict[str, Any]:
    values = {":pk": partition(workspace), ":low": ends[0], ":high": ends[1]}
    query: dict[str, Any] = {
        "TableName": table,
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
    }
    wanted = {name: value for name, value in equal.items() if value is not None}
    if wanted:
        values |= {f":{name}": value for name, value in wanted.items()}
        query |= {
            "FilterExpression": " AND ".join(f"#{name} = :{name}" for name in wanted),
            "ExpressionAttributeNames": {f"#{name}": name for name in wanted},
        }
    return query | {"ExpressionAttributeValues": to_item(values)}
