"""A request that came by a queue or by the bus: no client waits for its answer, so that a refusal
becomes an event, and what passes is tried again later.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from darkroom.domain.api_key import GENERATE
from darkroom.domain.errors import (
    DarkroomError,
    InvalidRequest,
    OutcomeUnknown,
    RateLimited,
    TooManyInFlight,
    Unavailable,
)
from darkroom.domain.event_ports import BusFailed, as_text
from darkroom.domain.events import rejected
from darkroom.domain.ids import is_workspace
from darkroom.domain.intake import IntakeMessage, IntakeQueue
from darkroom.domain.job import Hook, Job
from darkroom.domain.operations import Caller, QuoteJob, SubmitJob
from darkroom.domain.outcomes import Submitted
from darkroom.domain.ports import Accounts, Clock
from darkroom.usecases.publish_events import EventPublisher

log = logging.getLogger(__name__)

SUBMIT_EVENT = "SubmitImageJob"
_FIELDS = frozenset({"workspace", "client_token", "request"})
# A workspace's limits pass within a minute or with its next image.
_PATIENCE = timedelta(hours=12)
_LONGEST_PAUSE = 900
_PASSING = (RateLimited, TooManyInFlight, Unavailable)
_LONGEST_TOKEN = 255
# In bytes, so that the event stays below what one may have.
_LARGEST_NOTES = 16_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRequest:
    """What a message says as far as it can be read. `token` stands for an Idempotency-Key; without
    one, the message's own id does.
    """

    workspace: str
    token: str
    request: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeResult:
    """`accepted`, `rejected` or `later`."""

    result: str
    workspace: str = ""
    job: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    submit: Callable[[SubmitJob, Caller], Submitted]
    earlier: Callable[[SubmitJob, Caller], Job | None]  # the job that its token stands for
    parse: Callable[[bytes], dict[str, Any]]  # as strictly as what comes by HTTP
    read: Callable[[bytes, Caller, str], SubmitJob | QuoteJob]
    read_hook: Callable[[Mapping[str, Any], Caller], Hook | None]
    accounts: Accounts
    explain: Callable[[DarkroomError], Mapping[str, Any]]
    is_temporary: Callable[[Exception], bool]  # an outage
    event_publisher: EventPublisher
    queue: IntakeQueue
    clock: Clock

    def accept(self, message: IntakeMessage) -> IntakeResult:
        """Raises what is a fault of ours: the message comes back by itself."""
        submission = IntakeRequest(workspace="", token=message.id, request={})
        try:
            values, own_id = _unwrapped(self.parse(message.body.encode()), message)
            submission = _read_submission(values, own_id)
            _check(values, submission)
            job = self._submitted(submission, message)
        except _PASSING as error:
            return self._put_off(submission, message, error, error.retry_after)
        except DarkroomError as error:
            return self._reject(submission, message, error)
        except Exception as fault:
            if not self.is_temporary(fault):
                raise
            return self._put_off(submission, message, Unavailable(), 1)
        return IntakeResult(result="accepted", workspace=submission.workspace, job=job)

    def _submitted(self, submission: IntakeRequest, message: IntakeMessage) -> str:
        caller = _caller(submission, message)
        return self.submit(self._read(submission, caller), caller).job.id

    def _read(self, submission: IntakeRequest, caller: Caller) -> SubmitJob:
        command = self.read(json.dumps(submission.request).encode(), caller, submission.token)
        if isinstance(command, QuoteJob):
            text = "A message has no answer, so that a dry run tells no price."
            raise InvalidRequest("dry_run", "conflicts", text)
        return command

    def _put_off(
        self, submission: IntakeRequest, message: IntakeMessage, error: DarkroomError, at_least: int
    ) -> IntakeResult:
        """Each time for longer: a thousand that wait must not use up the limit by asking."""
        if self.clock.now() > message.sent_at + _PATIENCE:
            return self._give_up(submission, message, error)
        seconds = max(at_least, min(2**message.tries, _LONGEST_PAUSE))
        return self._later(submission, message, self.explain(error)["code"], seconds)

    def _later(
        self, submission: IntakeRequest, message: IntakeMessage, code: str, seconds: int
    ) -> IntakeResult:
        self.queue.send_later(message, submission.workspace, seconds)
        return IntakeResult(result="later", workspace=submission.workspace, code=code)

    def _give_up(
        self, submission: IntakeRequest, message: IntakeMessage, error: DarkroomError
    ) -> IntakeResult:
        """A try may have created the job without an answer: such a request is never rejected."""
        code, caller = self.explain(error)["code"], _caller(submission, message)
        if isinstance(error, OutcomeUnknown):
            return self._later(submission, message, code, _LONGEST_PAUSE)
        try:
            job = self.earlier(self._read(submission, caller), caller)
        except Exception as fault:
            if self.is_temporary(fault):
                return self._later(submission, message, code, _LONGEST_PAUSE)
            if not isinstance(fault, DarkroomError):
                raise
            job = None
        if job is None:
            return self._reject(submission, message, error)
        return IntakeResult(result="accepted", workspace=submission.workspace, job=job.id)

    def _reject(
        self, submission: IntakeRequest, message: IntakeMessage, error: DarkroomError
    ) -> IntakeResult:
        reason = self.explain(error)
        try:
            self._publish(submission, message, reason)
        except Exception as fault:
            if not (self.is_temporary(fault) or isinstance(fault, BusFailed)):
                raise
            # A refusal without its event is none: it is read again when the outage is over.
            return self._later(submission, message, reason["code"], _LONGEST_PAUSE)
        return IntakeResult(result="rejected", workspace=submission.workspace, code=reason["code"])

    def _publish(
        self, submission: IntakeRequest, message: IntakeMessage, reason: Mapping[str, Any]
    ) -> None:
        data: dict[str, Any] = {"client_token": submission.token, "error": dict(reason)}
        if notes := _notes(submission.request):
            data["metadata"] = notes
        hook = self._hook(submission, message)
        event = rejected(submission.workspace, message.id, message.sent_at, data, hook)
        self.event_publisher.publish([self.event_publisher.message_of(event)])
        self.queue.keep_rejected(message, submission.workspace, reason)

    def _hook(self, submission: IntakeRequest, message: IntakeMessage) -> Hook | None:
        """One that is itself wrong changes nothing about the refusal."""
        try:
            hook = self.read_hook(submission.request, _caller(submission, message))
        except DarkroomError:
            return None
        except Exception:
            log.exception("hook_unread")
            return None
        # Its messages would lie in a workspace that may be created later.
        is_somebodys = hook and submission.workspace and self.accounts.get(submission.workspace)
        return hook if is_somebodys else None


def _caller(submission: IntakeRequest, message: IntakeMessage) -> Caller:
    return Caller(
        workspace=submission.workspace,
        scopes=frozenset({GENERATE}),
        key="intake",
        request_id=message.id,
    )


def _unwrapped(values: dict[str, Any], message: IntakeMessage) -> tuple[dict[str, Any], str]:
    """What was asked, and the id it came with: of an event of the bus, the event's."""
    if values.get("detail-type") != SUBMIT_EVENT:
        return values, message.id
    detail = values.get("detail")
    if not isinstance(detail, dict):
        raise InvalidRequest("detail", "required", "detail must be an object.")
    own_id = values.get("id")
    return detail, str(own_id) if _is_token(own_id) else message.id


def _read_submission(values: Mapping[str, Any], own_id: str) -> IntakeRequest:
    """Also of what is refused, so that there is an event of it."""
    workspace, request = values.get("workspace"), values.get("request")
    token = values.get("client_token", own_id)
    names_one = isinstance(workspace, str) and is_workspace(workspace)
    return IntakeRequest(
        workspace=str(workspace) if names_one else "",
        token=token if _is_token(token) else own_id,
        request=request if isinstance(request, dict) else {},
    )


def _check(values: Mapping[str, Any], submission: IntakeRequest) -> None:
    if values.keys() - _FIELDS:
        text = f"A message has {', '.join(sorted(_FIELDS))}, and nothing else."
        raise InvalidRequest("message", "unknown_field", text)
    if not submission.workspace:
        raise InvalidRequest("workspace", "required", "workspace must be the id of one.")
    if not isinstance(values.get("request"), dict):
        raise InvalidRequest("request", "required", "request must be an object.")
    if "client_token" in values and values["client_token"] != submission.token:
        text = f"client_token takes 1 to {_LONGEST_TOKEN} printable characters."
        raise InvalidRequest("client_token", "out_of_range", text)


def _notes(request: Mapping[str, Any]) -> dict[str, str]:
    """The request's metadata as far as it can be read: a workflow may wait for the token in it."""
    given = request.get("metadata")
    if not isinstance(given, dict):
        return {}
    notes = {name: text for name, text in given.items() if isinstance(text, str)}
    try:
        size = len(as_text(notes).encode())
    except UnicodeEncodeError:
        return {}
    return notes if size <= _LARGEST_NOTES else {}


def _is_token(token: object) -> bool:
    return isinstance(token, str) and 1 <= len(token) <= _LONGEST_TOKEN and token.isprintable()
