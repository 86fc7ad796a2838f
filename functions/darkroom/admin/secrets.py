"""`darkroom-admin secret`: replace the deployment's own secrets, a generation at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer

from darkroom.admin.audit import recorded
from darkroom.admin.output import command_group, opened, show, show_all
from darkroom.domain.secrets import Generation
from darkroom.usecases.secret_rotation import UNTIL_IT_SIGNS, SecretName, SecretUsage

secrets = command_group("The deployment's own secrets.")

Name = Annotated[
    SecretName,
    typer.Argument(help="signing: API keys and the addresses of files. webhooks: signatures."),
]
_MINUTES = int(UNTIL_IT_SIGNS.total_seconds()) // 60


@secrets.command("list")
def list_generations(context: typer.Context) -> None:
    """The generations of both secrets, and what lives by each. Secrets are never shown."""
    with opened(context) as services:
        rows = (
            {"secret": which, **_described(generation), **_needed_by(lives)}
            for which in SecretName
            for generation, lives in services.secret_rotation.generations(which)
        )
        show_all(context, rows, empty="There is no secret.")


@secrets.command("rotate")
def rotate_secret(
    context: typer.Context,
    which: Name,
    after_minutes: Annotated[
        float,
        typer.Option(min=0, help="When the new one begins to sign: all functions know it by then."),
    ] = _MINUTES,
) -> None:
    """A new generation; the old one is good until you retire it."""
    with (
        opened(context) as services,
        recorded(services, "secret rotate", secret=which) as record,
    ):
        generation = services.secret_rotation.rotate(which, timedelta(minutes=after_minutes))
        record.details["generation"] = generation.number
        show(context, {"secret": which, **_described(generation)})


@secrets.command("retire")
def retire_generation(
    context: typer.Context,
    which: Name,
    generation: Annotated[int, typer.Argument(min=1, help="As `secret list` numbers it.")],
    *,
    force: Annotated[
        bool,
        typer.Option("--force", help="End what still lives by it: after a leak, for example."),
    ] = False,
) -> None:
    """Take an old generation away, once nothing lives by it."""
    with (
        opened(context) as services,
        recorded(services, "secret retire", secret=which, generation=generation, force=force),
    ):
        lives = services.secret_rotation.retire(which, generation, force=force)
        show(context, {"secret": which, "retired": generation, **_needed_by(lives)})


def _described(generation: Generation) -> dict[str, Any]:
    return {"generation": generation.number, "signs_from": generation.signs_from}


def _needed_by(lives: SecretUsage) -> dict[str, Any]:
    return {
        "api_keys": dict(lives.keys),
        "webhooks": dict(lives.webhooks),
        "file_addresses_until": lives.files_until,
    }
