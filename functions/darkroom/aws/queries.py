"""Queries of what lies under a prefix: all of it, or a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from types import MappingProxyType
from typing import Any

from darkroom.aws.records import partition
from darkroom.aws.table import Item, Table
from darkroom.aws.values import to_item

# The items, and where to go on from, if there may be more.
Page = tuple[list[Item], str | None]
# What attributes must be, by name: one of these values, or not there for None. No values: whatever
# they are.
Filters = Mapping[str, Sequence[str | None]]
# Names are ids: digits, letters and dashes.
AFTER_ALL_NAMES = "~"
_FEW_MORE = 2
_NO_FILTERS: Filters = MappingProxyType({})


def items_under(table: Table, pk: str, prefix: str) -> Iterator[Item]:
    query = {
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
        "ExpressionAttributeValues": to_item({":pk": pk, ":prefix": prefix}),
        "ConsistentRead": True,
    }
    for answer in answers(table.query, query):
        yield from answer["Items"]


def due_items(table: Table, shards: Iterable[str], *, now: datetime, limit: int) -> Iterator[Item]:
    """The keys of what is due, the longest due first in each shard."""
    for shard in shards:
        yield from table.query(
            IndexName="due",
            KeyConditionExpression="due_shard = :shard AND due_at <= :now",
            ExpressionAttributeValues=to_item({":shard": shard, ":now": now.timestamp()}),
            Limit=limit,
        )["Items"]


def keys_in_due(table: Table, shards: Iterable[str], workspace: str) -> tuple[list[Item], bool]:
    """Of what waits for its time in a workspace, however far that is: of each shard a megabyte,
    which is some thousand keys; and whether there may be more.
    """
    found: list[Item] = []
    has_more = False
    for shard in shards:
        page = table.query(
            IndexName="due",
            KeyConditionExpression="due_shard = :shard",
            FilterExpression="pk = :pk",
            ExpressionAttributeValues=to_item({":shard": shard, ":pk": partition(workspace)}),
        )
        found += page["Items"]
        has_more = has_more or "LastEvaluatedKey" in page
    return found, has_more


def page_of(
    table: Table,
    workspace: str,
    prefix: str,
    *,
    limit: int,
    after: str | None,
    before: str | None = None,
    names: tuple[str, str] | None = None,
    most_bites: int | None = None,
    filters: Filters = _NO_FILTERS,
) -> Page:
    """Those after (older than) or before (newer than) one.

    `names`: between which theirs lie. With `most_bites` a page of them may be short.
    """
    low, high = names or ("", AFTER_ALL_NAMES)
    query = _between(workspace, (prefix + low, prefix + high), filters)
    # One more than is asked for tells whether another page follows. The limit counts those, too,
    # that do not pass the filter: a few more at first, then all there are.
    few = _FEW_MORE if "FilterExpression" in query else 1
    query |= {"ScanIndexForward": before is not None, "Limit": few * (limit + 1)}
    if low > high:
        return [], None
    beside = before or after
    if beside and (beside > high if before else beside < low):
        return [], None
    if beside and low <= beside <= high:
        query["ExclusiveStartKey"] = to_item({"pk": partition(workspace), "sk": prefix + beside})
    found: list[Item] = []
    last: Item | None = None
    # A query stops at a megabyte, and a filter may leave nothing of it.
    for answer in answers(table.query, query, most_bites):
        found += answer["Items"]
        last = answer.get("LastEvaluatedKey")
        if len(found) > limit:
            break
    page = found[:limit]
    if len(found) > limit:
        last = page[-1]
    if before is not None:
        page.reverse()
    return page, last["sk"]["S"].removeprefix(prefix) if last else None


def count_of(
    table: Table,
    workspace: str,
    prefix: str,
    *,
    names: tuple[str, str] | None = None,
    most_bites: int,
    filters: Filters,
) -> tuple[int, bool]:
    """How many there are, the newest first, and whether there may be more than were looked at."""
    low, high = names or ("", AFTER_ALL_NAMES)
    query = _between(workspace, (prefix + low, prefix + high), filters)
    query |= {"ScanIndexForward": False, "Select": "COUNT"}
    number, has_more = 0, False
    for answer in answers(table.query, query, most_bites):
        number += answer["Count"]
        has_more = "LastEvaluatedKey" in answer
    return number, has_more


def answers(
    ask: Callable[..., dict[str, Any]], query: Mapping[str, Any], most: int | None = None
) -> Iterator[dict[str, Any]]:
    """One after the other, each going on where the one before stopped; so many at most."""
    given = dict(query)
    for number in count(1):
        answer = ask(**given)
        yield answer
        if "LastEvaluatedKey" not in answer or number == most:
            return
        given["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        # What is rare lies far apart: it is not to be looked for in small steps.
        given.pop("Limit", None)


def _between(workspace: str, ends: tuple[str, str], filters: Filters) -> dict[str, Any]:
    values = {":pk": partition(workspace), ":low": ends[0], ":high": ends[1]}
    query: dict[str, Any] = {
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
    }
    wanted = {name: choices for name, choices in filters.items() if choices}
    if wanted:
        tests = [_is_one_of(name, choices, values) for name, choices in wanted.items()]
        query["FilterExpression"] = " AND ".join(tests)
        query["ExpressionAttributeNames"] = {f"#{name}": name for name in wanted}
    return query | {"ExpressionAttributeValues": to_item(values)}


def _is_one_of(name: str, choices: Sequence[str | None], values: dict[str, str]) -> str:
    places = {f":{name}{n}": choice for n, choice in enumerate(choices) if choice is not None}
    values |= places
    test = f"#{name} IN ({', '.join(places)})"
    return f"({test} OR attribute_not_exists(#{name}))" if None in choices else test
