"""`darkroom-admin`, the operator's command, against the local or a deployed system.

It takes AWS's usual environment, and the stack's name with --stack, whose outputs say where its
table, queues and secrets are; without one, the variables that AdminSettings names.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from darkroom.admin.audit import audit, recorded
from darkroom.admin.doctor import show_health
from darkroom.admin.jobs import jobs, show_usage
from darkroom.admin.keys import keys
from darkroom.admin.messages import refused_requests, webhooks
from darkroom.admin.models import models
from darkroom.admin.output import (
    Choices,
    Workspace,
    command_group,
    must_exist,
    opened,
    show,
    show_all,
    show_help,
    stop,
)
from darkroom.admin.prove import prove_deployment
from darkroom.admin.providers import providers
from darkroom.admin.secrets import secrets
from darkroom.admin.workspaces import workspaces
from darkroom.bootstrap.admin import AdminServices
from darkroom.domain.money import Entry, LedgerEntry

app = command_group()
app.add_typer(workspaces, name="workspace")
app.add_typer(jobs, name="jobs")
app.command("usage")(show_usage)
app.command("doctor")(show_health)
app.command("prove")(prove_deployment)
app.add_typer(keys, name="key")
app.add_typer(providers, name="providers")
app.add_typer(models, name="models")
app.add_typer(refused_requests, name="rejected")
app.add_typer(webhooks, name="webhooks")
app.add_typer(secrets, name="secret")
app.add_typer(audit, name="audit")


@app.callback(invoke_without_command=True)
def choose_system(
    context: typer.Context,
    stack: Annotated[
        str | None, typer.Option(envvar="DARKROOM_STACK", help="For example darkroom-dev.")
    ] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON, a line an item, on a terminal, too.")
    ] = False,
) -> None:
    """Workspaces, jobs, keys and credits, for the operator."""
    context.obj = Choices(stack=stack, as_json=as_json)
    show_help(context)


_LOOKS = 3
_BETWEEN_LOOKS = 0.5


@app.command("grant")
def grant_credits(
    context: typer.Context,
    workspace: Workspace,
    amount: Annotated[int, typer.Argument(min=1, help="Credits to add.")],
    reference: Annotated[str, typer.Option(help="An invoice, an order: granted once.")],
) -> None:
    """Add credits. The same reference twice adds them once."""
    with (
        opened(context) as services,
        recorded(services, "grant", workspace, credits=amount, reference=reference),
    ):
        entry = LedgerEntry(
            workspace=workspace,
            kind=Entry.GRANT,
            amount=amount,
            at=services.clock.now(),
            reference=reference,
        )
        if not services.accounts.grant(entry):
            stop(f"The reference {reference} was granted before; nothing was added.")
        show(context, asdict(entry))


@app.command("ledger")
def show_ledger(context: typer.Context, workspace: Workspace) -> None:
    """Every entry, in the order of time."""
    with opened(context) as services:
        must_exist(services, workspace)
        entries = sorted(services.accounts.ledger(workspace), key=lambda entry: entry.at)
        show_all(context, map(asdict, entries), empty=f"{workspace} has no entry.")


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
                    with recorded(services, "reconcile --recount-storage", account.workspace):
                        services.recount_storage(account.workspace)
                for sentence in _lasting_differences(services, account.workspace):
                    differences += 1
                    typer.echo(sentence, err=True)
    if not checked:
        stop(f"There is no workspace {workspace}.")
    show(context, {"workspaces": checked, "differences": differences})
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


def main() -> None:
    app(prog_name="darkroom-admin")


if __name__ == "__main__":
    main()
