"""`darkroom-admin`, the operator's command, against the local or the deployed system.

It takes AWS's usual environment, and the stack's name with --stack; without one, TABLE_NAME and
SIGNING_SECRET. Every answer is JSON, a line an item, for people and for scripts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any, NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError

from darkroom.bootstrap.admin import Office, office, settings_of
from darkroom.bootstrap.providers import read_account
from darkroom.domain.api_key import ADMIN, SCOPES, KeyRecord
from darkroom.domain.errors import DarkroomError
from darkroom.domain.money import Entry, LedgerEntry
from darkroom.domain.ports import WorkspaceExists
from darkroom.settings import AdminSettings, SettingsError
from darkroom.usecases.open_workspace import Limits

# A traceback in colours would show the values of variables, keys among them.
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
workspaces = typer.Typer(no_args_is_help=True, help="Workspaces: tenants with credits.")
keys = typer.Typer(no_args_is_help=True, help="API keys of a workspace.")
app.add_typer(workspaces, name="workspace")
app.add_typer(keys, name="key")
providers = typer.Typer(no_args_is_help=True, help="The providers' keys.")
app.add_typer(providers, name="providers")


@app.callback()
def choose_system(
    context: typer.Context,
    stack: Annotated[
        str | None, typer.Option(envvar="DARKROOM_STACK", help="For example darkroom-dev.")
    ] = None,
) -> None:
    """Workspaces, keys and credits, for whoever runs Darkroom."""
    context.obj = stack


# Of a provider's account. Never arguments: those stay in the shell's history, and every process
# of the machine sees them.
_SECRET_FIELDS = ("key", "secret", "token")
_LOOKS = 3
_BETWEEN_LOOKS = 0.5

Workspace = Annotated[str, typer.Argument(help="The workspace's id.")]
KeyId = Annotated[str, typer.Argument(help="The key's id, as `key list` shows it.")]


@workspaces.command("create")
def create_workspace(  # noqa: PLR0917 - typer makes options of them
    context: typer.Context,
    workspace: Workspace,
    grant: Annotated[int, typer.Option("--credits", min=0, help="Credits to begin with.")] = 0,
    tier: Annotated[str, typer.Option(help="free, pro, or what your dialects ask for.")] = "free",
    requests_per_minute: Annotated[int, typer.Option(min=1)] = Limits().requests_per_minute,
    max_in_flight: Annotated[int, typer.Option(min=1)] = Limits().max_in_flight,
) -> None:
    """Open a workspace."""
    limits = Limits(requests_per_minute=requests_per_minute, max_in_flight=max_in_flight)
    with _office(context) as desk:
        _show(asdict(desk.open_workspace(workspace, grant, limits, tier)))


@workspaces.command("list")
def list_workspaces(context: typer.Context) -> None:
    """Every workspace, with its credits and limits."""
    with _office(context) as desk:
        for account in desk.accounts.all():
            _show(asdict(account))


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
        _stop(f"There is no scope {', '.join(sorted(unknown))}.")
    with _office(context) as desk:
        key, record = desk.key_ring.cut(
            workspace,
            scopes=scopes,
            label=label,
            requests_per_minute=requests_per_minute,
        )
        _show({**_described(record), "key": key})


@keys.command("list")
def list_keys(context: typer.Context, workspace: Workspace) -> None:
    """The keys of a workspace; of the keys themselves nothing is kept."""
    with _office(context) as desk:
        _must_exist(desk, workspace)
        for record in desk.key_ring.keys.of_workspace(workspace):
            _show(_described(record))


@keys.command("rotate")
def rotate_key(
    context: typer.Context,
    workspace: Workspace,
    key_id: KeyId,
    overlap_hours: Annotated[float, typer.Option(min=0, help="How long both open.")] = 24,
) -> None:
    """A new key in the place of an old one, which opens a while longer."""
    with _office(context) as desk:
        key, record = desk.key_ring.rotate(workspace, key_id, timedelta(hours=overlap_hours))
        _show({**_described(record), "key": key})


@keys.command("revoke")
def revoke_key(context: typer.Context, workspace: Workspace, key_id: KeyId) -> None:
    """Within 60 seconds the key opens nothing any more."""
    with _office(context) as desk:
        desk.key_ring.revoke(workspace, key_id)
        _show({"id": key_id, "revoked": True})


@app.command("grant")
def grant_credits(
    context: typer.Context,
    workspace: Workspace,
    amount: Annotated[int, typer.Argument(min=1, help="Credits to add.")],
    reference: Annotated[str, typer.Option(help="An invoice, an order: granted once.")],
) -> None:
    """Add credits. The same reference twice adds them once."""
    with _office(context) as desk:
        entry = LedgerEntry(
            workspace=workspace,
            kind=Entry.GRANT,
            amount=amount,
            at=desk.clock.now(),
            reference=reference,
        )
        if not desk.accounts.grant(entry):
            _stop(f"The reference {reference} was granted before; nothing was added.")
        _show(asdict(entry))


@app.command("ledger")
def show_ledger(context: typer.Context, workspace: Workspace) -> None:
    """Every entry, in the order of time."""
    with _office(context) as desk:
        _must_exist(desk, workspace)
        for entry in sorted(desk.accounts.ledger(workspace), key=lambda entry: entry.at):
            _show(asdict(entry))


@providers.command("list")
def list_providers(
    context: typer.Context,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Try each key with a harmless request.")
    ] = False,
) -> None:
    """Who can be asked for images, and who has a key here. With --check, exit 1 where a key of one
    that this deployment asks does not open.
    """
    with _office(context) as desk:
        are_bad = False
        for standing in desk.provider_keys.standings(with_checks=check):
            _show(asdict(standing))
            are_bad = are_bad or (standing.enabled and standing.is_bad)
    if are_bad:
        raise typer.Exit(1)


@providers.command("set")
def set_provider(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(help="As `providers list` names it.")],
    field: Annotated[
        list[str] | None,
        typer.Option(help="What belongs to the key, as name=value: base_url=https://…"),
    ] = None,
) -> None:
    """Keep a provider's account: its key is asked for, or read from a pipe, as it is or as a JSON
    object with all that belongs to it. It takes the place of the one before.
    """
    pairs = [pair.partition("=") for pair in field or ()]
    if not all(equals for _, equals, _ in pairs):
        _stop("A field is given as name=value.")
    given = {name: value for name, _, value in pairs}
    with _office(context) as desk:
        # Before anybody types a key in vain.
        fields = desk.provider_keys.fields(provider, given)
        open_secrets = sorted(given.keys() & {*_SECRET_FIELDS})
        if open_secrets:
            _stop(f"{', '.join(open_secrets)}: asked for, or read from a pipe, never an option.")
        account = {**given, **_secrets([name for name in _SECRET_FIELDS if name in fields])}
        desk.provider_keys.keep(provider, account)
        _show({"provider": provider, "kept": sorted(account)})
        if provider not in desk.provider_keys.enabled:
            typer.echo(
                f"Nobody asks {provider} yet: deploy with -c providers=…,{provider};"
                " on the local run its variables in .env do that.",
                err=True,
            )


def _secrets(fields: Sequence[str]) -> Mapping[str, str]:
    if sys.stdin.isatty():
        typed = {
            name: typer.prompt(
                name.capitalize(), hide_input=True, default="", show_default=False, err=True
            ).strip()
            for name in fields
        }
        return {name: text for name, text in typed.items() if text}
    # A prompt without an echo would read from the terminal, whatever is piped in.
    text = sys.stdin.read().strip()
    return read_account(text) if text else {}


@app.command("reconcile")
def reconcile_workspaces(
    context: typer.Context,
    workspace: Annotated[str | None, typer.Argument(help="One only.")] = None,
) -> None:
    """Add up ledger, accounts and jobs; exit 1 and say where when they differ."""
    differences = checked = 0
    with _office(context) as desk:
        for account in desk.accounts.all():
            if workspace in (None, account.workspace):
                checked += 1
                for sentence in _lasting_differences(desk, account.workspace):
                    differences += 1
                    typer.echo(sentence, err=True)
    if not checked:
        _stop(f"There is no workspace {workspace}.")
    _show({"workspaces": checked, "differences": differences})
    if differences:
        raise typer.Exit(1)


def _lasting_differences(desk: Office, workspace: str) -> list[str]:
    """Ledger, account and jobs are read one after the other: only what stays is a difference."""
    lasting: list[str] = []
    for attempt in range(_LOOKS):
        account = desk.accounts.get(workspace)
        found = list(desk.reconcile(account)) if account else []
        lasting = [sentence for sentence in found if attempt == 0 or sentence in lasting]
        if not lasting:
            break
        desk.clock.sleep(_BETWEEN_LOOKS)
    return lasting


def _must_exist(desk: Office, workspace: str) -> None:
    if desk.accounts.get(workspace) is None:
        _stop(f"There is no workspace {workspace}.")


def _described(record: KeyRecord) -> dict[str, Any]:
    values = asdict(record)
    del values["hash"]
    return {**values, "scopes": sorted(record.scopes)}


def _show(values: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(values, default=_as_text))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


@contextmanager
def _office(context: typer.Context) -> Iterator[Office]:
    """The office, with what callers may get wrong told in a sentence."""
    try:
        stack = context.obj
        desk = office(settings_of(stack) if stack else AdminSettings.from_environment())
        with closing(desk.provider_keys.sender):
            yield desk
    except WorkspaceExists as error:
        _stop(f"The workspace {error} exists already.")
    except SettingsError as error:
        _stop(f"Which system? Give --stack, for example darkroom-dev. ({error})")
    except (DarkroomError, LookupError, BotoCoreError, ClientError) as error:
        _stop(str(error))


def main() -> None:
    app(prog_name="darkroom-admin")


if __name__ == "__main__":
    main()
