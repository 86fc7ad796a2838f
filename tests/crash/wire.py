"""Between botocore and moto: every call is numbered, and may be given a fault on its way.

A process is one Lambda invocation. Once it has died nothing of it is executed any more, so that a
`finally:` block cannot tidy up what a killed process would have left.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse
from moto.core.models import botocore_stubber

# The provider's calls, and those to receivers of webhooks, numbered with the rest.
MAKE, ASK, POST = "Make", "Ask", "Post"


class ProcessDied(BaseException):
    """The machine is gone: not an Exception, so that no handler of ours mends it."""


@dataclass(eq=False)
class Process:
    name: str
    is_dead: bool = False
    faults: list[str] = field(default_factory=list)
    # Faults that last for more than one call of the same operation.
    lasting: dict[str, tuple[str, int]] = field(default_factory=dict)

    def die(self) -> None:
        self.is_dead = True
        raise ProcessDied(self.name)


@dataclass(frozen=True)
class Call:
    number: int
    process: str
    depth: int
    operation: str


@dataclass
class Attempt:
    """One call on its way: what a fault may look at, and do."""

    wire: Wire
    process: Process
    operation: str
    request: Any  # botocore's; None for the calls of others
    execute: Callable[[], Any]

    @property
    def body(self) -> Any:
        return json.loads(self.request.body)

    def answer(self, status: int, payload: object) -> AWSResponse:
        text = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return AWSResponse(self.request.url, status, {}, MockRawResponse(text))


@dataclass(frozen=True)
class Kind:
    """A way for a call to go wrong: where it fits, what it does, for how many calls it lasts."""

    fits: Callable[[str], bool]
    act: Callable[[Attempt], Any]
    lasts: int = 1


class Wire:
    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        self._stubber = BotocoreStubber()
        self.reset({})

    def reset(self, plan: Mapping[int, str], *, knows_tokens: bool = True) -> None:
        self.plan = plan
        self.knows_tokens = knows_tokens
        self.calls: list[Call] = []
        self.published: list[dict[str, Any]] = []  # what the bus took; moto hands it to nobody
        self.processes: list[Process | None] = []
        self._tokens_done: set[str] = set()
        self.fired: list[str] = []
        self.on_its_way: list[Callable[[], Any]] = []  # requests that AWS gets late
        self.after_execution: Callable[[str], None] = lambda _operation: None
        self.meanwhile: Callable[[], None] = lambda: None
        self.answer_instead: Callable[[Attempt], Any] = lambda _attempt: None

    def watch(self, client: Any) -> None:
        # Both would answer, and the call would be executed twice.
        client.meta.events.unregister("before-send", botocore_stubber)
        client.meta.events.register_first("before-send", self._send)

    @property
    def process(self) -> Process | None:
        return self.processes[-1] if self.processes else None

    @property
    def _depth(self) -> int:
        return sum(process is not None for process in self.processes) - 1

    @contextmanager
    def running(self, name: str) -> Iterator[Process]:
        process = Process(name)
        self.processes.append(process)
        try:
            yield process
        finally:
            self.processes.pop()

    @contextmanager
    def unnumbered(self) -> Iterator[None]:
        """The harness itself does something, whoever is running."""
        self.processes.append(None)
        try:
            yield
        finally:
            self.processes.pop()

    def arrive(self) -> None:
        """What was on its way is there now, and is executed."""
        late, self.on_its_way = self.on_its_way, []
        with self.unnumbered():
            for execute in late:
                execute()

    def pass_on(self, operation: str, request: Any, execute: Callable[[], Any]) -> Any:
        process = self.process
        if process is None:
            return execute()  # the harness itself is looking
        if process.is_dead:
            raise ProcessDied(process.name)

        def executed() -> Any:
            answer = execute()
            self.after_execution(operation)
            return answer

        number = len(self.calls)
        self.calls.append(Call(number, process.name, self._depth, operation))
        attempt = Attempt(self, process, operation, request, executed)
        kind = self._fault_of(process, operation, number)
        if kind is None:
            return executed()
        self.fired.append(kind)
        process.faults.append(kind)
        return self._kinds[kind].act(attempt)

    def _fault_of(self, process: Process, operation: str, number: int) -> str | None:
        if number in self.plan:
            kind = self.plan[number]
            left = self._kinds[kind].lasts
        elif operation in process.lasting:
            kind, left = process.lasting[operation]
        else:
            return None
        if left > 1:
            process.lasting[operation] = (kind, left - 1)
        else:
            process.lasting.pop(operation, None)
        return kind

    def _send(self, event_name: str, request: Any, **_: Any) -> AWSResponse:
        operation = event_name.rpartition(".")[2]
        return self.pass_on(operation, request, lambda: self._execute(operation, request))

    def _execute(self, operation: str, request: Any) -> AWSResponse:
        attempt = Attempt(self, self.process or Process("harness"), operation, request, dict)
        other = self.answer_instead(attempt)
        if other is not None:
            return other
        token = (
            attempt.body.get("ClientRequestToken") if operation == "TransactWriteItems" else None
        )
        if token in self._tokens_done and self.knows_tokens:
            return attempt.answer(200, {})  # moto does not know these tokens, AWS does
        if operation == "ReceiveMessage":  # moto would wait, and time stands still here
            request.body = json.dumps(attempt.body | {"WaitTimeSeconds": 0}).encode()
        status, headers, body = self._stubber.process_request(request)
        if token and status == 200:
            self._tokens_done.add(token)
        if operation == "PutEvents" and status == 200:
            self.published += _taken(attempt.body["Entries"], json.loads(body)["Entries"])
        return AWSResponse(request.url, status, headers, MockRawResponse(body))


def _taken(entries: list[dict[str, Any]], results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        json.loads(entry["Detail"])
        for entry, result in zip(entries, results, strict=True)
        if "EventId" in result
    ]
