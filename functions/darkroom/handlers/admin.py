"""`darkroom-admin`, the operator's command, against the local or the deployed system.

It reads AWS's usual environment, and TABLE_NAME and SIGNING_SECRET from the stack's outputs.
"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from darkroom.bootstrap.admin import Office, office
from darkroom.domain.ports import WorkspaceExists
from darkroom.settings import AdminSettings, SettingsError

app = typer.Typer(no_args_is_help=True, add_completion=False)
workspaces = typer.Typer(no_args_is_help=True, help="Workspaces: tenants with credits.")
keys = typer.Typer(no_args_is_help=True, help="API keys of a workspace.")
app.add_typer(workspaces, name="workspace")
app.add_typer(keys, name="key")

Name = Annotated[str, typer.Argument(help="The workspace's id.")]


@workspaces.command("create")
def create_workspace(
    workspace: Name,
    grant: Annotated[int, typer.Option("--credits", min=0, help="Credits to begin with.")] = 0,
    requests_per_minute: Annotated[int, typer.Option(min=1)] = 600,
) -> None:
    """Open a workspace."""
    try:
        account = _office().open_workspace(workspace, grant, requests_per_minute)
    except WorkspaceExists:
        typer.echo(f"The workspace {workspace} exists already.", err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps({"workspace": workspace, "balance": account.balance}))


@keys.command("create")
def create_key(workspace: Name) -> None:
    """Cut a key. It is shown this once; only its hash is kept."""
    desk = _office()
    if desk.account(workspace) is None:
        typer.echo(f"There is no workspace {workspace}.", err=True)
        raise typer.Exit(1)
    typer.echo(json.dumps({"workspace": workspace, "key": desk.cut_key(workspace)}))


def _office() -> Office:
    try:
        return office(AdminSettings.from_environment())
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def main() -> None:
    app()


if __name__ == "__main__":
    main()
