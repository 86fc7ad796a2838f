"""A request that came by a queue or by the bus: nobody waits for its answer, so that a refusal
becomes an event, and what passes is tried again later.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from darkroom.domain.api_key import GENERATE
from darkroom.domain.errors import (
    DarkroomError,
    InvalidRequest,
    RateLimited,
    TooManyInFlight,
    Unavailable,
)
from darkroom.domain.events import rejected
from darkroom.domain.operations import Caller, Quoted, SubmitJob, Submitted
from darkroom.usecases.tell import Teller

SUBMIT_EVENT = "SubmitImageJob"
# A workspace's limits pass within a minute or with its next image; half a day is a queue too long.
_MOST_TRIES = 500
_PASSING = (RateLimited, TooManyInFlight, Unavailable)
_LONGEST_TOKEN = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`token` stands for an Idempotency-Key. Without one, the message's own id does."""

    workspace: str
    token: str
    request: Mapping[str, Any]

    def text(self) -> str:
        values = {
            "workspace": self.workspace,
            "client_token": self.token,
            "request": self.request,
        }
        return json.dumps(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """How it came. `at` is when it was sent: taken twice, it is rejected once."""

    body: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """`accepted`, `rejected` or `later`."""

    result: str
    workspace: str = ""
    job: str = ""
    code: str = ""


class IntakeQueue(Protocol):
    def send_later(self, body: str, tries: int, seconds: int) -> None: ...

    def keep_rejected(self, body: str, reason: Mapping[str, Any]) -> None:
        """Where the operator finds it, as it was sent."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    submit: Callable[[SubmitJob, Caller], Submitted | Quoted]
    read: Callable[[bytes, Caller, str], SubmitJob]
    explain: Callable[[DarkroomError], Mapping[str, Any]]
    teller: Teller
    queue: IntakeQueue

    def take(self, body: str, message: str, tries: int, sent_at: datetime) -> Taken:
        """Raises what is an outage: the message comes back by itself."""
        came = _Came(body=body, message=message, at=sent_at)
        try:
            asked = read_asked(body, message)
        except InvalidRequest as error:
            return self._reject(Asked(workspace="", token=message, request={}), came, error)
        caller = Caller(
            workspace=asked.workspace,
            scopes=frozenset({GENERATE}),
            key="intake",
            request_id=message,
        )
        try:
            job = self._submitted(asked, caller)
        except _PASSING as error:
            if tries >= _MOST_TRIES:
                return self._reject(asked, came, error)
            self.queue.send_later(asked.text(), tries + 1, error.retry_after)
            code = self.explain(error)["code"]
            return Taken(result="later", workspace=asked.workspace, code=code)
        except DarkroomError as error:
            return self._reject(asked, came, error)
        return Taken(result="accepted", workspace=asked.workspace, job=job)

    def _submitted(self, asked: Asked, caller: Caller) -> str:
        command = self.read(json.dumps(asked.request).encode(), caller, asked.token)
        if command.dry_run:
            text = "A dry run has nobody here who waits for its answer."
            raise InvalidRequest("dry_run", "conflicts", text)
        submitted = self.submit(command, caller)
        if isinstance(submitted, Quoted):
            raise TypeError("a job was asked for, and a quote given")
        return submitted.job.id

    def _reject(self, asked: Asked, came: _Came, error: DarkroomError) -> Taken:
        reason = self.explain(error)
        event = rejected(
            asked.workspace, asked.token, came.at, {"error": dict(reason)}, came.message
        )
        self.teller.tell([event])
        self.queue.keep_rejected(came.body, reason)
        return Taken(result="rejected", workspace=asked.workspace, code=reason["code"])


def read_asked(body: str, message: str) -> Asked:
    """Raises InvalidRequest."""
    values, own_id = _unwrapped(_object(body), message)
    unknown = values.keys() - {"workspace", "client_token", "request"}
    if unknown:
        name = min(unknown)
        raise InvalidRequest("message", "unknown_field", f"{name!r} is not a field of a message.")
    workspace, request = values.get("workspace"), values.get("request")
    token = values.get("client_token", own_id)
    if not isinstance(workspace, str) or not workspace:
        raise InvalidRequest("workspace", "required", "workspace must be the id of one.")
    if not isinstance(request, dict):
        raise InvalidRequest("request", "required", "request must be an object.")
    if not isinstance(token, str) or not 1 <= len(token) <= _LONGEST_TOKEN:
        text = f"client_token takes 1 to {_LONGEST_TOKEN} characters."
        raise InvalidRequest("client_token", "out_of_range", text)
    return Asked(workspace=workspace, token=token, request=request)


def _unwrapped(values: dict[str, Any], message: str) -> tuple[dict[str, Any], str]:
    """What was asked, and the id it came with: of an event of the bus, the event's."""
    if values.get("detail-type") != SUBMIT_EVENT:
        return values, message
    detail = values.get("detail")
    if not isinstance(detail, dict):
        raise InvalidRequest("detail", "required", "detail must be an object.")
    return detail, str(values.get("id", message))


def _object(body: str) -> dict[str, Any]:
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidRequest("message", "not_json", "The message must be JSON.") from None
    if not isinstance(values, dict):
        raise InvalidRequest("message", "wrong_type", "The message must be a JSON object.")
    return values
