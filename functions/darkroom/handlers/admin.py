"""`darkroom-admin`, the operator's command, against the local or the deployed system.

It takes AWS's usual environment, and the stack's name with --stack; without one, TABLE_NAME,
SIGNING_SECRET and WEBHOOK_SECRET. Every answer is JSON, a line an item, for people and for scripts.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import timedelta
from typing import Annotated, Any

import typer

from darkroom.bootstrap.admin import AdminServices
from darkroom.domain.api_key import ADMIN, SCOPES, KeyRecord
from darkroom.domain.money import Account, Entry, LedgerEntry, Terms
from darkroom.handlers.admin_messages import refused_requests, webhooks
from darkroom.handlers.admin_models import models
from darkroom.handlers.admin_output import Workspace, must_exist, opened, show, stop
from darkroom.handlers.admin_providers import providers
from darkroom.handlers.admin_secrets import secrets
from darkroom.usecases.create_workspace import Limits

# A traceback in colours would show the values of variables, keys among them.
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
workspaces = typer.Typer(no_args_is_help=True, help="Workspaces: tenants with credits.")
keys = typer.Typer(no_args_is_help=True, help="API keys of a workspace.")
app.add_typer(workspaces, name="workspace")
app.add_typer(keys, name="key")
app.add_typer(providers, name="providers")
app.add_typer(models, name="models")
app.add_typer(refused_requests, name="rejected")
app.add_typer(webhooks, name="webhooks")
app.add_typer(secrets, name="secret")


@app.callback()
def choose_system(
    context: typer.Context,
    stack: Annotated[
        str | None, typer.Option(envvar="DARKROOM_STACK", help="For example darkroom-dev.")
    ] = None,
) -> None:
    """Workspaces, keys and credits, for the operator."""
    context.obj = stack


_LOOKS = 3
_BETWEEN_LOOKS = 0.5

_QUOTA = "Without: what the tier has."
StorageBytes = Annotated[
    int | None, typer.Option(min=0, help=f"Bytes of images that it may store. {_QUOTA}")
]
UploadsADay = Annotated[int | None, typer.Option(min=0, help=f"Uploads a day. {_QUOTA}")]
RedeliveriesADay = Annotated[
    int | None, typer.Option(min=0, help=f"Deliveries sent again a day. {_QUOTA}")
]
KeyId = Annotated[str, typer.Argument(help="The key's id, as `key list` shows it.")]


@workspaces.command("create")
def create_workspace(  # noqa: PLR0917 - typer makes options of them
    context: typer.Context,
    workspace: Workspace,
    grant: Annotated[int, typer.Option("--credits", min=0, help="Credits to begin with.")] = 0,
    tier: Annotated[str, typer.Option(help="free, pro, or what your dialects ask for.")] = "free",
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
    with opened(context) as services:
        show(_shown(services.create_workspace(workspace, grant, limits, tier)))


@workspaces.command("change")
def change_workspace(  # noqa: PLR0917 - typer makes options of them
    context: typer.Context,
    workspace: Workspace,
    tier: Annotated[str | None, typer.Option()] = None,
    requests_per_minute: Annotated[int | None, typer.Option(min=1)] = None,
    max_in_flight: Annotated[int | None, typer.Option(min=1)] = None,
    low_credits: Annotated[int | None, typer.Option(min=0)] = None,
    storage_bytes: StorageBytes = None,
    uploads_a_day: UploadsADay = None,
    redeliveries_a_day: RedeliveriesADay = None,
) -> None:
    """Change what is given, from the next request on."""
    terms = Terms(
        tier=tier,
        requests_per_minute=requests_per_minute,
        max_in_flight=max_in_flight,
        low_credits=low_credits,
        storage_bytes=storage_bytes,
        uploads_a_day=uploads_a_day,
        redeliveries_a_day=redeliveries_a_day,
    )
    if not terms.given():
        options = (field.name for field in fields(Terms) if field.name != "suspended_at")
        names = ", ".join(f"--{name.replace('_', '-')}" for name in options)
        stop(f"Give what is to change: {names}.")
    with opened(context) as services:
        show(_shown(services.accounts.change(workspace, terms)))


@workspaces.command("list")
def list_workspaces(context: typer.Context) -> None:
    """Every workspace, with its credits and limits."""
    with opened(context) as services:
        for account in services.accounts.all():
            show(_shown(account))


@keys.command("create")
def create_key(
    context: typer.Context,
    workspace: Workspace,
    scope: Annotated[
        list[str] | None,
        typer.Option(help=f"Of {', '.join(SCOPES)}; once for each. Without: all but admin."),
    ] = None,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    requests_per_minute: Annotated[int | None, typer.Option(min=1)] = None,
) -> None:
    """Cut a key. It is shown this once; only its hash is kept."""
    scopes = set(scope or set(SCOPES) - {ADMIN})
    unknown = scopes - set(SCOPES)
    if unknown:
        stop(f"There is no scope {', '.join(sorted(unknown))}.")
    with opened(context) as services:
        key, record = services.key_service.create(
            workspace,
            scopes=scopes,
            label=label,
            requests_per_minute=requests_per_minute,
        )
        show({**_described(record), "key": key})


@keys.command("list")
def list_keys(context: typer.Context, workspace: Workspace) -> None:
    """The keys of a workspace; of the keys themselves nothing is kept."""
    with opened(context) as services:
        must_exist(services, workspace)
        for record in services.key_service.keys.of_workspace(workspace):
            show(_described(record))


@keys.command("rotate")
def rotate_key(
    context: typer.Context,
    workspace: Workspace,
    key_id: KeyId,
    overlap_hours: Annotated[float, typer.Option(min=0, help="How long both open.")] = 24,
) -> None:
    """A new key in the place of an old one, which opens a while longer."""
    with opened(context) as services:
        key, record = services.key_service.rotate(workspace, key_id, timedelta(hours=overlap_hours))
        show({**_described(record), "key": key})


@keys.command("revoke")
def revoke_key(context: typer.Context, workspace: Workspace, key_id: KeyId) -> None:
    """Within 60 seconds the key opens nothing any more."""
    with opened(context) as services:
        services.key_service.revoke(workspace, key_id)
        show({"id": key_id, "revoked": True})


@app.command("grant")
def grant_credits(
    context: typer.Context,
    workspace: Workspace,
    amount: Annotated[int, typer.Argument(min=1, help="Credits to add.")],
    reference: Annotated[str, typer.Option(help="An invoice, an order: granted once.")],
) -> None:
    """Add credits. The same reference twice adds them once."""
    with opened(context) as services:
        entry = LedgerEntry(
            workspace=workspace,
            kind=Entry.GRANT,
            amount=amount,
            at=services.clock.now(),
            reference=reference,
        )
        if not services.accounts.grant(entry):
            stop(f"The reference {reference} was granted before; nothing was added.")
        show(asdict(entry))


@app.command("ledger")
def show_ledger(context: typer.Context, workspace: Workspace) -> None:
    """Every entry, in the order of time."""
    with opened(context) as services:
        must_exist(services, workspace)
        for entry in sorted(services.accounts.ledger(workspace), key=lambda entry: entry.at):
            show(asdict(entry))


@app.command("reconcile")
def reconcile_workspaces(
    context: typer.Context,
    workspace: Annotated[str | None, typer.Argument(help="One only.")] = None,
    recount_storage: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option("--recount-storage", help="Correct the bytes stored, first.")
    ] = False,
) -> None:
    """Add up ledger, accounts, jobs and library; exit 1 and say where when they differ."""
    differences = checked = 0
    with opened(context) as services:
        for account in services.accounts.all():
            if workspace in (None, account.workspace):
                checked += 1
                if recount_storage:
                    services.recount_storage(account.workspace)
                for sentence in _lasting_differences(services, account.workspace):
                    differences += 1
                    typer.echo(sentence, err=True)
    if not checked:
        stop(f"There is no workspace {workspace}.")
    show({"workspaces": checked, "differences": differences})
    if differences:
        raise typer.Exit(1)


def _lasting_differences(services: AdminServices, workspace: str) -> list[str]:
    """Ledger, account and jobs are read one after the other: only what stays is a difference."""
    lasting: list[str] = []
    for attempt in range(_LOOKS):
        account = services.accounts.get(workspace)
        found = list(services.reconcile(account)) if account else []
        lasting = [sentence for sentence in found if attempt == 0 or sentence in lasting]
        if not lasting:
            break
        services.clock.sleep(_BETWEEN_LOOKS)
    return lasting


def _shown(account: Account) -> dict[str, Any]:
    """With the quotas that hold, whether they were set or are its tier's."""
    return {**asdict(account), **asdict(account.quotas)}


def _described(record: KeyRecord) -> dict[str, Any]:
    values = asdict(record)
    del values["hash"]
    return {**values, "scopes": sorted(record.scopes)}


def main() -> None:
    app(prog_name="darkroom-admin")


if __name__ == "__main__":
    main()
