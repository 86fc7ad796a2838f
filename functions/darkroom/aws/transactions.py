"""TransactWriteItems, with its answer made readable."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from darkroom.aws.values import from_item
from darkroom.domain.errors import Unavailable

Written = TypeVar("Written")

# Two transactions on one account collide now and then; DynamoDB leaves the repeat to us.
_TRIES = 8
_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class Canceled(Exception):  # noqa: N818 - what happened, in DynamoDB's own word
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

    def item(self, index: int) -> dict[str, Any]:
        """The item as it stood against the condition; empty when there was none."""
        return from_item(self._reasons[index].get("Item", {}))


def transact(client: Any, writes: Sequence[dict[str, Any]]) -> None:
    """All of these writes or none. Raises Canceled when a condition does not hold."""
    had_no_answer = False
    for attempt in range(_TRIES):
        try:
            client.transact_write_items(TransactItems=list(writes))
        except client.exceptions.TransactionCanceledException as error:
            reasons = error.response.get("CancellationReasons", [])
            # A conflict is an answer: of that try nothing is on its way. botocore's repeats are of
            # tries that had none.
            repeats = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
            had_no_answer = had_no_answer or repeats > 0
            codes = {reason.get("Code") for reason in reasons}
            if "ConditionalCheckFailed" in codes or not codes & _PASSING:
                raise Canceled(reasons, may_have_been_sent_before=had_no_answer) from None
        except client.exceptions.TransactionInProgressException:
            had_no_answer = True
        else:
            return
        pause(attempt)
    raise Unavailable


def with_retries(write: Callable[[], Written]) -> Written:
    """A single write, again and again while a transaction is at its item.

    DynamoDB refuses such a write, and botocore does not take that for something that passes.
    """
    for attempt in range(_TRIES):
        try:
            return write()
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionConflictException":
                raise
        pause(attempt)
    raise Unavailable


def put_new(table: str, item: dict[str, Any]) -> dict[str, Any]:
    """The write of an item that is not there yet."""
    return {
        "Put": {
            "TableName": table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }


def is_condition_failure(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


def pause(attempt: int) -> None:
    """Longer with each attempt, and uneven, so that two that met do not meet again."""
    time.sleep(random.uniform(0, 0.02 * 2 ** min(attempt, _TRIES)))  # noqa: S311 - jitter, not a secret
