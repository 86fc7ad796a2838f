"""What the operator's commands share: the services of a stack, output, and error messages.

On a terminal answers are tables; everywhere else, and with --json, they are JSON, a line an item.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from darkroom.bootstrap.admin import AdminServices, settings_of
from darkroom.domain.errors import DarkroomError
from darkroom.domain.ports import WorkspaceExists
from darkroom.settings import AdminSettings, SettingsError

Workspace = Annotated[str, typer.Argument(help="The workspace's id.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing: show what it would be.")]
_WIDEST = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The options before the command's name."""

    stack: str | None
    as_json: bool


def command_group(text: str | None = None) -> typer.Typer:
    """Without a command it shows its help, which is no error."""
    return typer.Typer(
        help=text,
        invoke_without_command=True,
        callback=show_help,
        add_completion=False,
        # A traceback in colours would show the values of variables, keys among them.
        pretty_exceptions_enable=False,
    )


def show_help(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def show(context: typer.Context, values: Mapping[str, Any]) -> None:
    """One thing."""
    if not _wants_tables(context):
        typer.echo(_as_json(values))
        return
    width = max(map(len, values), default=0)
    for name, value in values.items():
        typer.echo(f"{name:<{width}}  {_as_cell(value)}")


def show_all(
    context: typer.Context,
    rows: Iterable[Mapping[str, Any]],
    *,
    empty: str,
    columns: Sequence[str] = (),
) -> None:
    """A list; `empty` is the sentence, beside the output, of one that is empty. A table has these
    columns, or all: what does not fit a terminal is in the JSON.
    """
    is_empty = True
    if _wants_tables(context):
        shown = list(rows)
        is_empty = not shown
        for line in _table(shown, columns):
            typer.echo(line)
    else:
        for row in rows:
            is_empty = False
            typer.echo(_as_json(row))
    if is_empty:
        typer.echo(empty, err=True)


def show_line(context: typer.Context, values: Mapping[str, Any], line: str) -> None:
    """One of several that come one after the other: on a terminal this line."""
    typer.echo(line if _wants_tables(context) else _as_json(values))


def is_terminal() -> bool:
    return sys.stdout.isatty()


def _wants_tables(context: typer.Context) -> bool:
    choices: Choices = context.obj
    return is_terminal() and not choices.as_json


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    if not rows:
        return
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    lines = [[name.upper().replace("_", " ") for name in names]]
    lines += [[_shortened(_as_cell(row.get(name))) for name in names] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (text.ljust(width) for text, width in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _as_cell(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case str():
            # A client's own text moves no cursor, and begins no line.
            return "".join(sign if sign.isprintable() else " " for sign in value) or "-"
        case Mapping():
            return " ".join(f"{name}={_as_cell(one)}" for name, one in value.items()) or "-"
        case list() | tuple():
            return ", ".join(map(_as_cell, value)) or "-"
        case _:
            return "-" if value is None else str(value)


def _shortened(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _as_json(value: Any) -> str:
    return json.dumps(value, default=_as_text)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def agree(question: str, *, yes: bool) -> None:
    """Ends the command unless the operator says yes, here or with --yes."""
    if yes:
        return
    if not sys.stdin.isatty():
        stop(f"{question} Say --yes.")
    if not typer.confirm(question, err=True):
        stop("Nothing was changed.")


def must_exist(services: AdminServices, workspace: str) -> None:
    if services.accounts.get(workspace) is None:
        stop(f"There is no workspace {workspace}.")


@contextmanager
def opened(context: typer.Context) -> Iterator[AdminServices]:
    """The services; an error that the operator can mend ends the command with a sentence."""
    try:
        stack = context.obj.stack
        services = AdminServices(settings_of(stack) if stack else AdminSettings.from_environment())
        with closing(services.provider_keys.sender):
            yield services
    except WorkspaceExists as error:
        stop(f"The workspace {error} exists already.")
    except SettingsError as error:
        stop(f"Which system? Give --stack, for example darkroom-dev. ({error})")
    except NoRegionError:
        stop("No AWS region found. Set AWS_REGION, or give your profile a region.")
    except NoCredentialsError:
        stop("No AWS credentials found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret.")
    except (DarkroomError, LookupError, BotoCoreError, ClientError) as error:
        stop(str(error))
