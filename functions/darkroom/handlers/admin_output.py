"""What the operator's commands share: the services of a stack, output, and error messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Annotated, Any, NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError

from darkroom.bootstrap.admin import AdminServices, settings_of
from darkroom.domain.errors import DarkroomError
from darkroom.domain.ports import WorkspaceExists
from darkroom.settings import AdminSettings, SettingsError

Workspace = Annotated[str, typer.Argument(help="The workspace's id.")]


def show(values: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(values, default=_as_text))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def must_exist(services: AdminServices, workspace: str) -> None:
    if services.accounts.get(workspace) is None:
        stop(f"There is no workspace {workspace}.")


@contextmanager
def opened(context: typer.Context) -> Iterator[AdminServices]:
    """The services; an error that the operator can mend ends the command with a sentence."""
    try:
        stack = context.obj
        services = AdminServices(settings_of(stack) if stack else AdminSettings.from_environment())
        with closing(services.provider_keys.sender):
            yield services
    except WorkspaceExists as error:
        stop(f"The workspace {error} exists already.")
    except SettingsError as error:
        stop(f"Which system? Give --stack, for example darkroom-dev. ({error})")
    except (DarkroomError, LookupError, BotoCoreError, ClientError) as error:
        stop(str(error))
