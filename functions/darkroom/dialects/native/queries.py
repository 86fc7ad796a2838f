"""What a request asks for: paths, queries and headers into operations."""

from __future__ import annotations

import re
from collections.abc import Mapping

from darkroom.dialects.reading import (
    LONGEST_WAIT,
    an_id,
    cursor,
    idempotency_key,
    number,
    only,
    preferred_wait,
)
from darkroom.dialects.wire import Desk, Request
from darkroom.domain.errors import InvalidRequest, NotFound
from darkroom.domain.ids import is_workspace
from darkroom.domain.job import JobStatus
from darkroom.domain.operations import (
    CancelJob,
    CheckHealth,
    HearProvider,
    ListJobs,
    ListModels,
    OpenFile,
    ReadAccount,
    ReadJob,
    ReadModel,
    SubmitJob,
)

# The longest legal job is 135 kB of JSON, and Lambda answers with 6 MB at most.
_DEFAULT_PAGE, _LARGEST_PAGE = 20, 40
_FILE_NAME = re.compile(r"[0-9a-f-]{36}(-thumb\.jpg|\.(webp|png|jpg))")
# Of a provider's signature.
_MOST_HEADERS, _LONGEST_HEADER = 10, 1000
_SLOT = re.compile(r"[0-9]")

Parameters = Mapping[str, str]


def submit_job(request: Request, _parameters: Parameters, desk: Desk) -> SubmitJob:
    # Imported here because only a submit has a body: reading a job need not load pydantic.
    from darkroom.dialects.native.submission import read_submission  # noqa: PLC0415

    only(request)
    return read_submission(
        request.body,
        desk,
        wait=preferred_wait(request),
        idempotency_key=idempotency_key(request),
    )


def cancel_job(request: Request, parameters: Parameters, _desk: Desk) -> CancelJob:
    only(request)
    return CancelJob(job=an_id(parameters["id"], "job"))


def read_job(request: Request, parameters: Parameters, _desk: Desk) -> ReadJob:
    only(request, "wait")
    wait = number(request, "wait", 0, 0, LONGEST_WAIT)
    return ReadJob(job=an_id(parameters["id"], "job"), wait=wait)


def list_jobs(request: Request, _parameters: Parameters, _desk: Desk) -> ListJobs:
    only(request, "limit", "cursor", "status")
    status = request.query.get("status")
    if status is not None and status not in set(JobStatus):
        raise InvalidRequest("status", "unknown", f"status must be one of {', '.join(JobStatus)}.")
    return ListJobs(
        limit=number(request, "limit", _DEFAULT_PAGE, 1, _LARGEST_PAGE),
        cursor=cursor(request, "cursor"),
        statuses=(JobStatus(status),) if status else (),
    )


def read_account(request: Request, _parameters: Parameters, _desk: Desk) -> ReadAccount:
    only(request)
    return ReadAccount()


def list_models(request: Request, _parameters: Parameters, _desk: Desk) -> ListModels:
    only(request)
    return ListModels()


def read_model(request: Request, parameters: Parameters, _desk: Desk) -> ReadModel:
    only(request)
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


def hear_provider(request: Request, parameters: Parameters, _desk: Desk) -> HearProvider:
    """What it says is not read: whether it is true shows when we ask. Its signature, if it has one,
    is for the worker to verify.
    """
    workspace, slot = parameters["workspace"], parameters["slot"]
    # Anyone may call this: what cannot be an address of ours costs no look into the table.
    if not (is_workspace(workspace) and _SLOT.fullmatch(slot)):
        raise NotFound("image")
    return HearProvider(
        workspace=workspace,
        job=an_id(parameters["job"], "image"),
        slot=int(slot),
        token=an_id(parameters["token"], "image"),
        at=request.at,
        headers=_of_a_signature(request.headers),
        body=request.body,
    )


def _of_a_signature(headers: Mapping[str, str]) -> Mapping[str, str]:
    """As Standard Webhooks names them, and those who have names of their own beside it."""
    found = {
        name: value
        for name, value in headers.items()
        if "webhook-" in name and len(name) + len(value) <= _LONGEST_HEADER
    }
    return found if len(found) <= _MOST_HEADERS else {}


def check_health(_request: Request, _parameters: Parameters, _desk: Desk) -> CheckHealth:
    return CheckHealth()
