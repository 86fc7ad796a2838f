"""`darkroom-admin jobs`: find the jobs of a workspace, cancel and retry them; and `usage`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from itertools import islice
from typing import Annotated, Any

import typer

from darkroom.admin.audit import recorded
from darkroom.admin.output import (
    DryRun,
    Workspace,
    Yes,
    agree,
    command_group,
    must_exist,
    opened,
    show,
    show_all,
    stop,
)
from darkroom.bootstrap.admin import AdminServices
from darkroom.domain.errors import DarkroomError
from darkroom.domain.job import Job
from darkroom.usecases.filter_jobs import (
    failure_codes,
    filtered_jobs,
    model_of,
    named_jobs,
    read_filter,
)
from darkroom.usecases.usage import usage

jobs = command_group("Jobs of a workspace.")

# Of one command: the record of what it did is one item.
_MOST = 1000
_LONGEST_PROMPT = 60
_COLUMNS = ("id", "status", "model", "slots", "credits", "created_at", "codes")
_NONE = "There is no such job."
Filters = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        help="status=failed, kind=captions, dialect=qolaba, model=…, code=refused, older=15m,"
        " newer=2d: all of them must fit, and of several statuses one.",
    ),
]
Names = Annotated[list[str] | None, typer.Argument(help="Ids of jobs, in place of filters.")]
Unasked = Annotated[
    int,
    typer.Option(
        "--limit", min=1, max=_MOST, help="More than so many are changed after a question only."
    ),
]


@jobs.command("list")
def list_jobs(
    context: typer.Context,
    workspace: Workspace,
    filters: Filters = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
) -> None:
    """Newest first."""
    with opened(context) as services:
        must_exist(services, workspace)
        found = list(islice(_found(services, workspace, filters or ()), limit + 1))
        show_all(context, map(_row, found[:limit]), empty=_NONE, columns=_COLUMNS)
    if len(found) > limit:
        typer.echo(f"There are more: these are the newest {limit} (--limit).", err=True)


@jobs.command("show")
def show_job(
    context: typer.Context,
    workspace: Workspace,
    job: Annotated[str, typer.Argument(help="The job's id.")],
) -> None:
    """A job as it is stored, without the tokens of its leases and callbacks."""
    with opened(context) as services:
        [found] = named_jobs(workspace, [job], jobs=services.jobs)
        values = asdict(found)
        for slot in values["slots"]:
            for secretive in filter(None, (slot["lease"], slot["pending"])):
                del secretive["token"]
        show(context, values)


@jobs.command("cancel")
def cancel_jobs(
    context: typer.Context,
    workspace: Workspace,
    job: Names = None,
    filters: Filters = None,
    limit: Unasked = 100,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Cancel jobs that have not ended: what is stored stays and is charged, the rest is
    refunded.
    """
    names, texts = job or (), filters or ()
    with opened(context) as services:
        found = _chosen(services, workspace, names, texts, lambda one: not one.status.is_terminal)
        if _are_agreed(context, "Cancel", found, limit, dry_run=dry_run, yes=yes):
            _change(
                context, services, "jobs cancel", found, filters=texts, change=services.cancel_job
            )


@jobs.command("retry")
def retry_jobs(
    context: typer.Context,
    workspace: Workspace,
    job: Names = None,
    filters: Filters = None,
    limit: Unasked = 100,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Ask once more for what failed jobs asked for: each becomes a new job, which is charged anew
    at the same price. A job is retried once a day at most, however often this is called.
    """
    names, texts = job or (), filters or ()
    with opened(context) as services:
        found = _chosen(services, workspace, names, texts, lambda one: one.status == "failed")
        if _are_agreed(context, "Retry", found, limit, dry_run=dry_run, yes=yes):
            _change(
                context, services, "jobs retry", found, filters=texts, change=services.retry_job
            )


def show_usage(
    context: typer.Context,
    workspace: Annotated[str | None, typer.Argument(help="One only.")] = None,
    days: Annotated[int, typer.Option(min=1, max=90, help="Of jobs not older than this.")] = 30,
) -> None:
    """What workspaces have used: jobs, images and credits, by model."""
    with opened(context) as services:
        since = services.clock.now() - timedelta(days=days)
        if workspace is not None:
            must_exist(services, workspace)
            names = [workspace]
        else:
            names = sorted(account.workspace for account in services.accounts.all())
        rows = (asdict(row) for name in names for row in usage(name, since, jobs=services.jobs))
        show_all(context, rows, empty=f"Nothing was used in {days} days.")


def _found(services: AdminServices, workspace: str, filters: Sequence[str]) -> Iterator[Job]:
    wanted = read_filter(filters, services.clock.now())
    return filtered_jobs(workspace, wanted, jobs=services.jobs)


def _chosen(
    services: AdminServices,
    workspace: str,
    names: Sequence[str],
    filters: Sequence[str],
    can_be_changed: Callable[[Job], bool],
) -> Sequence[Job]:
    """Of filters, one more than are changed at once shows that there are more. A named one that
    cannot be changed is refused, and not passed over; a repeat would begin with the same names.
    """
    must_exist(services, workspace)
    if names and filters:
        stop("Name the jobs or give a --filter, not both.")
    if not names and not filters:
        stop("Name the jobs, or give a --filter.")
    if len(names) > _MOST:
        stop(f"Name at most {_MOST} jobs at once.")
    if names:
        return list(named_jobs(workspace, names, jobs=services.jobs))
    found = filter(can_be_changed, _found(services, workspace, filters))
    return list(islice(found, _MOST + 1))


def _are_agreed(
    context: typer.Context, verb: str, found: Sequence[Job], limit: int, *, dry_run: bool, yes: bool
) -> bool:
    if dry_run or not found:
        show_all(context, map(_row, found), empty=_NONE, columns=_COLUMNS)
        return False
    if len(found) > limit:
        many = f"the newest {_MOST} of more" if len(found) > _MOST else str(len(found))
        agree(f"{verb} {many} jobs?", yes=yes)
    return True


def _change(
    context: typer.Context,
    services: AdminServices,
    action: str,
    found: Sequence[Job],
    *,
    filters: Sequence[str],
    change: Callable[[Job, str], Job],
) -> None:
    first = found[:_MOST]
    names = [one.id for one in first]
    workspace = first[0].workspace
    with recorded(services, action, workspace, filters=list(filters), jobs=names) as record:
        rows = [_changed(one, change, record.id) for one in first]
        refused = sum(bool(row["refused"]) for row in rows)
        record.details.update(
            changed=len(rows) - refused,
            refused=refused,
            new_jobs=[row["now"] for row in rows if row["now"] not in {None, row["id"]}],
        )
    show_all(context, rows, empty=_NONE)
    if len(found) > _MOST:
        typer.echo("There are more: repeat the command.", err=True)
    if refused:
        stop(f"{refused} of {len(rows)} jobs were not changed.")


def _changed(job: Job, change: Callable[[Job, str], Job], record: str) -> dict[str, Any]:
    try:
        after = change(job, record)
    except DarkroomError as error:
        return {"id": job.id, "status": job.status, "now": None, "refused": str(error)}
    return {"id": job.id, "status": after.status, "now": after.id, "refused": None}


def _row(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "status": job.status,
        "kind": job.kind,
        "dialect": job.dialect,
        "model": model_of(job),
        "slots": len(job.slots),
        "credits": job.total,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "codes": list(failure_codes(job)),
        "request_id": job.request_id,
        "prompt": job.request.prompt[:_LONGEST_PROMPT],
    }
