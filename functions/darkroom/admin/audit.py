"""`darkroom-admin audit`: the log of what operators have changed."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer

from darkroom.admin.output import command_group, opened, show_all
from darkroom.bootstrap.admin import AdminServices
from darkroom.domain.audit_log import AuditRecord, AuditState

audit = command_group("The log of what operators have changed.")
_COLUMNS = ("at", "user", "action", "workspace", "state", "details")


@audit.command("list")
def list_records(
    context: typer.Context,
    workspace: Annotated[str | None, typer.Argument(help="Of this one alone.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
) -> None:
    """Newest first: when, by whom, what was changed, and how it ended."""
    with opened(context) as services:
        rows = map(asdict, services.audit_log.newest(limit, workspace))
        show_all(context, rows, empty="No change is recorded.", columns=_COLUMNS)


@contextmanager
def recorded(
    services: AdminServices, action: str, workspace: str = "", **details: Any
) -> Iterator[AuditRecord]:
    """The change is made in its body, whose results are added to the record's `details`. What
    cannot be recorded is not done.
    """
    results = dict(details)
    record = AuditRecord(
        id=services.ids.new_id(),
        at=services.clock.now(),
        arn=services.caller_arn(),
        user=_local_user(),
        action=action,
        workspace=workspace,
        details=results,
    )
    services.audit_log.keep(record)
    try:
        yield record
    except BaseException:
        services.audit_log.keep(replace(record, state=AuditState.FAILED))
        raise
    services.audit_log.keep(replace(record, state=AuditState.DONE))


def _local_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A user without a name, as in a container.
        return f"user {os.getuid()}"
