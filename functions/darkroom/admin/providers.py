"""`darkroom-admin providers`: who can be asked for images, and with which key."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from darkroom.admin.audit import recorded
from darkroom.admin.output import command_group, opened, show, show_all, stop
from darkroom.bootstrap.providers import read_account

providers = command_group("The providers' keys.")

# Of a provider's account. Never arguments: those stay in the shell's history, and every process
# of the machine sees them.
_SECRET_FIELDS = ("key", "secret", "token")
# And this has many lines: it comes from a file.
_SECRET_FILE = "service_account"


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
    with opened(context) as services:
        statuses = list(services.provider_keys.statuses(with_checks=check))
        show_all(context, map(asdict, statuses), empty="There is no provider.")
    if any(status.enabled and status.is_bad for status in statuses):
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
    object with all that belongs to it; of Google's service accounts, their file. It takes the
    place of the one before.
    """
    pairs = [pair.partition("=") for pair in field or ()]
    if not all(equals for _, equals, _ in pairs):
        stop("A field is given as name=value.")
    given = {name: value for name, _, value in pairs}
    with opened(context) as services:
        # Before the operator types a key in vain.
        fields = services.provider_keys.fields(provider, given)
        open_secrets = sorted(given.keys() & {*_SECRET_FIELDS, _SECRET_FILE})
        if open_secrets:
            stop(f"{', '.join(open_secrets)}: asked for, or read from a pipe, never an option.")
        account = {**given, **_secrets([name for name in _SECRET_FIELDS if name in fields])}
        with recorded(services, "providers set", provider=provider, fields=sorted(account)):
            services.provider_keys.keep(provider, account)
        show(context, {"provider": provider, "kept": sorted(account)})
        if provider not in services.provider_keys.enabled:
            typer.echo(
                f"{provider} is not in use here yet: deploy with -c providers=…,{provider};"
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
