"""What a job asks of AWS: the real functions on moto, with each call and each change of the table.

Used by the benchmarks that count instead of measuring time: their figures are the same everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import botocore.client
import pytest

from tests.integration.conftest import System, running_system

Record = dict[str, Any]
UNIT = 1024
READ_UNIT = 4096
# As customers write them: about forty words.
PROMPT = (
    "A red sailboat on a mountain lake at sunset, seen from the shore through reeds, with long"
    " shadows on the water, snow on the peaks behind it, warm light on the sail, two people on"
    " deck, painted in oil with broad strokes and a calm palette"
)
# As clients send with every job.
ONCE = {"idempotency-key": "6d1f0b0e-2d0a-4b1c-9f57-3f0a1f8f4f10"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """By the function that made it."""

    function: str
    service: str
    operation: str
    arguments: Mapping[str, Any]
    answer: Mapping[str, Any]


@dataclass(slots=True)
class Run:
    """A job from its submit to its end, and what its functions did."""

    system: System
    calls: list[Call] = field(default_factory=list)
    function: str = ""

    def by(self, function: str, act: Callable[[], Any]) -> Any:
        self.function = function
        try:
            return act()
        finally:
            self.function = ""

    def work(self, queue: str = "IMAGES_QUEUE_URL") -> None:
        for message in self.system.messages(queue):
            self.by("worker", lambda message=message: self.system.work([message]))


@contextmanager
def watched_system(**settings: str) -> Iterator[Run]:
    """Warm: what a function asks for once and remembers is not counted."""
    # What the functions log is not what the commands print.
    with (
        running_system(LOG_LEVEL="CRITICAL", **settings) as system,
        pytest.MonkeyPatch.context() as patch,
    ):
        system.submit(prompt=PROMPT, width=64, height=64)
        system.work()
        system.relay()
        run = Run(system)
        make = botocore.client.BaseClient._make_api_call  # noqa: SLF001 - the one way of all calls

        def noted(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
            answer = make(client, operation, arguments)
            if run.function:
                service = client.meta.service_model.service_name
                run.calls.append(
                    Call(
                        function=run.function,
                        service=service,
                        operation=operation,
                        arguments=arguments,
                        answer=answer,
                    )
                )
            return answer

        patch.setattr(botocore.client.BaseClient, "_make_api_call", noted)
        yield run


@contextmanager
def job_of(images: int, **settings: str) -> Iterator[tuple[Run, list[Record]]]:
    """A job of so many images to its end, and the records of the stream that it made."""
    with watched_system(**settings) as run:
        before = len(run.system.changes())
        body = {"prompt": PROMPT, "n": images, "width": 64, "height": 64}
        run.by("submit", lambda: run.system.http("POST", "/v1/jobs", body, headers=ONCE))
        run.work()
        yield run, run.system.changes()[before:]


@cache
def counted_job(images: int) -> tuple[list[Record], list[Written]]:
    """The records of such a job, and what they cost to write."""
    with job_of(images) as (run, records):
        table = run.system.environment["TABLE_NAME"]
        return records, written_by(run.calls, records, table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One item that a call wrote."""

    call: Call
    record: Record
    size: int
    units: int
    index_units: int

    @property
    def partition(self) -> str:
        return str(self.record["dynamodb"]["Keys"]["pk"]["S"])

    @property
    def item(self) -> str:
        """The kind of the item: JOB, ACCOUNT, LEDGER ..."""
        return str(self.record["dynamodb"]["Keys"]["sk"]["S"]).partition("#")[0]


_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")


def written_by(calls: list[Call], records: list[Record], table: str) -> list[Written]:
    """Each record with the call that it came from: a call changes its items in their order."""
    left, found = iter(records), []
    for call in calls:
        if call.operation not in _WRITES or table not in str(call.arguments):
            continue
        is_transaction = call.operation == "TransactWriteItems"
        items = len(call.arguments["TransactItems"]) if is_transaction else 1
        for _ in range(items):
            record = next(left)
            size = max(map(item_size, _images(record)))
            found.append(
                Written(
                    call=call,
                    record=record,
                    size=size,
                    # A transaction writes each item twice.
                    units=math.ceil(size / UNIT) * (2 if is_transaction else 1),
                    index_units=_index_units(record),
                )
            )
    if list(left):
        raise ValueError("records that no call wrote")
    return found


def _images(record: Record) -> list[Record]:
    change = record["dynamodb"]
    return [change[name] for name in ("OldImage", "NewImage") if name in change]


def _index_units(record: Record) -> int:
    """Of the index of what is due, which holds keys: an entry that moves is deleted and put."""
    change = record["dynamodb"]
    before, after = (_due(change.get(name, {})) for name in ("OldImage", "NewImage"))
    return 0 if before == after else (before is not None) + (after is not None)


def _due(item: Record) -> tuple[Any, Any] | None:
    return (item["due_shard"], item["due_at"]) if "due_shard" in item else None


def item_size(item: Record) -> int:
    """As DynamoDB counts: names and values in UTF-8, and a few bytes for what they are in."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return math.ceil(len(content.strip("-").replace(".", "").lstrip("0")) / 2) + 1
        case "M":
            return 3 + sum(
                1 + len(name.encode()) + _value_size(one) for name, one in content.items()
            )
        case "L":
            return 3 + sum(1 + _value_size(one) for one in content)
        case "BOOL" | "NULL":
            return 1
    raise ValueError(f"a value of kind {kind}")
