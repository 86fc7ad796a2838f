"""Requests changed on their way out of our code, for as long as a guard is away."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.exceptions import ClientError

from tests.crash.wire import Attempt
from tests.crash.world import World

Change = Callable[[dict[str, Any]], object]
_DYNAMODB_WRITES = ("dynamodb.PutItem", "dynamodb.UpdateItem", "dynamodb.TransactWriteItems")
_ALWAYS = "attribute_exists(pk) OR attribute_not_exists(pk)"


@contextmanager
def rewritten(
    world: World, change: Change, *, operations: Sequence[str] = _DYNAMODB_WRITES
) -> Iterator[None]:
    """`change` is given every single write, also those within a transaction."""
    clients = {"dynamodb": world.dynamodb, "s3": world.s3}

    def rewrite(params: dict[str, Any], **_: Any) -> None:
        if "TransactItems" in params:
            # Our code tries again with the same list: it must not see what was changed.
            params["TransactItems"] = copy.deepcopy(params["TransactItems"])
        for write in _writes(params):
            change(write)

    # Handlers of this event change the arguments in place, so that several of them add up.
    events = [f"before-parameter-build.{operation}" for operation in operations]
    for event in events:
        clients[event.split(".")[1]].meta.events.register(event, rewrite)
    try:
        yield
    finally:
        for event in events:
            clients[event.split(".")[1]].meta.events.unregister(event, rewrite)


def widened(write: dict[str, Any], term: str, marks: tuple[str, ...]) -> None:
    """The term stays, so that its values are used, but decides nothing any more."""
    condition = write.get("ConditionExpression", "")
    text = f"{condition} {write.get('UpdateExpression', '')}"
    if term in condition and all(mark in text for mark in marks):
        write["ConditionExpression"] = condition.replace(term, f"(({term}) OR {_ALWAYS})")


def without_condition(write: dict[str, Any], sort_keys: tuple[str, ...]) -> None:
    if write.get("ConditionExpression") == "attribute_not_exists(pk)" and write["Item"]["sk"][
        "S"
    ].startswith(sort_keys):
        del write["ConditionExpression"]


@contextmanager
def answered(world: World, process: str, operation: str, payload: object) -> Iterator[None]:
    """Calls of this operation by this process are answered so, and not executed."""
    honest = world.answer_instead

    def instead(attempt: Attempt) -> Any:
        if (attempt.process.name, attempt.operation) == (process, operation):
            return attempt.answer(200, payload)
        return honest(attempt)

    with patch.object(world, "answer_instead", instead):
        yield


@contextmanager
def split(world: World, mark: str) -> Iterator[None]:
    """Transactions with this mark become one write after the other, each perhaps the last."""
    client = world.dynamodb
    together = client.transact_write_items

    def apart(TransactItems: list[dict[str, Any]]) -> Any:  # noqa: N803 - botocore's name
        if mark not in str(TransactItems):
            return together(TransactItems=TransactItems)
        for index, write in enumerate(TransactItems):
            try:
                if "Put" in write:
                    client.put_item(**write["Put"])
                else:
                    client.update_item(**write["Update"])
            except ClientError as error:
                raise _canceled(client, error, index, len(TransactItems)) from None
        return {}

    with patch.object(client, "transact_write_items", apart):
        yield


def _canceled(client: Any, error: ClientError, index: int, count: int) -> ClientError:
    reasons: list[dict[str, Any]] = [{"Code": "None"}] * count
    reasons[index] = {
        "Code": "ConditionalCheckFailed",
        "Item": error.response.get("Item", {}),
    }
    response: Any = {
        "Error": {"Code": "TransactionCanceledException"},
        "CancellationReasons": reasons,
    }
    return client.exceptions.TransactionCanceledException(response, "TransactWriteItems")


def _writes(params: dict[str, Any]) -> list[dict[str, Any]]:
    if "TransactItems" in params:
        return [next(iter(item.values())) for item in params["TransactItems"]]
    return [params]
