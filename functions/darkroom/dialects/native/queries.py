"""What a request asks for: paths, queries and headers into operations."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from darkroom.dialects.wire import Desk, Request
from darkroom.domain.errors import InvalidRequest, NotFound
from darkroom.domain.job import JobStatus
from darkroom.domain.operations import (
    CancelJob,
    CheckHealth,
    ListJobs,
    ListModels,
    OpenFile,
    ReadJob,
    ReadModel,
    SubmitJob,
)

LONGEST_WAIT = 25
# The longest legal job is 67 kB of JSON, and Lambda answers with 6 MB at most.
_DEFAULT_PAGE, _LARGEST_PAGE = 20, 50
_LONGEST_IDEMPOTENCY_KEY = 255
_PREFERRED_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?([^\s,;\"]*)", re.IGNORECASE)
# More than any number here has; Python itself refuses to read thousands.
_DIGITS = 9
_WHOLE = re.compile(r"-?[0-9]+")
_FILE_NAME = re.compile(r"[0-9a-f-]{36}(-thumb\.jpg|\.(webp|png|jpg))")

Parameters = Mapping[str, str]


def submit_job(request: Request, _parameters: Parameters, desk: Desk) -> SubmitJob:
    # Imported here because only a submit has a body: reading a job need not load pydantic.
    from darkroom.dialects.native.submission import read_submission  # noqa: PLC0415

    _only(request)
    submission = read_submission(request.body, desk)
    return SubmitJob(
        dialect="native",
        request=submission.request,
        fingerprint=submission.fingerprint,
        dry_run=submission.dry_run,
        wait=preferred_wait(request),
        idempotency_key=_idempotency_key(request),
    )


def cancel_job(request: Request, parameters: Parameters, _desk: Desk) -> CancelJob:
    _only(request)
    return CancelJob(job=_job_id(parameters))


def read_job(request: Request, parameters: Parameters, _desk: Desk) -> ReadJob:
    _only(request, "wait")
    wait = _number(request, "wait", 0, 0, LONGEST_WAIT)
    return ReadJob(job=_job_id(parameters), wait=wait)


def list_jobs(request: Request, _parameters: Parameters, _desk: Desk) -> ListJobs:
    _only(request, "limit", "cursor", "status")
    cursor = request.query.get("cursor")
    if cursor is not None and not _is_id(cursor):
        raise InvalidRequest("cursor", "malformed", "cursor must be one that a page gave.")
    status = request.query.get("status")
    if status is not None and status not in set(JobStatus):
        raise InvalidRequest("status", "unknown", f"status must be one of {', '.join(JobStatus)}.")
    return ListJobs(
        limit=_number(request, "limit", _DEFAULT_PAGE, 1, _LARGEST_PAGE),
        cursor=cursor,
        status=JobStatus(status) if status else None,
    )


def list_models(request: Request, _parameters: Parameters, _desk: Desk) -> ListModels:
    _only(request)
    return ListModels()


def read_model(request: Request, parameters: Parameters, _desk: Desk) -> ReadModel:
    _only(request)
    return ReadModel(name=parameters["name"])


def open_file(request: Request, parameters: Parameters, _desk: Desk) -> OpenFile:
    name = parameters["name"]
    if not _FILE_NAME.fullmatch(name):
        raise NotFound("file")
    return OpenFile(
        name=name,
        expires=request.query.get("expires", ""),
        kid=request.query.get("kid", ""),
        signature=request.query.get("signature", ""),
        only_head=request.method == "HEAD",
    )


def check_health(_request: Request, _parameters: Parameters, _desk: Desk) -> CheckHealth:
    return CheckHealth()


def _only(request: Request, *known: str) -> None:
    for name in request.query:
        if name not in known:
            raise InvalidRequest(name, "unknown_field", f"This path takes no parameter {name}.")


def _job_id(parameters: Parameters) -> str:
    # A malformed id and somebody else's answer alike, and neither costs a look into the table.
    if not _is_id(parameters["id"]):
        raise NotFound("job")
    return parameters["id"]


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _number(request: Request, name: str, default: int, least: int, most: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    if not _WHOLE.fullmatch(text):
        raise InvalidRequest(name, "wrong_type", f"{name} must be a whole number.")
    number = int(text[:_DIGITS])
    if len(text) > _DIGITS or not least <= number <= most:
        raise InvalidRequest(name, "out_of_range", f"{name} must be {least} to {most}.")
    return number


def preferred_wait(request: Request) -> int:
    """RFC 7240. A preference for longer than we can wait is met as far as we can."""
    found = _PREFERRED_WAIT.search(request.headers.get("prefer", ""))
    if found is None:
        return 0
    seconds = found[1]
    if not (seconds.isascii() and seconds.isdigit()):
        raise InvalidRequest("prefer", "malformed", "Prefer: wait takes a whole number of seconds.")
    return LONGEST_WAIT if len(seconds) > _DIGITS else min(int(seconds), LONGEST_WAIT)


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= _LONGEST_IDEMPOTENCY_KEY:
        raise InvalidRequest(
            "idempotency_key",
            "out_of_range",
            f"Idempotency-Key takes 1 to {_LONGEST_IDEMPOTENCY_KEY} characters.",
        )
    return key
