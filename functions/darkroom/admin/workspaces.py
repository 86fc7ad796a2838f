"""`darkroom-admin workspace`: tenants with credits, from their opening to their deletion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from darkroom.admin.audit import recorded
from darkroom.admin.output import (
    DryRun,
    Workspace,
    Yes,
    agree,
    command_group,
    opened,
    show,
    show_all,
    stop,
)
from darkroom.domain.money import Account, Terms
from darkroom.domain.quotas import TIERS
from darkroom.usecases.create_workspace import Limits

workspaces = command_group("Workspaces: tenants with credits.")

_COLUMNS = (
    *("workspace", "tier", "balance", "held", "spent", "in_flight", "stored_bytes"),
    "suspended_at",
)
_QUOTA = "Without: what the tier has."
_TIER = f"{' or '.join(TIERS)}: its quotas, and the models that its dialects sell it."
StorageBytes = Annotated[
    int | None, typer.Option(min=0, help=f"Bytes of images that it may store. {_QUOTA}")
]
UploadsADay = Annotated[int | None, typer.Option(min=0, help=f"Uploads a day. {_QUOTA}")]
RedeliveriesADay = Annotated[
    int | None, typer.Option(min=0, help=f"Deliveries sent again a day. {_QUOTA}")
]


@workspaces.command("create")
def create_workspace(  # noqa: PLR0917 - typer makes options of them
    context: typer.Context,
    workspace: Workspace,
    grant: Annotated[int, typer.Option("--credits", min=0, help="Credits to begin with.")] = 0,
    tier: Annotated[str, typer.Option(help=_TIER)] = "free",
    requests_per_minute: Annotated[int, typer.Option(min=1)] = Limits().requests_per_minute,
    max_in_flight: Annotated[int, typer.Option(min=1)] = Limits().max_in_flight,
    low_credits: Annotated[
        int | None,
        typer.Option(min=0, help="Below this, credits.low is sent. Without: a tenth of --credits."),
    ] = None,
    storage_bytes: StorageBytes = None,
    uploads_a_day: UploadsADay = None,
    redeliveries_a_day: RedeliveriesADay = None,
) -> None:
    """Open a workspace."""
    limits = Limits(
        requests_per_minute=requests_per_minute,
        max_in_flight=max_in_flight,
        low_credits=low_credits,
        storage_bytes=storage_bytes,
        uploads_a_day=uploads_a_day,
        redeliveries_a_day=redeliveries_a_day,
    )
    known = _tier(tier)
    with (
        opened(context) as services,
        recorded(services, "workspace create", workspace, credits=grant, tier=known),
    ):
        show(context, _shown(services.create_workspace(workspace, grant, limits, known)))


@workspaces.command("change")
def change_workspace(  # noqa: PLR0917 - typer makes options of them
    context: typer.Context,
    workspace: Workspace,
    tier: Annotated[str | None, typer.Option(help=_TIER)] = None,
    requests_per_minute: Annotated[int | None, typer.Option(min=1)] = None,
    max_in_flight: Annotated[int | None, typer.Option(min=1)] = None,
    low_credits: Annotated[int | None, typer.Option(min=0)] = None,
    storage_bytes: StorageBytes = None,
    uploads_a_day: UploadsADay = None,
    redeliveries_a_day: RedeliveriesADay = None,
) -> None:
    """Change what is given, from the next request on."""
    options = {
        "tier": None if tier is None else _tier(tier),
        "requests_per_minute": requests_per_minute,
        "max_in_flight": max_in_flight,
        "low_credits": low_credits,
        "storage_bytes": storage_bytes,
        "uploads_a_day": uploads_a_day,
        "redeliveries_a_day": redeliveries_a_day,
    }
    terms = Terms(**options)  # type: ignore[arg-type]  # each of its own type
    if not terms.given():
        names = ", ".join(f"--{name.replace('_', '-')}" for name in options)
        stop(f"Give what is to change: {names}.")
    _change(context, "workspace change", workspace, terms)


@workspaces.command("list")
def list_workspaces(context: typer.Context) -> None:
    """Every workspace, with its credits and limits."""
    with opened(context) as services:
        rows = map(_shown, services.accounts.all())
        show_all(context, rows, empty="There is no workspace.", columns=_COLUMNS)


@workspaces.command("suspend")
def suspend_workspace(context: typer.Context, workspace: Workspace) -> None:
    """Accept nothing new of it: jobs and uploads are refused from the next request on. What is on
    its way comes to its end, and what is there can be read and deleted.
    """
    with opened(context) as services:
        now = services.clock.now().isoformat(timespec="seconds")
        account = services.accounts.get(workspace)
    # Suspended twice, it is since the first time.
    since = (account.suspended_at if account else "") or now
    _change(context, "workspace suspend", workspace, Terms(suspended_at=since))


@workspaces.command("resume")
def resume_workspace(context: typer.Context, workspace: Workspace) -> None:
    """Accept its requests again."""
    _change(context, "workspace resume", workspace, Terms(suspended_at=""))


@workspaces.command("delete")
def delete_workspace(
    context: typer.Context, workspace: Workspace, *, dry_run: DryRun = False, yes: Yes = False
) -> None:
    """Delete a suspended workspace with all that it owns: jobs, images, keys, webhooks, its
    ledger. Nothing of it can be had back. It counts at the end what is left, and exits with 1
    unless that is nothing; after an interruption it can be repeated.
    """
    with opened(context) as services:
        there = services.contents_to_delete(workspace)
        counts = {**there.items, **services.workspace_contents.count_elsewhere(there)}
        if dry_run:
            show(context, {"workspace": workspace, "would_delete": counts})
            return
        agree(f"Delete {workspace} with {_listed(counts)}?", yes=yes)
        with recorded(services, "workspace delete", workspace, found=counts) as record:
            left = services.delete_workspace(workspace)
            record.details["left"] = dict(left)
        show(context, {"workspace": workspace, "deleted": counts, "left": left})
    if left:
        stop(f"There is left: {_listed(left)}. Repeat the command.")


def _change(context: typer.Context, action: str, workspace: str, terms: Terms) -> None:
    with (
        opened(context) as services,
        recorded(services, action, workspace, **terms.given()),
    ):
        show(context, _shown(services.accounts.change(workspace, terms)))


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} × {kind}" for kind, number in counts.items())


def _tier(name: str) -> str:
    if name.lower() not in TIERS:
        stop(f"There is no tier {name}: {', '.join(TIERS)}.")
    return name.lower()


def _shown(account: Account) -> dict[str, Any]:
    """With the quotas that hold, whether they were set or are its tier's."""
    return {**asdict(account), **asdict(account.quotas)}
