"""The ways in which a call goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ConnectionClosedError

from darkroom.domain.event_ports import Answer
from darkroom.domain.worker_ports import FetchFailed, GenerationStarted
from tests.crash.receivers import TIMEOUT
from tests.crash.wire import ASK, MAKE, POST, Attempt, Call, Kind

_DYNAMODB = {"GetItem", "PutItem", "UpdateItem", "Query", "TransactWriteItems"}
_S3 = {"PutObject", "GetObject", "DeleteObjects"}
# A call and botocore's retries of it; what our transactions try at most, and the bus.
_ATTEMPTS, _TRANSACTION_TRIES, _BUS_TRIES = 5, 8, 3


def _any(_operation: str) -> bool:
    return True


def _of_aws(operation: str) -> bool:
    return operation not in {MAKE, ASK, POST}


def _one_of(*operations: str) -> Callable[[str], bool]:
    return lambda operation: operation in operations


def _crash_before(attempt: Attempt) -> None:
    attempt.process.die()


def _crash_after(attempt: Attempt) -> None:
    attempt.execute()
    attempt.process.die()


def _response_lost(attempt: Attempt) -> None:
    attempt.execute()
    raise ConnectionClosedError(endpoint_url=attempt.request.url)


def _late(attempt: Attempt) -> None:
    """Executed when nobody waits for it any more: once the process is over."""
    if not attempt.wire.on_its_way:
        attempt.wire.on_its_way.append(attempt.execute)
    raise ConnectionClosedError(endpoint_url=attempt.request.url)


def _throttled(attempt: Attempt) -> Any:
    if attempt.operation in _S3:
        xml = b"<Error><Code>SlowDown</Code><Message>Reduce your rate.</Message></Error>"
        return attempt.answer(503, xml)
    return attempt.answer(400, _dynamodb_error("ThrottlingException"))


def _contested(attempt: Attempt) -> Any:
    xml = b"<Error><Code>ConditionalRequestConflict</Code><Message>Another put.</Message></Error>"
    return attempt.answer(409, xml)


def _conflict(attempt: Attempt) -> Any:
    if attempt.operation != "TransactWriteItems":
        return attempt.answer(400, _dynamodb_error("TransactionConflictException"))
    none = {"Code": "None"}
    conflict = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    others = len(attempt.body["TransactItems"]) - 2
    reasons = {"CancellationReasons": [none, conflict, *[none] * others]}
    return attempt.answer(400, _dynamodb_error("TransactionCanceledException") | reasons)


def _partly_sent(attempt: Attempt) -> Any:
    """The last entry of the batch is not taken, as SQS does when it is busy."""
    *sent, lost = attempt.body["Entries"]
    failed = {"Id": lost["Id"], "Code": "ServiceUnavailable", "SenderFault": False}
    if not sent:
        return attempt.answer(200, {"Successful": [], "Failed": [failed]})
    attempt.request.body = json.dumps(attempt.body | {"Entries": sent}).encode()
    answer = json.loads(attempt.execute().content)
    return attempt.answer(200, answer | {"Failed": [failed]})


def _partly_published(attempt: Attempt) -> Any:
    """The bus takes the second half of a batch, and not the first."""
    entries = attempt.body["Entries"]
    lost, taken = entries[: (len(entries) + 1) // 2], entries[(len(entries) + 1) // 2 :]
    failed = [{"ErrorCode": "InternalFailure", "ErrorMessage": "injected"} for _ in lost]
    published: list[Any] = []
    if taken:
        attempt.request.body = json.dumps({"Entries": taken}).encode()
        published = json.loads(attempt.execute().content)["Entries"]
    answer = {"FailedEntryCount": len(failed), "Entries": [*failed, *published]}
    return attempt.answer(200, answer)


def _unreachable(_attempt: Attempt) -> Any:
    raise FetchFailed("unreachable")


def _has_it_and_says_nothing(attempt: Attempt) -> Any:
    attempt.execute()
    raise FetchFailed(TIMEOUT)


def _has_it_and_fails(attempt: Attempt) -> Any:
    attempt.execute()
    return Answer(status=500)


def _meanwhile_before(attempt: Attempt) -> Any:
    attempt.wire.meanwhile()
    return attempt.execute()


def _meanwhile_after(attempt: Attempt) -> Any:
    answer = attempt.execute()
    attempt.wire.meanwhile()
    return answer


def _made(how: str) -> Callable[[Attempt], Any]:
    """The provider's own faults: the fake maker knows how to play them. One that makes images in
    its own time has others.
    """

    def act(attempt: Attempt) -> Any:
        answer = attempt.execute()
        return answer if isinstance(answer, GenerationStarted) else answer.spoilt(how)

    return act


def _dynamodb_error(name: str) -> dict[str, str]:
    return {"__type": f"com.amazonaws.dynamodb.v20120810#{name}", "message": "injected"}


_THROTTLED = _one_of(*_DYNAMODB, *_S3, "PutEvents")
_PUBLISH, _POST = _one_of("PutEvents"), _one_of(POST)
_SEND = _one_of("SendMessageBatch")
_MAKE = _one_of(MAKE)

KINDS: Mapping[str, Kind] = {
    "meanwhile_before": Kind(_any, _meanwhile_before),
    "meanwhile_after": Kind(_any, _meanwhile_after),
    "crash_before": Kind(_any, _crash_before),
    "crash_after": Kind(_any, _crash_after),
    "response_lost": Kind(_of_aws, _response_lost),
    "never_answered": Kind(_of_aws, _response_lost, lasts=_ATTEMPTS),
    "late": Kind(_one_of("TransactWriteItems"), _late, lasts=_ATTEMPTS),
    "throttled": Kind(_THROTTLED, _throttled),
    "throttled_for_long": Kind(_THROTTLED, _throttled, lasts=_ATTEMPTS),
    "conflict": Kind(_one_of("TransactWriteItems"), _conflict),
    "conflict_for_long": Kind(_one_of("TransactWriteItems"), _conflict, lasts=_TRANSACTION_TRIES),
    # DynamoDB refuses a single write, too, while a transaction is at its item.
    "item_conflict": Kind(_one_of("UpdateItem", "PutItem"), _conflict),
    # S3, while another put of the same key is under way.
    "contested": Kind(_one_of("PutObject"), _contested),
    "partly_sent": Kind(_SEND, _partly_sent),
    "never_sent": Kind(_SEND, _partly_sent, lasts=2),
    "partly_published": Kind(_PUBLISH, _partly_published),
    "never_published": Kind(_PUBLISH, _partly_published, lasts=_BUS_TRIES),
    "unreachable": Kind(_POST, _unreachable),
    "post_timed_out": Kind(_POST, _has_it_and_says_nothing),
    "post_failed": Kind(_POST, _has_it_and_fails),
    "slow": Kind(_MAKE, _made("slow")),
    "transient": Kind(_MAKE, _made("transient")),
    "refused": Kind(_MAKE, _made("refused")),
    "unreadable": Kind(_MAKE, _made("unreadable")),
}
INTERLEAVINGS = ("meanwhile_before", "meanwhile_after")
# What botocore's and our own retries must hide from everyone.
HARMLESS = frozenset(
    {
        "response_lost",
        "throttled",
        "conflict",
        "item_conflict",
        "contested",
        "partly_sent",
        "partly_published",
    }
)
LOST_ANSWERS = frozenset({"response_lost", "never_answered"})
# What changes the image's fate for good.
FATEFUL = frozenset({"refused"})


def kinds_for(call: Call, interleaved_in: str | None) -> list[str]:
    """Every fault that this call can have; the interleavings in one process only."""
    may_interleave = call.depth == 0 and call.process == interleaved_in
    return [
        name
        for name, kind in KINDS.items()
        if kind.fits(call.operation) and (may_interleave or name not in INTERLEAVINGS)
    ]
