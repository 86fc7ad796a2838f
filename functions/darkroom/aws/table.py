"""One table of DynamoDB: reads, conditional writes and transactions.

A write is made by `put`, `put_new`, `update` or `delete`; a table performs it alone (`write`) or
together with others (`transact`).
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from darkroom.aws.values import from_item, to_item
from darkroom.domain.errors import Unavailable

Item = dict[str, Any]
Write = dict[str, dict[str, Any]]
Result = TypeVar("Result")

# Transactions on one account collide; DynamoDB leaves the repeat to us. Many short pauses carry
# more jobs a second than few long ones (docs/scale.md).
TRIES = 16
_LONGEST_PAUSE = 0.16
_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
# What one batch of reads or of writes takes, and how often what is left of it is sent again.
_READ_BATCH, _WRITE_BATCH, _BATCH_TRIES = 100, 25, 8
_ALIAS = re.compile(r"#(\w+)")
_NONE: Mapping[str, Any] = MappingProxyType({})


class ConditionFailed(Exception):  # noqa: N818 - what happened, in DynamoDB's own word
    """The write was not done; with the item as it stood against the condition, if there was one."""

    def __init__(self, item: Item | None) -> None:
        super().__init__()
        self.item = item


class Canceled(Exception):  # noqa: N818 - as above
    """The transaction was not done, because of these of its conditions."""

    def __init__(
        self, reasons: Sequence[dict[str, Any]], *, may_have_been_sent_before: bool
    ) -> None:
        super().__init__(", ".join(str(reason.get("Code")) for reason in reasons))
        self._reasons = reasons
        # A try before this one had no answer: it may still be on its way.
        self.may_have_been_sent_before = may_have_been_sent_before

    def failed(self, index: int) -> bool:
        return self._reasons[index].get("Code") == "ConditionalCheckFailed"

    def stands(self, index: int) -> Item | None:
        """The item as it stood against the condition, if there was one."""
        return self._reasons[index].get("Item") or None

    def item(self, index: int) -> Mapping[str, Any]:
        """Its values; empty when there was no item."""
        return from_item(self.stands(index) or {})


def put(item: Item, condition: str = "", values: Mapping[str, Any] = _NONE) -> Write:
    return {"Put": {"Item": item} | _expressions(condition, values)}


def put_new(item: Item) -> Write:
    """The write of an item that is not there yet."""
    return put(item, "attribute_not_exists(pk)")


def update(
    key: Item,
    change: str,
    condition: str = "",
    values: Mapping[str, Any] = _NONE,
    names: Mapping[str, str] = _NONE,
) -> Write:
    """`names`: the attributes that an alias stands for, where they are not called as it is."""
    expressions = _expressions(condition, values, names, change)
    return {"Update": {"Key": key, "UpdateExpression": change} | expressions}


def delete(key: Item, condition: str = "", values: Mapping[str, Any] = _NONE) -> Write:
    return {"Delete": {"Key": key} | _expressions(condition, values)}


def _expressions(
    condition: str,
    values: Mapping[str, Any],
    names: Mapping[str, str] = _NONE,
    change: str = "",
) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if condition:
        given["ConditionExpression"] = condition
        given["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    aliases = _ALIAS.findall(f"{change} {condition}")
    if aliases:
        given["ExpressionAttributeNames"] = {f"#{one}": names.get(one, one) for one in aliases}
    if values:
        given["ExpressionAttributeValues"] = to_item(values)
    return given


class Table:
    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def named(self, write: Write) -> Write:
        """The same write, for a transaction of another table."""
        return {kind: {"TableName": self._name} | given for kind, given in write.items()}

    def get(
        self, key: Item, read: Callable[[Item], Result], *, is_consistent: bool = True
    ) -> Result | None:
        answer = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=is_consistent)
        return read(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Sequence[Item]) -> Iterator[Item]:
        for start in range(0, len(keys), _READ_BATCH):
            wanted = keys[start : start + _READ_BATCH]
            for _ in range(_BATCH_TRIES):
                answer = self._client.batch_get_item(
                    RequestItems={self._name: {"Keys": wanted, "ConsistentRead": True}}
                )
                yield from answer["Responses"].get(self._name, ())
                wanted = answer.get("UnprocessedKeys", {}).get(self._name, {}).get("Keys", [])
                if not wanted:
                    break
            else:
                raise Unavailable

    def query(self, **query: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._client.query(TableName=self._name, **query)
        return answer

    def scan(self, **scan: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._client.scan(TableName=self._name, **scan)
        return answer

    def write(self, write: Write) -> Item:
        """The item as an update leaves it. Raises ConditionFailed.

        DynamoDB refuses a write while a transaction is at its item, and botocore does not take
        that for something that passes.
        """
        ((kind, given),) = write.items()
        if kind == "Update":
            given = given | {"ReturnValues": "ALL_NEW"}
        perform = getattr(self._client, f"{kind.lower()}_item")
        for attempt in range(TRIES):
            try:
                answer = perform(TableName=self._name, **given)
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "ConditionalCheckFailedException":
                    stands: Any = error.response.get("Item")
                    raise ConditionFailed(stands or None) from None
                if code != "TransactionConflictException":
                    raise
            else:
                item: Item = answer.get("Attributes", {})
                return item
            pause(attempt)
        raise Unavailable

    def put_if(self, item: Item, condition: str, values: Mapping[str, Any]) -> bool:
        """Whether the condition held: now, or at our own first try, whose answer was lost."""
        try:
            self.write(put(item, condition, values))
        except ConditionFailed as failed:
            return failed.item is not None and from_item(failed.item) == from_item(item)
        return True

    def write_many(self, writes: Sequence[Write]) -> None:
        """One after the other, and without conditions."""
        requests = [{f"{kind}Request": given} for write in writes for kind, given in write.items()]
        for start in range(0, len(requests), _WRITE_BATCH):
            left = requests[start : start + _WRITE_BATCH]
            for _ in range(_BATCH_TRIES):
                answer = self._client.batch_write_item(RequestItems={self._name: left})
                left = answer.get("UnprocessedItems", {}).get(self._name, [])
                if not left:
                    break
            else:
                raise Unavailable

    def transact(self, writes: Sequence[Write]) -> None:
        """All of these writes or none. Raises Canceled when a condition does not hold, and
        Unavailable when other writes were in the way at each try.
        """
        items = [
            {kind: {"TableName": self._name} | given}
            for write in writes
            for kind, given in write.items()
        ]
        had_no_answer = False
        for attempt in range(TRIES):
            try:
                self._client.transact_write_items(TransactItems=items)
            except self._client.exceptions.TransactionCanceledException as error:
                reasons = error.response.get("CancellationReasons", [])
                # A conflict is an answer: of that try nothing is on its way. botocore's repeats are
                # of tries that had none.
                repeats = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
                had_no_answer = had_no_answer or repeats > 0
                codes = {reason.get("Code") for reason in reasons}
                if "ConditionalCheckFailed" in codes or not codes & _PASSING:
                    raise Canceled(reasons, may_have_been_sent_before=had_no_answer) from None
            except self._client.exceptions.TransactionInProgressException:
                had_no_answer = True
            else:
                return
            pause(attempt)
        raise Unavailable(is_undone=not had_no_answer)


def pause(attempt: int, longest: float = _LONGEST_PAUSE) -> None:
    """Longer with each attempt, and uneven, so that two that met do not meet again."""
    seconds = longest_pause(attempt, longest)
    time.sleep(random.uniform(0, seconds))  # noqa: S311 - jitter, not a secret


def longest_pause(attempt: int, longest: float = _LONGEST_PAUSE) -> float:
    return min(longest, float(0.02 * 2**attempt))
